//go:build linux

package filetree

import (
	"path"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/internal/mountinfo"
	"github.com/hardening-sdk/hardening/internal/sys"
)

// plan is how much of a folder the walk reads.
type plan uint8

const (
	everything plan = iota
	onlyMounts      // what is mounted below it: dev/shm of dev
	onlyLook        // its own attributes
)

// plan decides on a folder that may be touched.
func (w *linuxWalker) plan(j linuxJob) plan {
	switch {
	case j.depth == 0:
		return everything
	case j.depth > w.max.TreeDepth:
		w.noteLimit(j.folder.path(), "nested folders", w.max.TreeDepth)
		return onlyLook
	case !w.f.live && j.depth == 1 && Pseudo(j.folder.path()):
		w.noteBelow(j.folder.path(), j.node, 0)
		return onlyLook
	case mounted(j.node) && w.enters(j.node), !mounted(j.node) && !j.up.partly:
		return everything
	case !w.leads(j.node):
		w.note(j.folder.path(), j.node, 0)
		return onlyLook
	}
	w.noteMount(j.folder.path(), j.node, 0)
	return onlyMounts
}

// enters reports whether the walk reads what is mounted on a node: disks and memory,
// and what layers these, but not the root of a container, which is another system.
func (w *linuxWalker) enters(n *mountinfo.Node) bool {
	if !mounted(n) || n.Unseen {
		return false
	}
	return w.entersType(n.Mount)
}

func (w *linuxWalker) entersType(m *mountinfo.Mount) bool {
	switch c := m.Class(); c {
	case mountinfo.Local:
		return true
	case mountinfo.Pseudo:
		return false
	case mountinfo.Layered:
		// The names that Docker, Podman and CRI-O, and containerd and runc give.
		base := path.Base(m.Point)
		return base != "merged" && base != "rootfs"
	default:
		return w.f.guard.allow&guarded[c] != 0
	}
}

// leads reports whether the walk enters a mount below n, without touching one that
// must not be.
func (w *linuxWalker) leads(n *mountinfo.Node) bool {
	for _, elem := range n.Names() {
		c := n.Child(elem)
		if w.enters(c) || (w.f.guard.check(c, elem) == nil && w.leads(c)) {
			return true
		}
	}
	return false
}

// mountPoints lists what leads to other mounts, of a folder that is not read.
func (w *linuxWalker) listMountPoints(j linuxJob) {
	for _, elem := range j.node.Names() {
		c := j.node.Child(elem)
		if w.enters(c) || (w.f.guard.check(c, elem) == nil && w.leads(c)) {
			w.add(append([]byte(elem), 0), unix.DT_UNKNOWN)
			continue
		}
		w.note(Join(j.folder.path(), elem), c, 0)
	}
}

// mayTouch reports whether what is mounted on an entry may be looked at, and notes it
// where not.
func (w *linuxWalker) mayTouch(j linuxJob, elem []byte, n *mountinfo.Node) bool {
	name := Join(j.folder.path(), string(elem))
	if w.f.guard.check(n, name) == nil {
		return true
	}
	w.note(name, n, 0)
	return false
}

// note notes the mounts that are not entered at and below a name.
func (w *linuxWalker) note(name string, n *mountinfo.Node, above MountClass) {
	w.noteBelow(name, n, w.noteMount(name, n, above))
}

func (w *linuxWalker) noteBelow(name string, n *mountinfo.Node, above MountClass) {
	for _, elem := range n.Names() {
		w.note(Join(name, elem), n.Child(elem), above)
	}
}

// noteMount notes one mount and returns what has to be allowed to get at it. A disk
// of the host that is not visible here is something that could not be seen.
func (w *linuxWalker) noteMount(name string, n *mountinfo.Node, above MountClass) MountClass {
	if !mounted(n) {
		return above
	}
	if !w.f.guard.allows(n.Mount.Class()) {
		above |= guarded[n.Mount.Class()]
	}
	w.mounts = append(w.mounts, UnseenMount{Name: name, Type: n.Mount.Type, Class: above})
	if n.Unseen && above == 0 && w.entersType(n.Mount) && !inMemory[n.Mount.Type] {
		w.noteFailure("open", name, w.f.guard.check(n, name))
	}
	return above
}

// inMemory are types of mounts that come and go while a host runs, at each log-in
// and for each service.
var inMemory = map[string]bool{"tmpfs": true, "ramfs": true}

// stays reports whether a folder may be read that was opened: one on another device
// than the folder it is in, of which the table knows nothing, is part of a disk, as
// btrfs has them, or was mounted a moment ago.
func (w *linuxWalker) stays(j linuxJob, fd int, a *sys.Attr) bool {
	if j.depth == 0 || mounted(j.node) || a.Dev == j.up.dev {
		return true
	}
	magic, err := sys.Magic(fd)
	if err != nil {
		w.noteFailure("statfs", j.folder.path(), err)
		return false
	}
	m := mountinfo.Mount{Type: mountinfo.TypeOfMagic(magic), Major: unix.Major(a.Dev), Point: j.folder.path()}
	if w.entersType(&m) {
		return true
	}
	w.mounts = append(w.mounts, UnseenMount{Name: m.Point, Type: m.Type, Class: guarded[m.Class()]})
	return false
}
