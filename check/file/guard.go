package file

import (
	"context"
	"fmt"
	"io/fs"
	"slices"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/group"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/programs"
)

// Guard tells who but root can change files. It is the one judge of that for all checks: a file can
// be changed by whoever may write to it, and be replaced by whoever may change a folder on the way
// to it, or the folder of a link on the way. It looks at each file once, and so belongs to one
// handle of a system. The zero value is ready.
type Guard struct {
	// Trusted are user IDs whose files are as good as root's.
	Trusted []uint32
	// Skip reports folders that are not judged.
	Skip func(folder string) bool

	ways files.Ways
	seen map[string]string // how others can change a file, by its name
}

// Change returns how others than root can change or replace the file or folder of a name: "/opt
// belongs to user 1000". It is empty where they cannot. There is false where the file does not
// exist; then it says who could make it.
func (g *Guard) Change(ctx context.Context, s *inventory.System, name string) (how string, there bool, err error) {
	way, there, err := g.ways.Find(ctx, s, name)
	if err != nil {
		return "", false, err
	}
	// What is wrong with the file itself is said first.
	if end := way[len(way)-1]; there {
		if own, err := g.own(ctx, s, end); own != "" || err != nil {
			return slashed(end.Name) + " " + own, there, err
		}
		how, err = g.folders(ctx, s, name, way, way[:len(way)-1], there)
		return how, there, err
	}
	how, err = g.folders(ctx, s, name, way, way, there)
	return how, there, err
}

// Replace is Change without the owner and the mode of the file itself, for who judges these.
func (g *Guard) Replace(ctx context.Context, s *inventory.System, name string) (how string, there bool, err error) {
	way, there, err := g.ways.Find(ctx, s, name)
	if err != nil {
		return "", false, err
	}
	folders := way
	if there {
		folders = way[:len(way)-1]
	}
	how, err = g.folders(ctx, s, name, way, folders, there)
	return how, there, err
}

// folders returns how others can change the folders on a way.
func (g *Guard) folders(ctx context.Context, s *inventory.System, name string, way, folders []files.File, there bool) (string, error) {
	for _, f := range folders {
		if g.Skip != nil && g.Skip(f.Name) {
			continue
		}
		if own, err := g.own(ctx, s, f); own != "" || err != nil {
			return slashed(f.Name) + " " + own, err
		}
	}
	// Where everybody can add, links are those of their owners, and what is missing can be made.
	for i, f := range way {
		end := i+1 == len(way)
		open, who, err := g.addable(ctx, s, f)
		if err != nil {
			return "", err
		}
		switch {
		case !open || g.Skip != nil && g.Skip(f.Name):
		case end && !there:
			return fmt.Sprintf("%s does not exist, and %s can make it in %s", slashed(name), who, slashed(f.Name)), nil
		case !end && way[i+1].IsLink() && !g.trusts(way[i+1].UID):
			return fmt.Sprintf("%s is a link of user %d", slashed(way[i+1].Name), way[i+1].UID), nil
		}
	}
	return "", nil
}

// Add is Change for a folder that must not be added to either: one that everybody may write to is not
// as wanted with the sticky bit.
func (g *Guard) Add(ctx context.Context, s *inventory.System, name string) (how string, there bool, err error) {
	if how, there, err = g.Change(ctx, s, name); how != "" || err != nil || !there {
		return how, there, err
	}
	way, _, err := g.ways.Find(ctx, s, name)
	if err != nil {
		return "", there, err
	}
	f := way[len(way)-1]
	open, who, err := g.addable(ctx, s, f)
	if open {
		how = fmt.Sprintf("%s may be added to by %s", slashed(f.Name), who)
	}
	return how, there, err
}

// First returns the first of what is run that others than root can change, and how. It is empty where
// there is none.
func (g *Guard) First(ctx context.Context, s *inventory.System, uses []programs.Use) (programs.Use, string, error) {
	for _, u := range uses {
		if how, _, err := g.ask(ctx, s, u); err != nil || how != "" {
			return u, how, err
		}
	}
	return programs.Use{}, "", nil
}

// ask returns how others can change what is used.
func (g *Guard) ask(ctx context.Context, s *inventory.System, u programs.Use) (how string, there bool, err error) {
	if u.Searched {
		return g.Add(ctx, s, u.Name)
	}
	return g.Change(ctx, s, u.Name)
}

// slashed returns a name as a path.
func slashed(name string) string {
	if name == "." {
		return "/"
	}
	return "/" + name
}

func (g *Guard) trusts(uid uint32) bool { return uid == 0 || slices.Contains(g.Trusted, uid) }

// own returns how others can change a file by its owner and permissions alone.
func (g *Guard) own(ctx context.Context, s *inventory.System, f files.File) (string, error) {
	if how, ok := g.seen[f.Name]; ok {
		return how, nil
	}
	how, err := g.judge(ctx, s, f)
	if err != nil {
		return "", err
	}
	if g.seen == nil {
		g.seen = map[string]string{}
	}
	g.seen[f.Name] = how
	return how, nil
}

func (g *Guard) judge(ctx context.Context, s *inventory.System, f files.File) (string, error) {
	if f.IsLink() {
		return "", nil // its owner cannot write to it, and its folder is judged
	}
	if !f.Owned() {
		return "", unowned(f)
	}
	if !g.trusts(f.UID) {
		return fmt.Sprintf("belongs to user %d", f.UID), nil
	}
	if f.Mode.IsDir() && f.Mode&fs.ModeSticky != 0 || !f.Mode.IsDir() && !f.Mode.IsRegular() {
		return "", nil // others can add, and not change; what is written to a device is not kept
	}
	who, err := g.writers(ctx, s, f)
	if who != "" {
		who = "may be written to by " + who
	}
	return who, err
}

// addable reports whether others can add to a folder with the sticky bit, and who.
func (g *Guard) addable(ctx context.Context, s *inventory.System, f files.File) (bool, string, error) {
	if !f.Mode.IsDir() || f.Mode&fs.ModeSticky == 0 {
		return false, "", nil
	}
	who, err := g.writers(ctx, s, f)
	return who != "", who, err
}

// writers returns who but root may write to a file by its permissions and access control list.
func (g *Guard) writers(ctx context.Context, s *inventory.System, f files.File) (string, error) {
	m := f.Mode
	switch {
	case m.Perm()&0o002 != 0:
		return fmt.Sprintf("everybody (mode %s)", ModeOf(m)), nil
	case m.Perm()&0o020 == 0:
		return "", nil // with a list these bits are its mask, so that nobody in it may write either
	case f.GID != 0:
		return fmt.Sprintf("group %d (mode %s)", f.GID, ModeOf(m)), nil
	}
	named, own, listed, err := files.Writers(ctx, s, f.Name)
	if err != nil {
		return "", err
	}
	for _, w := range named {
		switch {
		case w.Group && w.ID != 0:
			return fmt.Sprintf("group %d by its access control list", w.ID), nil
		case !w.Group && !g.trusts(w.ID):
			return fmt.Sprintf("user %d by its access control list", w.ID), nil
		}
	}
	if listed && !own {
		return "", nil
	}
	others, err := group.RootShared.Of(ctx, s)
	if others {
		return fmt.Sprintf("group 0, which has others in it (mode %s)", ModeOf(m)), err
	}
	return "", err
}
