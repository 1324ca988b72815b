package inventorytest

import (
	"context"
	"io"
	"io/fs"
	"strings"
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
	Garbage             // a file holds no text that its program would take; for OpRead only
)

var kindNames = [...]string{"denied", "broken", "gone", "short", "timeout", "garbage"}

// String is "denied".
func (k Kind) String() string { return kindNames[k] }

func (k Kind) err() error {
	return [...]error{syscall.EACCES, syscall.EIO, syscall.ENOENT, nil, context.DeadlineExceeded, nil}[k]
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
	altered := map[string]Kind{}
	for _, f := range faults {
		if f.Kind == Short || f.Kind == Garbage {
			altered[f.Read.Name] = f.Kind
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
	if len(altered) > 0 && cfg.FS != nil {
		cfg.FS = alteredFS{filetree.ResolveLinks(cfg.FS).(filetree.RootedFS), altered}
	}
	return cfg
}

// alteredFS gives fewer bytes of some files than they have, or others.
type alteredFS struct {
	filetree.RootedFS
	altered map[string]Kind
}

// GuardLinks returns the tree with a guard.
func (s alteredFS) GuardLinks(g *filetree.LinkGuard) filetree.RootedFS {
	return alteredFS{filetree.GuardLinks(s.RootedFS, g), s.altered}
}

func (s alteredFS) Xattr(name, attr string) ([]byte, error) {
	if x, ok := s.RootedFS.(filetree.XattrFS); ok {
		return x.Xattr(name, attr)
	}
	return nil, &fs.PathError{Op: "xattr", Path: name, Err: inventory.ErrUnavailable}
}

func (s alteredFS) Open(name string) (fs.File, error) {
	f, err := s.RootedFS.Open(name)
	kind, ok := s.altered[name]
	if err != nil || !ok {
		return f, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	if kind == Garbage {
		return &garbageFile{File: f, rest: strings.NewReader(garbage)}, nil
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

// garbage is no text of any format: bytes that are no UTF-8, NUL, an open bracket, a quotation mark.
const garbage = "\x80\xff\x00{[<(\"'`\x1b=:;\n\xc3\x28 \x00\x00 & \x7f"

// garbageFile is a file with other bytes in it.
type garbageFile struct {
	fs.File
	rest *strings.Reader
}

func (f *garbageFile) Read(p []byte) (int, error) { return f.rest.Read(p) }

func (f *garbageFile) Stat() (fs.FileInfo, error) {
	info, err := f.File.Stat()
	return garbageInfo{info}, err
}

type garbageInfo struct{ fs.FileInfo }

func (garbageInfo) Size() int64 { return int64(len(garbage)) }

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
