package systemd

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// mode is what systemctl finds a unit file to be.
type mode uint8

const (
	unknown  mode = iota
	fileMode      // a unit file
	linkMode      // a link out of the search path
	aliasMode
	maskMode
)

// found is what systemctl knows of a unit by its files.
type found struct {
	name   unitName
	path   string // of the file, or the link, that decides
	target string // where a link at path leads
	mode   mode
	in     Install
}

var (
	errAbsent  = fmt.Errorf("no such unit: %w", fs.ErrNotExist)
	errSevered = errors.New("an alias of a unit that is not there")
	errSelf    = errors.New("an alias of itself")
	errChain   = errors.New("too many aliases of aliases")
	errNoAlias = errors.New("units of this type have no aliases")
	errNoTmpl  = errors.New("units of this type have no templates")
)

// maxChain is how many links systemctl follows from one unit to the next.
const maxChain = 64

// discover finds the unit of a name as systemctl is-enabled does, and follows
// aliases by name and links out of the search path by path.
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

// follow goes one link on.
func (t *tree) follow(f *found) (*found, error) {
	to := base(f.target)
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
	next := *f
	next.mode, next.path = unknown, f.target
	there, err := t.load(&next, f.target)
	if err == nil && !there {
		err = fmt.Errorf("%s: %w", f.target, fs.ErrNotExist)
	}
	return &next, err
}

// search looks for a unit by its name, then for its template, and adds its drop-ins.
func (t *tree) search(f *found) error {
	there, err := t.first(f, f.name.full)
	if tmpl := f.name.template(); tmpl != "" && !there && err == nil {
		there, err = t.first(f, tmpl)
	}
	switch {
	case err != nil:
		return err
	case !there:
		return errAbsent
	case f.mode == maskMode:
		return nil
	}
	for _, path := range t.installDropIns(f.name) {
		if err := t.addDropIn(f, path); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// first loads the file of highest precedence that is there.
func (t *tree) first(f *found, name string) (bool, error) {
	for _, dir := range t.dirs {
		if there, err := t.load(f, dir+"/"+name); there || err != nil {
			return there, err
		}
	}
	return false, nil
}

// load takes what is at path for the unit's file.
func (t *tree) load(f *found, path string) (bool, error) {
	if f.name.kind != plain && !f.name.typ().template {
		return false, errNoTmpl
	}
	switch k := t.kind(path); k {
	case absent:
		return false, nil
	case link:
		return true, t.loadLink(f, path)
	case device:
		f.mode, f.path = maskMode, path
	case regular:
		n := t.node(path)
		if f.path = path; n.empty {
			f.mode = maskMode
			return true, nil
		}
		f.mode = fileMode
		err := n.err
		if err == nil {
			err = f.in.add(n.file, f.name, t)
		}
		if err != nil {
			return true, fmt.Errorf("%s: %w", path, err)
		}
	default:
		return true, fmt.Errorf("%s: neither a file nor a link", path)
	}
	return true, nil
}

func (t *tree) loadLink(f *found, path string) error {
	target, err := t.destination(path)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	f.path, f.target = path, target
	switch {
	case target == null:
		f.mode = maskMode
	case searched(target):
		f.mode = aliasMode
		if err := validAlias(base(path), base(target)); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	default:
		f.mode = linkMode
	}
	return nil
}

// validAlias says why a link from one name to another in the search path is none
// that systemd accepts, systemd.unit(5).
func validAlias(from, to string) error {
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

// installDropIns answers the drop-ins that systemctl reads [Install] sections of:
// those of the very name and of its template, not those of shorter names.
func (t *tree) installDropIns(u unitName) []string {
	folders := t.below([]string{u.full + ".d"})
	if tmpl := u.template(); tmpl != "" {
		folders = append(folders, t.below([]string{tmpl + ".d"})...)
	}
	return t.confs(folders)
}

// addDropIn adds the [Install] section of a drop-in, which has to be there.
func (t *tree) addDropIn(f *found, path string) error {
	real, k, err := t.final(path)
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
	n := t.node(real)
	if n.err != nil {
		return n.err
	}
	return f.in.add(n.file, f.name, t)
}

// below answers the folders of the given names in the search path, by precedence:
// all of the first folder of the search path come first.
func (t *tree) below(names []string) []string {
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
	k := t.kind(path)
	if k == link {
		_, k, _ = t.final(path)
	}
	return k == folder
}

// confs answers the files "*.conf" in folders, sorted by file name; of equal names
// that of the first folder counts.
func (t *tree) confs(folders []string) []string {
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
