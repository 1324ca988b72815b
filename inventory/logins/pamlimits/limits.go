// Package pamlimits reads the limits that pam_limits(8) sets for sessions, from
// etc/security/limits.conf and the files in etc/security/limits.d, limits.conf(5).
package pamlimits

import (
	"context"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Line is one line that sets a limit.
type Line struct {
	inventory.Position

	Domain string // a user, @group, %group, a range of numbers, or "*" for all users without a line
	// Type is soft, hard, or "-" for both. A line of only a domain and "-" means that the domain
	// has no limits; Item is then empty.
	Type  string
	Item  string // in lower case, such as core or nproc
	Value string // in lower case: a number, or a word such as unlimited
}

// Fact returns the lines in the order in which pam_limits reads them: limits.conf, then the files
// in limits.d by name. A later line of a domain overrides an earlier one. Without the files there
// are no lines.
var Fact = inventory.NewFact("pamlimits", collect)

func collect(ctx context.Context, s *inventory.System) ([]Line, error) {
	return File.Of(ctx, s, "")
}

// File returns the lines of another file that pam_limits is told to read (conf=), by its path.
// limits.d is not read then. The empty path stands for the files of [Fact].
var File = inventory.NewKeyed("limits file", collectFile)

func collectFile(ctx context.Context, s *inventory.System, name string) ([]Line, error) {
	if name != "" {
		return read(ctx, s, name)
	}
	// The first main file counts.
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
	// A drop-in hides those of its name in later folders.
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
}

// folders are the folders of the files. Where Linux-PAM was built so, a file of the distribution
// replaces a missing one in etc.
var folders = []string{"etc/security", "usr/etc/security", "usr/share/security", "usr/lib/security"}

// read returns the lines of one file.
func read(ctx context.Context, s *inventory.System, name string) ([]Line, error) {
	b, err := s.ReadText(ctx, name)
	if err != nil {
		return nil, err
	}
	all := Parse(b)
	for i := range all {
		all[i].Source = name
	}
	return all, nil
}

// Parse reads the text of a file. Lines with too few words, and words after the fourth, are
// ignored, as pam_limits does.
func Parse(b []byte) []Line {
	var all []Line
	n := 0
	for text := range strings.SplitSeq(string(b), "\n") {
		n++
		text, _, _ = strings.Cut(text, "#")
		f := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\v\f", r) })
		switch {
		case len(f) >= 4:
			all = append(all, Line{Domain: f[0], Type: strings.ToLower(f[1]), Item: strings.ToLower(f[2]),
				Value: strings.ToLower(f[3]), Position: inventory.Position{Line: n}})
		case len(f) == 2 && f[1] == "-":
			all = append(all, Line{Domain: f[0], Type: "-", Position: inventory.Position{Line: n}})
		}
	}
	return all
}

// Hard returns the line that decides the hard limit of an item for a domain: the last one.
// pam_limits skips lines whose value is not a number. Hard returns false where there is none.
func Hard(all []Line, domain, item string) (Line, bool) {
	for i := len(all) - 1; i >= 0; i-- {
		l := all[i]
		if l.Domain == domain && l.Item == item && (l.Type == "hard" || l.Type == "-") && isNumber(l.Value) {
			return l, true
		}
	}
	return Line{}, false
}

// isNumber reports whether pam_limits accepts a value.
func isNumber(v string) bool {
	switch v {
	case "-1", "-", "unlimited", "infinity":
		return true
	}
	return v != "" && (v[0] >= '0' && v[0] <= '9' || v[0] == '+' || v[0] == '-')
}
