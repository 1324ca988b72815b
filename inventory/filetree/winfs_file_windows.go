package filetree

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"golang.org/x/sys/windows"

	"github.com/hardening-sdk/hardening/internal/sys"
	"github.com/hardening-sdk/hardening/internal/wtf8"
)

// winFile is an open regular file or folder.
type winFile struct {
	fsys *winFS
	file *os.File
	name string
	info *winInfo

	mu   sync.Mutex // of the folder's state
	buf  []uint64
	rest []byte // of buf, not yet taken
}

var (
	_ fs.ReadDirFile = (*winFile)(nil)
	_ io.ReaderAt    = (*winFile)(nil)
)

func (f *winFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *winFile) Close() error               { return PathError("close", f.name, f.file.Close()) }

func (f *winFile) Read(p []byte) (int, error) {
	n, err := f.file.Read(p)
	return n, f.failed(err)
}

// ReadAt reads as [io.ReaderAt] has it.
func (f *winFile) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.file.ReadAt(p, off)
	return n, f.failed(err)
}

func (f *winFile) failed(err error) error {
	if err == io.EOF {
		return err
	}
	return PathError("read", f.name, translateStatus(err))
}

// folderWords hold some hundred entries.
const folderWords = 8 << 10

// ReadDir returns entries in the order of the folder. What Info says of them is from the
// listing: type, size and times, but neither owner nor number. A folder with more than
// [Limits.DirEntries] is an error when all are asked for at once.
func (f *winFile) ReadDir(n int) ([]fs.DirEntry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []fs.DirEntry
	for n <= 0 || len(all) < n {
		e, err := f.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return all, PathError("readdir", f.name, translateStatus(err))
		}
		if e.Name() == "." || e.Name() == ".." {
			continue
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

func (f *winFile) next() (fs.DirEntry, error) {
	if len(f.rest) == 0 {
		if err := f.fill(); err != nil {
			return nil, err
		}
	}
	e, rest, ok := sys.NextEntry(f.rest)
	if !ok {
		return nil, errors.New("a malformed listing")
	}
	f.rest = rest
	return fs.FileInfoToDirEntry(newWinInfo(wtf8.Text(e.Name), e.Attributes, e.Tag, e.Size, e.Written, e.Changed)), nil
}

// fill lists more of the folder, under the protection of the file against being closed
// meanwhile.
func (f *winFile) fill() error {
	if f.buf == nil {
		f.buf = make([]uint64, folderWords)
	}
	conn, err := f.file.SyscallConn()
	if err != nil {
		return err
	}
	var errList error
	if err := conn.Control(func(h uintptr) { f.rest, errList = sys.List(windows.Handle(h), f.buf) }); err != nil {
		return err
	}
	if errList == windows.ERROR_NO_MORE_FILES || errList == windows.ERROR_FILE_NOT_FOUND {
		return io.EOF // the latter of an empty root
	}
	return errList
}

// drives returns the folder of the drives: those that may be touched, and volumes that
// have no letter but a folder they are mounted on. One that cannot be opened is there as
// well.
func (f *winFS) drives() (fs.File, error) {
	names, err := sys.Drives()
	if err != nil {
		return nil, err
	}
	more, err := sys.FolderVolumes()
	if err != nil {
		return nil, err
	}
	d := &winDrives{info: &winInfo{name: ".", mode: fs.ModeDir, sys: Sys{Has: HasSize}}}
	for _, name := range append(names, more...) {
		p, err := f.admit(name)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrUnavailable) {
			continue
		}
		if err != nil {
			return nil, err
		}
		e := winDrive{fsys: f, name: p.drive, mode: fs.ModeDir}
		if p.substitute != "" {
			e.mode = fs.ModeSymlink
		}
		d.all = append(d.all, e)
	}
	return d, nil
}

// winDrive is an entry of the folder of the drives.
type winDrive struct {
	fsys *winFS
	name string
	mode fs.FileMode
}

func (e winDrive) Name() string               { return e.name }
func (e winDrive) IsDir() bool                { return e.mode.IsDir() }
func (e winDrive) Type() fs.FileMode          { return e.mode }
func (e winDrive) Info() (fs.FileInfo, error) { return e.fsys.Lstat(e.name) }
func (e winDrive) String() string             { return fs.FormatDirEntry(e) }

// winDrives is the open folder of the drives.
type winDrives struct {
	info *winInfo
	mu   sync.Mutex
	all  []fs.DirEntry // not yet returned
}

func (d *winDrives) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *winDrives) Close() error               { return nil }
func (d *winDrives) Read([]byte) (int, error) {
	return 0, PathError("read", ".", errors.New("is a folder"))
}

func (d *winDrives) ReadDir(n int) ([]fs.DirEntry, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n <= 0 {
		n = max(len(d.all), 1)
	} else if len(d.all) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(d.all))
	some := d.all[:n:n]
	d.all = d.all[n:]
	return some, nil
}
