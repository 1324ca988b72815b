package filetree

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// ResolveLinks answers a tree that resolves the links in names inside raw: an
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
	guard Guard
}

// Guarded returns the tree with a guard.
func (r *resolver) Guarded(g Guard) RootedFS {
	own := *r
	own.guard = g
	return &own
}

func (r *resolver) Rooted() {}

// errLoop has the text of ELOOP on every system.
var errLoop = errors.New("too many levels of symbolic links")

// resolve returns the name without links that name leads to. The last element is
// followed only where follow is set. Every folder of what it returns exists.
func (r *resolver) resolve(name string, follow bool) (string, error) {
	if !ValidName(name) {
		return "", fs.ErrInvalid
	}
	at := "."
	todo := strings.Split(name, "/")
	links := 0
	for len(todo) > 0 {
		elem := todo[0]
		todo = todo[1:]
		switch elem {
		case "", ".":
			continue
		case "..":
			at = parent(at)
			continue
		}
		next := Join(at, elem)
		if len(todo) == 0 && !follow {
			at = next
			break
		}
		if r.image && links > 0 && Pseudo(next) {
			return "", ErrNotLive
		}
		info, err := r.raw.Lstat(next)
		if err != nil {
			return "", behind(r.guard, links, next, err)
		}
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			target, err := r.follow(next, links)
			if err != nil {
				return "", err
			}
			links++
			if strings.HasPrefix(target, "/") {
				at = "."
			}
			todo = append(strings.Split(target, "/"), todo...)
		case len(todo) > 0 && !info.IsDir():
			err := fmt.Errorf("%w: %s is not a folder", fs.ErrNotExist, next)
			return "", behind(r.guard, links, next, err)
		default:
			at = next
		}
	}
	return at, behind(r.guard, links, at, nil)
}

// follow reads a link behind so many others.
func (r *resolver) follow(name string, links int) (string, error) {
	if links >= r.depth {
		return "", errLoop
	}
	if r.guard != nil && links > 0 {
		if err := r.guard(name, true); err != nil {
			return "", err
		}
	}
	return r.raw.ReadLink(name)
}

// behind asks a guard about the name that links lead to. Where the guard allows it, err is
// the error: a guard also keeps secret that nothing is there.
func behind(g Guard, links int, name string, err error) error {
	if g == nil || links == 0 {
		return err
	}
	if denied := g(name, false); denied != nil {
		return denied
	}
	return err
}

func resolved[T any](r *resolver, op, name string, follow bool, do func(real string) (T, error)) (v T, err error) {
	real, err := r.resolve(name, follow)
	if err == nil {
		v, err = do(real)
	}
	return v, PathError(op, name, err)
}

func (r *resolver) Open(name string) (fs.File, error) {
	return resolved(r, "open", name, true, func(real string) (fs.File, error) {
		info, err := r.raw.Lstat(real)
		if err != nil {
			return nil, err
		}
		if t := info.Mode().Type(); t != 0 && t != fs.ModeDir {
			return nil, irregular(t)
		}
		return r.raw.Open(real)
	})
}

// irregular says what kind of file was not opened.
func irregular(t fs.FileMode) error {
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
	return resolved(r, "lstat", name, false, r.raw.Lstat)
}

func (r *resolver) Stat(name string) (fs.FileInfo, error) {
	return resolved(r, "stat", name, true, r.raw.Lstat)
}

func (r *resolver) ReadLink(name string) (string, error) {
	return resolved(r, "readlink", name, false, r.raw.ReadLink)
}

func (r *resolver) Xattr(name, attr string) ([]byte, error) {
	x, ok := r.raw.(XattrFS)
	if !ok {
		return nil, PathError("xattr", name, ErrUnavailable)
	}
	return resolved(r, "xattr", name, false, func(real string) ([]byte, error) { return x.Xattr(real, attr) })
}

// Close closes the tree underneath, where it can be.
func (r *resolver) Close() error {
	if c, ok := r.raw.(interface{ Close() error }); ok {
		return c.Close()
	}
	return nil
}
