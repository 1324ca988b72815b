package systemd

import (
	"errors"
	"slices"
	"strings"
)

// Units are the system units of a system.
type Units struct {
	// All holds the units that systemctl list-unit-files lists, sorted by name:
	// each name in the search path that is a file or a link, templates, aliases
	// and masks included. Instances of templates that have no file or link of
	// their own are not among them; see [Units.Unit].
	All []*Unit

	tree    *tree
	index   *index
	names   *names
	presets *presets
	boot    map[string]string   // what pulls a unit in, "" for the default target
	wakers  map[string][]string // what starts a unit when it fires, sorted
}

// Unit answers the unit of a name, which may be an alias or an instance of a
// template, such as "getty@tty1.service". It is not ok when no file or link makes it
// a unit.
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

// State answers the state of the unit of a name, [NotFound] where there is none.
func (us *Units) State(name string) State {
	if u, ok := us.Unit(name); ok {
		return u.State
	}
	return NotFound
}

// DefaultTarget answers the unit that default.target stands for, as systemctl
// get-default: what the system boots into, unless the kernel's command line names
// another. It is not ok where there is none.
func (us *Units) DefaultTarget() (name string, ok bool) {
	if u, ok := us.Unit("default.target"); ok && u.Err == nil {
		return u.installed, true
	}
	return "", false
}

// build makes the unit of a name from what was read.
func (us *Units) build(name unitName) *Unit {
	t := us.tree
	u := &Unit{Name: name.full, installed: name.full}
	if f, err := t.discover(name); err != nil {
		u.State, u.Err = Bad, err
	} else {
		u.State, u.Install, u.installed = t.state(us.index, name.full, f), f.in, f.name.full
	}
	u.Preset = us.presets.of(name, u.State)
	for _, l := range us.index.byName[name.full] {
		u.Links = append(u.Links, l.Link)
	}
	us.settings(u, name)
	return u
}

// settings adds what the manager would load.
func (us *Units) settings(u *Unit, name unitName) {
	t := us.tree
	id, path := us.names.find(name)
	if path == "" { // an alias of nothing, or in a ring
		id = name
	}
	u.ID, u.Path = id.full, path
	for _, n := range append(us.names.known(id), id.full) {
		if n != name.full {
			u.Aliases = append(u.Aliases, n)
		}
	}
	slices.Sort(u.Aliases)
	n, load := t.fragment(path)
	if u.Load = load; load != Loaded {
		return
	}
	u.file = n.file
	for _, path := range t.confs(t.folders(us.names, id, ".d")) {
		u.DropIns = append(u.DropIns, t.dropIn(path))
	}
}

// dropIn answers a drop-in as the manager takes it: what is not there or no file is
// passed over.
func (t *tree) dropIn(path string) DropIn {
	d := DropIn{Path: path}
	real, k, err := t.final(path)
	switch {
	case err != nil:
		d.Err = err
	case k == device:
		d.Masked = true
	case k != regular:
		d.Err = errors.New("no regular file")
	default:
		n := t.node(real)
		d.Masked, d.file, d.Err = n.empty, n.file, n.err
	}
	return d
}
