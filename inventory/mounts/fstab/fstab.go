// Package fstab reads which file systems a system is set up to mount, from etc/fstab,
// fstab(5). What the mount units of systemd add is not in it.
package fstab

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Entry is one line. Target is the mount point without its first slash, "." for the
// root, and empty for swap and the like.
type Entry struct {
	Device  string // as written: UUID=..., /dev/sda1, tmpfs
	Target  string
	Type    string
	Options []string // as written, in order
	Dump    int
	Pass    int
	Source  string
	Line    int // in Source, counted from 1
}

// Has reports whether option is among the options.
func (e Entry) Has(option string) bool { return slices.Contains(e.Options, option) }

const file = "etc/fstab"

// Fact is the lines of the file. A system without one has no lines.
var Fact = inventory.NewFact("fstab", func(ctx context.Context, s *inventory.System) ([]Entry, error) {
	all, err := inventory.ParseFile(ctx, s, file, Parse)
	if inventory.IsAbsent(err, file) {
		return nil, nil
	}
	for i := range all {
		all[i].Source = file
	}
	return all, err
})

// Parse reads the text of an fstab file. A line with fewer than three fields, or with a
// number that is none, is a mistake with its line; they come joined. Blanks within a
// field are written in octal: \040.
func Parse(b []byte) ([]Entry, error) {
	var all []Entry
	var bad mistakes.List
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		f := strings.Fields(s)
		if len(f) == 0 || f[0][0] == '#' {
			continue
		}
		e, err := entry(f)
		if err != nil {
			bad.Addf("line %d: %w", line, err)
			continue
		}
		e.Line = line
		all = append(all, e)
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

func entry(f []string) (e Entry, err error) {
	if len(f) < 3 {
		return e, fmt.Errorf("%d fields, want 3 to 6", len(f))
	}
	e = Entry{Device: unescape(f[0]), Target: target(unescape(f[1])), Type: unescape(f[2]), Options: []string{"defaults"}}
	if len(f) > 3 && f[3][0] != '#' {
		e.Options = strings.Split(unescape(f[3]), ",")
	}
	for i, n := range []*int{&e.Dump, &e.Pass} {
		if len(f) <= 4+i || f[4+i][0] == '#' {
			break
		}
		if *n, err = strconv.Atoi(f[4+i]); err != nil {
			return e, fmt.Errorf("field %d is no number", 5+i)
		}
	}
	return e, nil
}

// target answers a mount point as the name of a folder in the tree.
func target(s string) string {
	if !strings.HasPrefix(s, "/") {
		return ""
	}
	if s = path.Clean(s)[1:]; s == "" {
		return "."
	}
	return s
}

// unescape replaces \ooo, as getmntent(3) does.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				out.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		out.WriteByte(s[i])
	}
	return out.String()
}
