package file

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/group"
	"github.com/hardening-sdk/hardening/inventory/accounts/nsswitch"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// survey is what the checks of this package ask of the tree, found in one pass: the few
// entries that may be in breach, and how many there are of each kind.
type survey struct {
	has            filetree.Has
	entries        int
	files, folders int
	writable       []filetree.Entry // regular files that everybody may write to
	open           []filetree.Entry // folders that everybody may write to, without the sticky bit
	setuid         []filetree.Entry // regular files that run with the rights of owner or group
	capable        []filetree.Entry // regular files with capabilities
	owners         map[owner]bool
	table          *filetree.Table
}

type owner struct{ uid, gid uint32 }

var surveyFact = inventory.NewFact("survey of the tree", func(ctx context.Context, sys *inventory.System) (*survey, error) {
	t, err := inventory.Tree.Of(ctx, sys)
	if err != nil {
		return nil, err
	}
	v := &survey{has: t.Has(), entries: t.Len(), owners: map[owner]bool{}, table: t}
	var last owner
	for e := range t.All() {
		if o := (owner{e.UID(), e.GID()}); o != last || len(v.owners) == 0 {
			v.owners[o], last = true, o
		}
		switch m := e.Mode(); {
		case m.IsDir():
			v.folders++
			if m.Perm()&0o002 != 0 && m&fs.ModeSticky == 0 {
				v.open = append(v.open, e)
			}
		case m.IsRegular():
			v.files++
			v.file(e, m)
		}
	}
	if n := max(len(v.writable), len(v.open), len(v.setuid), len(v.capable)); n > maxNotable {
		return nil, fmt.Errorf("%d files of one kind in breach, over %d: %w", n, maxNotable, inventory.ErrLimit)
	}
	return v, nil
})

// maxNotable bounds the memory that a hostile tree can make the survey take.
const maxNotable = 1 << 20

func (v *survey) file(e filetree.Entry, m fs.FileMode) {
	if m.Perm()&0o002 != 0 {
		v.writable = append(v.writable, e)
	}
	if m&(fs.ModeSetuid|fs.ModeSetgid) != 0 && m.Perm()&0o111 != 0 {
		v.setuid = append(v.setuid, e)
	}
	if e.Capabilities() != nil {
		v.capable = append(v.capable, e)
	}
}

// ofTree judges the entries of the survey that pick chooses, of as many as it says. What
// needs has to be real in the tree.
func ofTree(needs filetree.Has, pick func(*survey) ([]filetree.Entry, int), bad func(filetree.Entry, string) (check.Evidence, bool)) check.Check {
	return check.Of(surveyFact, func(v *survey) check.Result {
		if r, ok := v.fit(needs); !ok {
			return r
		}
		some, all := pick(v)
		return judged(some, all, bad)
	})
}

// fit reports whether the tree tells what is needed, and if not what that means.
func (v *survey) fit(needs filetree.Has) (check.Result, bool) {
	switch {
	case v.has&needs != needs:
		return check.FromError(fmt.Errorf("the tree does not know modes, owners or attributes: %w", inventory.ErrUnavailable)), false
	case v.entries <= 1: // the root alone
		return check.Absent("the tree is empty"), false
	}
	return check.Result{}, true
}

// judged is check.Each for some of all subjects; the rest is in no breach.
func judged(some []filetree.Entry, all int, bad func(filetree.Entry, string) (check.Evidence, bool)) check.Result {
	r := check.Each(some, func(e filetree.Entry) (check.Evidence, bool) { return bad(e, e.Name()) })
	if r.Status == check.Fail {
		r.Message = fmt.Sprintf("%d of %d", len(r.Evidence)+r.Omitted, all)
		return r
	}
	return check.Passed(fmt.Sprintf("%d judged", all))
}

// below reports whether name is one of the folders or lies below one.
func below(name string, folders []string) bool {
	return slices.ContainsFunc(folders, func(f string) bool {
		rest, ok := strings.CutPrefix(name, f)
		return ok && (rest == "" || rest[0] == '/')
	})
}

func validNames(names []string) error {
	for _, n := range names {
		if !filetree.ValidName(n) {
			return fmt.Errorf("%q is no name in a tree; leave out the first slash", n)
		}
	}
	return nil
}

// WorldWritable asks that no regular file may be written to by everybody.
type WorldWritable struct {
	Except []string // files, and folders with all below them
}

// Check makes the check.
func (a WorldWritable) Check() (check.Check, error) {
	pick := func(v *survey) ([]filetree.Entry, int) { return v.writable, v.files }
	return ofTree(filetree.HasMode, pick, func(e filetree.Entry, name string) (check.Evidence, bool) {
		return about(name, "not writable by everybody", e), !below(name, a.Except)
	}), validNames(a.Except)
}

func about(name, want string, e filetree.Entry) check.Evidence {
	return check.Evidence{Source: name, Subject: name, Want: want, Got: "mode " + ModeOf(e.Mode()).String()}
}

// Sticky asks that in each folder that everybody may write to only the owner of a file can
// remove it: the folder has the sticky bit.
type Sticky struct {
	Except []string // folders with all below them
}

// Check makes the check.
func (a Sticky) Check() (check.Check, error) {
	pick := func(v *survey) ([]filetree.Entry, int) { return v.open, v.folders }
	return ofTree(filetree.HasMode, pick, func(e filetree.Entry, name string) (check.Evidence, bool) {
		return about(name, "the sticky bit, or not writable by everybody", e), !below(name, a.Except)
	}), validNames(a.Except)
}

