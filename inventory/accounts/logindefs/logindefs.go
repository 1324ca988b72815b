// Package logindefs reads the settings of the shadow password suite from etc/login.defs,
// login.defs(5).
package logindefs

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// Settings maps the name of a setting to its last line in the file. The value is the text after the
// name, without quotes.
type Settings map[string]inventory.Setting

const file = "etc/login.defs"

// Fact returns the settings of the file. Without the file it returns [inventory.ErrAbsent]: the
// programs that read the file then use their compiled defaults.
var Fact = inventory.NewFact("login.defs", collect)

func collect(ctx context.Context, s *inventory.System) (Settings, error) {
	b, err := s.ReadOnce(ctx, file)
	if inventory.IsAbsent(err, file) {
		return nil, fmt.Errorf("%s: %w", file, inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	all, err := Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for name, x := range all {
		x.Source = file
		all[name] = x
	}
	return all, nil
}

// Parse reads the text of the file. A line is a name, blanks and a value; a line that begins with
// "#" is a comment. Nothing in it is an error, as in the programs that read the file, but more names
// than anybody has are [inventory.ErrLimit]. A name alone has an empty value.
func Parse(b []byte) (Settings, error) {
	all := Settings{}
	line := 0
	var left budget.Budget
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
		if _, again := all[name]; !again {
			if err := left.Items(1); err != nil {
				return nil, fmt.Errorf("line %d: %w", line, err)
			}
		}
		all[name] = inventory.Setting{Name: name, Value: value, Position: inventory.Position{Line: line}}
	}
	return all, nil
}
