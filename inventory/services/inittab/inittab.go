// Package inittab reads etc/inittab, which tells the first process of a system without
// systemd what to run: that of sysvinit, inittab(5), and that of BusyBox, whose form is
// the same but for the first field, which is a terminal there.
package inittab

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Entry is one line.
type Entry struct {
	ID      string // a label of sysvinit, a terminal of BusyBox
	Levels  string // the runlevels, empty for all; BusyBox passes over them
	Action  string // respawn, askfirst, sysinit, initdefault and so on
	Process string // the command line
	Line    int    // counted from 1
}

// File is where the entries stand.
const File = "etc/inittab"

// Fact is the entries of etc/inittab. A system without the file answers
// [inventory.ErrAbsent].
var Fact = inventory.NewFact("inittab", func(ctx context.Context, s *inventory.System) ([]Entry, error) {
	all, err := inventory.ParseFile(ctx, s, File, Parse)
	if inventory.IsAbsent(err, File) {
		return nil, fmt.Errorf("%s: %w", File, inventory.ErrAbsent)
	}
	return all, err
})

// Parse reads the text of the file. A line that has not four fields is a mistake, and then
// there is no answer.
func Parse(b []byte) ([]Entry, error) {
	var all []Entry
	var errs mistakes.List
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		s = strings.Trim(s, " \t\r")
		if s == "" || s[0] == '#' {
			continue
		}
		f := strings.SplitN(s, ":", 4)
		if len(f) < 4 || f[2] == "" {
			errs.Addf("line %d: not four fields", line)
			continue
		}
		all = append(all, Entry{f[0], f[1], f[2], strings.TrimSpace(f[3]), line})
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// Command answers the words of the process: BusyBox's "-" and sysvinit's "+" before it,
// and "exec", removed.
func (e Entry) Command() []string {
	words := strings.Fields(strings.TrimLeft(e.Process, "-+"))
	if len(words) > 1 && words[0] == "exec" {
		words = words[1:]
	}
	return words
}

// Program answers the last element of the program's name, empty where there is none.
func (e Entry) Program() string {
	if w := e.Command(); len(w) > 0 {
		return path.Base(w[0])
	}
	return ""
}
