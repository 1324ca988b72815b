package files

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Survey is what one pass over the whole tree finds: the entries of interest, and how many files
// and folders there are.
type Survey struct {
	Has            filetree.Has     // what the tree knows about its entries
	Entries        int              // the number of entries of all kinds with the root
	Files, Folders int              // the numbers of regular files and of folders
	Writable       []filetree.Entry // regular files that everybody may write to
	Open           []filetree.Entry // folders that everybody may write to, without the sticky bit
	Setuid         []filetree.Entry // regular files that run with the rights of their owner or group
	Capable        []filetree.Entry // regular files with capabilities, capabilities(7)
	Owners         map[Owner]bool   // the owners of all entries
	LeftOut        []string         // folders that the walk did not enter, see [filetree.Table.LeftOut]
	table          *filetree.Table
}

// Owner is the user and the group that an entry belongs to.
type Owner struct{ UID, GID uint32 }

// Fact is the survey of the tree. It is made of [inventory.Tree], and needs no further reads.
var Fact = inventory.NewFact("survey of the tree", collect)

func collect(ctx context.Context, s *inventory.System) (*Survey, error) {
	t, err := inventory.Tree.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	v := &Survey{Has: t.Has(), Entries: t.Len(), Owners: map[Owner]bool{}, table: t}
	for _, err := range t.LeftOut() {
		v.LeftOut = append(v.LeftOut, err.(*fs.PathError).Path)
	}
	var last Owner
	for e := range t.All() {
		if o := (Owner{e.UID(), e.GID()}); o != last || len(v.Owners) == 0 {
			v.Owners[o], last = true, o
		}
		v.add(e)
	}
	if n := max(len(v.Writable), len(v.Open), len(v.Setuid), len(v.Capable)); n > maxNotable {
		return nil, fmt.Errorf("%d files of one kind in breach, over %d: %w", n, maxNotable, inventory.ErrLimit)
	}
	return v, nil
}

// maxNotable bounds the memory of the survey of a hostile tree.
const maxNotable = 1 << 20

// add counts an entry and keeps it if it is of interest.
func (v *Survey) add(e filetree.Entry) {
	switch m := e.Mode(); {
	case m.IsDir():
		v.Folders++
		if m.Perm()&0o002 != 0 && m&fs.ModeSticky == 0 {
			v.Open = append(v.Open, e)
		}
	case m.IsRegular():
		v.Files++
		v.addFile(e, m)
	}
}

// addFile keeps a regular file if it is of interest.
func (v *Survey) addFile(e filetree.Entry, m fs.FileMode) {
	if m.Perm()&0o002 != 0 {
		v.Writable = append(v.Writable, e)
	}
	if m&(fs.ModeSetuid|fs.ModeSetgid) != 0 && m.Perm()&0o111 != 0 {
		v.Setuid = append(v.Setuid, e)
	}
	if e.Capabilities() != nil {
		v.Capable = append(v.Capable, e)
	}
}

// OwnedBy returns the entries whose owner wanted reports.
func (v *Survey) OwnedBy(wanted func(Owner) bool) []filetree.Entry {
	// Most often no owner is wanted, and then the entries need not be walked through.
	some := map[Owner]bool{}
	for o := range v.Owners {
		if wanted(o) {
			some[o] = true
		}
	}
	if len(some) == 0 {
		return nil
	}
	var all []filetree.Entry
	for e := range v.table.All() {
		if some[Owner{e.UID(), e.GID()}] {
			all = append(all, e)
		}
	}
	return all
}
