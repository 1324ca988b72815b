// Package dpkg reads which packages a Debian system has, deb-status and dpkg(1). It reads
// var/lib/dpkg/status, what an interrupted run of dpkg left in var/lib/dpkg/updates, and
// var/lib/dpkg/status.d, which distroless images have instead of dpkg itself.
package dpkg

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Package is one package that dpkg knows. State tells whether it is installed.
type Package struct {
	inventory.Position // of its first field

	Name, Version string
	Arch          string // empty where the status has none
	// SourceName and SourceVersion are those of the source package. Where the status states none
	// they are the name and the version of the package itself.
	SourceName, SourceVersion string

	Want      string // what the administrator asked for: install, hold, deinstall, purge
	Flag      string // "ok", or "reinstreq" for a package that has to be installed again
	State     string // installed, config-files, half-configured, unpacked, ...
	Section   string
	Essential bool
}

// Installed reports whether the package's files are in place and it is configured.
func (p Package) Installed() bool { return p.State == "installed" || p.Triggers() }

// Triggers reports whether the package is installed but for pending triggers.
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

// Fact returns the packages in the order of the files. Without the file and the folder it returns
// [inventory.ErrAbsent].
var Fact = inventory.NewFact("dpkg", collect)

func collect(ctx context.Context, s *inventory.System) ([]Package, error) {
	all, err := readStatus(ctx, s, status)
	absent := inventory.IsAbsent(err, status)
	if err == nil {
		all, err = applyUpdates(ctx, s, all)
	}
	if err != nil && !absent {
		return nil, err
	}
	// Images without dpkg have a file for each package.
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
		if isOther(e) {
			continue
		}
		more, err := readStatus(ctx, s, statusD+"/"+e.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// applyUpdates replaces packages by the states that dpkg recorded since. An interrupted run leaves
// files whose names are numbers, each with the newer state of some packages.
func applyUpdates(ctx context.Context, s *inventory.System, all []Package) ([]Package, error) {
	entries, err := s.ReadDir(ctx, updates)
	if inventory.IsAbsent(err, updates) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	at := make(map[[2]string]int, len(all)) // of the first package of a name
	for i, p := range slices.Backward(all) {
		at[[2]string{p.Name, p.Arch}] = i
	}
	for _, e := range entries {
		if strings.Trim(e.Name(), "0123456789") != "" {
			continue
		}
		newer, err := readStatus(ctx, s, updates+"/"+e.Name())
		if err != nil {
			return nil, err
		}
		// A newer state replaces the older one.
		for _, n := range newer {
			key := [2]string{n.Name, n.Arch}
			if i, ok := at[key]; ok {
				all[i] = n
			} else {
				at[key] = len(all)
				all = append(all, n)
			}
		}
	}
	return all, nil
}

// isOther reports whether an entry of status.d is not a status file, but a list of checksums or a
// folder.
func isOther(e fs.DirEntry) bool {
	return e.IsDir() || strings.HasSuffix(e.Name(), ".md5sums")
}

// readStatus reads one status file.
func readStatus(ctx context.Context, s *inventory.System, name string) ([]Package, error) {
	parse := Parse
	if !strings.HasPrefix(name, statusD) {
		parse = parseOwn
	}
	all, err := inventory.ParseFile(ctx, s, name, parse)
	for i := range all {
		all[i].Source = name
	}
	return all, err
}

// parseOwn is Parse for the files of dpkg itself, which refuses one whose last line does not end, and to
// which a stanza without a status is not installed.
func parseOwn(b []byte) ([]Package, error) {
	if len(b) > 0 && b[len(b)-1] != '\n' {
		return nil, fmt.Errorf("line %d: the last line does not end", 1+bytes.Count(b, []byte{'\n'}))
	}
	return parse(b, true)
}

// Parse reads the text of a status file: stanzas of fields, separated by blank lines. A stanza
// without a status, as in status.d, is an installed package. Mistakes are a line that belongs to no
// field, a field that is there twice, a stanza without a name, a package that is present and has no
// version, and a status that is not three words. The error joins all of them, each with its line.
// On an error there are no packages, since a stanza that is not understood may be any package.
func Parse(b []byte) ([]Package, error) { return parse(b, false) }

// parse is Parse. strict says that each stanza has to have a status.
func parse(b []byte, strict bool) ([]Package, error) {
	p := parser{
		strict: strict,
		all:    make([]Package, 0, 1+bytes.Count(b, []byte("\nPackage:"))),
		lower:  map[string]string{}, more: map[string]bool{},
	}
	line := 0
	for text := string(b); text != ""; {
		var s string
		s, text, _ = strings.Cut(text, "\n")
		line++
		p.readLine(line, s)
	}
	p.endStanza()
	if err := p.bad.Err(); err != nil {
		return nil, err
	}
	return p.all, nil
}

// plainFields is how many fields a stanza has as a rule. They are compared one by one.
const plainFields = 32

// parser collects the packages of one file.
type parser struct {
	all    []Package
	bad    mistakes.List
	strict bool
	cur    Package           // of the stanza that is being read
	status bool              // the stanza has a status
	seen   []string          // the first keys of the stanza, in lower case
	more   map[string]bool   // its further keys
	lower  map[string]string // keys as written, of which there are few, and in lower case
}

// addMistake adds a mistake with its line.
func (p *parser) addMistake(line int, format string, args ...any) {
	if p.bad.Full() {
		p.bad.Addf("")
		return
	}
	p.bad.Addf("line %d: %s", line, fmt.Sprintf(format, args...))
}

// readLine handles a line: the end of a stanza, a continuation, or a field.
func (p *parser) readLine(n int, s string) {
	switch {
	case s == "", isBlank(s) && !p.strict:
		p.endStanza()
	case isBlank(s):
		p.addMistake(n, "a line of blanks, which does not end a stanza")
	case s[0] == ' ' || s[0] == '\t':
		if len(p.seen) == 0 {
			p.addMistake(n, "a continuation of nothing")
		}
	default:
		key, value, ok := strings.Cut(s, ":")
		lower, known := p.lower[key]
		if !ok || !known && (key == "" || strings.ContainsAny(key, " \t\x00")) {
			p.addMistake(n, "no field")
			return
		}
		if !known {
			lower = strings.ToLower(key)
			p.lower[key] = lower
		}
		p.setField(n, lower, strings.Trim(value, " \t\v\f\r"))
	}
}

// isBlank reports whether a line has nothing but blanks, tabs and carriage returns.
func isBlank(s string) bool {
	for i := range len(s) {
		if s[i] != ' ' && s[i] != '\t' && s[i] != '\r' {
			return false
		}
	}
	return true
}

// setField sets a field, whose key is in lower case, of the current package.
func (p *parser) setField(n int, key, value string) {
	if len(p.seen) == 0 {
		p.cur.Line = n
	}
	switch {
	case slices.Contains(p.seen, key) || p.more[key]:
		p.addMistake(n, "the field %s is there twice", key)
	case len(p.seen) < plainFields:
		p.seen = append(p.seen, key)
	default:
		p.more[key] = true
	}
	switch key {
	case "package":
		p.cur.Name = strings.ToLower(value) // as dpkg does
	case "version":
		p.cur.Version = value
	case "architecture":
		p.cur.Arch = value
	case "section":
		p.cur.Section = value
	case "essential":
		p.cur.Essential = value == "yes"
	case "source":
		p.cur.SourceName, p.cur.SourceVersion = splitSource(value)
	case "status":
		p.status = true
		var words [3]string
		count := 0
		for w := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == ' ' || r == '\t' }) {
			if count < len(words) {
				words[count] = w
			}
			count++
		}
		if count != len(words) {
			p.addMistake(n, "a status of %d words, want 3", count)
			return
		}
		if !slices.Contains(wants, words[0]) || !slices.Contains(flags, words[1]) || !slices.Contains(states, words[2]) {
			p.addMistake(n, "a status that dpkg does not know")
			return
		}
		p.cur.Want, p.cur.Flag, p.cur.State = words[0], words[1], words[2]
	}
}

