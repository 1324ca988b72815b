package pam

import (
	"context"
	"slices"

	"github.com/hardening-sdk/hardening/inventory"
)

// folders are the folders of services that exist.
var folders = inventory.NewFact("pam folders", listFolders)

func listFolders(ctx context.Context, s *inventory.System) ([]string, error) {
	var all []string
	for _, dir := range dirs {
		info, err := s.Stat(ctx, dir)
		if inventory.IsAbsent(err, dir) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if info.IsDir() {
			all = append(all, dir)
		}
	}
	return all, nil
}

// listNames returns the sorted names of the entries of the folders.
func listNames(ctx context.Context, s *inventory.System, dirs []string) ([]string, error) {
	var all []string
	for _, dir := range dirs {
		entries, err := s.ReadDir(ctx, dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			all = append(all, e.Name())
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}
