package systemd

import "strings"

// State is the enablement of a unit file as systemctl is-enabled prints it. systemctl(1) has the
// table.
type State string

// The states of unit files.
const (
	Enabled        State = "enabled"         // links in /etc start it, or give it its aliases
	EnabledRuntime State = "enabled-runtime" // such links are in /run, until the next boot
	Linked         State = "linked"          // a link in /etc leads to a file outside of the search path
	LinkedRuntime  State = "linked-runtime"  // such a link is in /run
	Alias          State = "alias"           // the name is a link to another unit
	Masked         State = "masked"          // a link to /dev/null, or an empty file; the unit cannot be started
	MaskedRuntime  State = "masked-runtime"  // the same in /run
	Static         State = "static"          // nothing to enable; other units may pull it in
	Disabled       State = "disabled"        // could be enabled and is not
	Indirect       State = "indirect"        // has only Also=, or links whose names [Install] does not have
	Generated      State = "generated"       // made by a generator at boot
	Transient      State = "transient"       // made by a running program
	Bad            State = "bad"             // invalid, or its links are; systemctl reports an error
	NotFound       State = "not-found"       // no such unit file exists
)

// Enabled reports whether s is enabled or enabled-runtime. A unit in another state may be started
// as well: see [Units.StartsAtBoot].
func (s State) Enabled() bool { return s == Enabled || s == EnabledRuntime }

// Masked reports whether s is masked or masked-runtime.
func (s State) Masked() bool { return s == Masked || s == MaskedRuntime }

// Link is a link in the search path that names a unit.
type Link struct {
	// Path is the path of the link.
	Path string
	// Target is the target of the link as written.
	Target string
	// Kind is the meaning of the link by its folder. "wants", "requires" and "upholds" pull the
	// unit in. "alias" gives a unit another name or place.
	Kind string
	// By is the unit that pulls this one in, such as multi-user.target. It is empty for an alias.
	By string
}

// placed is a link of the search path with what decides about its meaning.
type placed struct {
	Link
	dir  int    // the index of the folder in the search path
	name string // the last element of Path
	real bool   // in a folder that systemctl looks into, so not in a folder that is a link
}

// isSame reports whether the link has the name of the unit and leads to a file of the same name.
// Such a link puts the unit into the search path and does not enable it.
func (l *placed) isSame(u unitName) bool {
	return l.Kind == "alias" && l.name == u.full && base(l.Target) == u.full
}

// index maps names of units to the links that can be about them.
type index struct {
	byName map[string][]*placed
}

// add adds a link under a name.
func (x *index) add(name string, l *placed) { x.byName[name] = append(x.byName[name], l) }

// newIndex collects the links of the search path.
func (t *tree) newIndex() *index {
	x := &index{byName: map[string][]*placed{}}
	for i, dir := range t.dirs {
		for _, e := range t.list(dir) {
			path := dir + "/" + e.name
			if by, kind, ok := t.parsePullFolder(e.name); ok {
				t.indexPulls(x, i, path, by, kind)
				continue
			}
			if e.kind != link || e.name[0] == '.' {
				continue
			}
			l := &placed{Link{path, t.readLink(path), "alias", ""}, i, e.name, true}
			x.add(e.name, l)
			if to := base(l.Target); to != e.name {
				x.add(to, l)
			}
		}
	}
	return x
}

// parsePullFolder splits the name of a folder of links that pull units in, such as
// multi-user.target.wants. It returns the unit that pulls, and how. It returns false for any other
// name.
func (t *tree) parsePullFolder(name string) (by, kind string, ok bool) {
	for _, kind := range []string{"wants", "requires", "upholds"} {
		if by, ok := strings.CutSuffix(name, "."+kind); ok && by != "" && by[0] != '.' {
			return by, kind, kind != "upholds" || t.after252()
		}
	}
	return "", "", false
}

// indexPulls adds the links in one such folder. Their own names count, not their targets.
func (t *tree) indexPulls(x *index, dir int, folder, by, kind string) {
	if !t.isFolder(folder) {
		return
	}
	real := t.stat(folder) != link
	for _, e := range t.list(folder) {
		if e.kind != link {
			continue
		}
		path := folder + "/" + e.name
		l := &placed{Link{path, t.readLink(path), kind, by}, dir, e.name, real}
		x.add(e.name, l)
		if u, ok := splitName(e.name); ok && u.kind == instance {
			x.add(u.template(), l)
		}
	}
}

// findState returns the state of the unit that was found for a name.
func (t *tree) findState(x *index, name string, f *found) State {
	switch {
	case f.mode == maskMode:
		return pick(isRuntime(f.path), MaskedRuntime, Masked)
	case name != base(f.path) && f.name.kind != instance:
		return Alias
	case isGenerated(f.path):
		return Generated
	case parent(f.path) == transientDir:
		return Transient
	}
	if s := t.findLinkState(x, f, true); s != "" {
		return s
	}
	switch {
	case t.findLinkState(x, f, false) != "":
		return Indirect
	case f.in.hasRules():
		return Disabled
	case len(f.in.Also) > 0:
		return Indirect
	}
	return Static
}

// pick returns a if ok, else b.
func pick(ok bool, a, b State) State {
	if ok {
		return a
	}
	return b
}

// findLinkState returns the state that links give a unit, "" for none. If strict is set, only links
// count whose names enabling the unit would make.
func (t *tree) findLinkState(x *index, f *found, strict bool) State {
	dirs := t.dirs
	own := len(dirs) // links of the unit's name in later folders than this are hidden
	for i, dir := range dirs {
		if parent(f.path) == dir {
			own = i
			break
		}
	}
	stated := f.statedNames()
	enabled, same := make([]bool, len(dirs)), make([]bool, len(dirs))
	for _, l := range x.byName[f.name.full] {
		if !l.real {
			continue
		}
		shadowed := l.Kind == "alias" && l.dir > own
		switch {
		case l.isSame(f.name) && !shadowed:
			same[l.dir] = true
		case shadowed && base(l.Target) != f.name.full:
		case !strict || stated[l.name]:
			enabled[l.dir] = true
		}
	}
	return judgeLinks(dirs, enabled, same, f.name.kind == instance)
}

// judgeLinks weighs links by their folders. /etc/systemd/system comes before anything in /run.
// Folders of vendors count for instances only, which are made on purpose.
func judgeLinks(dirs []string, enabled, same []bool, inst bool) State {
	var rt, other, linked, linkedRT bool
	for i, dir := range dirs {
		switch {
		case enabled[i] && dir == configDir:
			return Enabled
		case enabled[i]:
			rt = rt || isRuntime(dir)
			other = other || !isRuntime(dir)
		case same[i]:
			linked = linked || dir == configDir
			linkedRT = linkedRT || isRuntime(dir)
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

// statedNames returns the names that links have which enabling the unit makes: the unit's own, those
// of Alias=, and that of the default instance.
func (f *found) statedNames() map[string]bool {
	names := map[string]bool{f.name.full: true}
	for _, a := range f.in.Alias {
		names[a] = true
	}
	if f.name.kind == template && f.in.DefaultInstance != "" {
		names[f.name.fill(f.in.DefaultInstance)] = true
	}
	return names
}
