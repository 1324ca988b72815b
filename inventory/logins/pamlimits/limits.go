// Package limits reads what pam_limits(8) sets for sessions, from etc/security/limits.conf and
// the files in limits.d, limits.conf(5).
package pamlimits

import (
	"context"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Line is one line that says something.
type Line struct {
	Domain string // a user, @group, %group, a range of numbers, or "*" for all that have no line
	// Type is soft, hard, or "-" for both. A line of a domain and "-" alone says that the
	// domain has no limits: Item is empty.
	Type   string
	Item   string // in lower case: core, nproc
	Value  string // in lower case: a number, unlimited
	Source string
	Line   int // in Source, counted from 1
}

// Fact is the lines in the order in which pam_limits reads them: limits.conf, then the files of
// limits.d by name. A later line of a domain counts over an earlier one. A system without the
// files has no lines.
var Fact = inventory.NewFact("pamlimits", func(ctx context.Context, s *inventory.System) ([]Line, error) {
	return File.Of(ctx, s, "")
})

// File is the lines of a file that pam_limits is told to read instead (conf=), by its name in
// the tree; limits.d is not read then. The empty name is that of [Fact].
var File = inventory.NewKeyed("limits file", func(ctx context.Context, s *inventory.System, name string) ([]Line, error) {
	if name != "" {
		return read(ctx, s, name)
	}
	var all []Line
	for _, dir := range folders {
		main := dir + "/limits.conf"
		lines, err := read(ctx, s, main)
		if inventory.IsAbsent(err, main) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = lines
		break
	}
	var dropIns []string
	for _, dir := range folders {
		dropIns = append(dropIns, dir+"/limits.d")
	}
	names, err := s.DropIns(ctx, ".conf", dropIns...)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		lines, err := read(ctx, s, name)
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
	}
	return all, nil
})

// folders are where the files may be: those of the distribution stand in for missing ones of
// etc, where Linux-PAM was built so.
var folders = []string{"etc/security", "usr/etc/security", "usr/share/security", "usr/lib/security"}

func read(ctx context.Context, s *inventory.System, name string) ([]Line, error) {
	b, err := s.ReadFile(ctx, name)
	if err != nil {
		return nil, err
	}
	all := Parse(b)
	for i := range all {
		all[i].Source = name
	}
	return all, nil
}

// Parse reads the text of a file. Lines with too few words are passed over, as pam_limits
// does, and what stands after the fourth word.
func Parse(b []byte) []Line {
	var all []Line
	n := 0
	for text := range strings.SplitSeq(string(b), "\n") {
		n++
		text, _, _ = strings.Cut(text, "#")
		f := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\v\f", r) })
		switch {
		case len(f) >= 4:
			all = append(all, Line{Domain: f[0], Type: strings.ToLower(f[1]), Item: strings.ToLower(f[2]), Value: strings.ToLower(f[3]), Line: n})
		case len(f) == 2 && f[1] == "-":
			all = append(all, Line{Domain: f[0], Type: "-", Line: n})
		}
	}
	return all
}

// Hard answers the line that decides the hard limit of an item for a domain: the last one. It
// is not ok where there is none, and pam_limits passes over lines whose value is no number.
func Hard(all []Line, domain, item string) (Line, bool) {
	for i := len(all) - 1; i >= 0; i-- {
		l := all[i]
		if l.Domain == domain && l.Item == item && (l.Type == "hard" || l.Type == "-") && number(l.Value) {
			return l, true
		}
	}
	return Line{}, false
}

func number(v string) bool {
	switch v {
	case "-1", "-", "unlimited", "infinity":
		return true
	}
	return v != "" && (v[0] >= '0' && v[0] <= '9' || v[0] == '+' || v[0] == '-')
}
