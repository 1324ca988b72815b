package filetree

import "fmt"

// Options says how [Open] makes a tree ready for reading. The zero value is an image that
// is read with the default limits.
type Options struct {
	// Live says that the tree is that of a running system and shows its proc and sys.
	Live bool
	// Limits bounds what the tree may take.
	Limits Limits
	// Guarded says that each read will have a guard: see [GuardLinks]. A [RootedFS] that is
	// no [GuardedFS] is then asked for names without links only, since what is behind the
	// links that it resolves could not be guarded.
	Guarded bool
}

// configurable is a tree of this package that behaves otherwise on a running host than on
// an image and needs the limits of links and mounts.
type configurable interface {
	configure(live bool, l Limits) (FS, error)
}

// Open returns f ready for reading: the trees of this package take new descriptors and the
// options, one that does not resolve links is wrapped in a resolver of links, and nil
// becomes a tree in which every name is [ErrUnavailable]. What it returns may be an
// [io.Closer], which then is to be closed.
func Open(f FS, o Options) (RootedFS, error) {
	o.Limits = o.Limits.OrDefault()
	if c, ok := f.(configurable); ok {
		var err error
		if f, err = c.configure(o.Live, o.Limits); err != nil {
			return nil, fmt.Errorf("file system: %w", err)
		}
	}
	if f == nil {
		return nowhere{}, nil
	}
	if r, ok := f.(RootedFS); ok {
		if _, ok := f.(GuardedFS); ok || !o.Guarded {
			return r, nil
		}
	}
	return &resolver{raw: f, depth: o.Limits.LinkDepth, image: !o.Live}, nil
}
