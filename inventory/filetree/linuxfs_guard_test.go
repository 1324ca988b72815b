//go:build linux

package filetree_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// mountTable is a table of mounts at folders that in truth are plain ones, so that a
// touch would succeed.
const mountTable = `27 1 254:0 / / rw - ext4 /dev/vda rw
40 27 0:50 / /net rw - nfs4 server:/export rw
41 27 0:51 / /fuse rw - fuse.sshfs user@server:/ rw
42 27 0:52 / /auto rw - autofs systemd-1 rw,direct
43 27 0:53 / /new rw - newfs none rw
44 27 8:1 / /disk rw - ext4 /dev/sda1 rw
45 44 0:54 / /disk/net rw - cifs //server/share rw
`

func TestMountsThatMayHangAreNotTouched(t *testing.T) {
	files := map[string]string{"tonet": "->net", "todisknet": "->disk/x/../net/f", "disk/x/f": "text", "f": "text"}
	for _, d := range []string{"net", "fuse", "auto", "new", "disk/net"} {
		files[d+"/f"] = "text"
	}
	root := plant(t, files)
	tests := []struct {
		name  string
		allow filetree.MountClass
		ok    bool
		says  string
	}{
		{name: "f", ok: true},
		{name: "disk", ok: true},
		{name: "disk/x/f", ok: true},
		{name: "net", says: "nfs4 on net"},
		{name: "net/f", says: "nfs4 on net"},
		{name: "net/none", says: "nfs4 on net"},
		{name: "tonet", says: "nfs4 on net"},
		{name: "tonet/f", says: "nfs4 on net"},
		{name: "disk/net", says: "cifs on disk/net"},
		{name: "todisknet", says: "cifs on disk/net"},
		{name: "fuse/f", says: "fuse.sshfs on fuse"},
		{name: "auto", says: "autofs on auto"},
		{name: "new/f", says: "newfs on new"},
		{name: "net/f", allow: filetree.MountNetwork, ok: true},
		{name: "new/f", allow: filetree.MountNetwork, ok: true},
		{name: "net/f", allow: filetree.MountFUSE | filetree.MountAuto, says: "nfs4 on net"},
		{name: "fuse/f", allow: filetree.MountFUSE, ok: true},
		{name: "auto", allow: filetree.MountAuto, ok: true},
	}
	for _, way := range ways[:2] {
		for _, tt := range tests {
			t.Run(way.name+" "+tt.name, func(t *testing.T) {
				f := way.make(filetree.Configure(dir(t, root), true, filetree.Limits{Mounts: tt.allow}))
				f = filetree.WithMounts(f, mountTable)
				_, err := f.(filetree.RootedFS).Stat(tt.name)
				file, oerr := f.Open(tt.name)
				if oerr == nil {
					file.Close()
				}
				for _, err := range []error{err, oerr} {
					if tt.ok && err != nil {
						t.Errorf("got %v", err)
					}
					if !tt.ok && (!errors.Is(err, inventory.ErrUnavailable) || !strings.Contains(err.Error(), tt.says)) {
						t.Errorf("got %v, want that %q is not available", err, tt.says)
					}
				}
			})
		}
	}
}

func TestMountPointIsListedButNotLookedAt(t *testing.T) {
	root := plant(t, map[string]string{"net/f": "text", "link": "->net"})
	f := filetree.WithMounts(dir(t, root), mountTable)
	if _, err := f.Lstat("net"); !errors.Is(err, inventory.ErrUnavailable) {
		t.Errorf("lstat: got %v, want %v", err, inventory.ErrUnavailable)
	}
	if _, err := f.Lstat("link"); err != nil {
		t.Errorf("a link to it: got %v", err)
	}
	entries, err := fs.ReadDir(f, ".")
	if err != nil || len(entries) != 2 || entries[1].Name() != "net" || !entries[1].IsDir() {
		t.Fatalf("got %v, %v, want the mount point among the names", entries, err)
	}
	if _, err := entries[1].Info(); !errors.Is(err, inventory.ErrUnavailable) {
		t.Errorf("info: got %v, want %v", err, inventory.ErrUnavailable)
	}
}
