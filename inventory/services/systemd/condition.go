package systemd

import (
	"fmt"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Hold is a condition by which systemd may not start a unit, systemd.unit(5), Conditions and asserts.
type Hold struct {
	Value // the first one

	Key string // such as ConditionPathExists
	// Known means that it does not hold. It is false where the condition is about what only the
	// running system can tell.
	Known bool
}

// Hold returns the condition that keeps a unit that would start at boot from starting, or that may do
// so. Conditions on files are looked up. Those which hold on every usual server count as holding:
// that systemd has its capabilities, that the kernel has a security module, that there is power, and
// that a word is not on the kernel's command line or the system not in a container.
func (us *Units) Hold(name string) (h Hold, ok bool) {
	u, valid := splitName(name)
	if !valid {
		return Hold{}, false
	}
	id, _ := us.names.find(u)
	h, ok = us.holds[id.full]
	return h, ok
}

// Runs reports whether a unit starts at boot, and no condition keeps it from starting. The error is
// [inventory.ErrUnavailable] where only the running system can tell whether a condition holds.
func (us *Units) Runs(name string) (bool, error) {
	if !us.StartsAtBoot(name) {
		return false, nil
	}
	h, held := us.Hold(name)
	if held && !h.Known {
		return false, h.err()
	}
	return !held, nil
}

// err says that it is not known whether the condition holds.
func (h Hold) err() error {
	return fmt.Errorf("%s: it is not known whether %s holds: %w", h.Place(), h.Key, inventory.ErrUnavailable)
}

// findHolds looks at the conditions of the units that start at boot or on demand.
func (us *Units) findHolds() {
	us.holds = map[string]Hold{}
	look := func(name string) {
		if unit, ok := us.Unit(name); ok && unit.Load == Loaded {
			if h, ok := us.tree.hold(unit); ok {
				us.holds[name] = h
			}
		}
	}
	for name := range us.boot {
		look(name)
	}
	for name := range us.wakers {
		look(name)
	}
}

// verdict is what is known of a condition.
type verdict int

const (
	holds verdict = iota
	holdsNot
	unsure
)

// hold returns the condition of a unit that decides against it.
func (t *tree) hold(unit *Unit) (Hold, bool) {
	for _, kind := range []string{"Condition", "Assert"} {
		var some, doubt *Hold // of the conditions of which one has to hold
		met := false
		for _, key := range conditionKeys {
			for _, v := range unit.Values("Unit", kind+key) {
				text, alternative := strings.CutPrefix(v.Text, "|")
				h := Hold{v, kind + key, true}
				is := t.judge(key, text)
				switch {
				case !alternative && is == holdsNot:
					return h, true
				case !alternative && is == unsure && doubt == nil:
					h.Known = false
					doubt = &h
				case alternative && is == holds:
					met = true
				case alternative && (some == nil || is == unsure):
					h.Known = is != unsure
					some = &h
				}
			}
		}
		if !met && some != nil {
			return *some, true
		}
		if doubt != nil {
			return *doubt, true
		}
	}
	return Hold{}, false
}

// conditionKeys are the conditions of systemd.unit(5), those on files first.
var conditionKeys = []string{
	"PathExists", "PathExistsGlob", "PathIsDirectory", "PathIsSymbolicLink", "PathIsMountPoint", "PathIsReadWrite", "PathIsEncrypted",
	"PathIsSocket", "DirectoryNotEmpty", "FileNotEmpty", "FileIsExecutable", "Architecture", "Firmware", "Virtualization", "Host",
	"KernelCommandLine", "KernelVersion", "Version", "Credential", "Environment", "Security", "Capability", "ACPower", "NeedsUpdate",
	"FirstBoot", "User", "Group", "ControlGroupController", "Memory", "CPUs", "CPUFeature", "OSRelease", "MemoryPressure",
	"CPUPressure", "IOPressure", "KernelModuleLoaded",
}

// usual are the conditions that hold on every usual server, and those that hold where they are negated.
var usual, usualNot = map[string]bool{"Capability": true, "Security": true, "ACPower": true, "ControlGroupController": true},
	map[string]bool{"Virtualization": true, "KernelCommandLine": true, "FirstBoot": true, "NeedsUpdate": true, "Host": true, "User": true,
		"Credential": true, "Firmware": true}

// passing are the folders whose content a system makes anew when it boots.
var passing = []string{"run/", "tmp/", "dev/", "proc/", "sys/", "var/run/"}

// judge judges one condition without the sign of an alternative.
func (t *tree) judge(key, text string) verdict {
	text, not := strings.CutPrefix(text, "!")
	switch {
	case usual[key] && !not, usualNot[key] && not:
		return holds
	case key == "FirstBoot" && (text == "yes" || text == "true" || text == "1"):
		return holdsNot // of a system in use
	}
	name := strings.TrimPrefix(path.Clean(text), "/")
	for _, p := range passing {
		if strings.HasPrefix(name+"/", p) {
			if not {
				return holds // nothing is there yet
			}
			return unsure
		}
	}
	if strings.Contains(text, "%") || !strings.HasPrefix(text, "/") {
		return unsure
	}
	is := t.look(key, name)
	if is != unsure && not {
		is = holds + holdsNot - is
	}
	return is
}

// look judges a condition on the file of a name.
func (t *tree) look(key, name string) verdict {
	of := func(yes bool) verdict {
		if yes {
			return holds
		}
		return holdsNot
	}
	switch key {
	case "PathExistsGlob":
		dir, pattern := path.Split(name)
		if strings.ContainsAny(dir, `*?[\`) || strings.ContainsAny(pattern, `{\`) {
			return unsure
		}
		real, k, err := t.resolveAll(strings.TrimSuffix(dir, "/"))
		if err != nil || k != folder {
			return holdsNot
		}
		for _, e := range t.list(real) {
			if ok, err := path.Match(pattern, e.name); ok && err == nil && (e.name[0] != '.' || pattern[0] == '.') {
				return holds
			}
		}
		return holdsNot
	case "PathIsSymbolicLink":
		real, err := t.resolve(name, false)
		return of(err == nil && t.stat(real) == link)
	}
	real, k, err := t.resolveAll(name)
	there := err == nil && k != absent
	switch key {
	case "PathExists":
		return of(there)
	case "PathIsDirectory":
		return of(there && k == folder)
	case "DirectoryNotEmpty":
		return of(there && k == folder && len(t.list(real)) > 0)
	case "FileNotEmpty", "FileIsExecutable":
		if !there || k != regular || !t.canRead() {
			return of(false)
		}
		info, err := t.fs.Lstat(real)
		if err != nil {
			t.err = err
			return unsure
		}
		if key == "FileNotEmpty" {
			return of(info.Size() > 0)
		}
		return of(info.Mode().Perm()&0o111 != 0)
	}
	return unsure
}
