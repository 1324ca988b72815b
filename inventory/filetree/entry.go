package filetree

import (
	"encoding/binary"
	"io/fs"

	"github.com/hardening-sdk/hardening/internal/sys"
)

// Entry is one entry of a [Table].
type Entry struct {
	dir      *treeFolder // that it is in, nil for the root
	name     []byte
	mode     uint16
	uid, gid uint32
	links    uint64
	size     uint64
	caps     []byte
}

// Name returns the whole name, "." for the root. It is put together at each call.
func (e Entry) Name() string { return string(e.AppendName(nil)) }

// AppendName appends the whole name to b.
func (e Entry) AppendName(b []byte) []byte {
	if e.dir == nil {
		return append(b, '.')
	}
	return append(e.dir.appendPath(b), e.name...)
}

// Mode returns the type, the permissions, and setuid, setgid and sticky.
func (e Entry) Mode() fs.FileMode { return sys.FileMode(uint32(e.mode)) }

// UID returns the number of the owner.
func (e Entry) UID() uint32 { return e.uid }

// GID returns the number of the group.
func (e Entry) GID() uint32 { return e.gid }

// Links returns the number of hard links.
func (e Entry) Links() uint64 { return e.links }

// Size returns the bytes of a regular file.
func (e Entry) Size() int64 { return int64(e.size) }

// Capabilities returns the attribute security.capability as it is stored
// (capabilities(7), struct vfs_ns_cap_data of linux/capability.h), nil where there is
// none. It is read of regular files that somebody may execute. It must not be
// written to.
func (e Entry) Capabilities() []byte { return e.caps }

// treeFolder is a folder of a table. Its entries are encoded one after the other, in
// as few bytes as each needs; where one is a folder, it has its name only.
type treeFolder struct {
	data []byte       // its own attributes, then the entries; nil for one that is gone
	kids []treeFolder // the folders among the entries, in their order
	up   *treeFolder
	at   uint32 // where its name stands in up.data
}

// withCaps stands in the bits of the type for a regular file with capabilities, which
// no type of inode(7) has.
const withCaps = 0o110000

// visit yields the folder and all below it.
func (d *treeFolder) visit(yield func(Entry) bool) bool {
	if d.data == nil {
		return true
	}
	e := Entry{dir: d.up}
	if d.up != nil {
		e.name, _ = takeBytes(d.up.data[d.at:])
	}
	rest := e.takeMode(d.data)
	rest = e.takeAttributes(rest)
	if !yield(e) {
		return false
	}
	kids := d.kids
	for len(rest) > 0 {
		e := Entry{dir: d}
		rest = e.takeMode(rest)
		e.name, rest = takeBytes(rest)
		if e.mode&sys.TypeMask == sys.Dir {
			if !kids[0].visit(yield) {
				return false
			}
			kids = kids[1:]
			continue
		}
		if rest = e.takeAttributes(rest); !yield(e) {
			return false
		}
	}
	return true
}

// appendPath appends the folder's name and a slash, nothing for the root.
func (d *treeFolder) appendPath(b []byte) []byte {
	if d.up == nil {
		return b
	}
	name, _ := takeBytes(d.up.data[d.at:])
	return append(append(d.up.appendPath(b), name...), '/')
}

// path returns the folder's whole name.
func (d *treeFolder) path() string {
	if d.up == nil {
		return "."
	}
	b := d.appendPath(nil)
	return string(b[:len(b)-1])
}

func (e *Entry) takeMode(b []byte) []byte {
	e.mode = binary.LittleEndian.Uint16(b)
	return b[2:]
}

func (e *Entry) takeAttributes(b []byte) []byte {
	var uid, gid uint64
	uid, b = takeNumber(b)
	gid, b = takeNumber(b)
	e.uid, e.gid = uint32(uid), uint32(gid)
	e.links, b = takeNumber(b)
	e.size, b = takeNumber(b)
	if e.mode&sys.TypeMask == withCaps {
		e.mode = e.mode&^sys.TypeMask | sys.Regular
		e.caps, b = takeBytes(b)
	}
	return b
}

func takeNumber(b []byte) (uint64, []byte) {
	if b[0] < 0x80 {
		return uint64(b[0]), b[1:]
	}
	v, n := binary.Uvarint(b)
	return v, b[n:]
}

func takeBytes(b []byte) (v, rest []byte) {
	n, b := takeNumber(b)
	return b[:n:n], b[n:]
}
