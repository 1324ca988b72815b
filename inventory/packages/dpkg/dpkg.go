// Package dpkg reads which packages a Debian system has from var/lib/dpkg/status, with what
// an interrupted run left in var/lib/dpkg/updates, and, on
// images without dpkg itself, from var/lib/dpkg/status.d (deb-status and dpkg(1); the
// folder is that of distroless images).
package dpkg

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Package is one package that dpkg knows, installed or not; State tells.
type Package struct {
	Name, Version string
	Arch          string // empty where the status has none
	Source        string // the source package, where it has another name
	SourceVersion string // its version, where it is another one
	Want          string // what the administrator asked for: install, hold, deinstall, purge
	Flag          string // "ok", or "reinstreq" for one that has to be installed again
	State         string // installed, config-files, half-configured, unpacked, ...
	Section       string
	Essential     bool
	File          string // the status file it stands in
	Line          int    // of its first field in File
}

// Installed reports whether the package's files are in place and set up.
func (p Package) Installed() bool { return p.State == "installed" || p.Triggers() }

// Triggers reports whether the package is installed but for triggers that wait.
func (p Package) Triggers() bool {
	return p.State == "triggers-pending" || p.State == "triggers-awaited"
}

// Present reports whether any of the package's files are in place.
func (p Package) Present() bool {
	switch p.State {
	case "not-installed", "config-files":
		return false
	}
	return true
}

const (
	status  = "var/lib/dpkg/status"
	updates = "var/lib/dpkg/updates"
	statusD = "var/lib/dpkg/status.d"
)

// Fact is the packages in the order of the files. A system with neither file nor folder
// answers [inventory.ErrAbsent].
var Fact = inventory.NewFact("dpkg", func(ctx context.Context, s *inventory.System) ([]Package, error) {
	all, err := one(ctx, s, status)
	absent := inventory.IsAbsent(err, status)
	if err == nil {
		all, err = updated(ctx, s, all)
	}
	if err != nil && !absent {
		return nil, err
	}
	entries, err := s.ReadDir(ctx, statusD)
	switch {
	case inventory.IsAbsent(err, statusD) && absent:
		return nil, fmt.Errorf("dpkg: %w", inventory.ErrAbsent)
	case inventory.IsAbsent(err, statusD):
		return all, nil
	case err != nil:
		return nil, err
	}
	for _, e := range entries {
		if skip(e) {
			continue
		}
		more, err := one(ctx, s, statusD+"/"+e.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
})

// updated answers the packages with what dpkg wrote down since: an interrupted run leaves
// files of numbers, each with the newer state of some packages.
func updated(ctx context.Context, s *inventory.System, all []Package) ([]Package, error) {
	entries, err := s.ReadDir(ctx, updates)
	if inventory.IsAbsent(err, updates) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if strings.Trim(e.Name(), "0123456789") != "" {
			continue
		}
		newer, err := one(ctx, s, updates+"/"+e.Name())
		if err != nil {
			return nil, err
		}
		for _, n := range newer {
			i := slices.IndexFunc(all, func(p Package) bool { return p.Name == n.Name && p.Arch == n.Arch })
			if i < 0 {
				all = append(all, n)
			} else {
				all[i] = n
			}
		}
	}
	return all, nil
}

// skip passes over what lies beside the status files: lists of checksums, folders.
func skip(e fs.DirEntry) bool {
	return e.IsDir() || strings.HasSuffix(e.Name(), ".md5sums")
}

func one(ctx context.Context, s *inventory.System, name string) ([]Package, error) {
	all, err := inventory.ParseFile(ctx, s, name, Parse)
	for i := range all {
		all[i].File = name
	}
	return all, err
}

// Parse reads the text of a status file: stanzas of fields, separated by blank lines. One
// without a status, as in status.d, is an installed package. A line that belongs to no
// field, a field twice, a stanza without name, or one that is present without version,
// and a status that is not three words, are mistakes with their line, joined; with a
// mistake there is no answer, since a stanza that is not understood may be any package.
func Parse(b []byte) ([]Package, error) {
	p := parser{}
	line := 0
	for text := string(b); text != ""; {
		var s string
		s, text, _ = strings.Cut(text, "\n")
		line++
		p.line(line, strings.TrimSuffix(s, "\r"))
	}
	p.end()
	if err := p.bad.Err(); err != nil {
		return nil, err
	}
	return p.all, nil
}

type parser struct {
	all    []Package
	bad    mistakes.List
	cur    Package
	status bool
	seen   []string // keys of the stanza, in lower case
}

func (p *parser) mistake(line int, format string, args ...any) {
	p.bad.Addf("line %d: %s", line, fmt.Sprintf(format, args...))
}

func (p *parser) line(n int, s string) {
	switch {
	case strings.Trim(s, " \t") == "":
		p.end()
	case s[0] == ' ' || s[0] == '\t':
		if len(p.seen) == 0 {
			p.mistake(n, "a continuation of nothing")
		}
	default:
		key, value, ok := strings.Cut(s, ":")
		if !ok || key == "" || strings.ContainsAny(key, " \t\x00") {
			p.mistake(n, "no field")
			return
		}
		p.field(n, key, strings.Trim(value, " \t"))
	}
}

func (p *parser) field(n int, key, value string) {
	key = strings.ToLower(key)
	for _, k := range p.seen {
		if k == key {
			p.mistake(n, "the field %s is there twice", key)
		}
	}
	if len(p.seen) == 0 {
		p.cur.Line = n
	}
	p.seen = append(p.seen, key)
	switch key {
	case "package":
		p.cur.Name = value
	case "version":
		p.cur.Version = value
	case "architecture":
		p.cur.Arch = value
	case "section":
		p.cur.Section = value
	case "essential":
		p.cur.Essential = value == "yes"
	case "source":
		name, version, _ := strings.Cut(value, " ")
		p.cur.Source, p.cur.SourceVersion = name, strings.Trim(version, "()")
	case "status":
		f := strings.Fields(value)
		if p.status = true; len(f) != 3 {
			p.mistake(n, "a status of %d words, want 3", len(f))
			return
		}
		p.cur.Want, p.cur.Flag, p.cur.State = f[0], f[1], f[2]
	}
}

// end closes a stanza.
func (p *parser) end() {
	if len(p.seen) > 0 {
		if !p.status {
			p.cur.Want, p.cur.Flag, p.cur.State = "install", "ok", "installed"
		}
		switch {
		case p.cur.Name == "":
			p.mistake(p.cur.Line, "a stanza without the field package")
		case p.cur.Version == "" && p.cur.Present():
			p.mistake(p.cur.Line, "%s has no version", p.cur.Name)
		}
		p.all = append(p.all, p.cur)
	}
	p.cur, p.status, p.seen = Package{}, false, p.seen[:0]
}
