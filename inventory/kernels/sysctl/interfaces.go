package sysctl

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Interfaces is the keys that a key with "*" in the place of the name of a network interface
// stands for (Documentation/networking/ip-sysctl.rst): on a running system those of the
// folder below proc/sys, on an image of "all" and "default". A kernel without that folder is
// [inventory.ErrAbsent].
var Interfaces = inventory.NewKeyed("sysctl of interfaces", expand)

func expand(ctx context.Context, s *inventory.System, key string) ([]string, error) {
	before, after, _ := strings.Cut(Path(key), "*")
	names, err := listInterfaces(ctx, s, strings.TrimSuffix(before, "/"))
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, name := range names {
		if strings.Contains(name, ".") { // eth0.1 would be taken apart
			keys = append(keys, before+name+after)
		} else {
			keys = append(keys, strings.Replace(key, "*", name, 1))
		}
	}
	return keys, nil
}

// listInterfaces returns the names in a folder below proc/sys.
func listInterfaces(ctx context.Context, s *inventory.System, folder string) ([]string, error) {
	if !s.Live() {
		return []string{"all", "default"}, nil
	}
	dir := "proc/sys/" + folder
	entries, err := s.ReadDir(ctx, dir)
	if inventory.IsAbsent(err, dir) {
		return nil, fmt.Errorf("the kernel has no %s: %w", folder, inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, nil
}
