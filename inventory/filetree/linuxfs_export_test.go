//go:build linux

package filetree

import (
	"context"

	"github.com/hardening-sdk/hardening/internal/mountinfo"
)

// Configure does to a tree of this package what New does.
func Configure(f FS, live bool, l Limits) FS {
	g, err := f.(configurable).configure(live, l)
	if err != nil {
		panic(err)
	}
	return g
}

// WithoutOpenat2 makes f resolve as on a kernel that has no openat2.
func WithoutOpenat2(f FS) FS {
	f.(*linuxFS).fast = false
	return f
}

// WithoutProc makes f work as in a process that has no /proc.
func WithoutProc(f FS) FS {
	g := f.(*linuxFS)
	g.fast, g.proc = false, nil
	return WithMounts(f, "")
}

// WithUnseen adds mounts of the host that are not visible here.
func WithUnseen(f FS, table string) FS {
	all, err := mountinfo.Parse([]byte(table))
	if err != nil {
		panic(err)
	}
	f.(*linuxFS).guard.tree.Load().AddUnseen(all)
	return f
}

// WalkTree walks f as Tree does, without a System.
func WalkTree(ctx context.Context, f FS) (*Table, error) {
	return f.(walker).walkTree(ctx, nil)
}

// WithMounts gives f a table of mounts that is not the kernel's; an empty one is no
// table at all.
func WithMounts(f FS, table string) FS {
	g := f.(*linuxFS)
	g.guard.fixed = true
	g.guard.tree.Store(nil)
	if table != "" {
		all, err := mountinfo.Parse([]byte(table))
		if err != nil {
			panic(err)
		}
		g.guard.tree.Store(mountinfo.Index(all, "/"))
	}
	return f
}
