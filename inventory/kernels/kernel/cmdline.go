package kernel

import (
	"context"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Parameter is one word of the command line of a kernel. Its Name has "_" for each "-", as the
// kernel treats both alike.
type Parameter struct {
	Name  string
	Value string // the text behind "=" without quotes; empty for a bare word
}

// Parameters is a command line, in its order.
type Parameters []Parameter

// ParseCommandLine splits a command line as the kernel does
// (Documentation/admin-guide/kernel-parameters.rst): at blanks, except for those in double quotes.
// Words behind "--" are meant for the first program. They are included, since a program such as
// systemd reads the same parameters.
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
				all = append(all, parseParameter(word))
			}
			from = i + 1
		}
	}
	return all
}

// parseParameter splits a word at its first "=" and removes quotes around the word or the value.
func parseParameter(word string) Parameter {
	name, value, _ := strings.Cut(strings.TrimPrefix(word, `"`), "=")
	if strings.HasPrefix(word, `"`) {
		value = strings.TrimSuffix(value, `"`)
		name = strings.TrimSuffix(name, `"`)
	}
	if v, ok := strings.CutPrefix(value, `"`); ok {
		value = strings.TrimSuffix(v, `"`)
	}
	return Parameter{Name: normalizeName(name), Value: value}
}

// normalizeName replaces each "-" by "_".
func normalizeName(name string) string { return strings.ReplaceAll(name, "-", "_") }

// Lookup returns the value of the last parameter of a name, and reports whether there is one. Most
// parameters of the kernel take the last value.
func (p Parameters) Lookup(name string) (value string, ok bool) {
	name = normalizeName(name)
	for _, x := range p {
		if x.Name == name {
			value, ok = x.Value, true
		}
	}
	return value, ok
}

// CommandLine is the command line of the running kernel, from proc/cmdline (proc_cmdline(5)). On an
// image the error is [inventory.ErrNotLive].
var CommandLine = inventory.NewFact("kernel command line", readCommandLine)

// readCommandLine reads and splits the line.
func readCommandLine(ctx context.Context, s *inventory.System) (Parameters, error) {
	b, err := s.ReadText(ctx, "proc/cmdline")
	if err != nil {
		return nil, err
	}
	return ParseCommandLine(string(b)), nil
}
