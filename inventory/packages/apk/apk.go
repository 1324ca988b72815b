// Package apk reads the database of packages that apk(8) of Alpine Linux has installed,
// lib/apk/db/installed. Its format is that of the index in apk-package(5).
package apk

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Package is one installed package.
type Package struct {
	inventory.Position // where its entry begins

	Name    string
	Version string // such as 1.36.1-r29
	Arch    string
	// SourceName is the package that it is built from, its origin, or its own name where the
	// database states none. All packages of an origin have one version, so that SourceVersion is
	// Version.
	SourceName, SourceVersion string
}

// files are the places of the database. Since apk-tools 3 it is below usr.
var files = [...]string{"lib/apk/db/installed", "usr/lib/apk/db/installed"}

// Fact returns the packages in the order of the database. Without the database it returns
// [inventory.ErrAbsent].
var Fact = inventory.NewFact("apk", collect)

func collect(ctx context.Context, s *inventory.System) ([]Package, error) {
	for _, name := range files {
		all, err := inventory.ParseFile(ctx, s, name, Parse)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for i := range all {
			all[i].Source = name
		}
		return all, nil
	}
	return nil, fmt.Errorf("no packages of apk: %w", inventory.ErrAbsent)
}

// Parse reads the text of the database: entries, separated by empty lines. A line of an entry is a
// letter, a colon and a value. Unknown letters are skipped. An entry without a name or a version is
// a mistake. The error joins all mistakes, each with its line; on an error there are no packages.
func Parse(b []byte) ([]Package, error) {
	if len(b) > 0 && b[len(b)-1] != '\n' {
		return nil, fmt.Errorf("line %d: the last line does not end", 1+bytes.Count(b, []byte{'\n'}))
	}
	p := parser{all: make([]Package, 0, 1+bytes.Count(b, []byte("\nP:")))}
	for s := range strings.SplitSeq(string(b), "\n") {
		p.line++
		p.readLine(s)
	}
	p.endEntry()
	if err := p.errs.Err(); err != nil {
		return nil, err
	}
	return p.all, nil
}

// parser collects the packages of a database.
type parser struct {
	all  []Package
	errs mistakes.List
	line int
	cur  Package // of the entry that is being read
}

// readLine reads a field of the current package, or ends its entry.
func (p *parser) readLine(s string) {
	if s == "" {
		p.endEntry()
		return
	}
	if len(s) < 2 || s[1] != ':' {
		p.errs.Addf("line %d: no field", p.line)
		return
	}
	if p.cur.Line == 0 {
		p.cur.Line = p.line
	}
	switch value := s[2:]; s[0] {
	case 'P':
		p.cur.Name = value
	case 'V':
		p.cur.Version = value
	case 'A':
		p.cur.Arch = value
	case 'o':
		p.cur.SourceName = value
	}
}

// endEntry adds the current package. Several empty lines end one entry.
func (p *parser) endEntry() {
	switch {
	case p.cur == Package{}:
	case p.cur.Name == "" || p.cur.Version == "":
		p.errs.Addf("line %d: a package without a name or a version", p.cur.Line)
	case !isWord(p.cur.Name) || !isWord(p.cur.Version):
		p.errs.Addf("line %d: a package with a name or a version that is none", p.cur.Line)
	default:
		p.cur.SourceName, p.cur.SourceVersion = cmp.Or(p.cur.SourceName, p.cur.Name), p.cur.Version
		p.all = append(p.all, p.cur)
	}
	p.cur = Package{}
}

// isWord reports whether a text has the characters of names and versions alone, apk-package(5).
func isWord(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if !('a' <= c && c <= 'z' || '0' <= s[i] && s[i] <= '9' || strings.IndexByte("._+-~", s[i]) >= 0) {
			return false
		}
	}
	return true
}
