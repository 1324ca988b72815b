package file

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/internal/glob"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
)

// Below is the kind file.below. It requires that files in some folders, and in the folders in them,
// have no more than some permission bits, and an owner of some. The folders themselves are judged
// with those in them, and nobody but root and these owners may be able to change a folder on the way
// to them. Links are passed over; a folder that is not there is too, and where none is,
// there is nothing to judge.
type Below struct {
	Folders       []string `yaml:"folders,required" doc:"names of folders in the tree, without the first slash"`
	MaxMode       *Mode    `doc:"the permission bits that files may have at most; any where none are stated"`
	MaxFolderMode *Mode    `doc:"the permission bits that folders may have at most; any where none are stated"`
	Owners        []string `doc:"names of users, one of which has to own each; anybody where there are none"`
	Groups        []string `doc:"names of groups, of one of which each has to be; any where there are none"`
	Except        []string `doc:"patterns of path.Match for whole names of files, or of folders with all that is in them, that are not judged"`
}

// Check returns the check.
func (a Below) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Folders) == 0 || a.MaxMode == nil && a.MaxFolderMode == nil && a.Owners == nil && a.Groups == nil {
		return nil, errors.New("want folders, and a mode, owners or groups")
	}
	if err := errors.Join(validNames(a.Folders), validPatterns(a.Except)); err != nil {
		return nil, err
	}
	return check.Func(a.examine), nil
}

func (a Below) examine(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
	owners, errU := uids(ctx, sys, a.Owners)
	groups, errG := gids(ctx, sys, a.Groups)
	if err := errors.Join(errU, errG); err != nil {
		return err
	}
	var all []files.File
	guard := &Guard{Trusted: owners}
	for _, name := range a.Folders {
		some, err := files.ListBelow(ctx, sys, name, a.excepted)
		if err != nil {
			return err
		}
		if len(some) == 0 {
			v.Absent(lookedFor(name))
			continue
		}
		if how, _, err := guard.Replace(ctx, sys, name); err != nil {
			return err
		} else if how != "" {
			v.Bad(about(name, "folders that only root can change", how))
		}
		all = append(all, some...)
	}
	for _, f := range all {
		if !f.Owned() {
			return unowned(f)
		}
	}
	for _, f := range all {
		a.judge(v, f, owners, groups)
	}
	return nil
}

// judge judges a file or folder by what is asked of it.
func (a Below) judge(v *check.Verdict, f files.File, owners, groups []uint32) {
	limit := a.MaxMode
	if f.Mode.IsDir() {
		limit = a.MaxFolderMode
	}
	p := Permissions{MaxMode: limit, Owners: a.Owners, Groups: a.Groups}
	switch {
	case limit != nil && ModeOf(f.Mode)&^*limit != 0:
		v.Bad(about(f.Name, p.wantedMode(), "mode "+ModeOf(f.Mode).String()))
	case len(a.Owners) > 0 && !slices.Contains(owners, f.UID):
		v.Bad(about(f.Name, p.wantedOwner(), "user "+strconv.Itoa(int(f.UID))))
	case len(a.Groups) > 0 && !slices.Contains(groups, f.GID):
		v.Bad(about(f.Name, p.wantedGroup(), "group "+strconv.Itoa(int(f.GID))))
	default:
		v.Good(about(f.Name, p.wanted(), permissions(f)))
	}
}

// excepted reports whether a file, or a folder with all that is in it, is left out.
func (a Below) excepted(name string) bool {
	return slices.ContainsFunc(a.Except, func(p string) bool { return glob.Match(p, name) })
}
