//go:build linux

package filetree

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/internal/sys"
)

// linuxFile is an open regular file or folder. It is read by system calls and not
// through os.File, whose poller would wait for a pseudo file that has nothing to say.
type linuxFile struct {
	fsys *linuxFS
	fd   *sys.FD
	name string

	mu    sync.Mutex // of the folder's state
	buf   []byte
	rest  []byte // of buf, not yet taken
	large bool   // the folder needs a larger buf
}

var (
	_ fs.ReadDirFile = (*linuxFile)(nil)
	_ io.ReaderAt    = (*linuxFile)(nil)
)

// use calls do with the descriptor, again when a signal interrupts it.
func (f *linuxFile) use(op string, do func(fd int) (int, error)) (int, error) {
	fd, err := f.fd.Use()
	if err != nil {
		return 0, PathError(op, f.name, err)
	}
	defer f.fd.Done()
	for {
		n, err := do(fd)
		if err == unix.EINTR {
			continue
		}
		return max(n, 0), PathError(op, f.name, translateErrno(err))
	}
}

func (f *linuxFile) Read(p []byte) (int, error) {
	n, err := f.use("read", func(fd int) (int, error) { return unix.Read(fd, p) })
	if n == 0 && err == nil && len(p) > 0 {
		err = io.EOF
	}
	return n, err
}

// ReadAt reads as [io.ReaderAt] has it.
func (f *linuxFile) ReadAt(p []byte, off int64) (int, error) {
	done := 0
	for done < len(p) {
		n, err := f.use("read", func(fd int) (int, error) { return unix.Pread(fd, p[done:], off+int64(done)) })
		done += n
		if err != nil {
			return done, err
		}
		if n == 0 {
			return done, io.EOF
		}
	}
	return done, nil
}

func (f *linuxFile) Stat() (info fs.FileInfo, err error) {
	_, err = f.use("stat", func(fd int) (int, error) {
		st, err := sys.Fstat(fd)
		info = f.fsys.info(f.name, fd, &st)
		return 0, err
	})
	if err != nil {
		return nil, err
	}
	return info, nil
}

func (f *linuxFile) Close() error {
	return PathError("close", f.name, f.fd.Close())
}

// Most folders fit into firstBuffer; folderBuffer, for others, holds about a thousand entries.
const firstBuffer, folderBuffer = 2 << 10, 32 << 10

// ReadDir returns entries in the order of the folder. A folder with more than
// [Limits.DirEntries] is an error when all are asked for at once.
func (f *linuxFile) ReadDir(n int) ([]fs.DirEntry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []fs.DirEntry
	for n <= 0 || len(all) < n {
		e, err := f.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return all, err
		}
		if all = append(all, e); n <= 0 && len(all) > f.fsys.limits.DirEntries {
			err := fmt.Errorf("%w: more than %d entries", ErrLimit, f.fsys.limits.DirEntries)
			return nil, PathError("readdir", f.name, err)
		}
	}
	if n > 0 && len(all) == 0 {
		return nil, io.EOF
	}
	return all, nil
}

func (f *linuxFile) next() (fs.DirEntry, error) {
	for {
		name, kind, rest := sys.NextDirent(f.rest)
		f.rest = rest
		if name != nil {
			if e := f.entry(string(name[:len(name)-1]), kind); e != nil {
				return e, nil
			}
			continue
		}
		switch {
		case f.buf == nil:
			f.buf = make([]byte, firstBuffer)
		case f.large:
			f.buf, f.large = make([]byte, folderBuffer), false
		}
		n, err := f.use("readdir", func(fd int) (int, error) { return sys.Getdents(fd, f.buf) })
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return nil, io.EOF
		}
		f.rest = f.buf[:n]
		f.large = len(f.buf) == firstBuffer && n > firstBuffer/2
	}
}

// entry returns nil for a file that is gone already.
func (f *linuxFile) entry(name string, kind byte) fs.DirEntry {
	e := linuxEntry{f.fsys, f.name, name, 0}
	mode, ok := sys.DirentMode(kind)
	if !ok {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if mode = fs.ModeIrregular; err == nil {
			mode = info.Mode().Type()
		}
	}
	e.mode = mode
	return e
}

// linuxEntry is an entry of a folder. Info goes by name through the tree and not by
// the folder's descriptor, as it may be asked after the folder was closed, and as a
// mount that must not be touched may sit on the entry.
type linuxEntry struct {
	fsys      *linuxFS
	dir, name string
	mode      fs.FileMode
}

func (e linuxEntry) Name() string               { return e.name }
func (e linuxEntry) IsDir() bool                { return e.mode.IsDir() }
func (e linuxEntry) Type() fs.FileMode          { return e.mode }
func (e linuxEntry) Info() (fs.FileInfo, error) { return e.fsys.Lstat(Join(e.dir, e.name)) }
func (e linuxEntry) String() string             { return fs.FormatDirEntry(e) }
