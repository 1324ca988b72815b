//go:build linux

package filetree

import (
	"fmt"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/internal/mountinfo"
	"github.com/hardening-sdk/hardening/internal/sys"
)

// place is where a name leads. Its descriptors are O_PATH: nothing was opened yet.
type place struct {
	fd   int
	dir  int    // the folder it is in, -1 where that is not known
	real string // the name without links
	st   unix.Stat_t
	node *mountinfo.Node

	target string // of a link, where it is not what the kernel says
}

func (p *place) close() {
	unix.Close(p.fd)
	if p.dir >= 0 {
		unix.Close(p.dir)
	}
}

// beneath makes openat2(2) stop at whatever the walk below has to decide on. It sees
// neither links nor mounts, so that a table of mounts by name is all there is to ask.
const beneath = unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS | unix.RESOLVE_NO_XDEV

// resolve finds name with one system call where no link and no mount is on the way,
// else element by element.
func (f *linuxFS) resolve(name string, follow bool, g *LinkGuard) (*place, error) {
	root, err := f.root.Use()
	if err != nil {
		return nil, err
	}
	defer f.root.Done()
	if f.fast && !f.guard.onWay(name) {
		p, err := fastPlace(root, name)
		switch err {
		case nil:
			if !follow || p.st.Mode&sys.TypeMask != sys.Link {
				return p, nil
			}
			p.close()
		case unix.ENOENT, unix.ENOTDIR, unix.EACCES:
			return nil, err
		}
	}
	return f.walk(root, name, follow, g)
}

func fastPlace(root int, name string) (*place, error) {
	fd, err := sys.OpenHow(root, name, unix.O_PATH|unix.O_NOFOLLOW, beneath)
	if err != nil {
		return nil, err
	}
	st, err := sys.Fstat(fd)
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	return &place{fd: fd, dir: -1, real: name, st: st}, nil
}

// linuxResolver resolves a name in user space. It holds a descriptor of each folder it is
// in, so that ".." is the way it came and no renaming leads it elsewhere.
type linuxResolver struct {
	f     *linuxFS
	guard *LinkGuard
	at    []place // from the root, whose descriptor is lent, to where it is; dir is not used
	todo  []string
	links int
	tried bool // a leap was, since the last link and mount on the way
}

func (f *linuxFS) walk(root int, name string, follow bool, g *LinkGuard) (*place, error) {
	w := &linuxResolver{f: f, guard: g, todo: strings.Split(name, "/"), tried: true}
	defer w.leave(0)
	st, err := sys.Fstat(root)
	w.at = append(w.at, place{fd: root, dir: -1, real: ".", st: st, node: f.guard.tree.Load()})
	for err == nil && len(w.todo) > 0 {
		p, lerr := w.leap()
		if p != nil || lerr != nil {
			return p, lerr
		}
		err = w.step(follow)
	}
	if err == nil {
		err = g.read(w.links, w.at[len(w.at)-1].real, nil)
	}
	if err != nil {
		return nil, err
	}
	p, err := w.take()
	if err == nil && w.f.proc == nil && len(w.at) > 0 { // the folder serves to open the file
		var dir place
		dir, err = w.take()
		p.dir = dir.fd
	}
	if err != nil {
		unix.Close(p.fd)
		return nil, err
	}
	return &p, nil
}

// take takes the last place off the way. The descriptor of the root is lent, so that its place
// gets one of its own.
func (w *linuxResolver) take() (p place, err error) {
	last := len(w.at) - 1
	p, w.at = w.at[last], w.at[:last]
	if last == 0 {
		p.fd, err = sys.Open(p.fd, ".", unix.O_PATH|unix.O_DIRECTORY)
	}
	return p, err
}

// leave goes back to the first n folders of the way.
func (w *linuxResolver) leave(n int) {
	for i, p := range w.at[n:] {
		if n+i > 0 { // the root is lent
			unix.Close(p.fd)
		}
	}
	w.at = w.at[:n]
}

// step goes one element on.
func (w *linuxResolver) step(follow bool) error {
	top := &w.at[len(w.at)-1]
	elem := w.todo[0]
	w.todo = w.todo[1:]
	switch {
	case top.st.Mode&sys.TypeMask != sys.Dir:
		return w.guard.read(w.links, top.real, unix.ENOTDIR)
	case elem == "" || elem == ".":
		return nil
	case elem == "..":
		w.leave(max(len(w.at)-1, 1))
		return nil
	}
	next := Join(top.real, elem)
	if !w.f.live && w.links > 0 && Pseudo(next) && (follow || len(w.todo) > 0) {
		return ErrNotLive
	}
	if err := w.guard.enter(w.links, next); err != nil {
		return err
	}
	p, err := w.enter(top, elem)
	if err != nil {
		return w.guard.read(w.links, p.real, err)
	}
	w.at = append(w.at, p)
	w.tried = w.tried && !mounted(p.node)
	if p.st.Mode&sys.TypeMask != sys.Link || (len(w.todo) == 0 && !follow) {
		return nil
	}
	return w.followLink()
}

