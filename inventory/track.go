package inventory

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/hardening-sdk/hardening/internal/scope"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// tracked is the file tree as one handle sees it: each read passes the intercept,
// is noted in the trail and stays within the limits.
type tracked struct {
	ctx context.Context
	s   *System
}

var (
	_ filetree.RootedFS = tracked{}
	_ fs.ReadFileFS     = tracked{}
	_ fs.ReadDirFS      = tracked{}
)

// FS returns the system's file tree. What is read through it is tracked, bounded by
// [Limits] and ends with ctx. It also has Stat, ReadFile and ReadDir, which
// [fs.Stat], [fs.ReadFile] and [fs.ReadDir] find.
func (s *System) FS(ctx context.Context) filetree.FS { return tracked{ctx, s} }

// ReadFile returns the content of a regular file, links followed. A file larger
// than [Limits] has it is [ErrLimit]; one that gives fewer bytes than it has is
// [filetree.ErrChanged].
func (s *System) ReadFile(ctx context.Context, name string) ([]byte, error) {
	return tracked{ctx, s}.ReadFile(name)
}

// ParseFile reads a file and parses it. An error of parse comes with the name of the file
// before it, and the zero value beside it; an error of the read comes as it is, so that
// [IsAbsent] finds it.
func ParseFile[T any](ctx context.Context, s *System, name string, parse func([]byte) (T, error)) (T, error) {
	b, err := s.ReadText(ctx, name)
	return parseContent(name, b, err, parse)
}

// ReadText is [System.ReadFile] for a text. A NUL byte in it is an error: programs written in C
// take it for the end of a line or of the file, each in its own way, and a file that a crash has
// filled with them says nothing.
func (s *System) ReadText(ctx context.Context, name string) ([]byte, error) {
	b, err := s.ReadFile(ctx, name)
	if err == nil {
		err = noNUL(name, b)
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

func noNUL(name string, b []byte) error {
	i := bytes.IndexByte(b, 0)
	if i < 0 {
		return nil
	}
	return fmt.Errorf("%s:%d: a NUL byte in a text", name, 1+bytes.Count(b[:i], []byte{'\n'}))
}

// ReadDir returns the entries of a folder, sorted by name, links to it followed.
func (s *System) ReadDir(ctx context.Context, name string) ([]fs.DirEntry, error) {
	return tracked{ctx, s}.ReadDir(name)
}

// Stat returns a file's identity, links followed. It opens nothing.
func (s *System) Stat(ctx context.Context, name string) (fs.FileInfo, error) {
	return tracked{ctx, s}.Stat(name)
}

// Lstat returns the identity of a file or of a link itself.
func (s *System) Lstat(ctx context.Context, name string) (fs.FileInfo, error) {
	return tracked{ctx, s}.Lstat(name)
}

// Xattr returns one extended attribute of a file, a link not followed. An attribute
// that is not there wraps [fs.ErrNotExist]; a tree without attributes is
// [ErrUnavailable].
func (s *System) Xattr(ctx context.Context, name, attr string) ([]byte, error) {
	return track(tracked{ctx, s}, filetree.OpXattr, name, func(f filetree.RootedFS) ([]byte, error) {
		if x, ok := f.(filetree.XattrFS); ok {
			return x.Xattr(name, attr)
		}
		return nil, ErrUnavailable
	})
}

// track does one read of the underlying tree with all that belongs around it.
func track[T any](t tracked, op, name string, read func(filetree.RootedFS) (T, error)) (T, error) {
	t.s.begin(Read{op, name})
	v, err := admit(t, op, name, read)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) && t.s.c.seen.has(name) && (op != filetree.OpXattr || t.gone(name)) {
			err = fmt.Errorf("is gone: %w", filetree.ErrChanged)
		}
		err = filetree.PathError(op, name, err)
	}
	t.s.finish(Read{op, name}, err)
	if info, ok := any(v).(fs.FileInfo); ok && err == nil && info.Mode()&fs.ModeSymlink == 0 {
		t.s.c.seen.add(name)
	}
	return v, err
}

// gone reports whether a file is not there whose attribute was asked for.
func (t tracked) gone(name string) bool {
	_, err := t.s.c.fs.Lstat(name)
	return errors.Is(err, fs.ErrNotExist)
}

