package file

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
)

// Below asks that files in some folders, and in the folders in them, have no more than some
// permission bits, and an owner of some. The folders themselves are judged with those in
// them. Links are passed over; a folder that is not there is too, and where none is, there is
// nothing to judge.
type Below struct {
	Folders       []string `yaml:"folders,required"` // names in the tree, without the first slash
	MaxMode       *Mode    // of files; bits beyond these fail
	MaxFolderMode *Mode    // of folders
	Owners        []string // names of users, one of which has to own each; any where empty
	Groups        []string // names of groups, of one of which each has to be; any where empty
	// Except are patterns of path.Match for whole names, of files or of folders with all
	// that is in them.
	Except []string
}

// Check makes the check.
func (a Below) Check() (check.Check, error) {
	if len(a.Folders) == 0 || a.MaxMode == nil && a.MaxFolderMode == nil && a.Owners == nil && a.Groups == nil {
		return nil, errors.New("want folders, and a mode, owners or groups")
	}
	if err := errors.Join(validNames(a.Folders), validPatterns(a.Except)); err != nil {
		return nil, err
	}
	return check.OldFunc(a.examine), nil
}

func (a Below) examine(ctx context.Context, sys *inventory.System) check.Result {
	owners, errU := uids(ctx, sys, a.Owners)
	groups, errG := gids(ctx, sys, a.Groups)
	if err := errors.Join(errU, errG); err != nil {
		return check.FromError(err)
	}
	var all []files.File
	for _, name := range a.Folders {
		some, err := files.ListBelow(ctx, sys, name, a.excepted)
		if err != nil {
			return check.FromError(err)
		}
		all = append(all, some...)
	}
	for _, f := range all {
		if !f.Owned() {
			return check.FromError(fmt.Errorf("the tree does not know mode and owner of %s: %w", f.Name, inventory.ErrUnavailable))
		}
	}
	return check.Each(all, func(f files.File) (check.Evidence, bool) {
		mode := ModeOf(f.Mode)
		ev := check.Evidence{Position: inventory.Position{Source: f.Name}, Subject: f.Name}
		limit := a.MaxMode
		if f.Mode.IsDir() {
			limit = a.MaxFolderMode
		}
		switch {
		case limit != nil && mode&^*limit != 0:
			ev.Want, ev.Got = "mode "+limit.String()+" or less", "mode "+mode.String()
		case len(a.Owners) > 0 && !slices.Contains(owners, f.UID):
			ev.Want, ev.Got = fmt.Sprintf("owned by one of %q", a.Owners), "user "+strconv.Itoa(int(f.UID))
		case len(a.Groups) > 0 && !slices.Contains(groups, f.GID):
			ev.Want, ev.Got = fmt.Sprintf("of one of the groups %q", a.Groups), "group "+strconv.Itoa(int(f.GID))
		default:
			return ev, false
		}
		return ev, true
	})
}

// excepted reports whether a file, or a folder with all that is in it, is left out.
func (a Below) excepted(name string) bool {
	return slices.ContainsFunc(a.Except, func(p string) bool { ok, _ := path.Match(p, name); return ok })
}
