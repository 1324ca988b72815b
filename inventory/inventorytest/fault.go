package inventorytest

import (
	"context"
	"io"
	"io/fs"
	"syscall"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Kind is a way in which a read fails.
type Kind uint8

// The ways in which a read fails.
const (
	Denied  Kind = iota // EACCES: the scan may not read it
	Broken              // EIO: the disk does not respond
	Gone                // ENOENT: absent, and for whoever listed or looked at it before, vanished
	Short               // a file ends before its size; for OpRead only
	Timeout             // the read outlasts its deadline
)

var kindNames = [...]string{"denied", "broken", "gone", "short", "timeout"}

// String is "denied".
func (k Kind) String() string { return kindNames[k] }

func (k Kind) err() error {
	return [...]error{syscall.EACCES, syscall.EIO, syscall.ENOENT, nil, context.DeadlineExceeded}[k]
}

// Fault is one read that fails.
type Fault struct {
	Read inventory.Read
	Kind Kind
}

// String is "read etc/shadow denied".
func (f Fault) String() string { return f.Read.String() + " " + f.Kind.String() }

// Inject returns cfg with faults in the reads of the system. A read that is not among
// them is as before.
func Inject(cfg inventory.Config, faults ...Fault) inventory.Config {
	failing := map[inventory.Read]error{}
	short := map[string]bool{}
	for _, f := range faults {
		if f.Kind == Short {
			short[f.Read.Name] = true
			continue
		}
		failing[f.Read] = f.Kind.err()
	}
	before := cfg.Intercept
	cfg.Intercept = func(ctx context.Context, r inventory.Read) error {
		if before != nil {
			if err := before(ctx, r); err != nil {
				return err
			}
		}
		return failing[r]
	}
	if len(short) > 0 && cfg.FS != nil {
		cfg.FS = shortFS{filetree.ResolveLinks(cfg.FS).(filetree.RootedFS), short}
	}
	return cfg
}

// shortFS gives fewer bytes of some files than they have.
type shortFS struct {
	filetree.RootedFS
	short map[string]bool
}

// GuardLinks returns the tree with a guard.
func (s shortFS) GuardLinks(g *filetree.LinkGuard) filetree.RootedFS {
	return shortFS{filetree.GuardLinks(s.RootedFS, g), s.short}
}

func (s shortFS) Xattr(name, attr string) ([]byte, error) {
	if x, ok := s.RootedFS.(filetree.XattrFS); ok {
		return x.Xattr(name, attr)
	}
	return nil, &fs.PathError{Op: "xattr", Path: name, Err: inventory.ErrUnavailable}
}

func (s shortFS) Open(name string) (fs.File, error) {
	f, err := s.RootedFS.Open(name)
	if err != nil || !s.short[name] {
		return f, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	return &shortFile{File: f, left: info.Size() / 2}, nil
}

type shortFile struct {
	fs.File
	left int64
}

func (f *shortFile) Read(p []byte) (int, error) {
	if f.left <= 0 {
		return 0, io.EOF
	}
	n, err := f.File.Read(p[:min(int64(len(p)), f.left)])
	f.left -= int64(n)
	return n, err
}

// Record returns cfg with every read that is tried noted: note is called before the
// read, possibly from many goroutines at once.
func Record(cfg inventory.Config, note func(inventory.Read)) inventory.Config {
	before := cfg.Intercept
	cfg.Intercept = func(ctx context.Context, r inventory.Read) error {
		note(r)
		if before != nil {
			return before(ctx, r)
		}
		return nil
	}
	return cfg
}
