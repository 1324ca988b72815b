package systemd

import (
	"errors"
	"slices"
	"strings"
)

// Units holds the system units of a system.
type Units struct {
	// All holds the units that systemctl list-unit-files lists, sorted by name. Each name of a file
	// or link in the search path is one, including templates, aliases and masks. Instances of
	// templates without a file or link of their own are not listed; see [Units.Unit].
	All []*Unit

	tree    *tree
	index   *index
	names   *names
	presets *presets
	// boot maps each unit that starts at boot to the unit that pulls it in, "" for the default
	// target.
	boot map[string]string
	// later maps each unit that devices and messages start to the file that says so.
	later map[string]string
	// wakers maps units to the sorted names of the units that start them on demand.
	wakers map[string][]string
	// holds maps units to the conditions that keep them from starting.
	holds map[string]Hold
}

// Unit returns the unit of a name. The name may be an alias or an instance of a template, such as
// "getty@tty1.service". Unit returns false where no file or link makes the name a unit.
func (us *Units) Unit(name string) (unit *Unit, ok bool) {
	i, ok := slices.BinarySearchFunc(us.All, name, func(u *Unit, name string) int { return strings.Compare(u.Name, name) })
	if ok {
		return us.All[i], true
	}
	u, ok := splitName(name)
	if !ok || u.kind != instance {
		return nil, false
	}
	if _, ok := us.Unit(u.template()); !ok {
		return nil, false
	}
	return us.build(u), true
}

// Generated returns a unit of which the system has no file but drop-ins, as one that a generator makes
// at boot (systemd.generator(7)). It has only the settings of the drop-ins.
func (us *Units) Generated(name string) *Unit {
	unit := &Unit{Name: name, ID: name, file: &File{}}
	u, ok := splitName(name)
	if !ok {
		return unit
	}
	for _, path := range us.tree.listConfs(us.tree.listFolders(us.names, u, ".d")) {
		unit.DropIns = append(unit.DropIns, us.tree.readDropIn(path))
	}
	return unit
}

// State returns the state of a unit by its name, and [NotFound] where there is none.
func (us *Units) State(name string) State {
	if u, ok := us.Unit(name); ok {
		return u.State
	}
	return NotFound
}

// DefaultTarget returns the unit that default.target stands for, as systemctl get-default does. The
// system boots into it unless the kernel's command line names another. DefaultTarget returns false
// where there is none.
func (us *Units) DefaultTarget() (name string, ok bool) {
	if u, ok := us.Unit("default.target"); ok && u.Err == nil {
		return u.installed, true
	}
	return "", false
}

// build makes the unit of a name from the files that were read.
func (us *Units) build(name unitName) *Unit {
	t := us.tree
	u := &Unit{Name: name.full, installed: name.full}
	if f, err := t.discover(name); err != nil {
		u.State, u.Err = Bad, err
	} else {
		u.State, u.Install, u.installed = t.findState(us.index, name.full, f), f.in, f.name.full
	}
	u.Preset = us.presets.lookup(name, u.State)
	for _, l := range us.index.byName[name.full] {
		u.Links = append(u.Links, l.Link)
	}
	us.addSettings(u, name)
	return u
}

// addSettings adds what the manager would load.
func (us *Units) addSettings(u *Unit, name unitName) {
	t := us.tree
	id, path := us.names.find(name)
	if path == "" { // an alias of nothing, or a ring of aliases
		id = name
	}
	u.ID, u.Path = id.full, path
	aliases := append(us.names.listAliases(id), id.full)
	t.take(name.full, len(aliases)-1)
	for _, n := range aliases {
		if n != name.full {
			u.Aliases = append(u.Aliases, n)
		}
	}
	slices.Sort(u.Aliases)
	n, load := t.loadFragment(path)
	if u.Load = load; load != Loaded {
		return
	}
	u.file = n.file
	confs := t.listConfs(t.listFolders(us.names, id, ".d"))
	t.take(u.Path, len(confs))
	for _, path := range confs {
		u.DropIns = append(u.DropIns, t.readDropIn(path))
	}
}

// readDropIn returns a drop-in as the manager treats it. The manager skips a drop-in that is
// missing or not a regular file.
func (t *tree) readDropIn(path string) DropIn {
	d, ok := t.dropIns[path]
	if !ok {
		d = t.resolveDropIn(path)
		if t.canRead() {
			t.dropIns[path] = d
		}
	}
	return d
}

func (t *tree) resolveDropIn(path string) DropIn {
	d := DropIn{Path: path}
	real, k, err := t.resolveAll(path)
	switch {
	case err != nil:
		d.Err = err
	case k == device:
		d.Masked = true
	case k != regular:
		d.Err = errors.New("no regular file")
	default:
		n := t.readNode(real)
		d.Masked, d.file, d.Err = n.empty, n.file, n.err
	}
	return d
}
