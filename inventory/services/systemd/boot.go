package systemd

import (
	"slices"
	"strings"
)

// StartsAtBoot reports whether the unit of a name is started when the system boots
// into its default target, as far as unit files tell: it is the default target, or
// a unit that starts at boot pulls it in by Wants=, Requires=, BindsTo= or Upholds=,
// by a link in a folder such as multi-user.target.wants, whoever put it there, or by
// a dependency that systemd adds on its own: that on sysinit.target, those of
// Sockets= and of Type=dbus, and mount units for RequiresMountsFor=.
//
// A unit that cannot be loaded does not start. The answer errs towards true: a unit
// counts although its conditions (ConditionPathExists=) may not hold, a unit that it
// requires is not there, it conflicts with another, or its settings are invalid.
// Slices are not followed, and generators that run at boot add units that an image
// does not show. Units that come later, by sockets, timers, paths, D-Bus or udev,
// are not started at boot: see [Units.ActivatedBy].
func (us *Units) StartsAtBoot(name string) bool {
	u, ok := splitName(name)
	if !ok {
		return false
	}
	id, _ := us.names.find(u)
	_, ok = us.boot[id.full]
	return ok
}

// BootChain answers how the unit of a name comes to be started at boot: the names
// from the default target to its own, each pulled in by the one before. It is nil
// where [Units.StartsAtBoot] is false.
func (us *Units) BootChain(name string) []string {
	if !us.StartsAtBoot(name) {
		return nil
	}
	u, _ := splitName(name)
	id, _ := us.names.find(u)
	chain := []string{id.full}
	for at := us.boot[id.full]; at != ""; at = us.boot[at] {
		chain = append(chain, at)
	}
	slices.Reverse(chain)
	return chain
}

// ActivatedBy answers the socket, timer, path and automount units that start at boot
// and start the unit of a name when they fire, sorted. For a socket with Accept=yes
// that is an instance of a template for each connection, and the template is
// activated. What D-Bus and udev start is not looked at.
func (us *Units) ActivatedBy(name string) []string {
	u, ok := splitName(name)
	if !ok {
		return nil
	}
	id, _ := us.names.find(u)
	return slices.Clone(us.wakers[id.full])
}

// wake notes of each unit which of those that start at boot start it when they fire.
func (us *Units) wake() {
	us.wakers = map[string][]string{}
	for by := range us.boot {
		for _, id := range us.triggers(by) {
			if !slices.Contains(us.wakers[id], by) {
				us.wakers[id] = append(us.wakers[id], by)
			}
		}
	}
	for _, all := range us.wakers {
		slices.Sort(all)
	}
}

// triggers answers the units that one starts when it fires.
func (us *Units) triggers(name string) []string {
	u, ok := splitName(name)
	if !ok {
		return nil
	}
	other := func(suffix string) string { return strings.TrimSuffix(u.full, u.suffix) + suffix }
	var names []string
	switch unit, _ := us.Unit(name); u.suffix {
	case "automount":
		names = []string{other("mount")}
	case "timer":
		names = unit.lastOf("Timer", "Unit", other("service"))
	case "path":
		names = unit.lastOf("Path", "Unit", other("service"))
	case "socket":
		names = unit.lastOf("Socket", "Service", other("service"))
		if accept, ok := unit.Value("Socket", "Accept"); ok {
			if yes, _ := accept.Bool(); yes {
				names = []string{u.prefix + "@.service"}
			}
		}
	}
	var ids []string
	for _, n := range names {
		if n, ok := us.resolved(n, u); ok {
			ids = append(ids, n)
		}
	}
	return ids
}

// lastOf answers the last value of a key, or else what it is by default.
func (u *Unit) lastOf(section, key, otherwise string) []string {
	if v, ok := u.Value(section, key); ok {
		return []string{v.Text}
	}
	return []string{otherwise}
}

// resolved answers the own name of the unit that a setting of u names.
func (us *Units) resolved(name string, u unitName) (string, bool) {
	// What %I, %J and %P add to their kin, unescaping, makes no unit names.
	name = strings.NewReplacer("%%", "%%", "%I", "%i", "%J", "%j", "%P", "%p").Replace(name)
	name, known, err := specifiers(name, u)
	if err != nil || !known {
		return "", false
	}
	n, ok := splitName(name)
	if !ok {
		return "", false
	}
	id, _ := us.names.find(n)
	return id.full, id.full != ""
}

// walk finds the units that start at boot, breadth first, so that chains are short.
func (us *Units) walk() {
	us.boot = map[string]string{}
	start, ok := us.resolved("default.target", unitName{})
	if !ok {
		return
	}
	b := &bootWalk{us: us, units: map[string]*Unit{}}
	if !b.loaded(start) {
		return
	}
	us.boot[start] = ""
	for queue := []string{start}; len(queue) > 0; queue = queue[1:] {
		for _, to := range b.pulls(queue[0]) {
			if _, seen := us.boot[to]; !seen && b.loaded(to) {
				us.boot[to] = queue[0]
				queue = append(queue, to)
			}
		}
	}
}

