// Package inittab reads etc/inittab, which tells the first process of a system without systemd what
// to run. It reads the format of sysvinit, inittab(5), and that of BusyBox, which differs in the
// first field: it is a terminal there.
package inittab

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Entry is one line of the file.
type Entry struct {
	inventory.Position

	ID      string // a label for sysvinit, a terminal for BusyBox
	Levels  string // the runlevels; empty for all. BusyBox ignores them.
	Action  string // such as respawn, askfirst, sysinit, initdefault
	Process string // the command line
}

// File is the path of the file.
const File = "etc/inittab"

// Fact returns the entries of etc/inittab. Without the file it returns [inventory.ErrAbsent].
var Fact = inventory.NewFact("inittab", collect)

func collect(ctx context.Context, s *inventory.System) ([]Entry, error) {
	all, err := inventory.ParseOnce(ctx, s, File, Parse)
	if inventory.IsAbsent(err, File) {
		return nil, fmt.Errorf("%s: %w", File, inventory.ErrAbsent)
	}
	for i := range all {
		all[i].Source = File
	}
	return all, err
}

// actions are those of sysvinit and of BusyBox. Both pass over a line with another one.
var actions = strings.Fields(`respawn wait once boot bootwait off ondemand initdefault sysinit powerwait powerfail powerokwait
	powerfailnow ctrlaltdel kbrequest askfirst shutdown restart`)

// ascii are the characters of labels and terminals.
const ascii = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789~/._-"

// maxLine is how long a line may be. sysvinit reads 255 bytes, and passes over a process of more than 127.
const maxLine = 127

// Parse reads the text of the file. A line with less than four fields is a mistake, as is one that an
// init passes over. The error joins
// all mistakes, each with its line; on an error there are no entries. The Source is left empty.
func Parse(b []byte) ([]Entry, error) {
	var all []Entry
	var errs mistakes.List
	line := 0
	var left budget.Budget
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		s = strings.TrimLeft(s, " \t")
		if s == "" || s[0] == '#' {
			continue
		}
		id, rest, _ := strings.Cut(s, ":")
		levels, rest, _ := strings.Cut(rest, ":")
		action, process, ok := strings.Cut(rest, ":")
		if !ok || action == "" {
			errs.Addf("line %d: not four fields", line)
			continue
		}
		if strings.Trim(id, ascii) != "" || !slices.Contains(actions, action) || strings.IndexByte(s, '\r') >= 0 || len(s) > maxLine {
			errs.Addf("line %d: an action that no init knows, an odd label, a carriage return, or longer than all read", line)
			continue
		}
		if err := left.Items(1); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		all = budget.Append(all, Entry{inventory.Position{Line: line}, id, levels, action, strings.Trim(process, " \t")})
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// Command returns the words of the process. A "-" of BusyBox or "+" of sysvinit before it, and
// "exec", are removed.
func (e Entry) Command() []string {
	words := strings.Fields(strings.TrimLeft(e.Process, "-+"))
	if len(words) > 1 && words[0] == "exec" {
		words = words[1:]
	}
	return words
}

// Program returns the base name of the program. It is empty where there is no process.
func (e Entry) Program() string {
	if w := e.Command(); len(w) > 0 {
		return path.Base(w[0])
	}
	return ""
}
