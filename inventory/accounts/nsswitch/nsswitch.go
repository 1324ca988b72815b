// Package nsswitch reads where a system looks up accounts and names, from etc/nsswitch.conf,
// nsswitch.conf(5).
package nsswitch

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
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
	b, err := s.ReadText(ctx, file)
	if inventory.IsAbsent(err, file) {
		return Config{}, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return c, nil
}

// Parse reads the text of the file. The last line of a database counts. A line without a colon is
// skipped, as in the C library. More services than anybody has are [inventory.ErrLimit].
func Parse(b []byte) (Config, error) {
	c := Config{}
	n := 0
	var left budget.Budget
	for line := range strings.SplitSeq(string(b), "\n") {
		n++
		line, _, _ = strings.Cut(line, "#")
		name, rest, ok := strings.Cut(line, ":")
		if name = strings.TrimSpace(name); !ok || name == "" {
			continue
		}
		// An action, such as [NOTFOUND=return], is not a service.
		services := []string{}
		inAction := false
		for f := range strings.FieldsSeq(rest) {
			// Brackets are words of their own, without blanks around them as well.
			for f != "" {
				end := strings.IndexAny(f, "[]")
				if end < 0 {
					end = len(f)
				}
				end = max(end, 1)
				switch word := f[:end]; {
				case word == "[":
					inAction = true
				case word == "]":
					inAction = false
				case !inAction:
					if err := left.Items(1); err != nil {
						return nil, fmt.Errorf("line %d: %w", n, err)
					}
					services = budget.Append(services, word)
				}
				f = f[end:]
			}
		}
		if err := left.Items(1); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		c[name] = services
	}
	return c, nil
}

// Local reports whether a database comes from the system alone: only the services files, compat and
// systemd are asked. systemd adds root, nobody and users that live as long as their service.
func (c Config) Local(database string) bool {
	return !slices.ContainsFunc(c[database], func(s string) bool {
		return s != "files" && s != "compat" && s != "systemd"
	})
}
