// Package pamlimits reads the limits that pam_limits(8) sets for sessions, from
// etc/security/limits.conf and the files in etc/security/limits.d, limits.conf(5).
package pamlimits

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
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
	var left budget.Budget
	if name != "" {
		return read(ctx, s, name, &left)
	}
	// The first main file counts.
	var all []Line
	for _, dir := range folders {
		main := dir + "/limits.conf"
		lines, err := read(ctx, s, main, &left)
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
		if err := left.Include(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		lines, err := read(ctx, s, name, &left)
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
func read(ctx context.Context, s *inventory.System, name string, left *budget.Budget) ([]Line, error) {
	all, err := inventory.ParseFile(ctx, s, name, func(b []byte) ([]Line, error) { return parse(b, left) })
	for i := range all {
		all[i].Source = name
	}
	return all, err
}

// Parse reads the text of a file. Lines with too few words, and words after the fourth, are
// ignored, as pam_limits does. A number that is not plain is an error. More lines than anybody has are [inventory.ErrLimit].
func Parse(b []byte) ([]Line, error) { return parse(b, &budget.Budget{}) }

// parse is Parse with the lines that may still be kept.
func parse(b []byte, left *budget.Budget) ([]Line, error) {
	var all []Line
	n := 0
	for text := range strings.SplitSeq(string(b), "\n") {
		n++
		text, _, _ = strings.Cut(text, "#")
		f, words := cutFields(text)
		l := Line{Domain: f[0], Position: inventory.Position{Line: n}}
		switch {
		case words == 4:
			l.Type, l.Item, l.Value = strings.ToLower(f[1]), strings.ToLower(f[2]), strings.ToLower(f[3])
		case words == 2 && f[1] == "-":
			l.Type = "-"
		default:
			continue
		}
		if len(text) > maxLine {
			return nil, fmt.Errorf("line %d: longer than pam_limits reads", n)
		}
		if !l.isPlain() {
			return nil, fmt.Errorf("line %d: a number in a form that pam_limits may read otherwise", n)
		}
		if zeros := len(l.Value) - len(strings.TrimLeft(l.Value, "0")); zeros > 0 { // it is decimal all the same
			l.Value = l.Value[min(zeros, len(l.Value)-1):]
		}
		if err := left.Items(1); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		all = budget.Append(all, l)
	}
	return all, nil
}

// maxLine is how long a line is that every version reads. Linux-PAM drops the rest of a file behind a
// longer one.
const maxLine = 1000

// isPlain reports whether a value is a word or a decimal number as people write it. pam_limits takes
// a number with anything behind it, and -1 for no limit, as it does for what is out of range.
func (l Line) isPlain() bool {
	if l.Value == "" || l.Value == "-" || l.Value == "-1" || !isNumber(l.Value) || l.Value[0] > '9' {
		return true
	}
	digits := l.Value
	if l.Item == "nice" || l.Item == "priority" {
		digits = strings.TrimPrefix(digits, "-")
	}
	return digits != "" && len(digits) <= 15 && strings.Trim(digits, "0123456789") == ""
}

// cutFields returns the first four words of a text, and how many of them there are.
func cutFields(text string) (f [4]string, n int) {
	const blanks = " \t\r\v\f"
	for ; n < len(f); n++ {
		if text = strings.TrimLeft(text, blanks); text == "" {
			break
		}
		end := strings.IndexAny(text, blanks)
		if end < 0 {
			end = len(text)
		}
		f[n], text = text[:end], text[end:]
	}
	return f, n
}

// HardLines maps each domain to the line that decides its hard limit of an item, as [Hard] returns
// it.
func HardLines(all []Line, item string) map[string]Line {
	lines := map[string]Line{}
	for _, l := range all {
		if l.isHard(item) {
			lines[l.Domain] = l
		}
	}
	return lines
}

// isHard reports whether the line sets a hard limit of an item.
func (l Line) isHard(item string) bool {
	return l.Item == item && (l.Type == "hard" || l.Type == "-") && isNumber(l.Value)
}

// Hard returns the line that decides the hard limit of an item for a domain: the last one.
// pam_limits skips lines whose value is not a number. Hard returns false where there is none.
func Hard(all []Line, domain, item string) (Line, bool) {
	for i := len(all) - 1; i >= 0; i-- {
		l := all[i]
		if l.Domain == domain && l.isHard(item) {
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
