// Package fstab reads from etc/fstab (fstab(5)) which file systems a system mounts. Mount units of
// systemd may add others, which are not read here.
package fstab

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Entry is one line of the file.
type Entry struct {
	inventory.Position

	Device  string   // as written: UUID=..., /dev/sda1, tmpfs
	Target  string   // the mount point without its first slash, "." for the root, empty for swap
	Type    string   // of the file system, as written
	Options []string // as written, in order; "defaults" if there are none
	Dump    int      // 0 if the field is missing
	Pass    int      // 0 if the field is missing
}

// Has reports whether option is one of the options.
func (e Entry) Has(option string) bool { return slices.Contains(e.Options, option) }

const file = "etc/fstab"

// Fact is the entries of the file. A missing file has none.
var Fact = inventory.NewFact("fstab", collect)

func collect(ctx context.Context, s *inventory.System) ([]Entry, error) {
	all, err := inventory.ParseFile(ctx, s, file, Parse)
	if inventory.IsAbsent(err, file) {
		return nil, nil
	}
	for i := range all {
		all[i].Source = file
	}
	return all, err
}

// plainOptions is how many options an entry has that counts as no more than one item.
const plainOptions = 32

// Parse reads the text of an fstab file. The Source of the entries is left empty. Octal escapes
// such as \040 for a blank are replaced. Lines with fewer than three fields, or with a field that
// should be a number and is none, are errors, reported together; then no entries are returned. Too
// many entries are [inventory.ErrLimit].
func Parse(b []byte) ([]Entry, error) {
	var all []Entry
	var bad mistakes.List
	var limit budget.Budget
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		if s = strings.Trim(s, " \t"); s == "" || s[0] == '#' {
			continue
		}
		if strings.ContainsFunc(s, isSpecial) || strings.Contains(s, `\000`) {
			bad.Addf("line %d: a special character", line)
			continue
		}
		if err := limit.Items(1 + strings.Count(s, ",")/plainOptions); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		f := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' })
		e, err := parseEntry(f)
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

// isSpecial reports whether a character is none that people write, a carriage return among them, which is
// part of a field.
func isSpecial(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// parseEntry reads the fields of one line.
func parseEntry(f []string) (e Entry, err error) {
	if len(f) < 3 {
		return e, fmt.Errorf("%d fields, want 3 to 6", len(f))
	}
	e = Entry{
		Device:  unescape(f[0]),
		Target:  parseTarget(unescape(f[1])),
		Type:    unescape(f[2]),
		Options: []string{"defaults"},
	}
	if len(f) > 3 {
		if f[3][0] == '#' {
			return e, errors.New("a comment in the place of options")
		}
		e.Options = strings.Split(unescape(f[3]), ",")
	}
	for i, n := range []*int{&e.Dump, &e.Pass} {
		if len(f) <= 4+i {
			break
		}
		if *n, err = strconv.Atoi(f[4+i]); err != nil {
			return e, fmt.Errorf("field %d is no number", 5+i)
		}
	}
	return e, nil
}

// parseTarget returns a mount point as the name of a folder in the tree, or "" if it is no path.
func parseTarget(s string) string {
	if !strings.HasPrefix(s, "/") {
		return ""
	}
	if s = path.Clean(s)[1:]; s == "" {
		return "."
	}
	return s
}

// unescape replaces octal escapes, \ooo, as getmntent(3) does.
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