// Setuid asks that no file but the expected ones runs with the rights of its owner or
// group: regular files with the bits 4000 or 2000 that somebody may execute.
type Setuid struct {
	// Allow are patterns of path.Match for whole names. The folder usr is left out on
	// both sides, so that bin/su is usr/bin/su as well.
	Allow []string `yaml:"allow,required"`
}

// Check makes the check.
func (a Setuid) Check() (check.Check, error) {
	pick := func(v *survey) ([]filetree.Entry, int) { return v.setuid, v.files }
	return ofTree(filetree.HasMode, pick, func(e filetree.Entry, name string) (check.Evidence, bool) {
		return about(name, "no setuid or setgid bit, or a place among the expected", e), !listed(name, a.Allow)
	}), validPatterns(a.Allow)
}

// listed reports whether a pattern matches name, the folder usr left out of both.
func listed(name string, patterns []string) bool {
	name = strings.TrimPrefix(name, "usr/")
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, _ := path.Match(strings.TrimPrefix(p, "usr/"), name)
		return ok
	})
}

func validPatterns(all []string) error {
	for _, p := range all {
		if _, err := path.Match(p, ""); err != nil || !filetree.ValidName(p) {
			return fmt.Errorf("%q is no pattern of names in a tree; leave out the first slash", p)
		}
	}
	return nil
}

// Capabilities asks that no file but the expected ones has capabilities of its own,
// capabilities(7).
type Capabilities struct {
	Allow []string // as those of Setuid
}

// Check makes the check.
func (a Capabilities) Check() (check.Check, error) {
	pick := func(v *survey) ([]filetree.Entry, int) { return v.capable, v.files }
	return ofTree(filetree.HasXattr, pick, func(e filetree.Entry, name string) (check.Evidence, bool) {
		return check.Evidence{Source: name, Subject: name, Want: "no capabilities, or a place among the expected", Got: permitted(e.Capabilities())},
			!listed(name, a.Allow)
	}), validPatterns(a.Allow)
}

// permitted says which capabilities the attribute permits, as a mask in hexadecimal:
// struct vfs_cap_data of linux/capability.h, a magic number, then pairs of permitted and
// inheritable words.
func permitted(b []byte) string {
	const pair = 8
	switch {
	case len(b) >= 4+2*pair:
		mask := uint64(binary.LittleEndian.Uint32(b[4:])) | uint64(binary.LittleEndian.Uint32(b[4+pair:]))<<32
		return fmt.Sprintf("capabilities %#x", mask)
	case len(b) >= 4+pair:
		return fmt.Sprintf("capabilities %#x", binary.LittleEndian.Uint32(b[4:]))
	}
	return "capabilities in an unknown form"
}

// Unowned asks that every file belongs to a user and a group that exist. Where accounts
// also come from a directory service, an owner that is not in the files may be one of
// them, and the check gives no verdict on it.
type Unowned struct {
	Except []string // folders with all below them, such as those of containers
}

// The user IDs that systemd gives to services for as long as they run (systemd.exec(5),
// DynamicUser=); their files stay.
const dynamicMin, dynamicMax = 61184, 65519

// Check makes the check.
func (a Unowned) Check() (check.Check, error) {
	return check.Func(a.examine), validNames(a.Except)
}

func (a Unowned) examine(ctx context.Context, sys *inventory.System) check.Result {
	users, errU := passwd.Fact.Of(ctx, sys)
	groups, errG := group.Fact.Of(ctx, sys)
	switched, errN := nsswitch.Fact.Of(ctx, sys)
	v, errT := surveyFact.Of(ctx, sys)
	if err := errors.Join(errU, errG, errN, errT); err != nil {
		return check.FromError(err)
	}
	if r, ok := v.fit(filetree.HasOwner); !ok {
		return r
	}
	strangers := v.strangers(users, groups)
	r := judged(v.ownedBy(strangers), v.entries, func(e filetree.Entry, name string) (check.Evidence, bool) {
		got := strangers[owner{e.UID(), e.GID()}]
		return check.Evidence{Source: name, Subject: name, Want: "an owner and a group that exist", Got: got}, !below(name, a.Except)
	})
	if r.Status == check.Fail && !(switched.Local("passwd") && switched.Local("group")) {
		return check.FromError(fmt.Errorf("%s belongs to an account that only the directory service of nsswitch.conf may know: %w",
			r.Evidence[0].Subject, inventory.ErrUnavailable))
	}
	return r
}

// strangers answers the owners of files that no account is, and what they are.
func (v *survey) strangers(users []passwd.User, groups []group.Group) map[owner]string {
	uids, gids := map[uint32]bool{}, map[uint32]bool{}
	for _, u := range users {
		uids[u.UID] = true
	}
	for _, g := range groups {
		gids[g.GID] = true
	}
	all := map[owner]string{}
	for o := range v.owners {
		switch {
		case !known(uids, o.uid):
			all[o] = "user " + strconv.FormatUint(uint64(o.uid), 10)
		case !known(gids, o.gid):
			all[o] = "group " + strconv.FormatUint(uint64(o.gid), 10)
		}
	}
	return all
}

// ownedBy answers the entries of some owners. Where there are none, nothing is looked at.
func (v *survey) ownedBy(some map[owner]string) []filetree.Entry {
	var all []filetree.Entry
	if len(some) == 0 {
		return nil
	}
	for e := range v.table.All() {
		if _, ok := some[owner{e.UID(), e.GID()}]; ok {
			all = append(all, e)
		}
	}
	return all
}

func known(ids map[uint32]bool, id uint32) bool {
	return ids[id] || id >= dynamicMin && id <= dynamicMax
}