func admit[T any](t tracked, op, name string, read func(filetree.RootedFS) (T, error)) (v T, err error) {
	if !filetree.ValidName(name) {
		return v, fs.ErrInvalid
	}
	if err := t.s.before(t.ctx, op, name); err != nil {
		return v, err
	}
	if !t.s.c.cfg.Live && filetree.Pseudo(name) {
		return v, ErrNotLive
	}
	v, err = read(t.tree(op))
	if errors.Is(err, syscall.ENOTDIR) && !errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w: a folder of its path is a file", fs.ErrNotExist)
	}
	return v, err
}

// tree returns the tree for one read. What links lead to is asked about as well.
func (t tracked) tree(op string) filetree.RootedFS {
	if !t.s.c.guarded() {
		return t.s.c.fs
	}
	return filetree.GuardLinks(t.s.c.fs, &filetree.LinkGuard{
		Enter: t.s.c.omit.of,
		Read: func(name string, link bool) error {
			if link {
				return t.s.before(t.ctx, filetree.OpReadLink, name)
			}
			return t.s.before(t.ctx, op, name)
		},
	})
}

func (t tracked) Rooted() {}

func (t tracked) Stat(name string) (fs.FileInfo, error) {
	return track(t, filetree.OpStat, name, func(f filetree.RootedFS) (fs.FileInfo, error) { return f.Stat(name) })
}

func (t tracked) Lstat(name string) (fs.FileInfo, error) {
	return track(t, filetree.OpLstat, name, func(f filetree.RootedFS) (fs.FileInfo, error) { return f.Lstat(name) })
}

func (t tracked) ReadLink(name string) (string, error) {
	return track(t, filetree.OpReadLink, name, func(f filetree.RootedFS) (string, error) { return f.ReadLink(name) })
}

func (t tracked) ReadFile(name string) ([]byte, error) {
	return track(t, filetree.OpRead, name, func(f filetree.RootedFS) ([]byte, error) {
		file, err := f.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return nil, err
		}
		if info.IsDir() {
			return nil, errors.New("is a folder")
		}
		return readAll(t.ctx, file, info, t.s.c.limits.of(name))
	})
}

// readAll reads a file whole or not at all.
func readAll(ctx context.Context, r io.Reader, info fs.FileInfo, limit int64) ([]byte, error) {
	size := int64(0)
	if sys, ok := info.Sys().(*filetree.Sys); !ok || sys.Has&filetree.HasSize != 0 {
		size = info.Size()
	}
	if size > limit {
		return nil, fmt.Errorf("%w: %d bytes, over %d", ErrLimit, size, limit)
	}
	buf := make([]byte, 0, size+512)
	for {
		if len(buf) == cap(buf) {
			buf = slices.Grow(buf, len(buf))
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case int64(len(buf)) > limit:
			return nil, fmt.Errorf("%w: more than %d bytes", ErrLimit, limit)
		case err == io.EOF && int64(len(buf)) < size:
			return nil, fmt.Errorf("%w: %d of %d bytes", filetree.ErrChanged, len(buf), size)
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return nil, err
		case ctx.Err() != nil:
			return nil, scope.Cause(ctx)
		}
	}
}

func (t tracked) ReadDir(name string) ([]fs.DirEntry, error) {
	return track(t, filetree.OpList, name, func(f filetree.RootedFS) ([]fs.DirEntry, error) {
		file, err := f.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		dir, ok := file.(fs.ReadDirFile)
		if !ok {
			return nil, fmt.Errorf("%w: not a folder", fs.ErrInvalid)
		}
		return t.entries(name, dir)
	})
}