// enter returns elem in the folder dir, once the mount that may be there is known to
// be harmless.
func (w *linuxResolver) enter(dir *place, elem string) (place, error) {
	g := &w.f.guard
	p := place{dir: -1, real: Join(dir.real, elem), node: dir.node.Child(elem)}
	if err := g.check(p.node, p.real); err != nil {
		return p, err
	}
	if err := w.look(dir, elem, &p); err != nil {
		return p, err
	}
	var err error
	if p.st, err = sys.Fstat(p.fd); err == nil {
		if p.st.Dev != dir.st.Dev && !mounted(p.node) {
			err = g.checkMagic(&p)
		}
		p.target = w.f.selfTarget(dir, &p)
	}
	if err != nil {
		unix.Close(p.fd)
	}
	return p, err
}

// look opens p for looking. Where the kernel says that there is a mount which the
// table has not, it has been made since, and the table is read again before the
// mount is touched.
func (w *linuxResolver) look(dir *place, elem string, p *place) (err error) {
	if w.f.fast && !mounted(p.node) {
		p.fd, err = sys.OpenHow(dir.fd, elem, unix.O_PATH|unix.O_NOFOLLOW, unix.RESOLVE_NO_XDEV)
		if err != unix.EXDEV {
			return err
		}
		w.f.loadMounts()
		p.node = w.f.guard.find(p.real)
		if err := w.f.guard.check(p.node, p.real); err != nil {
			return err
		}
	}
	p.fd, err = sys.OpenPath(dir.fd, elem)
	return err
}

func mounted(n *mountinfo.Node) bool { return n != nil && n.Mount != nil }

// followLink replaces the link on top by its target.
func (w *linuxResolver) followLink() error {
	last := len(w.at) - 1
	link := &w.at[last]
	if err := w.guard.follow(w.links, link.real); err != nil {
		return err
	}
	if w.links++; w.links > w.f.limits.LinkDepth {
		return unix.ELOOP
	}
	target := link.target
	if target == "" {
		if w.magic(link) {
			return fmt.Errorf("a link of procfs that is no path: %w", ErrUnavailable)
		}
		var err error
		if target, err = sys.ReadLink(link.fd); err != nil {
			return err
		}
	}
	w.leave(last)
	if strings.HasPrefix(target, "/") {
		w.leave(1)
	}
	w.todo = append(strings.Split(strings.TrimLeft(target, "/"), "/"), w.todo...)
	w.tried = false
	return nil
}

// leap goes to the end with one system call, as [linuxFS.resolve] does, where no further link
// and no mount is on the way. The place is nil where that cannot be, or where a link is at the
// end. A guard is asked step by step.
func (w *linuxResolver) leap() (*place, error) {
	if w.tried || !w.f.fast || w.guard != nil {
		return nil, nil
	}
	w.tried = true
	top := &w.at[len(w.at)-1]
	rest := strings.Join(w.todo, "/")
	name := Join(top.real, rest)
	if !ValidName(rest) || (!w.f.live && Pseudo(name)) || onWay(top.node, rest) {
		return nil, nil
	}
	p, err := fastPlace(top.fd, rest)
	switch err {
	case nil:
		if p.st.Mode&sys.TypeMask != sys.Link {
			p.real = name
			return p, nil
		}
		p.close()
	case unix.ENOENT, unix.ENOTDIR, unix.EACCES:
		return nil, err
	}
	return nil, nil
}

// magic reports whether a link of procfs leads to an open file instead of a name,
// as those of proc_pid_fd(5), proc_pid_exe(5) and their like do. Read as a name it
// would be one of the process's own tree. All of them are below a number.
func (w *linuxResolver) magic(link *place) bool {
	if !w.f.isOnMagic(link.fd, &link.st, mountinfo.MagicProc) {
		return false
	}
	for i := len(w.at) - 2; i > 0 && w.at[i].st.Dev == link.st.Dev; i-- {
		elem := w.at[i].real[strings.LastIndexByte(w.at[i].real, '/')+1:]
		if strings.Trim(elem, "0123456789") == "" {
			return true
		}
	}
	return false
}

// procRootIno is the inode of the root of every procfs (PROC_ROOT_INO).
const procRootIno = 1

// selfTarget returns where proc/self and proc/thread-self lead on a running host that
// is seen from inside a container: to the host's first process, since the reader has
// no place there. Of any other file it is empty.
func (f *linuxFS) selfTarget(dir, p *place) string {
	if f.own || !f.live || p.st.Mode&sys.TypeMask != sys.Link ||
		dir.st.Ino != procRootIno || dir.st.Dev != p.st.Dev || !f.isOnMagic(p.fd, &p.st, mountinfo.MagicProc) {
		return ""
	}
	switch p.real[strings.LastIndexByte(p.real, '/')+1:] {
	case "self":
		return "1"
	case "thread-self":
		return "1/task/1"
	}
	return ""
}
