package systemd

import "strings"

// State is the enablement of a unit file, as systemctl is-enabled prints it;
// systemctl(1) has the table.
type State string

// The states of unit files.
const (
	Enabled        State = "enabled"         // links in /etc make it start, or its aliases are made
	EnabledRuntime State = "enabled-runtime" // links in /run do, until the next boot
	Linked         State = "linked"          // a link in /etc leads to a file outside of the search path
	LinkedRuntime  State = "linked-runtime"  // one in /run does
	Alias          State = "alias"           // the name is a link to another unit
	Masked         State = "masked"          // a link to /dev/null, or an empty file: it cannot be started
	MaskedRuntime  State = "masked-runtime"  // the same in /run
	Static         State = "static"          // no provision for enabling; other units may pull it in
	Disabled       State = "disabled"        // could be enabled and is not
	Indirect       State = "indirect"        // has only Also=, or is known by a name that it does not state
	Generated      State = "generated"       // made by a generator at boot
	Transient      State = "transient"       // made by a running program
	Bad            State = "bad"             // invalid in itself or its links; systemctl reports an error
	NotFound       State = "not-found"       // there is no such unit file
)

// Enabled reports whether s is enabled or enabled-runtime. A unit in another state
// may be started all the same: see [Units.StartsAtBoot].
func (s State) Enabled() bool { return s == Enabled || s == EnabledRuntime }

// Masked reports whether s is masked or masked-runtime.
func (s State) Masked() bool { return s == Masked || s == MaskedRuntime }

// Link is a link in the search path that names a unit.
type Link struct {
	// Path is where the link is.
	Path string
	// Target is what the link says.
	Target string
	// Kind is how the link's folder makes it count: "wants", "requires" and
	// "upholds" pull the unit in, "alias" gives a unit another name or place.
	Kind string
	// By is the unit that pulls this one in, such as multi-user.target; for an
	// alias it is empty.
	By string
}

// placed is a link of the search path with what decides about it.
type placed struct {
	Link
	dir  int    // of the search path
	name string // the last element of Path
	real bool   // in a folder that systemctl looks into: no link itself
}

// same reports whether the link has the name of the unit and leads to a file of
// that name: it puts the unit into the search path and does not enable it.
func (l *placed) same(u unitName) bool {
	return l.Kind == "alias" && l.name == u.full && base(l.Target) == u.full
}

// index holds the links of the search path by the names that they can be about.
type index struct {
	byName map[string][]*placed
}

func (x *index) add(name string, l *placed) { x.byName[name] = append(x.byName[name], l) }

// newIndex collects the links of the search path.
func (t *tree) newIndex() *index {
	x := &index{byName: map[string][]*placed{}}
	for i, dir := range t.dirs {
		for _, e := range t.list(dir) {
			path := dir + "/" + e.name
			if by, kind, ok := t.pulls(e.name); ok {
				t.indexPulls(x, i, path, by, kind)
				continue
			}
			if e.kind != link || e.name[0] == '.' {
				continue
			}
			l := &placed{Link{path, t.target(path), "alias", ""}, i, e.name, true}
			x.add(e.name, l)
			if to := base(l.Target); to != e.name {
				x.add(to, l)
			}
		}
	}
	return x
}

// pulls reports whether a name is that of a folder of links that pull units in, by
// which unit and how.
func (t *tree) pulls(name string) (by, kind string, ok bool) {
	for _, kind := range []string{"wants", "requires", "upholds"} {
		if by, ok := strings.CutSuffix(name, "."+kind); ok && by != "" && by[0] != '.' {
			return by, kind, kind != "upholds" || t.after252()
		}
	}
	return "", "", false
}

// indexPulls adds the links in one folder such as multi-user.target.wants. They count
// by their own names, wherever they lead.
func (t *tree) indexPulls(x *index, dir int, folder, by, kind string) {
	if !t.isFolder(folder) {
		return
	}
	real := t.kind(folder) != link
	for _, e := range t.list(folder) {
		if e.kind != link {
			continue
		}
		path := folder + "/" + e.name
		l := &placed{Link{path, t.target(path), kind, by}, dir, e.name, real}
		x.add(e.name, l)
		if u, ok := splitName(e.name); ok && u.kind == instance {
			x.add(u.template(), l)
		}
	}
}

// state answers the state of the unit that was found for a name.
func (t *tree) state(x *index, name string, f *found) State {
	switch {
	case f.mode == maskMode:
		return pick(runtime(f.path), MaskedRuntime, Masked)
	case name != base(f.path) && f.name.kind != instance:
		return Alias
	case generated(f.path):
		return Generated
	case parent(f.path) == transientDir:
		return Transient
	}
	if s := t.linked(x, f, true); s != "" {
		return s
	}
	switch {
	case t.linked(x, f, false) != "":
		return Indirect
	case f.in.rules():
		return Disabled
	case len(f.in.Also) > 0:
		return Indirect
	}
	return Static
}

func pick(ok bool, a, b State) State {
	if ok {
		return a
	}
	return b
}

// linked answers the state that links give a unit, "" for none. Where strict is set
// only links count whose names enabling the unit would make.
func (t *tree) linked(x *index, f *found, strict bool) State {
	dirs := t.dirs
	own := len(dirs) // the first folder below which links of the unit's name are shadowed
	for i, dir := range dirs {
		if parent(f.path) == dir {
			own = i
			break
		}
	}
	enabled, same := make([]bool, len(dirs)), make([]bool, len(dirs))
	for _, l := range x.byName[f.name.full] {
		if !l.real {
			continue
		}
		shadowed := l.Kind == "alias" && l.dir > own
		switch {
		case l.same(f.name) && !shadowed:
			same[l.dir] = true
		case shadowed && base(l.Target) != f.name.full:
		case !strict || f.stated(l.name):
			enabled[l.dir] = true
		}
	}
	return verdict(dirs, enabled, same, f.name.kind == instance)
}

// verdict weighs links by their folders: /etc/systemd/system before anything in
// /run; vendors' folders count for instances only, which are made on purpose.
func verdict(dirs []string, enabled, same []bool, inst bool) State {
	var rt, other, linked, linkedRT bool
	for i, dir := range dirs {
		switch {
		case enabled[i] && dir == configDir:
			return Enabled
		case enabled[i]:
			rt = rt || runtime(dir)
			other = other || !runtime(dir)
		case same[i]:
			linked = linked || dir == configDir
			linkedRT = linkedRT || runtime(dir)
		}
	}
	switch {
	case rt:
		return EnabledRuntime
	case other && inst:
		return Static
	case linked:
		return Linked
	case linkedRT:
		return LinkedRuntime
	}
	return ""
}

// stated reports whether a link's name is the unit's own, one of Alias=, or that of
// the default instance.
func (f *found) stated(name string) bool {
	if name == f.name.full {
		return true
	}
	for _, a := range f.in.Alias {
		if a == name {
			return true
		}
	}
	return f.name.kind == template && f.in.DefaultInstance != "" && name == f.name.fill(f.in.DefaultInstance)
}
