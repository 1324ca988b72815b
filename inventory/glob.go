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
	found := []string{"."}
	for i, e := range elems {
		var err error
		if found, err = s.matchElem(ctx, found, e, i == len(elems)-1); err != nil {
			return nil, err
		}
	}
	slices.Sort(found)
	return found, nil
}

// matchElem returns which names below the folders match one element.
func (s *System) matchElem(ctx context.Context, dirs []string, elem string, last bool) ([]string, error) {
	var found []string
	for _, dir := range dirs {
		if !strings.ContainsAny(elem, `*?[\`) {
			name := filetree.Join(dir, elem)
			if last {
				if _, err := s.Lstat(ctx, name); errors.Is(err, fs.ErrNotExist) {
					continue
				} else if err != nil {
					return nil, err
				}
			}
			found = append(found, name)
			continue
		}
		names, err := s.matches(ctx, dir, elem)
		if err != nil {
			return nil, err
		}
		found = append(found, names...)
		if len(found) > s.c.limits.DirEntries {
			err := fmt.Errorf("%s: %w: more than %d names", elem, ErrLimit, s.c.limits.DirEntries)
			s.record(Read{filetree.OpList, dir}, err)
			return nil, err
		}
	}
	return found, nil
}

func (s *System) matches(ctx context.Context, dir, elem string) ([]string, error) {
	info, err := s.Stat(ctx, dir)
	if errors.Is(err, fs.ErrNotExist) || (err == nil && !info.IsDir()) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	entries, err := s.ReadDir(ctx, dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(elem, ".") {
			continue
		}
		if ok, _ := path.Match(elem, e.Name()); ok {
			names = append(names, filetree.Join(dir, e.Name()))
		}
	}
	return names, nil
}
