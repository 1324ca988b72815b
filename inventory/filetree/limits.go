package filetree

// Limits bounds what one tree may take. The zero value is the defaults; a negative number
// means none at all is allowed, never "no limit".
type Limits struct {
	// DirEntries is the most entries of one folder. Default 1,000,000.
	DirEntries int
	// TreeEntries is the most files, folders and links that a walk records. Default
	// 10,000,000, about 500 MB.
	TreeEntries int
	// TreeDepth is the most nested folders that a walk enters. Default 512.
	TreeDepth int
	// LinkDepth is the most links that one name may lead through. Default 40, as in Linux
	// (path_resolution(7)).
	LinkDepth int
	// Mounts says which mounts of a running host may be touched although asking them can
	// hang or connect. Default none.
	Mounts MountClass
}

// MountClass is a set of kinds of mounts that are left alone unless allowed.
type MountClass uint8

// The kinds of mounts whose reading can hang, connect or mount.
const (
	MountNetwork MountClass = 1 << iota // NFS, CIFS, Ceph, 9p and their like; drives of other machines on Windows
	MountFUSE                           // a program serves each read
	MountAuto                           // autofs: looking mounts something; removable drives on Windows
)

const (
	defaultDirEntries  = 1_000_000
	defaultTreeEntries = 10_000_000
	defaultTreeDepth   = 512
	defaultLinkDepth   = 40
)

// OrDefault returns l with each zero number replaced by its default.
func (l Limits) OrDefault() Limits {
	set := func(p *int, d int) {
		if *p == 0 {
			*p = d
		}
	}
	set(&l.DirEntries, defaultDirEntries)
	set(&l.TreeEntries, defaultTreeEntries)
	set(&l.TreeDepth, defaultTreeDepth)
	set(&l.LinkDepth, defaultLinkDepth)
	return l
}
