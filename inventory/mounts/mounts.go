// Package mounts reads which file systems a system has mounted and with which options. On a running
// system it reads proc/self/mountinfo (proc_pid_mountinfo(5)). On an image it takes the entries of
// etc/fstab (fstab(5)), which lacks what mount units of systemd add.
package mounts

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mountinfo"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/mounts/fstab"
)

// Mount is one mounted file system.
type Mount struct {
	inventory.Position

	Target  string   // the mount point without its first slash, "." for the root
	Device  string   // as the kernel or etc/fstab writes it
	Number  string   // of the device, as 253:0; empty on an image
	Type    string   // of the file system
	Options []string // those of the mount, then those of the file system
}

// opposites undo an option if they stand behind it, mount(8).
var opposites = map[string]string{"nodev": "dev", "nosuid": "suid", "noexec": "exec"}

// implied are the options that other options set, unless a later option undoes them, mount(8).
var implied = map[string][]string{"user": {"nodev", "nosuid", "noexec"}, "users": {"nodev", "nosuid", "noexec"},
	"owner": {"nodev", "nosuid"}, "group": {"nodev", "nosuid"}}

// Has reports whether an option is in effect: it is one of the options or implied by one, and no
// later option undoes it.
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

// Table is the mounts of a system, in the order in which they were or will be made.
type Table struct {
	Mounts []Mount
	// Complete says that there are no other mounts. On an image it is false, as systemd may add
	// some.
	Complete bool
}

// Fact is the table of mounts. On an image without etc/fstab it is empty.
var Fact = inventory.NewFact("mounts", collect)

func collect(ctx context.Context, s *inventory.System) (Table, error) {
	if !s.Live() {
		entries, err := fstab.Fact.Of(ctx, s)
		return Table{Mounts: selectPlanned(entries)}, err
	}
	all, err := inventory.ParseFile(ctx, s, file, Parse)
	if err != nil {
		return Table{}, err
	}
	for i := range all {
		all[i].Source = file
	}
	return Table{Mounts: all, Complete: true}, nil
}

// Parse reads the text of a mountinfo file, proc_pid_mountinfo(5). The Source of the mounts is left
// empty.
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
		all = append(all, Mount{
			Target:   target,
			Device:   l.Source,
			Number:   strconv.FormatUint(uint64(l.Major), 10) + ":" + strconv.FormatUint(uint64(l.Minor), 10),
			Type:     l.Type,
			Options:  slices.Concat(l.Options, l.Super),
			Position: inventory.Position{Line: i + 1},
		})
	}
	return all, nil
}

// selectPlanned returns the entries of etc/fstab that are mounted at boot, which are all but those
// with the option noauto.
func selectPlanned(entries []fstab.Entry) []Mount {
	var all []Mount
	for _, e := range entries {
		if e.Target == "" || e.Has("noauto") {
			continue
		}
		all = append(all, Mount{
			Target:   e.Target,
			Device:   e.Device,
			Type:     e.Type,
			Options:  e.Options,
			Position: e.Position,
		})
	}
	return all
}

// At returns the mount whose target is exactly name, and reports whether there is one. If there are
// several, it returns the last one, which on a running system hides the others.
func (t Table) At(name string) (Mount, bool) {
	for _, m := range slices.Backward(t.Mounts) {
		if m.Target == name {
			return m, true
		}
	}
	return Mount{}, false
}
