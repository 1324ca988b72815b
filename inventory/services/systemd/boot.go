package systemd

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// StartsAtBoot reports whether a unit starts when the system boots into its default target, as far
// as unit files tell. It does if it is the default target, or if a unit that starts at boot pulls
// it in: by Wants=, Requires=, BindsTo= or Upholds=, by a link in a folder such as
// multi-user.target.wants, or by a dependency that systemd adds on its own. These are the one on
// sysinit.target, those of Sockets= and of Type=dbus, and mount units for RequiresMountsFor=.
//
// A unit that cannot be loaded does not start, nor does one whose settings the manager refuses: a
// service without a command, a timer without a time. The result errs towards true: a unit counts
// although its conditions may not hold (see [Units.Hold]), a unit that it requires does not exist, or
// it conflicts with another. Slices are not followed. Generators may add
// units at boot that an image does not show. Units that are started later, by sockets, timers,
// paths, D-Bus or udev, do not start at boot; see [Units.ActivatedBy].
func (us *Units) StartsAtBoot(name string) bool {
	u, ok := splitName(name)
	if !ok {
		return false
	}
	id, _ := us.names.find(u)
	_, ok = us.boot[id.full]
	return ok
}

// BootChain returns how a unit is started at boot: the names from the default target to the unit
// itself, each pulled in by the one before. It is nil where [Units.StartsAtBoot] is false.
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

// BootedBy returns the unit that pulls a unit in when the system boots, the last but one of
// [Units.BootChain]. It is empty for the default target, and where the unit does not start at boot.
func (us *Units) BootedBy(name string) string {
	u, _ := splitName(name)
	id, _ := us.names.find(u)
	return us.boot[id.full]
}

// ActivatedBy returns the sorted names of the socket, timer, path and automount units that start at
// boot and start this unit when they fire. A socket with Accept=yes starts an instance of a
// template for each connection; the template then counts as started. D-Bus and udev are not among
// them; see [Units.StartedLater].
func (us *Units) ActivatedBy(name string) []string {
	u, ok := splitName(name)
	if !ok {
		return nil
	}
	id, _ := us.names.find(u)
	return slices.Clone(us.wakers[id.full])
}

// findWakers finds the units that start other units on demand, among those that start at boot.
func (us *Units) findWakers() {
	us.wakers = map[string][]string{}
	starting := slices.Sorted(maps.Keys(us.boot))
	for _, by := range append(starting, slices.Sorted(maps.Keys(us.later))...) {
		for _, id := range us.listTriggers(by) {
			if all := us.wakers[id]; len(all) == 0 || all[len(all)-1] != by {
				us.wakers[id] = append(all, by)
			}
		}
	}
	for _, all := range us.wakers {
		slices.Sort(all)
	}
}

// listTriggers returns the units that a unit starts when it fires.
func (us *Units) listTriggers(name string) []string {
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
		names = unit.lookupOr("Timer", "Unit", other("service"))
	case "path":
		names = unit.lookupOr("Path", "Unit", other("service"))
	case "socket":
		names = unit.lookupOr("Socket", "Service", other("service"))
		// With Accept=yes a connection starts an instance of the template.
		if accept, ok := unit.Lookup("Socket", "Accept"); ok {
			if yes, _ := accept.Bool(); yes {
				names = []string{u.prefix + "@.service"}
			}
		}
	}
	var ids []string
	for _, n := range names {
		if n, ok := us.resolveUnit(n, u); ok {
			ids = append(ids, n)
		}
	}
	return ids
}

// lookupOr returns the last value of a key, or else the default.
func (u *Unit) lookupOr(section, key, otherwise string) []string {
	if v, ok := u.Lookup(section, key); ok {
		return []string{v.Text}
	}
	return []string{otherwise}
}

// escaped replaces specifiers by those without unescaping.
var escaped = strings.NewReplacer("%%", "%%", "%I", "%i", "%J", "%j", "%P", "%p")

