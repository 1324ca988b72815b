// Package apk reads the database of packages that apk(8) of Alpine Linux has installed,
// lib/apk/db/installed, in the form that apk-package(5) gives its index.
package apk

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Package is one installed package.
type Package struct {
	Name    string
	Version string // 1.36.1-r29
	Arch    string
	Origin  string // the source package
	File    string
	Line    int // in File, where its entry begins, counted from 1
}

// files are where the database lies: since apk-tools 3 below usr.
var files = [...]string{"lib/apk/db/installed", "usr/lib/apk/db/installed"}

// Fact is the packages in the order of the database. A system without it answers
// [inventory.ErrAbsent].
var Fact = inventory.NewFact("apk", func(ctx context.Context, s *inventory.System) ([]Package, error) {
	for _, name := range files {
		all, err := inventory.ParseFile(ctx, s, name, Parse)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for i := range all {
			all[i].File = name
		}
		return all, nil
	}
	return nil, fmt.Errorf("no packages of apk: %w", inventory.ErrAbsent)
})

// Parse reads the text of the database: entries apart by empty lines, of lines of a letter, a
// colon and a value. Letters that are not told are passed over. An entry without a name or a
// version is a mistake, and then there is no answer.
func Parse(b []byte) ([]Package, error) {
	all := []Package{}
	var errs mistakes.List
	var p Package
	line := 0
	end := func() {
		switch {
		case p == Package{}:
		case p.Name == "" || p.Version == "":
			errs.Addf("line %d: a package without a name or a version", p.Line)
		default:
			all = append(all, p)
		}
		p = Package{}
	}
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		if s == "" {
			end()
			continue
		}
		if len(s) < 2 || s[1] != ':' {
			errs.Addf("line %d: no field", line)
			continue
		}
		if p.Line == 0 {
			p.Line = line
		}
		switch value := s[2:]; s[0] {
		case 'P':
			p.Name = value
		case 'V':
			p.Version = value
		case 'A':
			p.Arch = value
		case 'o':
			p.Origin = value
		}
	}
	end()
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return all, nil
}
