package systemd

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// mode tells what systemctl finds a unit file to be.
type mode uint8

const (
	unknown   mode = iota
	fileMode       // a unit file
	linkMode       // a link out of the search path
	aliasMode      // a link to another unit
	maskMode       // a link to /dev/null, or an empty file
)

// found is what systemctl knows about a unit from its files.
type found struct {
	name   unitName
	path   string // of the file or link that counts
	target string // where a link at path leads
	mode   mode
	in     Install
}

// Reasons why a unit is bad.
var (
	errAbsent  = fmt.Errorf("no such unit: %w", fs.ErrNotExist)
	errSevered = errors.New("an alias of a unit that is not there")
	errSelf    = errors.New("an alias of itself")
	errChain   = errors.New("too many aliases of aliases")
	errNoAlias = errors.New("units of this type have no aliases")
	errNoTmpl  = errors.New("units of this type have no templates")
)

// maxChain is how many aliases and links systemctl follows.
const maxChain = 64

// discover finds the unit of a name as systemctl is-enabled does. It follows aliases by their
// names, and links out of the search path by their paths.
func (t *tree) discover(name unitName) (*found, error) {
	f := &found{name: name}
	if err := t.search(f); err != nil {
		return nil, err
	}
	for n := 0; f.mode == aliasMode || f.mode == linkMode; n++ {
		if n == maxChain {
			return nil, errChain
		}
		next, err := t.follow(f)
		if err != nil {
			return nil, err
		}
		f = next
	}
	return f, nil
}

// follow takes one step, to the target of an alias or link.
func (t *tree) follow(f *found) (*found, error) {
	to := base(f.target)
	// An alias of another name is searched for by that name.
	if f.mode == aliasMode && to != f.name.full {
		u, _ := splitName(to)
		if f.name.kind == instance && u.kind == template {
			to = u.fill(f.name.instance)
		}
		if to != f.name.full {
			u, _ = splitName(to)
			next := &found{name: u}
			err := t.search(next)
			if errors.Is(err, errAbsent) {
				err = errSevered
			}
			return next, err
		}
	}
	// A link of the same name, or out of the search path, is loaded by its path.
	next := *f
	next.mode, next.path = unknown, f.target
	there, err := t.load(&next, f.target)
	if err == nil && !there {
		err = fmt.Errorf("%s: %w", f.target, fs.ErrNotExist)
	}
	return &next, err
}

