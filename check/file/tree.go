package file

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/group"
	"github.com/hardening-sdk/hardening/inventory/accounts/nsswitch"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// picker chooses the entries of a survey that are judged one by one, of as many as it says.
type picker func(*files.Survey) (some []filetree.Entry, all int)

// judge returns the evidence of an entry, and whether it is in breach.
type judge func(e filetree.Entry, name string) (ev check.Evidence, bad bool)

// ofTree judges the entries of the survey that pick chooses. What needs has to be real in the
// tree. Folders in except, with all below them, are not asked for.
func ofTree(needs filetree.Has, except []string, pick picker, bad judge) check.Check {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		v, err := survey(ctx, sys, except)
		if err != nil {
			return check.FromError(err)
		}
		if r, ok := fit(v, needs); !ok {
			return r
		}
		some, all := pick(v)
		return judged(some, all, bad)
	})
}

// survey returns the survey of the tree. That a folder was left out of the walk does no harm
// where the rule excepts it.
func survey(ctx context.Context, sys *inventory.System, except []string) (*files.Survey, error) {
	v, err := files.Fact.Of(ctx, sys)
	if err != nil {
		return nil, err
	}
	for _, name := range v.LeftOut {
		if below(name, except) {
			sys.Excuse(name)
		}
	}
	return v, nil
}

// fit reports whether the tree tells what is needed, and if not what that means.
func fit(v *files.Survey, needs filetree.Has) (check.Result, bool) {
	switch {
	case v.Has&needs != needs:
		return check.FromError(fmt.Errorf("the tree does not know modes, owners or attributes: %w", inventory.ErrUnavailable)), false
	case v.Entries <= 1: // the root alone
		return check.Absent("the tree is empty"), false
	}
	return check.Result{}, true
}

// judged is check.Each for some of all subjects; the rest is in no breach.
func judged(some []filetree.Entry, all int, bad judge) check.Result {
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
	pick := func(v *files.Survey) ([]filetree.Entry, int) { return v.Writable, v.Files }
	return ofTree(filetree.HasMode, a.Except, pick, func(e filetree.Entry, name string) (check.Evidence, bool) {
		return about(name, "not writable by everybody", e), !below(name, a.Except)
	}), validNames(a.Except)
}

func about(name, want string, e filetree.Entry) check.Evidence {
	return check.Evidence{Position: inventory.Position{Source: name}, Subject: name, Want: want, Got: "mode " + ModeOf(e.Mode()).String()}
}

// Sticky asks that in each folder that everybody may write to only the owner of a file can
// remove it: the folder has the sticky bit.
type Sticky struct {
	Except []string // folders with all below them
}

// Check makes the check.
func (a Sticky) Check() (check.Check, error) {
	pick := func(v *files.Survey) ([]filetree.Entry, int) { return v.Open, v.Folders }
	return ofTree(filetree.HasMode, a.Except, pick, func(e filetree.Entry, name string) (check.Evidence, bool) {
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
	pick := func(v *files.Survey) ([]filetree.Entry, int) { return v.Setuid, v.Files }
	return ofTree(filetree.HasMode, nil, pick, func(e filetree.Entry, name string) (check.Evidence, bool) {
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
	pick := func(v *files.Survey) ([]filetree.Entry, int) { return v.Capable, v.Files }
	return ofTree(filetree.HasXattr, nil, pick, func(e filetree.Entry, name string) (check.Evidence, bool) {
		return check.Evidence{Position: inventory.Position{Source: name}, Subject: name, Want: "no capabilities, or a place among the expected", Got: permitted(e.Capabilities())},
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
	return check.OldFunc(a.examine), validNames(a.Except)
}

func (a Unowned) examine(ctx context.Context, sys *inventory.System) check.Result {
	users, errU := passwd.Fact.Of(ctx, sys)
	groups, errG := group.Fact.Of(ctx, sys)
	switched, errN := nsswitch.Fact.Of(ctx, sys)
	v, errT := survey(ctx, sys, a.Except)
	if err := errors.Join(errU, errG, errN, errT); err != nil {
		return check.FromError(err)
	}
	if r, ok := fit(v, filetree.HasOwner); !ok {
		return r
	}
	strangers := strangersOf(v, users, groups)
	unknown := func(o files.Owner) bool { _, ok := strangers[o]; return ok }
	r := judged(v.OwnedBy(unknown), v.Entries, func(e filetree.Entry, name string) (check.Evidence, bool) {
		got := strangers[files.Owner{UID: e.UID(), GID: e.GID()}]
		return check.Evidence{Position: inventory.Position{Source: name}, Subject: name, Want: "an owner and a group that exist", Got: got}, !below(name, a.Except)
	})
	if r.Status == check.Fail && !(switched.Local("passwd") && switched.Local("group")) {
		return check.FromError(fmt.Errorf("%s belongs to an account that only the directory service of nsswitch.conf may know: %w",
			r.Evidence[0].Subject, inventory.ErrUnavailable))
	}
	return r
}

// strangersOf returns the owners of files that no account is, and what they are.
func strangersOf(v *files.Survey, users []passwd.User, groups []group.Group) map[files.Owner]string {
	uids, gids := map[uint32]bool{}, map[uint32]bool{}
	for _, u := range users {
		uids[u.UID] = true
	}
	for _, g := range groups {
		gids[g.GID] = true
	}
	all := map[files.Owner]string{}
	for o := range v.Owners {
		switch {
		case !known(uids, o.UID):
			all[o] = "user " + strconv.FormatUint(uint64(o.UID), 10)
		case !known(gids, o.GID):
			all[o] = "group " + strconv.FormatUint(uint64(o.GID), 10)
		}
	}
	return all
}

func known(ids map[uint32]bool, id uint32) bool {
	return ids[id] || id >= dynamicMin && id <= dynamicMax
}
