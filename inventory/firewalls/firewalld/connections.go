package firewalld

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/hardening-sdk/hardening/internal/shellvar"
	"github.com/hardening-sdk/hardening/inventory"
)

// folders are the folders of connections, those of NetworkManager and of the older network scripts,
// with how the names of their files begin, and what finds the zone in a file.
var folders = []struct {
	dir, prefix string
	find        func([]byte) (string, error)
}{
	{"etc/NetworkManager/system-connections", "", findZone},
	{"run/NetworkManager/system-connections", "", findZone},
	{"usr/lib/NetworkManager/system-connections", "", findZone},
	{"etc/sysconfig/network-scripts", "ifcfg-", findScriptZone},
}

// readConnections returns the zones that connections name. Nothing else of the files is kept, as
// they hold keys.
func readConnections(ctx context.Context, s *inventory.System) ([]Binding, error) {
	var all []Binding
	for _, f := range folders {
		entries, err := s.ReadDir(ctx, f.dir)
		if inventory.IsAbsent(err, f.dir) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.IsDir() || strings.HasPrefix(e.Name(), ".") || !strings.HasPrefix(e.Name(), f.prefix) {
				continue
			}
			file := path.Join(f.dir, e.Name())
			b, err := s.ReadText(ctx, file)
			if err != nil {
				return nil, err
			}
			zone, err := f.find(b)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			if zone != "" {
				all = append(all, Binding{inventory.Position{Source: file}, zone})
			}
		}
	}
	return all, nil
}

// group is the header of a group in a file of NetworkManager.
var group = regexp.MustCompile(`^\[([^\[\]\x00-\x1f\x7f]+)\][ \t]*$`)

// findZone returns the zone that a file of NetworkManager names: the last "zone" of its groups
// "connection". The form is that of GKeyFile of GLib. What that does not take is an error, and so
// is a name of a zone that is none.
func findZone(b []byte) (zone string, err error) {
	now, n := "", 0
	for line := range strings.SplitSeq(string(b), "\n") {
		n++
		line = strings.TrimLeft(line, " \t\f\r")
		if line == "" || line[0] == '#' {
			continue
		}
		if m := group.FindStringSubmatch(strings.TrimSuffix(line, "\r")); m != nil {
			now = m[1]
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		name = strings.TrimRight(name, " \t\f\r")
		if !ok || name == "" || line[0] == '[' || now == "" {
			return "", fmt.Errorf("line %d: NetworkManager does not take it", n)
		}
		if now == "connection" && strings.EqualFold(strings.TrimFunc(name, isOdd), "zone") {
			value = strings.TrimLeft(strings.TrimSuffix(value, "\r"), " \t\f\r")
			if name != "zone" || !zoneName.MatchString(value) {
				return "", fmt.Errorf("line %d: a zone that cannot be", n)
			}
			zone = value
		}
	}
	return zone, nil
}

// zoneName is the name of a zone, or nothing.
var zoneName = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)

// isOdd reports whether a character is none of a key.
func isOdd(r rune) bool { return r <= ' ' || r > '~' }

// findScriptZone returns the value of ZONE in an older network script. The shell, firewalld and
// NetworkManager read it: what they may read in different ways is an error.
func findScriptZone(b []byte) (zone string, err error) {
	if err := shellvar.CheckPlain(b, "ZONE"); err != nil {
		return "", err
	}
	found := false
	for v, err := range shellvar.All(b) {
		if err != nil || v.Key != "ZONE" {
			continue
		}
		if found && v.Value != zone || !zoneName.MatchString(v.Value) {
			return "", fmt.Errorf("line %d: a zone that programs read in different ways", v.Line)
		}
		zone, found = v.Value, true
	}
	return zone, nil
}
