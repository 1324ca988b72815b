package systemd

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Fact returns the system units of a system. Where no folder of the search path exists it returns
// [inventory.ErrAbsent]. A failed read is an error. A unit that makes no sense is [Bad].
var Fact = inventory.NewFact("systemd", collect)

func collect(ctx context.Context, s *inventory.System) (*Units, error) {
	t := newTree(s.FS(ctx))
	there := t.open()
	if t.err == nil && !there {
		return nil, fmt.Errorf("%w: no folder of unit files", inventory.ErrAbsent)
	}
	us := &Units{tree: t, presets: t.readPresets()}
	t.readDropIns()
	us.index = t.newIndex()
	us.names = t.newNames()
	us.buildAll()
	if t.err == nil {
		us.walkBoot()
		us.walkLater(func(name string) ([]byte, error) { return s.ReadOnce(ctx, name) })
		us.findWakers()
		us.findHolds()
	}
	if t.err != nil {
		return nil, t.err
	}
	t.freeze()
	return us, nil
}

// open lists the folders of the search path and reports whether any exists.
func (t *tree) open() bool {
	lib, _ := t.resolve(splitDir, true)
	usr, _ := t.resolve(mergedDir, true)
	t.split = lib != usr
	for _, dir := range searchPath {
		if dir == splitDir && !t.split {
			continue
		}
		if t.list(dir); t.lists[dir].there {
			t.dirs = append(t.dirs, dir)
			if real, err := t.resolve(dir, true); err == nil && real != dir {
				t.real = append(t.real, real)
			}
			t.indexFolders(dir)
		}
	}
	return len(t.dirs) > 0
}

// indexFolders records the folders of units, such as cron.service.d.
func (t *tree) indexFolders(dir string) {
	for _, e := range t.list(dir) {
		switch path := dir + "/" + e.name; e.name[strings.LastIndexByte(e.name, '.')+1:] {
		case "d", "wants", "requires", "upholds":
			if t.isFolder(path) {
				t.named[e.name] = append(t.named[e.name], path)
			}
		}
	}
}

// readDropIns reads all drop-ins in the search path, so that nothing has to be read later for
// instances that are asked for.
func (t *tree) readDropIns() {
	for _, name := range slices.Sorted(maps.Keys(t.named)) {
		if !strings.HasSuffix(name, ".d") {
			continue
		}
		for _, path := range t.named[name] {
			for _, conf := range t.listConfs([]string{path}) {
				if d := t.readDropIn(conf); d.file != nil {
					t.noteVersion(d.file)
				}
			}
		}
	}
}

// noteVersion looks up the version of systemd if the meaning of a file depends on it.
func (t *tree) noteVersion(f *File) {
	for _, a := range f.Assignments {
		if a.Section == "Install" && a.Key == "UpheldBy" {
			t.after252()
		}
	}
}

// buildAll builds the units that systemctl would list.
func (us *Units) buildAll() {
	seen := map[string]bool{}
	for _, dir := range us.tree.dirs {
		for _, e := range us.tree.list(dir) {
			u, ok := splitName(e.name)
			if us.tree.err != nil {
				return
			}
			if !ok || e.name[0] == '.' || e.kind != regular && e.kind != link || seen[e.name] {
				continue
			}
			seen[e.name] = true
			us.All = append(us.All, us.build(u))
		}
	}
	slices.SortFunc(us.All, func(a, b *Unit) int { return cmp.Compare(a.Name, b.Name) })
}