// The words of a status (lib/dpkg/pkg-namevalue.c).
var (
	wants  = []string{"install", "hold", "deinstall", "purge", "unknown"}
	flags  = []string{"ok", "reinstreq", "hold", "hold-reinstreq"}
	states = []string{"installed", "config-files", "not-installed", "unpacked", "half-configured", "half-installed",
		"triggers-awaited", "triggers-pending"}
)

// isVersion reports whether a text has the characters of a version, deb-version(7), and the underscore,
// about which dpkg only warns.
func isVersion(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if !('a' <= c && c <= 'z' || '0' <= s[i] && s[i] <= '9' || strings.IndexByte("-+.~:_", s[i]) >= 0) {
			return false
		}
	}
	return true
}

// splitSource splits the field Source, "name" or "name (version)", as lib/dpkg/pkg-show.c does.
func splitSource(value string) (name, version string) {
	name, _, _ = strings.Cut(value, " ")
	_, version, _ = strings.Cut(value, "(")
	version, _, _ = strings.Cut(version, ")")
	return name, version
}

// isName reports whether dpkg takes a name of a package: letters and digits, and after the first of
// them also "-", "+", "." and "_" (pkg_name_is_illegal of dpkg).
func isName(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if !('a' <= c && c <= 'z' || '0' <= s[i] && s[i] <= '9' || i > 0 && strings.IndexByte("-+._", s[i]) >= 0) {
			return false
		}
	}
	return s != ""
}

// endStanza adds the package of the stanza and begins a new stanza.
func (p *parser) endStanza() {
	if len(p.seen) > 0 {
		if !p.status {
			p.cur.Want, p.cur.Flag, p.cur.State = "install", "ok", "installed"
		}
		switch {
		case p.cur.Name == "":
			p.addMistake(p.cur.Line, "a stanza without the field package")
		case !isName(p.cur.Name):
			p.addMistake(p.cur.Line, "a package with a name that dpkg refuses")
		case !isVersion(p.cur.Version):
			p.addMistake(p.cur.Line, "%s has a version that is none", p.cur.Name)
		case p.cur.Version == "" && p.cur.Present():
			p.addMistake(p.cur.Line, "%s has no version", p.cur.Name)
		case p.strict && !p.status:
			p.addMistake(p.cur.Line, "%s has no status", p.cur.Name)
		}
		p.cur.SourceName = cmp.Or(p.cur.SourceName, p.cur.Name)
		p.cur.SourceVersion = cmp.Or(p.cur.SourceVersion, p.cur.Version)
		p.all = append(p.all, p.cur)
	}
	p.cur, p.status, p.seen = Package{}, false, p.seen[:0]
	if len(p.more) > 0 {
		p.more = map[string]bool{} // to clear a large one takes long
	}
}
