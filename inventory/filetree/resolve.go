package filetree

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// ResolveLinks returns a tree that resolves the links in names inside raw: an
// absolute link starts at the root of the tree, ".." at the root is the root, and
// too many links are an error. It asks raw for names without links only.
//
// It looks first and opens then, which is right for trees that do not change. On a
// live system [Host] and [Dir] resolve by the kernel and by descriptors instead.
func ResolveLinks(raw FS) FS {
	if r, ok := raw.(RootedFS); ok {
		return r
	}
	return &resolver{raw: raw, depth: defaultLinkDepth}
}

type resolver struct {
	raw   FS
	depth int
	image bool // links into proc and sys are ErrNotLive
	guard *LinkGuard
}

// GuardLinks returns the tree with a guard.
func (r *resolver) GuardLinks(g *LinkGuard) RootedFS {
	own := *r
	own.guard = g
	return &own
}

func (r *resolver) Rooted() {}

// errLoop has the text of ELOOP on every system.
var errLoop = errors.New("too many levels of symbolic links")

// resolve returns the name without links that name leads to. The last element is
// followed only where follow is set. Every folder of what it returns exists. The info is that
// of the name where it was looked at, else nil.
func (r *resolver) resolve(name string, follow bool) (string, fs.FileInfo, error) {
	if !ValidName(name) {
		return "", nil, fs.ErrInvalid
	}
	w := resolving{resolver: r, at: ".", todo: strings.Split(name, "/")}
	for len(w.todo) > 0 {
		w.info = nil
		if err := w.step(follow); err != nil {
			return "", nil, err
		}
	}
	return w.at, w.info, r.guard.read(w.links, w.at, nil)
}

// resolving is one name on its way.
type resolving struct {
	*resolver
	at    string // without links
	todo  []string
	links int         // followed so far
	info  fs.FileInfo // of at, where the last step looked at it
}

// step goes one element on.
func (w *resolving) step(follow bool) error {
	elem := w.todo[0]
	w.todo = w.todo[1:]
	switch elem {
	case "", ".":
		return nil
	case "..":
		w.at = parent(w.at)
		return nil
	}
	next := Join(w.at, elem)
	last := len(w.todo) == 0
	if w.image && w.links > 0 && Pseudo(next) && (follow || !last) {
		return ErrNotLive
	}
	if err := w.guard.enter(w.links, next); err != nil {
		return err
	}
	if last && !follow {
		w.at = next
		return nil
	}
	info, err := w.raw.Lstat(next)
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return w.follow(next)
	}
	if err == nil && !last && !info.IsDir() {
		err = fmt.Errorf("%w: %s is not a folder", fs.ErrNotExist, next)
	}
	if err != nil {
		return w.guard.read(w.links, next, err)
	}
	w.at, w.info = next, info
	return nil
}

// follow replaces a link by its target.
func (w *resolving) follow(name string) error {
	if err := w.guard.follow(w.links, name); err != nil {
		return err
	}
	if w.links++; w.links > w.depth {
		return errLoop
	}
	target, err := w.raw.ReadLink(name)
	if err != nil {
		return err
	}
	if strings.HasPrefix(target, "/") {
		w.at = "."
	}
	w.todo = append(strings.Split(target, "/"), w.todo...)
	return nil
}

// resolveThen does one read by the name without links. Look returns what is there, from the
// way there where that has looked at it last.
func resolveThen[T any](
	r *resolver, op, name string, follow bool, do func(real string, look func() (fs.FileInfo, error)) (T, error),
) (v T, err error) {
	real, info, err := r.resolve(name, follow)
	if err == nil {
		v, err = do(real, func() (fs.FileInfo, error) {
			if info != nil {
				return info, nil
			}
			return r.raw.Lstat(real)
		})
	}
	return v, PathError(op, name, err)
}

func (r *resolver) Open(name string) (fs.File, error) {
	return resolveThen(r, "open", name, true, func(real string, look func() (fs.FileInfo, error)) (fs.File, error) {
		info, err := look()
		if err != nil {
			return nil, err
		}
		if t := info.Mode().Type(); t != 0 && t != fs.ModeDir {
			return nil, irregularError(t)
		}
		return openSame(r.raw, real, info)
	})
}

// openSame opens a name and compares what was opened with what was looked at before, where the
// tree can tell: another file may have taken its place, behind a link that nobody asked about.
func openSame(f FS, name string, before fs.FileInfo) (fs.File, error) {
	file, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	was := SysOf(before)
	if was.Has&HasInode == 0 {
		return file, nil
	}
	after, err := file.Stat()
	if is := SysOf(after); err == nil && is.Has&HasInode != 0 && (is.Inode != was.Inode || is.Dev != was.Dev) {
		err = ErrChanged
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// irregularError says what kind of file was not opened.
func irregularError(t fs.FileMode) error {
	kind := "a device"
	switch {
	case t&fs.ModeNamedPipe != 0:
		kind = "a named pipe"
	case t&fs.ModeSocket != 0:
		kind = "a socket"
	case t&fs.ModeSymlink != 0:
		kind = "a link"
	case t&fs.ModeIrregular != 0:
		kind = "of a kind of its own"
	}
	return fmt.Errorf("%s: %w", kind, ErrIrregular)
}

func (r *resolver) Lstat(name string) (fs.FileInfo, error) {
	return r.stat("lstat", name, false)
}

func (r *resolver) Stat(name string) (fs.FileInfo, error) {
	return r.stat("stat", name, true)
}

func (r *resolver) stat(op, name string, follow bool) (fs.FileInfo, error) {
	return resolveThen(r, op, name, follow, func(_ string, look func() (fs.FileInfo, error)) (fs.FileInfo, error) {
		return look()
	})
}

func (r *resolver) ReadLink(name string) (string, error) {
	return resolveThen(r, "readlink", name, false, func(real string, _ func() (fs.FileInfo, error)) (string, error) {
		return r.raw.ReadLink(real)
	})
}

func (r *resolver) Xattr(name, attr string) ([]byte, error) {
	x, ok := r.raw.(XattrFS)
	if !ok {
		return nil, PathError("xattr", name, ErrUnavailable)
	}
	return resolveThen(r, "xattr", name, false, func(real string, _ func() (fs.FileInfo, error)) ([]byte, error) {
		return x.Xattr(real, attr)
	})
}

// Close closes the tree underneath, where it can be.
func (r *resolver) Close() error {
	if c, ok := r.raw.(interface{ Close() error }); ok {
		return c.Close()
	}
	return nil
}
