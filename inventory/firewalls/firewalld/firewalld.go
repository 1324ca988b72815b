// Package firewalld reads what firewalld lets in. It reads the default zone from
// etc/firewalld/firewalld.conf (firewalld.conf(5)), the zones (firewalld.zone(5)) and policies
// (firewalld.policies(5)) from etc/firewalld and usr/lib/firewalld, and the zones that connections
// of NetworkManager and of the older network scripts name.
package firewalld

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// Zone is a zone of firewalld: a level of trust, and who has it.
type Zone struct {
	inventory.Position

	Name   string
	Target string // as written: ACCEPT, DROP, %%REJECT%%, default or nothing
	// Interfaces and Senders are those that the file of the zone binds to it. A sender is an
	// address, a MAC address or the name of an ipset.
	Interfaces, Senders []string
	// Open says that ports, protocols or rich rules accept everything whatever the target is.
	Open bool
}

// Accepts reports whether the zone accepts packets that no particular rule matches.
func (z Zone) Accepts() bool { return z.Target == "ACCEPT" || z.Open }

// Policy is a policy for packets that go from one zone to another.
type Policy struct {
	inventory.Position

	Name, Target    string   // Target is as written: ACCEPT, CONTINUE, DROP or REJECT
	Ingress, Egress []string // names of zones, ANY, HOST
	// Open says that ports, protocols or rich rules accept everything whatever the target is.
	Open bool
}

// Binding says that a connection of NetworkManager, or an interface of a network script, belongs to
// a zone.
type Binding struct {
	inventory.Position

	Zone string
}

// Config is the configuration of firewalld.
type Config struct {
	DefaultZone inventory.Setting // "public" without a source if no file sets it
	Zones       map[string]Zone   // by name
	Policies    []Policy
	Bindings    []Binding
	// Direct says that there are direct rules, which firewalld hands to iptables as they are.
	Direct bool
}

const (
	conf   = "etc/firewalld/firewalld.conf"
	direct = "etc/firewalld/direct.xml"
)

// Fact is the configuration of firewalld. A missing file has no settings. The file of a zone or
// policy that cannot be parsed is an error.
var Fact = inventory.NewFact("firewalld", collect)

// collect reads the default zone, then zones, policies, direct rules and connections.
func collect(ctx context.Context, s *inventory.System) (*Config, error) {
	var limit budget.Budget // of the elements of all files together
	c := &Config{DefaultZone: inventory.Setting{Name: "DefaultZone", Value: "public"}, Zones: map[string]Zone{}}
	b, err := s.ReadText(ctx, conf)
	switch {
	case err == nil:
		v, ok, err := findSetting(b, "DefaultZone")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", conf, err)
		}
		if ok {
			v.Source = conf
			c.DefaultZone = v
		}
	case !inventory.IsAbsent(err, conf):
		return nil, err
	}
	if err := readKind(ctx, s, "zones", &limit, func(name, file string, b []byte) error {
		z, err := ParseZone(b)
		z.Name, z.Source = name, file
		c.Zones[name] = z
		return err
	}); err != nil {
		return nil, err
	}
	if err := readKind(ctx, s, "policies", &limit, func(name, file string, b []byte) error {
		p, err := ParsePolicy(b)
		p.Name, p.Source = name, file
		c.Policies = append(c.Policies, p)
		return err
	}); err != nil {
		return nil, err
	}
	if b, err := s.ReadText(ctx, direct); err == nil {
		// By a document type there may be rules that do not look so.
		c.Direct = slices.ContainsFunc([]string{"<rule", "<passthrough", "<!DOCTYPE"},
			func(text string) bool { return strings.Contains(string(b), text) })
	} else if !inventory.IsAbsent(err, direct) {
		return nil, err
	}
	c.Bindings, err = readConnections(ctx, s)
	return c, err
}

// findSetting returns the value of a key of firewalld.conf. The first line with one value counts, as
// firewalld ignores further ones, and lines with a second "=". It reads lines as Python does: a carriage
// return ends one, and blanks are those of Unicode. With a byte that is not of UTF-8 it reads nothing.
func findSetting(b []byte, key string) (inventory.Setting, bool, error) {
	if !utf8.Valid(b) {
		return inventory.Setting{}, false, errors.New("not UTF-8, which firewalld does not take")
	}
	line := 0
	for text := range strings.SplitSeq(string(b), "\n") {
		line++
		for s := range strings.SplitSeq(text, "\r") {
			name, value, _ := strings.Cut(strings.TrimFunc(s, isBlank), "=")
			value = strings.TrimFunc(value, isBlank)
			if strings.TrimFunc(name, isBlank) == key && value != "" && !strings.Contains(value, "=") {
				return inventory.Setting{Name: key, Value: value, Position: inventory.Position{Line: line}}, true, nil
			}
		}
	}
	return inventory.Setting{}, false, nil
}

// isBlank reports whether Python strips a character from the ends of a text.
func isBlank(r rune) bool { return unicode.IsSpace(r) || 0x1c <= r && r <= 0x1f }

// readKind reads the files of a kind, zones or policies, and hands each to take. A file in etc
// hides that of the same name in usr.
func readKind(
	ctx context.Context, s *inventory.System, kind string, limit *budget.Budget,
	take func(name, file string, b []byte) error,
) error {
	seen := map[string]bool{}
	for _, dir := range []string{"etc/firewalld/" + kind, "usr/lib/firewalld/" + kind} {
		entries, err := s.ReadDir(ctx, dir)
		if inventory.IsAbsent(err, dir) {
			continue
		}
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.IsDir() && kind == "zones" && !strings.HasPrefix(e.Name(), ".") {
				if err := checkEmpty(ctx, s, dir+"/"+e.Name()); err != nil {
					return err
				}
			}
			name, ok := strings.CutSuffix(e.Name(), ".xml")
			if !ok || seen[name] {
				continue
			}
			if strings.ContainsFunc(name, isNoName) {
				return fmt.Errorf("%s/%s: a name that firewalld refuses", dir, e.Name())
			}
			seen[name] = true
			file := dir + "/" + e.Name()
			b, err := s.ReadText(ctx, file)
			if errors.Is(err, fs.ErrNotExist) && e.Type()&fs.ModeSymlink != 0 {
				continue // a dangling link
			}
			if err != nil {
				return err
			}
			err = limit.Items(countElements(b))
			if err == nil {
				err = take(name, file, b)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	return nil
}

// isNoName reports whether a character is none of the name of a zone or policy.
func isNoName(r rune) bool {
	return r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// countElements counts the elements and attributes of a document, or a few more.
func countElements(b []byte) int {
	return 1 + bytes.Count(b, []byte{'<'}) + bytes.Count(b, []byte{'='})
}

// checkEmpty returns an error if a folder has files. firewalld joins the files in a folder of zones
// to one zone, which is not done here.
func checkEmpty(ctx context.Context, s *inventory.System, dir string) error {
	inside, err := s.ReadDir(ctx, dir)
	if err == nil && len(inside) > 0 {
		err = fmt.Errorf("%s: a folder in the place of a zone's file is not read: %w", dir, inventory.ErrUnavailable)
	}
	return err
}
