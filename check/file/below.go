package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
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

// maxDepth is how many folders lie in one another at most.
const maxDepth = 64

// Check makes the check.
func (a Below) Check() (check.Check, error) {
	if len(a.Folders) == 0 || a.MaxMode == nil && a.MaxFolderMode == nil && a.Owners == nil && a.Groups == nil {
		return nil, errors.New("want folders, and a mode, owners or groups")
	}
	if err := errors.Join(validNames(a.Folders), validPatterns(a.Except)); err != nil {
		return nil, err
	}
	return check.Func(a.examine), nil
}

func (a Below) examine(ctx context.Context, sys *inventory.System) check.Result {
	owners, errU := uids(ctx, sys, a.Owners)
	groups, errG := gids(ctx, sys, a.Groups)
	if err := errors.Join(errU, errG); err != nil {
		return check.FromError(err)
	}
	w := walk{ctx: ctx, sys: sys, except: a.Except}
	for _, name := range a.Folders {
		if err := w.enter(name, 0); err != nil {
			return check.FromError(err)
		}
	}
	for _, f := range w.found {
		if id := filetree.SysOf(f.info); id.Has&filetree.HasMode == 0 || id.Has&filetree.HasOwner == 0 {
			return check.FromError(fmt.Errorf("the tree does not know mode and owner of %s: %w", f.name, inventory.ErrUnavailable))
		}
	}
	return check.Each(w.found, func(f named) (check.Evidence, bool) {
		id, mode := filetree.SysOf(f.info), ModeOf(f.info.Mode())
		ev := check.Evidence{Source: f.name, Subject: f.name}
		limit := a.MaxMode
		if f.info.IsDir() {
			limit = a.MaxFolderMode
		}
		switch {
		case limit != nil && mode&^*limit != 0:
			ev.Want, ev.Got = "mode "+limit.String()+" or less", "mode "+mode.String()
		case len(a.Owners) > 0 && !slices.Contains(owners, id.UID):
			ev.Want, ev.Got = fmt.Sprintf("owned by one of %q", a.Owners), "user "+strconv.Itoa(int(id.UID))
		case len(a.Groups) > 0 && !slices.Contains(groups, id.GID):
			ev.Want, ev.Got = fmt.Sprintf("of one of the groups %q", a.Groups), "group "+strconv.Itoa(int(id.GID))
		default:
			return ev, false
		}
		return ev, true
	})
}

type named struct {
	name string
	info fs.FileInfo
}

// walk collects the files and folders below some.
type walk struct {
	ctx    context.Context
	sys    *inventory.System
	except []string
	found  []named
}

func (w *walk) enter(name string, depth int) error {
	if slices.ContainsFunc(w.except, func(p string) bool { ok, _ := path.Match(p, name); return ok }) {
		return nil
	}
	look := w.sys.Lstat
	if depth == 0 {
		look = w.sys.Stat
	}
	info, err := look(w.ctx, name)
	if depth == 0 && inventory.IsAbsent(err, name) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return nil
	}
	w.found = append(w.found, named{name, info})
	if !info.IsDir() {
		return nil
	}
	if depth++; depth > maxDepth {
		return fmt.Errorf("%s: folders in folders, over %d: %w", name, maxDepth, inventory.ErrLimit)
	}
	entries, err := w.sys.ReadDir(w.ctx, name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := w.enter(name+"/"+e.Name(), depth); err != nil {
			return err
		}
	}
	return nil
}
