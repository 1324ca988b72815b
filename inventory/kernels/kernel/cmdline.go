package kernel

import (
	"context"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Parameter is one word of a command line of the kernel. Its Name has "_" for each "-", which
// the kernel takes for the same.
type Parameter struct {
	Name  string
	Value string // what stands behind "=", without quotes; empty for a bare word
}

// Parameters is a command line in its order.
type Parameters []Parameter

// ParseCommandLine takes a command line apart as the kernel does
// (Documentation/admin-guide/kernel-parameters.rst): by blanks, but for those in double
// quotes. Words behind "--" are the first program's own, and are taken in, since that may heed them too.
func ParseCommandLine(s string) Parameters {
	var all Parameters
	quoted, from := false, 0
	s += " "
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted
		case (c == ' ' || c >= '\t' && c <= '\r') && (!quoted || i == len(s)-1):
			if word := s[from:i]; word != "" {
				all = append(all, parameter(word))
			}
			from = i + 1
		}
	}
	return all
}

func parameter(word string) Parameter {
	name, value, _ := strings.Cut(strings.TrimPrefix(word, `"`), "=")
	if strings.HasPrefix(word, `"`) {
		value = strings.TrimSuffix(value, `"`)
		name = strings.TrimSuffix(name, `"`)
	}
	if v, ok := strings.CutPrefix(value, `"`); ok {
		value = strings.TrimSuffix(v, `"`)
	}
	return Parameter{Name: fold(name), Value: value}
}

func fold(name string) string { return strings.ReplaceAll(name, "-", "_") }

// Last answers the value of the last parameter of a name, which is the one that most
// parameters of the kernel take.
func (p Parameters) Last(name string) (value string, ok bool) {
	name = fold(name)
	for _, x := range p {
		if x.Name == name {
			value, ok = x.Value, true
		}
	}
	return value, ok
}

// CommandLine is what the running kernel was started with, proc/cmdline (proc_cmdline(5)).
// Other systems answer [inventory.ErrNotLive].
var CommandLine = inventory.NewFact("kernel command line", func(ctx context.Context, s *inventory.System) (Parameters, error) {
	b, err := s.ReadFile(ctx, "proc/cmdline")
	if err != nil {
		return nil, err
	}
	return ParseCommandLine(string(b)), nil
})
