// Package nsswitch reads where a system looks up accounts and names, from etc/nsswitch.conf,
// nsswitch.conf(5).
package nsswitch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/vendored"
	"github.com/hardening-sdk/hardening/inventory"
)

// Config maps each database to its services in the order they are asked, such as "passwd":
// ["files", "systemd"]. Actions in brackets are left out.
type Config map[string][]string

const file = "etc/nsswitch.conf"

// Fact returns the configuration of the system. It is empty without the file, as with musl;
// databases are then looked up in files.
var Fact = inventory.NewFact("nsswitch", collect)

func collect(ctx context.Context, s *inventory.System) (Config, error) {
	name, b, err := vendored.Read(file, func(name string) ([]byte, error) { return s.ReadText(ctx, name) }, inventory.IsAbsent)
	if inventory.IsAbsent(err, name) {
		return Config{}, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

// blanks are those of isspace(3).
const blanks = " \t\r\v\f"

// Parse reads the text of the file. The last line of a database counts. A colon or a blank ends the
// name of a database, as in the C library. What it does not understand is an error, since it then asks
// for nothing, and so is a last line without its end, which it skips. More services than anybody has
// are [inventory.ErrLimit].
func Parse(b []byte) (Config, error) {
	c := Config{}
	n, ends := 0, bytes.Count(b, []byte("\n"))
	var left budget.Budget
	for line := range strings.SplitSeq(string(b), "\n") {
		n++
		line, _, _ = strings.Cut(line, "#")
		line = strings.Trim(line, blanks)
		if line == "" {
			continue
		}
		if n > ends {
			return nil, fmt.Errorf("line %d: %w", n, errEnd)
		}
		name, rest := line, ""
		if i := strings.IndexAny(line, blanks+":"); i >= 0 {
			name, rest = line[:i], line[i+1:]
		}
		services, err := parseServices(rest, &left)
		if err == nil {
			err = left.Items(1)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if name != "" {
			c[name] = services
		}
	}
	return c, nil
}

var (
	errEnd    = errors.New("the last line does not end, and the C library skips it")
	errAction = errors.New("an action that the C library does not understand")
)

// parseServices reads services and the actions behind them.
func parseServices(s string, left *budget.Budget) ([]string, error) {
	services := []string{}
	for s = strings.TrimLeft(s, blanks); s != ""; s = strings.TrimLeft(s, blanks) {
		if s[0] == '[' {
			action, rest, ok := strings.Cut(s[1:], "]")
			if !ok || len(services) == 0 || !isAction(action) {
				return nil, errAction
			}
			s = rest
			continue
		}
		end := strings.IndexAny(s, blanks+"[")
		if end < 0 {
			end = len(s)
		}
		if err := left.Items(1); err != nil {
			return nil, err
		}
		services, s = budget.Append(services, s[:end]), s[end:]
	}
	return services, nil
}

// isAction reports whether a text in brackets is one or more of STATUS=ACTION.
func isAction(s string) bool {
	n := 0
	for f := range strings.FieldsSeq(s) {
		n++
		status, action, _ := strings.Cut(strings.ToLower(f), "=")
		if !slices.Contains(statuses, strings.TrimPrefix(status, "!")) || !slices.Contains(actions, action) {
			return false
		}
	}
	return n > 0
}

var statuses, actions = []string{"success", "notfound", "unavail", "tryagain"}, []string{"return", "continue", "merge"}

// Local reports whether a database comes from the system alone: only the services files, compat and
// systemd are asked. systemd adds root, nobody and users that live as long as their service.
func (c Config) Local(database string) bool {
	return !slices.ContainsFunc(c[database], func(s string) bool {
		return s != "files" && s != "compat" && s != "systemd"
	})
}
