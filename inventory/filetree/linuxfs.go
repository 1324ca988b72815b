//go:build linux

package filetree

import (
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/internal/sys"
)

// linuxFS is the tree below a folder of a Linux host, which is the host's own or an
// unbooted one. It never leaves the folder, whoever changes names at the same time:
// it moves from one held descriptor to the next, and asks the kernel for names
// without links only.
type linuxFS struct {
	root   *sys.FD
	proc   *sys.FD // /proc/self/fd of this process, nil where it is not mounted
	own    bool    // the root is that of this process
	live   bool
	limits Limits
	guard  guard
	fast   bool     // openat2(2) can be used
	magics sync.Map // the number of the file system's type by device
}

var (
	_ RootedFS     = (*linuxFS)(nil)
	_ XattrFS      = (*linuxFS)(nil)
	_ configurable = (*linuxFS)(nil)
	_ GuardedFS    = (*linuxFS)(nil)
	_ walker       = (*linuxFS)(nil)
)

// linuxView is a tree with a guard of the names behind links, which may be nil.
type linuxView struct {
	*linuxFS
	links *LinkGuard
}

// GuardLinks returns the tree with a guard.
func (f *linuxFS) GuardLinks(g *LinkGuard) RootedFS { return linuxView{f, g} }

func newLinuxFS(root string, own bool) (*linuxFS, error) {
	fd, err := sys.Open(unix.AT_FDCWD, root, unix.O_PATH|unix.O_DIRECTORY)
	if err != nil {
		return nil, PathError("open", root, err)
	}
	f := &linuxFS{own: own, live: own, limits: Limits{}.OrDefault()}
	f.open(fd)
	return f, nil
}

// open takes over the root and finds out what this process can use.
func (f *linuxFS) open(root int) {
	f.root = sys.NewFD(root)
	runtime.AddCleanup(f, func(fd *sys.FD) { fd.Close() }, f.root)
	if fd := sys.SelfFD(); fd >= 0 {
		f.proc = sys.NewFD(fd)
		runtime.AddCleanup(f, func(fd *sys.FD) { fd.Close() }, f.proc)
		if probe, err := sys.OpenHow(root, ".", unix.O_PATH, beneath); err == nil {
			unix.Close(probe)
			f.fast = true
		}
	}
	f.guard.allow = f.limits.Mounts
	f.loadMounts()
}

