package inventory

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// DropIns returns the files of folders of drop-ins in the order in which they are read:
// sorted by their last element, each name from the first of the folders that has it, so
// that etc hides run and run hides usr/lib. Names that begin with a dot or do not end in
// suffix are left out, and so is a name that a link to /dev/null hides, file-hierarchy and
// systemd.conf(5). Folders that are not there have no files; all else that cannot be
// listed is an error.
func (s *System) DropIns(ctx context.Context, suffix string, dirs ...string) ([]string, error) {
	chosen := map[string]string{} // by last element; empty where it is hidden
	for _, dir := range dirs {
		entries, err := s.ReadDir(ctx, dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			last := e.Name()
			if _, ok := chosen[last]; ok || !strings.HasSuffix(last, suffix) || strings.HasPrefix(last, ".") {
				continue
			}
			name := dir + "/" + last
			masked, err := leadsToNull(ctx, s, name, e)
			if err != nil {
				return nil, err
			}
			if masked {
				name = ""
			}
			chosen[last] = name
		}
	}
	var all []string
	for _, name := range chosen {
		if name != "" {
			all = append(all, name)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return strings.Compare(path.Base(a), path.Base(b)) })
	return all, nil
}

func leadsToNull(ctx context.Context, s *System, name string, e fs.DirEntry) (bool, error) {
	if e.Type()&fs.ModeSymlink == 0 {
		return false, nil
	}
	target, err := s.FS(ctx).ReadLink(name)
	return target == "/dev/null", err
}
