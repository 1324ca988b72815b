//go:build linux

package filetree

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/internal/mountinfo"
	"github.com/hardening-sdk/hardening/internal/sys"
)

// guard knows the mounts of a tree and which of them may be touched. It is asked
// before a step onto a mount point: even lstat(2) of the root of a dead NFS mount
// waits for its server.
type guard struct {
	allow MountClass
	tree  atomic.Pointer[mountinfo.Node] // nil where no table can be read
	load  sync.Mutex
	fixed bool // not to be read again
}

// guarded are the classes that are left alone unless allowed.
var guarded = map[mountinfo.Class]MountClass{
	mountinfo.Network: MountNetwork,
	mountinfo.FUSE:    MountFUSE,
	mountinfo.Auto:    MountAuto,
}

// onWay reports whether a mount sits on one of the elements of name.
func (g *guard) onWay(name string) bool { return onWay(g.tree.Load(), name) }

// onWay reports whether a mount sits on one of the elements of name below n.
func onWay(n *mountinfo.Node, name string) bool {
	for n != nil {
		elem, rest, more := strings.Cut(name, "/")
		if n = n.Child(elem); mounted(n) {
			return true
		}
		if !more {
			return false
		}
		name = rest
	}
	return false
}

// find returns the node of a name without links.
func (g *guard) find(name string) *mountinfo.Node {
	n := g.tree.Load()
	for elem := range strings.SplitSeq(name, "/") {
		n = n.Child(elem)
	}
	return n
}

// check is nil where name may be touched as far as the table knows.
func (g *guard) check(n *mountinfo.Node, name string) error {
	if !mounted(n) {
		return nil
	}
	if n.Unseen {
		return fmt.Errorf("the host's mount of %s on %s is not visible here: %w", n.Mount.Type, name, ErrUnavailable)
	}
	return g.checkType(n.Mount.Type, n.Mount.Class(), name)
}

func (g *guard) allows(c mountinfo.Class) bool {
	need := guarded[c]
	return need == 0 || g.allow&need != 0
}

func (g *guard) checkType(fstype string, c mountinfo.Class, name string) error {
	if !g.allows(c) {
		return fmt.Errorf("the mount of %s on %s is not touched: %w", fstype, name, ErrUnavailable)
	}
	return nil
}

// checkMagic judges a mount that no table shows by asking it. That can hang; the
// name has been reached by then.
func (g *guard) checkMagic(p *place) error {
	magic, err := sys.Magic(p.fd)
	if err != nil {
		return err
	}
	fstype := mountinfo.TypeOfMagic(magic)
	return g.checkType(fstype, mountinfo.ClassOf(fstype, unix.Major(uint64(p.st.Dev))), p.real)
}

// loadMounts reads the table of mounts: that of this process, where it has the mount
// that the root is on, else that of the first process of the tree. Mounts that only
// the latter has are not visible here, and what is in their place is not the host's.
func (f *linuxFS) loadMounts() {
	if f.guard.fixed {
		return
	}
	f.guard.load.Lock()
	defer f.guard.load.Unlock()
	f.guard.tree.Store(f.mountTree())
}

func (f *linuxFS) mountTree() *mountinfo.Node {
	root, err := f.root.Use()
	if err != nil {
		return nil
	}
	defer f.root.Done()
	id := mountID(root)
	var tree *mountinfo.Node
	if own := readMounts(os.Open("/proc/self/mountinfo")); hasMount(own, id) {
		if at, err := sys.ReadLinkAt(unix.AT_FDCWD, sys.FDName(root)); err == nil {
			tree = mountinfo.Index(own, at)
		}
	}
	if f.own || !f.live {
		return tree
	}
	first := f.firstMounts(tree)
	if tree == nil && hasMount(first, id) {
		return mountinfo.Index(first, "/")
	}
	if tree != nil {
		tree.AddUnseen(first)
	}
	return tree
}

// firstMounts reads the table of the tree's first process, guarded by what is known
// so far.
func (f *linuxFS) firstMounts(known *mountinfo.Node) []mountinfo.Mount {
	g := linuxFS{root: f.root, proc: f.proc, live: true, fast: f.fast, limits: f.limits}
	g.guard.allow, g.guard.fixed = f.limits.Mounts, true
	g.guard.tree.Store(known)
	return readMounts(g.Open("proc/1/mountinfo"))
}

// mountTableMax bounds a table; a host with 10,000 mounts has 2 MB.
const mountTableMax = 64 << 20

func readMounts(r io.ReadCloser, err error) []mountinfo.Mount {
	if err != nil {
		return nil
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, mountTableMax))
	if err != nil || len(b) == mountTableMax {
		return nil
	}
	all, err := mountinfo.Parse(b)
	if err != nil {
		return nil
	}
	return all
}

func hasMount(all []mountinfo.Mount, id int) bool {
	return slices.ContainsFunc(all, func(m mountinfo.Mount) bool { return m.ID == id || id < 0 })
}

// mountID returns the number of the mount that fd is on, -1 where proc_pid_fdinfo(5)
// does not say (before Linux 3.15).
func mountID(fd int) int {
	b, err := os.ReadFile("/proc/self/fdinfo/" + strconv.Itoa(fd))
	if err != nil {
		return -1
	}
	_, rest, _ := strings.Cut(string(b), "mnt_id:")
	line, _, _ := strings.Cut(rest, "\n")
	id, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return -1
	}
	return id
}
