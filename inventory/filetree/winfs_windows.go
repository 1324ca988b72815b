package filetree

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"golang.org/x/sys/windows"

	"github.com/hardening-sdk/hardening/internal/sys"
	"github.com/hardening-sdk/hardening/internal/wtf8"
)

// winFS is the file tree of the running Windows: its drives are the folders of the root.
// It is asked for names without links, which [New] resolves around it. Each element is
// opened below the handle of its folder and as itself, so that nobody who changes names
// at the same time leads it elsewhere.
type winFS struct{ limits Limits }

var (
	_ FS           = (*winFS)(nil)
	_ configurable = (*winFS)(nil)
)

func newWinFS() *winFS { return &winFS{Limits{}.OrDefault()} }

func (f *winFS) configure(_ bool, l Limits) (FS, error) { return &winFS{l.OrDefault()}, nil }

func (f *winFS) Open(name string) (fs.File, error) {
	return winLocate(f, "open", name, func(p *winPlace) (fs.File, error) { return f.open(name, p) })
}

func (f *winFS) Lstat(name string) (fs.FileInfo, error) {
	return winLocate(f, "lstat", name, func(p *winPlace) (fs.FileInfo, error) { return p.info(name) })
}

func (f *winFS) ReadLink(name string) (string, error) {
	return winLocate(f, "readlink", name, func(p *winPlace) (string, error) {
		if p.substitute != "" {
			return winTarget(p.drive, p.substitute, false)
		}
		if p.root {
			return "", fmt.Errorf("%w: not a link", fs.ErrInvalid)
		}
		mode, err := p.mode()
		if err != nil {
			return "", err
		}
		if mode != fs.ModeSymlink {
			return "", fmt.Errorf("%w: not a link", fs.ErrInvalid)
		}
		b, err := sys.ReparseData(p.handle)
		if err != nil {
			return "", err
		}
		return winLink(p.drive, b)
	})
}

// open opens what was looked at, and only a file or folder on this machine.
func (f *winFS) open(name string, p *winPlace) (fs.File, error) {
	if p.root {
		return f.drives()
	}
	info, err := p.info(name)
	if err != nil {
		return nil, err
	}
	if t := info.mode.Type(); t != 0 && t != fs.ModeDir {
		return nil, irregularError(t)
	}
	if elsewhere(info.attributes) && f.limits.Mounts&MountNetwork == 0 {
		return nil, fmt.Errorf("its content is kept elsewhere: %w", ErrUnavailable)
	}
	if !sys.OnDisk(p.handle) {
		return nil, irregularError(fs.ModeIrregular)
	}
	h, err := sys.OpenData(p.handle)
	if err != nil {
		return nil, err
	}
	return &winFile{fsys: f, file: os.NewFile(uintptr(h), name), name: name, info: info}, nil
}

// winPlace is where a name leads. Its handle is for looking only: nothing was opened yet.
type winPlace struct {
	handle     windows.Handle
	top        bool   // the root folder of a volume
	root       bool   // the folder of the drives, which has no handle
	drive      string // that it is on
	substitute string // the folder that the drive stands for, as subst makes them; without a handle
}

func (p *winPlace) close() {
	if p.handle != 0 {
		windows.CloseHandle(p.handle)
	}
}

func (p *winPlace) info(name string) (*winInfo, error) {
	if p.root || p.substitute != "" {
		info := &winInfo{name: path.Base(name), mode: fs.ModeDir, sys: Sys{Has: HasSize}}
		if p.substitute != "" {
			info.mode = fs.ModeSymlink
		}
		return info, nil
	}
	a, err := sys.StatHandle(p.handle)
	if err != nil {
		return nil, err
	}
	info := newWinInfo(path.Base(name), p.own(a.Attributes), a.Tag, a.Size, a.Written, a.Changed)
	info.sys.Has |= HasInode
	info.sys.Inode, info.sys.Dev, info.sys.Links = a.Index, a.Volume, a.Links
	if owner, group, err := sys.Owner(p.handle); err == nil && owner != "" {
		info.sys.Has |= HasSID
		info.sys.Owner, info.sys.Group = owner, group
	}
	return info, nil
}

// winLocate does one read of a file by name.
func winLocate[T any](f *winFS, op, name string, do func(*winPlace) (T, error)) (v T, err error) {
	p, err := f.find(name)
	if err == nil {
		defer p.close()
		v, err = do(p)
	}
	return v, PathError(op, name, translateStatus(err))
}

// find leads to a name. A link on the way is one that has come there since the name was
// resolved.
func (f *winFS) find(name string) (*winPlace, error) {
	elems, err := winElems(name)
	if err != nil {
		return nil, err
	}
	if len(elems) == 0 {
		return &winPlace{root: true}, nil
	}
	p, err := f.volume(elems[0])
	if err != nil {
		return nil, err
	}
	for i, e := range elems[1:] {
		if err = p.enter(e, i == len(elems)-2); err != nil {
			p.close()
			return nil, err
		}
	}
	return p, nil
}