// resolveUnit returns the own name of the unit that a setting of u names.
func (us *Units) resolveUnit(name string, u unitName) (string, bool) {
	// %I, %J and %P differ from %i, %j and %p by unescaping, which makes no unit names.
	name = escaped.Replace(name)
	name, known, err := replaceSpecifiers(name, u)
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

// walkBoot finds the units that start at boot. It goes breadth first, so that chains are short.
func (us *Units) walkBoot() {
	us.boot = map[string]string{}
	start, ok := us.resolveUnit("default.target", unitName{})
	if !ok {
		return
	}
	b := &bootWalk{us: us, units: map[string]*Unit{}}
	if us.tree.err = b.checkTargets(start); us.tree.err != nil || !b.isLoaded(start) {
		return
	}
	us.boot[start] = ""
	for queue := []string{start}; len(queue) > 0; queue = queue[1:] {
		pulls := b.listPulls(queue[0])
		if us.tree.take(queue[0], len(pulls)); us.tree.err != nil {
			return
		}
		for _, to := range pulls {
			if _, seen := us.boot[to]; !seen && b.isLoaded(to) {
				us.boot[to] = queue[0]
				queue = append(queue, to)
			}
		}
	}
}

// bootWalk looks up units, each once.
type bootWalk struct {
	us    *Units
	units map[string]*Unit
}

// stages are the targets that everything else waits for when a system boots, bootup(7).
var stages = []string{"sysinit.target", "basic.target", "multi-user.target"}

// checkTargets returns an error if the manager refuses the default target or a stage before it: the
// boot then ends at a shell for rescue, and nothing that is said about it holds.
func (b *bootWalk) checkTargets(start string) error {
	for _, name := range append([]string{start}, stages...) {
		if u := b.lookup(name); u != nil && u.Load == LoadFailed {
			n, _ := b.us.tree.loadFragment(u.Path)
			return fmt.Errorf("%s: systemd does not load this target, with which the system boots: %w", u.Path, n.err)
		}
	}
	return nil
}

// costOfInstance is how many items an instance counts for. A template that wants instances of itself
// would otherwise make as many units as there are names.
const costOfInstance = 10

// isLoaded reports whether a unit has a file that can be parsed, or needs none.
func (b *bootWalk) isLoaded(id string) bool {
	u, ok := splitName(id)
	if !ok || u.kind == template {
		return false
	}
	unit := b.lookup(id)
	if unit == nil || unit.Load == LoadAbsent {
		return u.suffix == "device" || u.suffix == "slice" || id == "-.mount" || id == "init.scope"
	}
	return unit.Load == Loaded && !unit.isRefused(u.suffix)
}

// lookup returns the unit of a name, or nil.
func (b *bootWalk) lookup(id string) *Unit {
	u, ok := b.units[id]
	if !ok {
		u, _ = b.us.Unit(id)
		b.units[id] = u
		if n, _ := splitName(id); n.kind == instance {
			b.us.tree.take(id, costOfInstance)
		}
	}
	return u
}

// listPulls returns the units that start together with a unit.
func (b *bootWalk) listPulls(id string) []string {
	var list []string
	u, _ := splitName(id)
	add := func(name string) {
		if to, ok := b.us.resolveUnit(instantiate(name, u), u); ok {
			list = append(list, to)
		}
	}
	if unit := b.lookup(id); unit != nil && unit.Load == Loaded {
		unit.addPulls(u, add)
		b.addMounts(unit, add)
	}
	b.us.addFolderPulls(u, add)
	return list
}

// instantiate fills in a template that a unit depends on: with the unit's own instance, or with its
// name if it is not an instance.
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

// addPulls adds the dependencies that are in the unit's files or follow from them.
func (unit *Unit) addPulls(u unitName, add func(string)) {
	each := func(section, key string) {
		for _, v := range unit.Values(section, key) {
			names, _ := splitWords(v.Text, unitWords)
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
		v, ok := unit.Lookup("Unit", "DefaultDependencies")
		if yes, valid := v.Bool(); !ok || !valid || yes {
			add("sysinit.target")
		}
	}
	// A service on D-Bus depends on its socket.
	_, bus := unit.Lookup("Service", "BusName")
	if v, ok := unit.Lookup("Service", "Type"); v.Text == "dbus" || !ok && bus {
		add("dbus.socket")
	}
}

// addMounts adds the mount units for RequiresMountsFor=, as far as they have a file.
func (b *bootWalk) addMounts(unit *Unit, add func(string)) {
	for _, v := range unit.Values("Unit", "RequiresMountsFor") {
		paths, _ := splitWords(v.Text, mountForWords)
		for _, path := range paths {
			elems := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
			for i := range elems {
				name := mountUnitName(elems[:i+1])
				if len(name) > maxName {
					break
				}
				if _, ok := b.us.Unit(name); ok {
					add(name)
				}
			}
		}
	}
}

// MountUnit returns the name of the mount unit of a path, such as srv-data.mount for srv/data.
func MountUnit(path string) string {
	return mountUnitName(strings.FieldsFunc(path, func(r rune) bool { return r == '/' }))
}

// mountUnitName returns the name of the mount unit of a path, escaped as in systemd.unit(5).
func mountUnitName(elems []string) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	for i, e := range elems {
		if i > 0 {
			b.WriteByte('-')
		}
		for j := range len(e) {
			c := e[j]
			if c != '@' && c != '-' && c != '\\' && isNameText(string(rune(c))) && !(c == '.' && i+j == 0) {
				b.WriteByte(c)
			} else {
				b.WriteString(`\x` + string(hex[c>>4]) + string(hex[c&15]))
			}
		}
	}
	return b.String() + ".mount"
}

// addFolderPulls adds the links in folders such as multi-user.target.wants. A link hides those of
// the same name in folders of lower precedence. A link to /dev/null or an empty file does nothing
// else.
func (us *Units) addFolderPulls(u unitName, add func(string)) {
	t := us.tree
	for _, kind := range []string{"requires", "wants", "upholds"} {
		if kind == "upholds" && !t.after252() {
			continue
		}
		seen := map[string]bool{}
		for _, dir := range t.listFolders(us.names, u, "."+kind) {
			for _, e := range t.list(dir) {
				if e.name[0] == '.' || seen[e.name] {
					continue
				}
				seen[e.name] = true
				if e.kind == link && !t.isMaskLink(dir+"/"+e.name) {
					add(e.name)
				}
			}
		}
	}
}

// isMaskLink reports whether a link leads to the null device or an empty file.
func (t *tree) isMaskLink(path string) bool {
	real, k, err := t.resolveAll(path)
	if err != nil || k == device {
		return err == nil
	}
	return k == regular && t.readNode(real).empty
}
