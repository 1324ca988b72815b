package files

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// List returns the names of the entries of a folder, sorted.
func List(ctx context.Context, s *inventory.System, dir string) ([]string, error) {
	entries, err := s.ReadDir(ctx, dir)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, nil
}

// Expand replaces patterns of glob(7) in a list by the names that they match. A name that is no
// pattern is kept, even if it does not exist.
func Expand(ctx context.Context, s *inventory.System, names []string) ([]string, error) {
	var all []string
	for _, name := range names {
		if !strings.ContainsAny(name, "*?[") {
			all = append(all, name)
			continue
		}
		found, err := s.Glob(ctx, name)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// maxDepth bounds folders in folders.
const maxDepth = 64

// ListBelow returns a folder and everything below it, each folder before its entries. Symbolic
// links are left out, except that folder itself may be one. A name that skip reports is left out
// with everything below it. If the folder does not exist, the list is empty. The error is
// [inventory.ErrLimit] below 64 levels of folders.
func ListBelow(ctx context.Context, s *inventory.System, folder string, skip func(name string) bool) ([]File, error) {
	if skip(folder) {
		return nil, nil
	}
	f, err := Follow(ctx, s, folder)
	if inventory.IsAbsent(err, folder) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return appendBelow(ctx, s, nil, f, skip, 1)
}

// appendBelow appends f and, if it is a folder, its entries.
func appendBelow(
	ctx context.Context, s *inventory.System, all []File, f File, skip func(string) bool, depth int,
) ([]File, error) {
	if f.IsLink() {
		return all, nil
	}
	all = append(all, f)
	if !f.Mode.IsDir() {
		return all, nil
	}
	if depth > maxDepth {
		return nil, fmt.Errorf("%s: folders in folders, over %d: %w", f.Name, maxDepth, inventory.ErrLimit)
	}
	names, err := List(ctx, s, f.Name)
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		name := f.Name + "/" + n
		if skip(name) {
			continue
		}
		sub, err := Look(ctx, s, name)
		if err != nil {
			return nil, err
		}
		if all, err = appendBelow(ctx, s, all, sub, skip, depth+1); err != nil {
			return nil, err
		}
	}
	return all, nil
}