// volume opens a drive, if it may be touched.
func (f *winFS) volume(name string) (*winPlace, error) {
	p, err := f.admit(name)
	if err == nil && p.substitute == "" {
		p.handle, err = sys.OpenVolume(p.drive)
		p.top = true
	}
	return p, err
}

// admit returns where a drive leads, not opened yet. Network drives are told by their
// device, since asking for their type may already wait.
func (f *winFS) admit(name string) (*winPlace, error) {
	p := &winPlace{drive: name}
	if isDrive(name) {
		p.drive = strings.ToUpper(name)
	}
	device, err := sys.Device(p.drive)
	if err != nil {
		return nil, err
	}
	kind := uint32(driveRemote)
	if !redirected(device) {
		if strings.HasPrefix(device, `\??\`) {
			p.substitute = device
			return p, nil
		}
		kind = sys.DriveType(p.drive)
	}
	return p, admitDrive(p.drive, kind, f.limits.Mounts)
}

// enter goes one element on.
func (p *winPlace) enter(elem string, last bool) error {
	if p.substitute != "" {
		return fmt.Errorf("%s stands for a folder: %w", p.drive, ErrChanged)
	}
	mode, err := p.mode()
	if err != nil {
		return err
	}
	switch {
	case mode == fs.ModeDir:
	case mode == fs.ModeSymlink:
		return fmt.Errorf("a folder has become a link: %w", ErrChanged)
	case mode.IsDir():
		return irregularError(mode)
	default:
		return windows.STATUS_NOT_A_DIRECTORY
	}
	units, _ := wtf8.Units(elem) // a text, as winElems says
	open := sys.OpenBelow
	if last {
		open = sys.OpenBelowOwned
	}
	h, err := open(p.handle, units)
	if err != nil {
		return err
	}
	windows.CloseHandle(p.handle)
	p.handle, p.top = h, false
	return nil
}

func (p *winPlace) mode() (fs.FileMode, error) {
	attributes, tag, err := sys.Kind(p.handle)
	return winMode(p.own(attributes), tag), err
}

// own returns the attributes of a file itself. The root of a volume is no link, although
// Wine says so of some that are mounted.
func (p *winPlace) own(attributes uint32) uint32 {
	if p.top {
		attributes &^= attrReparse
	}
	return attributes
}

// translateStatus puts the kernel's errors into the terms of this package.
func translateStatus(err error) error {
	status, ok := err.(windows.NTStatus)
	if !ok {
		return translateWinErrno(err)
	}
	switch status {
	case windows.STATUS_NOT_A_DIRECTORY, windows.STATUS_OBJECT_TYPE_MISMATCH, windows.STATUS_DELETE_PENDING, windows.STATUS_FILE_DELETED:
		return missingError{err}
	case windows.STATUS_SHARING_VIOLATION, windows.STATUS_FILE_LOCK_CONFLICT:
		return fmt.Errorf("%w: %w", ErrUnavailable, err) // in use by who shares it with nobody
	case windows.STATUS_NO_MEDIA_IN_DEVICE, windows.STATUS_DEVICE_NOT_READY, windows.STATUS_UNRECOGNIZED_VOLUME,
		windows.STATUS_VOLUME_DISMOUNTED, windows.STATUS_FVE_LOCKED_VOLUME, windows.STATUS_FILE_IS_OFFLINE:
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if e := status.Errno(); e != windows.ERROR_MR_MID_NOT_FOUND {
		return e
	}
	return err // one that has no number outside of the kernel
}

// missingError is a status that means that something is not there.
type missingError struct{ status error }

func (e missingError) Error() string        { return fs.ErrNotExist.Error() + ": " + e.status.Error() }
func (e missingError) Is(target error) bool { return target == fs.ErrNotExist }
func (e missingError) Unwrap() error        { return e.status }

func translateWinErrno(err error) error {
	if errors.Is(err, windows.ERROR_NOT_A_REPARSE_POINT) {
		return fmt.Errorf("no link any more: %w", ErrChanged)
	}
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_SHARING_VIOLATION) {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

// winInfo is what Windows said of a file.
type winInfo struct {
	name       string
	mode       fs.FileMode
	size       int64
	mtime      time.Time
	attributes uint32
	sys        Sys
}

func newWinInfo(name string, attributes, tag uint32, size, written, changed int64) *winInfo {
	return &winInfo{name: name, mode: winMode(attributes, tag), size: size, mtime: winTime(written), attributes: attributes,
		sys: Sys{Has: HasSize | HasTimes, ChangeTime: winTime(changed)}}
}

func (i *winInfo) Name() string       { return i.name }
func (i *winInfo) Mode() fs.FileMode  { return i.mode }
func (i *winInfo) Size() int64        { return i.size }
func (i *winInfo) ModTime() time.Time { return i.mtime }
func (i *winInfo) IsDir() bool        { return i.mode.IsDir() }
func (i *winInfo) Sys() any           { return &i.sys }
