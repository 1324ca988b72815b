package inventory

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Glob returns the names that match pattern, sorted by their bytes, as glob(3) has
// it: "*", "?" and "[...]" within one element, "[!...]" too, and a leading dot only
// matched by a dot. Unlike [fs.Glob] it reports what it could not look at: only a
// folder that is not there matches nothing.
func (s *System) Glob(ctx context.Context, pattern string) ([]string, error) {
	if !filetree.ValidName(pattern) {
		return nil, filetree.PathError("glob", pattern, fs.ErrInvalid)
	}
	elems := strings.Split(pattern, "/")
	for i, e := range elems {
		elems[i] = strings.ReplaceAll(e, "[!", "[^")
		if _, err := path.Match(elems[i], ""); err != nil {
			return nil, filetree.PathError("glob", pattern, err)
		}
	}
	found := []match{{name: "."}}
	for i, e := range elems {
		var err error
		if found, err = s.matchElem(ctx, found, e, i == len(elems)-1); err != nil {
			return nil, err
		}
	}
	var names []string
	for _, m := range found {
		names = append(names, m.name)
	}
	slices.Sort(names)
	return names, nil
}

// match is a name that the elements so far match.
type match struct {
	name   string
	folder bool // known to be one, since it was listed as such
}

// matchElem returns which names below the folders match one element.
func (s *System) matchElem(ctx context.Context, dirs []match, elem string, last bool) ([]match, error) {
	var found []match
	for _, dir := range dirs {
		if !strings.ContainsAny(elem, `*?[\`) {
			name := filetree.Join(dir.name, elem)
			if last {
				if _, err := s.Lstat(ctx, name); errors.Is(err, fs.ErrNotExist) {
					continue
				} else if err != nil {
					return nil, err
				}
			}
			found = append(found, match{name: name})
			continue
		}
		some, err := s.matches(ctx, dir, elem, last)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
		if len(found) > s.c.limits.DirEntries {
			err := fmt.Errorf("%s: %w: more than %d names", elem, ErrLimit, s.c.limits.DirEntries)
			s.record(Read{filetree.OpList, dir.name}, err)
			return nil, err
		}
	}
	return found, nil
}

// matches returns which names in a folder match one element. Below regular files there is
// nothing to be found, so that they are left out if the element is not the last one.
func (s *System) matches(ctx context.Context, dir match, elem string, last bool) ([]match, error) {
	if !dir.folder {
		info, err := s.Stat(ctx, dir.name)
		if errors.Is(err, fs.ErrNotExist) || (err == nil && !info.IsDir()) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
	}
	entries, err := s.ReadDir(ctx, dir.name)
	if err != nil {
		return nil, err
	}
	var found []match
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(elem, ".") || !last && e.Type().IsRegular() {
			continue
		}
		if ok, _ := path.Match(elem, e.Name()); ok {
			found = append(found, match{filetree.Join(dir.name, e.Name()), e.IsDir()})
		}
	}
	return found, nil
}
