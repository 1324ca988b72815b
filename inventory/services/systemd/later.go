package systemd

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// StartedLater returns the file by which a unit that does not start at boot is started later: a rule
// of udev(7) that wants it for a device (SYSTEMD_WANTS, systemd.device(5)) or a service of D-Bus that
// stands for it (SystemdService), or one of these for a unit that pulls it in, as bluetooth.target
// does. It returns false where there is none.
func (us *Units) StartedLater(name string) (file string, ok bool) {
	u, valid := splitName(name)
	if !valid {
		return "", false
	}
	id, _ := us.names.find(u)
	file, ok = us.later[id.full]
	return file, ok
}

// rulesOfUdev and servicesOfDBus are the folders in which both search. A file hides those of the same
// name in later folders.
var (
	rulesOfUdev    = []string{"etc/udev/rules.d", "run/udev/rules.d", "usr/local/lib/udev/rules.d", "usr/lib/udev/rules.d", "lib/udev/rules.d"}
	servicesOfDBus = []string{"etc/dbus-1/system-services", "run/dbus-1/system-services", "usr/local/share/dbus-1/system-services",
		"usr/share/dbus-1/system-services", "lib/dbus-1/system-services"}
)

// walkLater finds the units that devices and messages start.
func (us *Units) walkLater(read func(name string) ([]byte, error)) {
	us.later = map[string]string{}
	t := us.tree
	wants := map[string]string{} // units by the file that wants them
	note := func(name, file string) {
		if _, ok := wants[name]; !ok {
			wants[name] = file
		}
	}
	for _, file := range t.listFiles(".rules", rulesOfUdev) {
		for line := range strings.Lines(string(t.readOther(file, read))) {
			for _, name := range wantedByRule(line) {
				note(name, file)
			}
		}
	}
	for _, file := range t.listFiles(".service", servicesOfDBus) {
		for line := range strings.Lines(string(t.readOther(file, read))) {
			if name, ok := strings.CutPrefix(strings.TrimSpace(line), "SystemdService"); ok {
				if name, ok = strings.CutPrefix(strings.TrimLeft(name, blanks), "="); ok {
					note(strings.TrimSpace(name), file)
				}
			}
		}
	}
	b := &bootWalk{us: us, units: map[string]*Unit{}}
	for _, name := range slices.Sorted(maps.Keys(wants)) {
		start, ok := us.resolveUnit(name, unitName{})
		if !ok {
			continue
		}
		for queue := []string{start}; len(queue) > 0; queue = queue[1:] {
			id := queue[0]
			_, boots := us.boot[id]
			if _, seen := us.later[id]; seen || boots || !b.isLoaded(id) {
				continue
			}
			us.later[id] = wants[name]
			pulls := b.listPulls(id)
			if t.take(id, len(pulls)); t.err != nil {
				return
			}
			queue = append(queue, pulls...)
		}
	}
}

// listFiles returns the files with an ending in folders, the first of each name.
func (t *tree) listFiles(suffix string, dirs []string) []string {
	found := map[string]string{}
	for _, dir := range dirs {
		for _, e := range t.list(dir) {
			if _, hidden := found[e.name]; !hidden && strings.HasSuffix(e.name, suffix) {
				found[e.name] = dir + "/" + e.name
			}
		}
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(found)) {
		all = append(all, found[name])
	}
	return all
}

// readOther returns the text of a file that is none of units. A link that leads nowhere, or to the null
// device, has none.
func (t *tree) readOther(name string, read func(name string) ([]byte, error)) []byte {
	real, k, err := t.resolveAll(name)
	if err != nil || k != regular || !t.canRead() {
		return nil
	}
	b, err := read(real)
	if err != nil && !inventory.IsAbsent(err, real) {
		t.err = err
	}
	return b
}

// wantedByRule returns the units that a line of udev's rules wants. What udev fills in of the device is
// 0.
func wantedByRule(line string) []string {
	var all []string
	if line = strings.TrimLeft(line, blanks); strings.HasPrefix(line, "#") {
		return nil
	}
	const key = "ENV{SYSTEMD_WANTS}"
	for {
		_, rest, ok := strings.Cut(line, key)
		if !ok {
			return all
		}
		line = rest
		rest = strings.TrimLeft(rest, blanks+"+:")
		rest, ok = strings.CutPrefix(rest, "=")
		if !ok || strings.HasPrefix(rest, "=") {
			continue // a comparison
		}
		rest = strings.TrimLeft(rest, blanks+"e")
		rest, ok = strings.CutPrefix(rest, `"`)
		value, _, closed := strings.Cut(rest, `"`)
		if !ok || !closed {
			continue
		}
		for _, name := range strings.Fields(value) {
			all = append(all, fillDevice(name))
		}
	}
}

// fillDevice replaces what udev fills in: $name, $attr{x}, %k and the like.
func fillDevice(name string) string {
	i := strings.IndexAny(name, "$%")
	if i < 0 {
		return name
	}
	return name[:i] + "0" + path.Ext(name)
}
