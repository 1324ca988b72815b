package files

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Survey is what one pass over the whole tree finds: the few entries that are of interest, and
// how many there are of each kind.
type Survey struct {
	Has            filetree.Has // what the tree knows of each entry
	Entries        int          // of all kinds, the root among them
	Files, Folders int
	Writable       []filetree.Entry // regular files that everybody may write to
	Open           []filetree.Entry // folders that everybody may write to, without the sticky bit
	Setuid         []filetree.Entry // regular files that run with the rights of owner or group
	Capable        []filetree.Entry // regular files with capabilities
	Owners         map[Owner]bool   // of all entries
	LeftOut        []string         // folders that the walk was not let into, filetree.Table.LeftOut
	table          *filetree.Table
}

// Owner is the user and the group that an entry belongs to.
type Owner struct{ UID, GID uint32 }

// Fact is the survey of the tree, made of [inventory.Tree].
var Fact = inventory.NewFact("survey of the tree", func(ctx context.Context, s *inventory.System) (*Survey, error) {
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
})

// maxNotable bounds the memory that a hostile tree can make the survey take.
const maxNotable = 1 << 20

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

// OwnedBy returns the entries whose owner is wanted. Where none is, nothing is looked at.
func (v *Survey) OwnedBy(wanted func(Owner) bool) []filetree.Entry {
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
