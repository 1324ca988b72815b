package kernel

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
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
	n := 0
	for range split(s) {
		n++
	}
	if n == 0 {
		return nil
	}
	all := make(Parameters, 0, n)
	for word := range split(s) {
		all = append(all, parseParameter(word))
	}
	return all
}

// split yields the words of a command line.
func split(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		quoted, from := false, 0
		for i := 0; i <= len(s); i++ {
			switch {
			case i < len(s) && s[i] == '"':
				quoted = !quoted
			case i == len(s) || !quoted && (s[i] == ' ' || s[i] >= '\t' && s[i] <= '\r'):
				if from < i && !yield(s[from:i]) {
					return
				}
				from = i + 1
			}
		}
	}
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
	const name = "proc/cmdline"
	b, err := s.ReadText(ctx, name)
	if err != nil {
		return nil, err
	}
	var limit budget.Budget
	for range split(string(b)) {
		if err := limit.Items(1); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return ParseCommandLine(string(b)), nil
}