// search looks for a unit by its name, then for its template. It adds the drop-ins.
func (t *tree) search(f *found) error {
	there, err := t.loadFirst(f, f.name.full)
	if tmpl := f.name.template(); tmpl != "" && !there && err == nil {
		there, err = t.loadFirst(f, tmpl)
	}
	switch {
	case err != nil:
		return err
	case !there:
		return errAbsent
	case f.mode == maskMode:
		return nil
	}
	for _, path := range t.listInstallDropIns(f.name) {
		if err := t.addDropIn(f, path); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// loadFirst loads the file of highest precedence.
func (t *tree) loadFirst(f *found, name string) (bool, error) {
	for _, dir := range t.dirs {
		if !t.mayHave(dir, name) {
			continue
		}
		if there, err := t.load(f, dir+"/"+name); there || err != nil {
			return there, err
		}
	}
	return false, nil
}

// mayHave reports whether a folder may have an entry. It saves the making of paths that a listing
// rules out.
func (t *tree) mayHave(dir, name string) bool {
	l := t.lists[dir]
	_, there := slices.BinarySearchFunc(l.entries, name, func(e entry, name string) int { return strings.Compare(e.name, name) })
	return there || !l.there
}

// load takes the file or link at path as the unit's. It returns false where nothing is there.
func (t *tree) load(f *found, path string) (bool, error) {
	if f.name.kind != plain && !f.name.typ().template {
		return false, errNoTmpl
	}
	switch k := t.stat(path); k {
	case absent:
		return false, nil
	case link:
		return true, t.loadLink(f, path)
	case device:
		f.mode, f.path = maskMode, path
	case regular:
		// An empty file is a mask.
		n := t.readNode(path)
		if f.path = path; n.empty {
			f.mode = maskMode
			return true, nil
		}
		f.mode = fileMode
		err := n.err
		if err == nil {
			err = f.in.add(n, f.name, t)
		}
		if err != nil {
			return true, fmt.Errorf("%s: %w", path, err)
		}
	default:
		return true, fmt.Errorf("%s: neither a file nor a link", path)
	}
	return true, nil
}

// loadLink takes the link at path as the unit's: a mask, an alias, or a link to a file elsewhere.
func (t *tree) loadLink(f *found, path string) error {
	target, err := t.resolveLink(path)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	f.path, f.target = path, target
	switch {
	case target == null:
		f.mode = maskMode
	case isSearched(target):
		f.mode = aliasMode
		if err := checkAlias(base(path), base(target)); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	default:
		f.mode = linkMode
	}
	return nil
}

// checkAlias returns an error where systemd does not accept a link from one name to another in the
// search path, systemd.unit(5).
func checkAlias(from, to string) error {
	src, ok := splitName(from)
	if !ok {
		return fmt.Errorf("%q is no unit name", from)
	}
	dst, ok := splitName(to)
	switch {
	case !ok:
		return fmt.Errorf("it leads to %q, which is no unit name", to)
	case from == to:
		return errSelf
	case src.suffix != dst.suffix:
		return fmt.Errorf("it leads to a unit of another type, %s", to)
	case !src.typ().alias:
		return errNoAlias
	case src.kind == instance && dst.kind == template:
		return nil
	case src.kind != dst.kind || src.instance != dst.instance:
		return fmt.Errorf("its name and %s do not go together", to)
	}
	return nil
}

// listInstallDropIns returns the drop-ins whose [Install] sections systemctl reads. They are those
// of the name itself and of its template, not those of shorter names.
func (t *tree) listInstallDropIns(u unitName) []string {
	folders := t.findFolders([]string{u.full + ".d"})
	if tmpl := u.template(); tmpl != "" {
		folders = append(folders, t.findFolders([]string{tmpl + ".d"})...)
	}
	return t.listConfs(folders)
}

// addDropIn adds the [Install] section of a drop-in. A missing drop-in is an error.
func (t *tree) addDropIn(f *found, path string) error {
	real, k, err := t.resolveAll(path)
	switch {
	case err != nil:
		return err
	case k == device:
		return nil
	case k == absent:
		return fs.ErrNotExist
	case k != regular:
		return errors.New("no regular file")
	}
	n := t.readNode(real)
	if n.err != nil {
		return n.err
	}
	return f.in.add(n, f.name, t)
}

// findFolders returns the folders of these names in the search path, sorted by precedence.
func (t *tree) findFolders(names []string) []string {
	var all []string
	for _, name := range names {
		all = append(all, t.named[name]...)
	}
	if len(all) > 1 {
		rank := func(path string) int { return slices.Index(t.dirs, parent(path)) }
		slices.SortStableFunc(all, func(a, b string) int { return rank(a) - rank(b) })
	}
	return all
}

// isFolder reports whether a path leads to a folder.
func (t *tree) isFolder(path string) bool {
	k := t.stat(path)
	if k == link {
		_, k, _ = t.resolveAll(path)
	}
	return k == folder
}

// listConfs returns the files "*.conf" in folders, sorted by file name. Of files with the same name
// the one in the first folder counts.
func (t *tree) listConfs(folders []string) []string {
	var all []string
	seen := map[string]bool{}
	for _, dir := range folders {
		for _, e := range t.list(dir) {
			if strings.HasSuffix(e.name, ".conf") && e.name[0] != '.' && !seen[e.name] {
				seen[e.name] = true
				all = append(all, dir+"/"+e.name)
			}
		}
	}
	slices.SortFunc(all, func(a, b string) int { return strings.Compare(base(a), base(b)) })
	return all
}
