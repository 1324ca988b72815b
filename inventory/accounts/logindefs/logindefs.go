// Package logindefs reads the settings of the shadow password suite from
// etc/login.defs, login.defs(5).
package logindefs

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Settings is the lines by name; of several with one name the last counts. A value is the
// text after the name, quotes removed.
type Settings map[string]inventory.Setting

const file = "etc/login.defs"

// Fact is the settings of the file. A system without the file answers
// [inventory.ErrAbsent]: the programs that read it then use their compiled defaults.
var Fact = inventory.NewFact("login.defs", func(ctx context.Context, s *inventory.System) (Settings, error) {
	b, err := s.ReadOnce(ctx, file)
	if inventory.IsAbsent(err, file) {
		return nil, fmt.Errorf("%s: %w", file, inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	all := Parse(b)
	for name, x := range all {
		x.Source = file
		all[name] = x
	}
	return all, nil
})

// Parse reads the text of the file. A line is a name, blanks and a value; what follows
// "#" at the start of a line is a comment. Nothing is an error, as in the programs that
// read it: a name without a value has the empty one.
func Parse(b []byte) Settings {
	all := Settings{}
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		s = strings.Trim(s, " \t\r\f\v")
		if s == "" || s[0] == '#' {
			continue
		}
		name, value := s, ""
		if i := strings.IndexAny(s, " \t"); i >= 0 {
			name, value = s[:i], strings.Trim(s[i:], " \t\"")
		}
		all[name] = inventory.Setting{Name: name, Value: value, Line: line}
	}
	return all
}
