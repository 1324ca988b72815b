// Package nsswitch reads where a system looks up accounts and names, from etc/nsswitch.conf,
// nsswitch.conf(5).
package nsswitch

import (
	"context"
	"slices"
	"strings"

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
	return Parse(b), nil
}

// brackets sets brackets apart as words.
var brackets = strings.NewReplacer("[", " [ ", "]", " ] ")

// Parse reads the text of the file. The last line of a database counts. A line without a colon is
// skipped, as in the C library.
func Parse(b []byte) Config {
	c := Config{}
	for line := range strings.SplitSeq(string(b), "\n") {
		line, _, _ = strings.Cut(line, "#")
		name, rest, ok := strings.Cut(line, ":")
		if name = strings.TrimSpace(name); !ok || name == "" {
			continue
		}
		// An action, such as [NOTFOUND=return], is not a service.
		services := []string{}
		inAction := false
		for _, f := range strings.Fields(brackets.Replace(rest)) {
			switch {
			case f == "[":
				inAction = true
			case f == "]":
				inAction = false
			case !inAction:
				services = append(services, f)
			}
		}
		c[name] = services
	}
	return c
}

// Local reports whether a database comes from the system alone: only the services files, compat and
// systemd are asked. systemd adds root, nobody and users that live as long as their service.
func (c Config) Local(database string) bool {
	return !slices.ContainsFunc(c[database], func(s string) bool {
		return s != "files" && s != "compat" && s != "systemd"
	})
}