// configure returns the same tree with its own descriptors, as [New] needs it.
func (f *linuxFS) configure(live bool, l Limits) (FS, error) {
	root, err := f.root.Use()
	if err != nil {
		return nil, err
	}
	defer f.root.Done()
	fd, err := unix.FcntlInt(uintptr(root), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	g := &linuxFS{own: f.own, live: live, limits: l.OrDefault()}
	g.open(fd)
	return g, nil
}

// Rooted declares that links are resolved inside the tree.
func (f *linuxFS) Rooted() {}

// Close gives up the descriptors. Files that are open stay so.
func (f *linuxFS) Close() error {
	if f.proc != nil {
		f.proc.Close()
	}
	return f.root.Close()
}

func (f *linuxFS) Open(name string) (fs.File, error) { return linuxView{f, nil}.Open(name) }

func (f linuxView) Open(name string) (fs.File, error) {
	return locate(f, "open", name, true, func(p *place) (fs.File, error) {
		switch t := sys.FileMode(p.st.Mode).Type(); t {
		case 0:
			if err := f.acting(p); err != nil {
				return nil, err
			}
		case fs.ModeDir:
		default:
			return nil, irregularError(t)
		}
		fd, err := f.reopen(p)
		if err != nil {
			return nil, err
		}
		return &linuxFile{fsys: f.linuxFS, fd: sys.NewFD(fd), name: name}, nil
	})
}

func (f *linuxFS) Stat(name string) (fs.FileInfo, error) { return linuxView{f, nil}.Stat(name) }

func (f linuxView) Stat(name string) (fs.FileInfo, error) {
	return locate(f, "stat", name, true, func(p *place) (fs.FileInfo, error) {
		return f.info(name, p.fd, &p.st), nil
	})
}

func (f *linuxFS) Lstat(name string) (fs.FileInfo, error) { return linuxView{f, nil}.Lstat(name) }

func (f linuxView) Lstat(name string) (fs.FileInfo, error) {
	return locate(f, "lstat", name, false, func(p *place) (fs.FileInfo, error) {
		return f.info(name, p.fd, &p.st), nil
	})
}

func (f *linuxFS) ReadLink(name string) (string, error) { return linuxView{f, nil}.ReadLink(name) }

func (f linuxView) ReadLink(name string) (string, error) {
	return locate(f, "readlink", name, false, func(p *place) (string, error) {
		if p.st.Mode&sys.TypeMask != sys.Link {
			return "", fmt.Errorf("%w: not a link", fs.ErrInvalid)
		}
		if p.target != "" {
			return p.target, nil
		}
		return sys.ReadLink(p.fd)
	})
}

func (f *linuxFS) Xattr(name, attr string) ([]byte, error) {
	return linuxView{f, nil}.Xattr(name, attr)
}

func (f linuxView) Xattr(name, attr string) ([]byte, error) {
	return locate(f, "xattr", name, false, func(p *place) ([]byte, error) {
		if attr == "" || strings.IndexByte(attr, 0) >= 0 {
			return nil, fs.ErrInvalid
		}
		v, err := f.xattr(p, attr)
		if err == unix.ENODATA || err == unix.ENOTSUP {
			err = absentError{err.(unix.Errno)}
		}
		return v, err
	})
}

// xattr asks through /proc/self/fd, which opens nothing. Without it only what may be
// opened can be asked.
func (f *linuxFS) xattr(p *place, attr string) ([]byte, error) {
	if f.proc != nil {
		return sys.Xattr(p.fd, attr)
	}
	if t := sys.FileMode(p.st.Mode).Type(); t != 0 && t != fs.ModeDir {
		return nil, irregularError(t)
	}
	if err := f.acting(p); err != nil {
		return nil, err
	}
	fd, err := f.reopen(p)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	return sys.Xattr(fd, attr)
}

// reopen opens exactly what p stands for. Nothing that is opened waits: where a
// lease would have to be broken first, that is an error.
func (f *linuxFS) reopen(p *place) (int, error) {
	if f.proc != nil {
		proc, err := f.proc.Use()
		if err != nil {
			return -1, err
		}
		defer f.proc.Done()
		return sys.OpenNoatime(proc, strconv.Itoa(p.fd), 0)
	}
	if p.dir < 0 {
		return sys.OpenNoatime(p.fd, ".", unix.O_DIRECTORY) // the root
	}
	fd, err := sys.OpenNoatime(p.dir, path.Base(p.real), unix.O_NOFOLLOW)
	if err != nil {
		return -1, err
	}
	st, err := sys.Fstat(fd)
	if err == nil && (st.Dev != p.st.Dev || st.Ino != p.st.Ino) {
		err = ErrChanged
	}
	if err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// absentError is an error number that means that something is not there.
type absentError struct{ errno unix.Errno }

func (e absentError) Error() string        { return e.errno.Error() }
func (e absentError) Is(target error) bool { return target == fs.ErrNotExist }
func (e absentError) Unwrap() error        { return e.errno }

// locate does one read of a file by name.
func locate[T any](f linuxView, op, name string, follow bool, do func(*place) (T, error)) (v T, err error) {
	if !ValidName(name) {
		return v, PathError(op, name, fs.ErrInvalid)
	}
	p, err := f.resolve(name, follow, f.links)
	if err == nil {
		defer p.close()
		v, err = do(p)
	}
	return v, PathError(op, name, translateErrno(err))
}

// translateErrno puts error numbers into the terms of this package: what a file in place of
// a folder has below it is not there, nor are the files of a process that has ended,
// and what would wait, for a lease or for something to say, is not available.
func translateErrno(err error) error {
	switch err {
	case unix.ENOTDIR, unix.ESRCH:
		return absentError{err.(unix.Errno)}
	case unix.EAGAIN:
		return fmt.Errorf("would wait: %w", ErrUnavailable)
	}
	return err
}
