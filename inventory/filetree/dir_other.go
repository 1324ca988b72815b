//go:build !linux

package filetree

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hardening-sdk/hardening/internal/sys"
)

// Dir returns the tree below a folder, an unbooted system such as a mounted image.
// [Open] resolves links around it, inside the folder.
func Dir(root string) (FS, error) {
	r, err := os.OpenRoot(root)
	if err != nil {
		return nil, err
	}
	return &rootFS{r}, nil
}

// rootFS is a folder that the operating system keeps names inside of. [Open] resolves
// links around it, so that it is asked for names without any.
type rootFS struct{ root *os.Root }

// local returns the name in the operating system's own form.
func local(op, name string) (string, error) {
	if !ValidName(name) {
		return "", PathError(op, name, fs.ErrInvalid)
	}
	if filepath.Separator == '/' {
		return name, nil // bytes; Localize would insist on UTF-8
	}
	l, err := filepath.Localize(name)
	if err != nil {
		return "", PathError(op, name, fmt.Errorf("%w: not a name on this system", fs.ErrInvalid))
	}
	return l, nil
}

func (f *rootFS) Lstat(name string) (fs.FileInfo, error) {
	l, err := local("lstat", name)
	if err != nil {
		return nil, err
	}
	info, err := f.root.Lstat(l)
	if err != nil {
		return nil, PathError("lstat", name, err)
	}
	return rootInfo{info}, nil
}

func (f *rootFS) ReadLink(name string) (string, error) {
	l, err := local("readlink", name)
	if err != nil {
		return "", err
	}
	target, err := f.root.Readlink(l)
	return filepath.ToSlash(target), PathError("readlink", name, err)
}

// Open looks first and compares after opening: nothing but a regular file or folder
// is opened, unless another takes its place in between, and then it is not read.
func (f *rootFS) Open(name string) (fs.File, error) {
	l, err := local("open", name)
	if err != nil {
		return nil, err
	}
	before, err := f.root.Lstat(l)
	if err != nil {
		return nil, PathError("open", name, err)
	}
	if t := before.Mode().Type(); t != 0 && t != fs.ModeDir {
		return nil, PathError("open", name, irregularError(t))
	}
	file, err := f.root.OpenFile(l, os.O_RDONLY|sys.Nonblock, 0)
	if err != nil {
		return nil, PathError("open", name, err)
	}
	after, err := file.Stat()
	if err == nil && !os.SameFile(before, after) {
		err = ErrChanged
	}
	if err != nil {
		file.Close()
		return nil, PathError("open", name, err)
	}
	return &rootFile{File: file, info: rootInfo{after}}, nil
}

// Close gives up the folder.
func (f *rootFS) Close() error { return f.root.Close() }

// rootFile is an open file whose identity is in the form of this package.
type rootFile struct {
	*os.File
	info rootInfo
}

func (f *rootFile) Stat() (fs.FileInfo, error) { return f.info, nil }

func (f *rootFile) ReadDir(n int) ([]fs.DirEntry, error) {
	all, err := f.File.ReadDir(n)
	for i, e := range all {
		all[i] = rootEntry{e}
	}
	return all, err
}

type rootEntry struct{ fs.DirEntry }

func (e rootEntry) Info() (fs.FileInfo, error) {
	info, err := e.DirEntry.Info()
	if err != nil {
		return nil, err
	}
	return rootInfo{info}, nil
}

type rootInfo struct{ fs.FileInfo }

// Sys returns what the operating system says of the file, as far as it is known how
// to read it here.
func (i rootInfo) Sys() any {
	st := &Sys{Has: HasSize}
	if id, ok := sys.Identify(i.FileInfo); ok {
		*st = Sys{Has: HasOwner | HasMode | HasInode | HasTimes | HasSize, UID: id.UID, GID: id.GID,
			Inode: id.Inode, Dev: id.Dev, Links: id.Links, ChangeTime: id.ChangeTime}
	}
	return st
}