type bootWalk struct {
	us    *Units
	units map[string]*Unit
}

// loaded reports whether a unit has a file that can be parsed, or needs none.
func (b *bootWalk) loaded(id string) bool {
	u, ok := splitName(id)
	if !ok || u.kind == template {
		return false
	}
	unit := b.unit(id)
	if unit == nil || unit.Load == LoadAbsent {
		return u.suffix == "device" || u.suffix == "slice" || id == "-.mount" || id == "init.scope"
	}
	return unit.Load == Loaded
}

func (b *bootWalk) unit(id string) *Unit {
	u, ok := b.units[id]
	if !ok {
		u, _ = b.us.Unit(id)
		b.units[id] = u
	}
	return u
}

// pulls answers what starts together with a unit.
func (b *bootWalk) pulls(id string) []string {
	var list []string
	u, _ := splitName(id)
	add := func(name string) {
		if to, ok := b.us.resolved(instantiate(name, u), u); ok {
			list = append(list, to)
		}
	}
	if unit := b.unit(id); unit != nil && unit.Load == Loaded {
		unit.pulls(u, add)
		b.mounts(unit, add)
	}
	b.us.folderPulls(u, add)
	return list
}

// instantiate fills a template that a unit depends on with the unit's own instance,
// or with its name where it has none.
func instantiate(name string, u unitName) string {
	n, ok := splitName(name)
	if !ok || n.kind != template {
		return name
	}
	if u.kind == instance {
		return n.fill(u.instance)
	}
	return n.fill(u.prefix)
}

// pulls adds the dependencies that stand in the unit's files or follow from them.
func (unit *Unit) pulls(u unitName, add func(string)) {
	each := func(section, key string) {
		for _, v := range unit.Values(section, key) {
			names, _ := words(v.Text, unitWords)
			for _, n := range names {
				add(n)
			}
		}
	}
	each("Unit", "Requires")
	each("Unit", "BindsTo")
	each("Unit", "Wants")
	each("Unit", "Upholds")
	each("Service", "Sockets")
	if u.typ().active {
		v, ok := unit.Value("Unit", "DefaultDependencies")
		if yes, valid := v.Bool(); !ok || !valid || yes {
			add("sysinit.target")
		}
	}
	_, bus := unit.Value("Service", "BusName")
	if v, ok := unit.Value("Service", "Type"); v.Text == "dbus" || !ok && bus {
		add("dbus.socket")
	}
}

// mounts adds the mount units that RequiresMountsFor= asks for, those that have a
// file.
func (b *bootWalk) mounts(unit *Unit, add func(string)) {
	for _, v := range unit.Values("Unit", "RequiresMountsFor") {
		paths, _ := words(v.Text, mountForWords)
		for _, path := range paths {
			elems := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
			for i := range elems {
				name := mountUnit(elems[:i+1])
				if _, ok := b.us.Unit(name); ok {
					add(name)
				}
			}
		}
	}
}

// mountUnit is the name of the mount unit of a path, escaped as systemd.unit(5) has
// it.
func mountUnit(elems []string) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	for i, e := range elems {
		if i > 0 {
			b.WriteByte('-')
		}
		for j := range len(e) {
			c := e[j]
			if c != '@' && c != '-' && c != '\\' && nameChars(string(rune(c))) && !(c == '.' && i+j == 0) {
				b.WriteByte(c)
			} else {
				b.WriteString(`\x` + string(hex[c>>4]) + string(hex[c&15]))
			}
		}
	}
	return b.String() + ".mount"
}

// folderPulls adds the links in folders such as multi-user.target.wants. A link of a
// name hides those of its name in folders of lower precedence; one to /dev/null or an
// empty file does nothing else.
func (us *Units) folderPulls(u unitName, add func(string)) {
	t := us.tree
	for _, kind := range []string{"requires", "wants", "upholds"} {
		if kind == "upholds" && !t.after252() {
			continue
		}
		seen := map[string]bool{}
		for _, dir := range t.folders(us.names, u, "."+kind) {
			for _, e := range t.list(dir) {
				if e.name[0] == '.' || seen[e.name] {
					continue
				}
				seen[e.name] = true
				if e.kind == link && !t.maskLink(dir+"/"+e.name) {
					add(e.name)
				}
			}
		}
	}
}

// maskLink reports whether a link leads to the null device or an empty file.
func (t *tree) maskLink(path string) bool {
	real, k, err := t.final(path)
	if err != nil || k == device {
		return err == nil
	}
	return k == regular && t.node(real).empty
}