// entries reads a folder in steps, so that one over the limit is not held whole.
func (t tracked) entries(name string, dir fs.ReadDirFile) ([]fs.DirEntry, error) {
	var all []fs.DirEntry
	for {
		some, err := dir.ReadDir(1024)
		all = append(all, some...)
		if len(all) > t.s.c.limits.DirEntries {
			return nil, fmt.Errorf("%w: more than %d entries", ErrLimit, t.s.c.limits.DirEntries)
		}
		if err == io.EOF || (err == nil && len(some) == 0) {
			break
		}
		if err != nil {
			return nil, err
		}
		if t.ctx.Err() != nil {
			return nil, scope.Cause(t.ctx)
		}
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	t.s.c.seen.addEntries(name, all)
	wrapped := make([]trackedEntry, len(all))
	for i, e := range all {
		wrapped[i] = trackedEntry{e, t, name}
		all[i] = &wrapped[i]
	}
	return all, nil
}

// trackedEntry is an entry of a folder that was read through a tracked tree.
type trackedEntry struct {
	raw fs.DirEntry
	t   tracked
	dir string
}

func (e trackedEntry) Name() string      { return e.raw.Name() }
func (e trackedEntry) IsDir() bool       { return e.raw.IsDir() }
func (e trackedEntry) Type() fs.FileMode { return e.raw.Type() }
func (e trackedEntry) String() string    { return fs.FormatDirEntry(e) }

// Info is Lstat of the entry, a read like any other.
func (e trackedEntry) Info() (fs.FileInfo, error) { return e.t.Lstat(filetree.Join(e.dir, e.Name())) }

// Open returns a file whose reads are bounded and tracked as well.
func (t tracked) Open(name string) (fs.File, error) {
	f, err := track(t, filetree.OpRead, name, func(f filetree.RootedFS) (fs.File, error) { return f.Open(name) })
	if err != nil {
		return nil, err
	}
	return &openFile{raw: f, t: t, name: name, left: t.s.c.limits.FileSize}, nil
}

// openFile is a file or folder that was opened through a tracked tree.
type openFile struct {
	raw     fs.File
	t       tracked
	name    string
	left    int64
	read    int64 // bytes so far
	entries []fs.DirEntry
	listed  bool
}

func (f *openFile) Read(p []byte) (int, error) {
	if err := f.t.s.over(); err != nil {
		return 0, f.failed(err)
	}
	if err := f.t.ctx.Err(); err != nil {
		return 0, f.failed(scope.Cause(f.t.ctx))
	}
	n, err := f.raw.Read(p)
	f.read += int64(n)
	if f.left -= int64(n); f.left < 0 {
		return 0, f.failed(fmt.Errorf("%w: more than %d bytes", ErrLimit, f.t.s.c.limits.FileSize))
	}
	if err == io.EOF && f.short() {
		err = fmt.Errorf("%w: %d bytes, fewer than it has", filetree.ErrChanged, f.read)
	}
	if err != nil && err != io.EOF {
		err = f.failed(err)
	}
	return n, err
}

// short reports whether the file ended before its size.
func (f *openFile) short() bool {
	info, err := f.raw.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	sys, ok := info.Sys().(*filetree.Sys)
	return (!ok || sys.Has&filetree.HasSize != 0) && f.read < info.Size()
}

// Close closes the file.
func (f *openFile) Close() error { return f.raw.Close() }

// Stat reports the identity of the open file.
func (f *openFile) Stat() (fs.FileInfo, error) {
	return track(f.t, filetree.OpStat, f.name, func(filetree.RootedFS) (fs.FileInfo, error) { return f.raw.Stat() })
}

func (f *openFile) failed(err error) error {
	err = filetree.PathError(filetree.OpRead, f.name, err)
	f.t.s.record(Read{filetree.OpRead, f.name}, err)
	return err
}

func (f *openFile) ReadDir(n int) ([]fs.DirEntry, error) {
	if !f.listed {
		all, err := f.t.ReadDir(f.name)
		if err != nil {
			return nil, err
		}
		f.entries, f.listed = all, true
	}
	if n <= 0 {
		all := f.entries
		f.entries = nil
		return all, nil
	}
	if len(f.entries) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(f.entries))
	some := f.entries[:n]
	f.entries = f.entries[n:]
	return some, nil
}

// nameSet is a set of names by their hash: enough to tell that a file that was
// listed is gone. It takes no more than a million names, then keeps what it has.
type nameSet struct {
	mu   sync.Mutex
	seed maphash.Seed
	set  map[uint64]struct{}
}

const nameSetMax = 1 << 20

func (n *nameSet) add(name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.put([]byte(name))
}

// addEntries adds the files and folders of a listing.
func (n *nameSet) addEntries(dir string, all []fs.DirEntry) {
	n.mu.Lock()
	defer n.mu.Unlock()
	var path []byte
	if dir != "." {
		path = append([]byte(dir), '/')
	}
	prefix := len(path)
	for _, e := range all {
		if e.Type().IsRegular() || e.IsDir() {
			path = append(path[:prefix], e.Name()...)
			n.put(path)
		}
	}
}

// put runs with n.mu held.
func (n *nameSet) put(name []byte) {
	if n.set == nil {
		n.seed, n.set = maphash.MakeSeed(), map[uint64]struct{}{}
	}
	if len(n.set) < nameSetMax {
		n.set[maphash.Bytes(n.seed, name)] = struct{}{}
	}
}

func (n *nameSet) has(name string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.set == nil {
		return false
	}
	_, ok := n.set[maphash.String(n.seed, name)]
	return ok
}
