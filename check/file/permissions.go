// Package file has ready-made checks of files: their permissions and owners, and what one
// walk of the whole tree finds. [Kinds] names them.
package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
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

// Permissions is the kind file.permissions. It requires that files have no more than some
// permission bits, no access control list beside them (acl(5)), and the right owner and group, and
// that nobody but root and these owners can change a folder on the way to them, in which they could
// put another file. Links are followed, but for the list. A file that is not there is passed over;
// where none is, there is nothing to judge.
type Permissions struct {
	Files   []string `yaml:"files,required" doc:"names in the tree, without the first slash, or patterns of glob(7)"`
	MaxMode *Mode    `doc:"the permission bits that files may have at most; any, and an access control list, where none are stated"`
	Owners  []string `default:"root" doc:"names of users, one of which has to own each"`
	Groups  []string `doc:"names of groups, of one of which each has to be; any where there are none"`
	Private bool     `doc:"whether the group of a file, other than that of root, must have no members"`
}

// Check returns the check.
func (a Permissions) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if err := validNames(a.Files); err != nil {
		return nil, err
	}
	if len(a.Files) == 0 {
		return nil, errors.New("files must not be empty")
	}
	return check.Func(a.examine), nil
}

func (a Permissions) examine(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
	owners, errU := uids(ctx, sys, a.Owners)
	groups, errG := gids(ctx, sys, a.Groups)
	if err := errors.Join(errU, errG); err != nil {
		return err
	}
	names, err := files.Expand(ctx, sys, a.Files)
	if err != nil {
		return err
	}
	there := false
	guard := &Guard{Trusted: owners}
	for _, name := range names {
		f, err := files.Follow(ctx, sys, name)
		if inventory.IsAbsent(err, name) {
			continue
		}
		there = true
		if err == nil {
			err = a.judge(ctx, sys, v, f, guard, groups)
		}
		v.Err(err)
	}
	if !there {
		v.Say("none of the files is there")
		for _, name := range a.Files {
			v.Absent(lookedFor(name))
		}
	}
	return nil
}

// judge judges a file. Each thing that is wrong with it is a piece of evidence.
func (a Permissions) judge(ctx context.Context, sys *inventory.System, v *check.Verdict, f files.File, guard *Guard, groups []uint32) error {
	if !f.Owned() {
		return unowned(f)
	}
	var bad []check.Evidence
	add := func(want, got string) { bad = append(bad, about(f.Name, want, got)) }
	if m := ModeOf(f.Mode); a.MaxMode != nil && m&^*a.MaxMode != 0 {
		add(a.wantedMode(), m.String())
	}
	if !slices.Contains(guard.Trusted, f.UID) {
		add(a.wantedOwner(), "user "+strconv.Itoa(int(f.UID)))
	}
	if a.Groups != nil && !slices.Contains(groups, f.GID) {
		add(a.wantedGroup(), "group "+strconv.Itoa(int(f.GID)))
	}
	var errL, errM error
	replaceable, _, errW := guard.Replace(ctx, sys, f.Name)
	if replaceable != "" && errW == nil {
		add("folders that only root can change", replaceable)
	}
	if a.MaxMode != nil {
		var listed bool
		if listed, errL = files.HasAccessList(ctx, sys, f.Name); listed {
			add("no access control list", "one that lets others in")
		}
	}
	if a.Private && f.GID != 0 {
		var some []string
		some, errM = members(ctx, sys, f.GID)
		for _, m := range some {
			add("a group without members", m+" is in group "+strconv.Itoa(int(f.GID)))
		}
	}
	for _, e := range bad {
		v.Bad(e)
	}
	if err := errors.Join(errL, errM, errW); err != nil || len(bad) > 0 {
		return err
	}
	v.Good(about(f.Name, a.wanted(), permissions(f)))
	return nil
}

// wanted tells all that is asked of a file.
func (a Permissions) wanted() string {
	var all []string
	if a.MaxMode != nil {
		all = append(all, a.wantedMode())
	}
	if len(a.Owners) > 0 {
		all = append(all, a.wantedOwner())
	}
	if len(a.Groups) > 0 {
		all = append(all, a.wantedGroup())
	}
	if a.Private {
		all = append(all, "a group without members")
	}
	return strings.Join(all, ", ")
}

func (a Permissions) wantedMode() string  { return "mode " + a.MaxMode.String() + " or less" }
func (a Permissions) wantedOwner() string { return fmt.Sprintf("owned by one of %q", a.Owners) }
func (a Permissions) wantedGroup() string { return fmt.Sprintf("of one of the groups %q", a.Groups) }

// permissions tells what was found of a file.
func permissions(f files.File) string {
	return fmt.Sprintf("mode %s, user %d, group %d", ModeOf(f.Mode), f.UID, f.GID)
}

func about(name, want, got string) check.Evidence {
	return check.Evidence{Position: inventory.Position{Source: name}, Subject: name, Want: want, Got: got}
}

// lookedFor is evidence of a file that is not there, or of a pattern that names none.
func lookedFor(name string) check.Evidence {
	e := check.Evidence{Subject: name}
	if !strings.ContainsAny(name, "*?[") {
		e.Source = name
	}
	return e
}

// unowned is the error of a tree without modes and owners, such as an archive made without.
func unowned(f files.File) error {
	return fmt.Errorf("the tree does not know mode and owner of %s: %w", f.Name, inventory.ErrUnavailable)
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
