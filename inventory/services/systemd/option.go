package systemd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/shellvar"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Option returns the value that a unit gives to an option of its program, such as "-f". It looks at
// the first of the named units that exists. The value is the word of ExecStart= after the option,
// or the rest of a word that begins with the option. It is empty where the option is not given, and
// where there is no systemd. Where a variable of an EnvironmentFile= has the option, the error is
// [inventory.ErrUnavailable].
func Option(ctx context.Context, s *inventory.System, option string, names ...string) (value string, err error) {
	units, err := Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	for _, name := range names {
		u, ok := units.Unit(name)
		if !ok {
			continue
		}
		// A variable with the option may be part of the command line.
		for _, v := range u.Values("Service", "EnvironmentFile") {
			if err := checkFile(ctx, s, strings.TrimPrefix(v.Text, "-"), option); err != nil {
				return "", err
			}
		}
		for _, v := range u.Values("Service", "ExecStart") {
			all, _ := ParseCommand(v.Text) // systemd does not run what cannot be parsed
			for _, c := range all {
				if i := slices.Index(c.Args, option); i >= 0 && i+1 < len(c.Args) {
					value = c.Args[i+1]
				} else if i := slices.IndexFunc(c.Args, func(a string) bool { return strings.HasPrefix(a, option) }); i >= 0 {
					value = strings.TrimPrefix(c.Args[i], option)
				}
			}
		}
		return value, nil
	}
	return "", nil
}

// checkFile returns an error where a variable in an environment file has the option.
func checkFile(ctx context.Context, s *inventory.System, name, option string) error {
	name = strings.TrimPrefix(name, "/")
	if !filetree.ValidName(name) {
		return nil
	}
	b, err := s.ReadOnce(ctx, name)
	if inventory.IsAbsent(err, name) {
		return nil
	}
	if err != nil {
		return err
	}
	for v, err := range shellvar.All(b) {
		if err != nil {
			continue // a line that is no assignment sets nothing
		}
		for w := range strings.FieldsSeq(v.Value) {
			if strings.HasPrefix(w, option) {
				return fmt.Errorf("%s:%d has the option %s, which may or may not be used: %w",
					name, v.Line, option, inventory.ErrUnavailable)
			}
		}
	}
	return nil
}
