// Package file has ready-made checks of files: their permissions and owners, and what one
// walk of the whole tree finds.
package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/group"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/files"
)

// Mode is the permission bits of a file as chmod(1) writes them in octal, with the bits
// 4000, 2000 and 1000.
type Mode uint32

// UnmarshalText reads up to four octal digits.
func (m *Mode) UnmarshalText(b []byte) error {
	n, err := strconv.ParseUint(string(b), 8, 12)
	if err != nil {
		return fmt.Errorf("%q is no octal mode", b)
	}
	*m = Mode(n)
	return nil
}

// MarshalText returns four octal digits.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// String is four octal digits.
func (m Mode) String() string { return fmt.Sprintf("%04o", uint32(m)) }

// ModeOf returns the permission bits of m.
func ModeOf(m fs.FileMode) Mode {
	bits := Mode(m.Perm())
	for flag, bit := range map[fs.FileMode]Mode{fs.ModeSetuid: 0o4000, fs.ModeSetgid: 0o2000, fs.ModeSticky: 0o1000} {
		if m&flag != 0 {
			bits |= bit
		}
	}
	return bits
}

// Permissions asks that files have no more than some permission bits, no access control
// list beside them (acl(5)), and the right owner and group. Links are followed, but for the
// list. A file that is not there is passed over; where none is, there is nothing to judge.
type Permissions struct {
	// Files are names in the tree, without the first slash, or patterns of glob(7).
	Files   []string `yaml:"files,required"`
	MaxMode *Mode    // bits beyond these fail
	Owners  []string // names of users, one of which has to own each; default root
	Groups  []string // names of groups, of one of which each has to be; default any
	// Private asks that the group of a file, other than root's, has no members.
	Private bool
}

// Check makes the check.
func (a Permissions) Check() (check.Check, error) {
	if err := validNames(a.Files); err != nil {
		return nil, err
	}
	if len(a.Files) == 0 {
		return nil, errors.New("files must not be empty")
	}
	if a.Owners == nil {
		a.Owners = []string{"root"}
	}
	return check.OldFunc(a.examine), nil
}

func (a Permissions) examine(ctx context.Context, sys *inventory.System) check.Result {
	owners, err := uids(ctx, sys, a.Owners)
	groups, errG := gids(ctx, sys, a.Groups)
	if err := errors.Join(err, errG); err != nil {
		return check.FromError(err)
	}
	names, err := files.Expand(ctx, sys, a.Files)
	if err != nil {
		return check.FromError(err)
	}
	var checks []check.Check
	for _, name := range names {
		checks = append(checks, check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
			f, err := files.Follow(ctx, sys, name)
			if inventory.IsAbsent(err, name) {
				return check.Absent("")
			}
			if err != nil {
				return check.FromError(err)
			}
			return a.judge(ctx, sys, f, owners, groups)
		}))
	}
	r := check.All(checks...).Examine(ctx, sys)
	if r.Status == check.NotApplicable {
		r.Message = "none of the files is there"
	}
	r.Children = nil
	return r
}

func (a Permissions) judge(ctx context.Context, sys *inventory.System, f files.File, owners, groups []uint32) check.Result {
	if !f.Owned() {
		return check.FromError(fmt.Errorf("the tree does not know mode and owner of %s: %w", f.Name, inventory.ErrUnavailable))
	}
	var ev []check.Evidence
	add := func(want, got string) {
		ev = append(ev, check.Evidence{Position: inventory.Position{Source: f.Name}, Subject: f.Name, Want: want, Got: got})
	}
	if m := ModeOf(f.Mode); a.MaxMode != nil && m&^*a.MaxMode != 0 {
		add("mode "+a.MaxMode.String()+" or less", m.String())
	}
	if !slices.Contains(owners, f.UID) {
		add(fmt.Sprintf("owned by one of %q", a.Owners), "user "+strconv.Itoa(int(f.UID)))
	}
	if a.Groups != nil && !slices.Contains(groups, f.GID) {
		add(fmt.Sprintf("of one of the groups %q", a.Groups), "group "+strconv.Itoa(int(f.GID)))
	}
	if a.MaxMode != nil {
		listed, err := files.HasAccessList(ctx, sys, f.Name)
		switch {
		case listed:
			add("no access control list", "one that lets others in")
		case err != nil && len(ev) == 0:
			return check.FromError(err)
		}
	}
	if a.Private && f.GID != 0 {
		some, err := members(ctx, sys, f.GID)
		if err != nil && len(ev) == 0 {
			return check.FromError(err)
		}
		for _, m := range some {
			add("a group without members", m+" is in group "+strconv.Itoa(int(f.GID)))
		}
	}
	if len(ev) > 0 {
		return check.Failed("", ev...)
	}
	return check.Passed("")
}

// members returns who is in a group, by its list or as their own group.
func members(ctx context.Context, sys *inventory.System, gid uint32) ([]string, error) {
	groups, errG := group.Fact.Of(ctx, sys)
	users, errU := passwd.Fact.Of(ctx, sys)
	if err := errors.Join(errG, errU); err != nil {
		return nil, err
	}
	var all []string
	for _, g := range groups {
		if g.GID == gid {
			all = append(all, g.Members...)
		}
	}
	for _, u := range users {
		if u.GID == gid && u.UID != 0 {
			all = append(all, u.Name)
		}
	}
	return all, nil
}

// uids returns the user IDs of names; root needs no file. A name without an account owns
// nothing.
func uids(ctx context.Context, sys *inventory.System, names []string) ([]uint32, error) {
	ids := []uint32{}
	for _, name := range names {
		if name == "root" {
			ids = append(ids, 0)
			continue
		}
		users, err := passwd.Fact.Of(ctx, sys)
		if err != nil {
			return nil, err
		}
		for _, u := range users {
			if u.Name == name {
				ids = append(ids, u.UID)
			}
		}
	}
	return ids, nil
}

func gids(ctx context.Context, sys *inventory.System, names []string) ([]uint32, error) {
	ids := []uint32{}
	for _, name := range names {
		if name == "root" {
			ids = append(ids, 0)
			continue
		}
		groups, err := group.Fact.Of(ctx, sys)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			if g.Name == name {
				ids = append(ids, g.GID)
			}
		}
	}
	return ids, nil
}
