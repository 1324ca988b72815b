// Package nsswitch reads where a system looks up accounts and names, from
// etc/nsswitch.conf, nsswitch.conf(5).
package nsswitch

import (
	"context"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Config is the services of each database in the order they are asked, such as
// "passwd": ["files", "systemd"]. Actions in brackets are left out.
type Config map[string][]string

const file = "etc/nsswitch.conf"

// Fact is the configuration of the system. Without the file, as with musl, there are no
// entries, and the databases are looked up in files.
var Fact = inventory.NewFact("nsswitch", func(ctx context.Context, s *inventory.System) (Config, error) {
	b, err := s.ReadFile(ctx, file)
	if inventory.IsAbsent(err, file) {
		return Config{}, nil
	}
	if err != nil {
		return nil, err
	}
	return Parse(b), nil
})

// Parse reads the text of the file. Of several lines for one database the last counts,
// and a line without a colon is none, as in the C library.
func Parse(b []byte) Config {
	c := Config{}
	for line := range strings.SplitSeq(string(b), "\n") {
		line, _, _ = strings.Cut(line, "#")
		name, rest, ok := strings.Cut(line, ":")
		if name = strings.TrimSpace(name); !ok || name == "" {
			continue
		}
		services := []string{}
		inAction := false
		for _, f := range strings.Fields(strings.NewReplacer("[", " [ ", "]", " ] ").Replace(rest)) {
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

// Local reports whether all of a database is in files of the system: no service but
// files and compat is asked, and systemd, which adds root, nobody and users that last
// as long as their service.
func (c Config) Local(database string) bool {
	return !slices.ContainsFunc(c[database], func(s string) bool {
		return s != "files" && s != "compat" && s != "systemd"
	})
}
