// Package mounts tells which file systems a system has mounted and with which options:
// on a running one by proc/self/mountinfo, proc_pid_mountinfo(5); on an image by what
// etc/fstab sets up, which misses what systemd's mount units add.
package mounts

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mountinfo"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/mounts/fstab"
)

// Mount is one file system. Target is the mount point without its first slash, "." for
// the root.
type Mount struct {
	Target  string
	Device  string
	Number  string // of the device, as 253:0; empty on an image
	Type    string
	Options []string // of the mount, then of the file system
	Source  string   // where it was read
	Line    int      // in Source, counted from 1
}

// opposites undo an option when they stand behind it, mount(8).
var opposites = map[string]string{"nodev": "dev", "nosuid": "suid", "noexec": "exec"}

// implied are the options that others bring with them, unless one behind them undoes it,
// mount(8).
var implied = map[string][]string{"user": {"nodev", "nosuid", "noexec"}, "users": {"nodev", "nosuid", "noexec"},
	"owner": {"nodev", "nosuid"}, "group": {"nodev", "nosuid"}}

// Has reports whether option is in effect: among the options, or brought by one of them, and
// not undone by a later one.
func (m Mount) Has(option string) bool {
	has := false
	for _, o := range m.Options {
		switch {
		case o == option || slices.Contains(implied[o], option):
			has = true
		case o == opposites[option] || o == "defaults" && opposites[option] != "":
			has = false
		}
	}
	return has
}

const file = "proc/self/mountinfo"

// Table is the mounts of a system in the order in which they were, or will be, made.
type Table struct {
	Mounts []Mount
	// Complete says that there are no others. On an image systemd may add some.
	Complete bool
}

// Fact is the table of mounts.
var Fact = inventory.NewFact("mounts", func(ctx context.Context, s *inventory.System) (Table, error) {
	if !s.Live() {
		entries, err := fstab.Fact.Of(ctx, s)
		return Table{Mounts: planned(entries)}, err
	}
	all, err := inventory.ParseFile(ctx, s, file, Parse)
	if err != nil {
		return Table{}, err
	}
	for i := range all {
		all[i].Source = file
	}
	return Table{Mounts: all, Complete: true}, nil
})

// Parse reads the text of a mountinfo file.
func Parse(b []byte) ([]Mount, error) {
	lines, err := mountinfo.Parse(b)
	if err != nil {
		return nil, err
	}
	all := make([]Mount, 0, len(lines))
	for i, l := range lines {
		target := strings.TrimPrefix(l.Point, "/")
		if target == "" {
			target = "."
		}
		all = append(all, Mount{Target: target, Device: l.Source, Number: fmt.Sprintf("%d:%d", l.Major, l.Minor), Type: l.Type,
			Options: append(slices.Clone(l.Options), l.Super...), Line: i + 1})
	}
	return all, nil
}

// planned answers what fstab mounts at boot. An entry with noauto is none.
func planned(entries []fstab.Entry) []Mount {
	var all []Mount
	for _, e := range entries {
		if e.Target == "" || e.Has("noauto") {
			continue
		}
		all = append(all, Mount{Target: e.Target, Device: e.Device, Type: e.Type, Options: e.Options, Source: e.Source, Line: e.Line})
	}
	return all
}

// At answers the mount whose target is exactly name; of several the last, which on a
// running system hides the others.
func (t Table) At(name string) (Mount, bool) {
	for _, m := range slices.Backward(t.Mounts) {
		if m.Target == name {
			return m, true
		}
	}
	return Mount{}, false
}
