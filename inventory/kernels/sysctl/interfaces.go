package sysctl

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Interfaces is the list of keys that a key stands for that has "*" in the place of a network
// interface (Documentation/networking/ip-sysctl.rst). On a running system there is one key for each
// name in the folder below proc/sys, on an image one for "all" and one for "default". The error is
// [inventory.ErrAbsent] if the kernel does not have the folder.
var Interfaces = inventory.NewKeyed("sysctl of interfaces", expand)

// expand puts the names of the interfaces into the key.
func expand(ctx context.Context, s *inventory.System, key string) ([]string, error) {
	before, after, _ := strings.Cut(Path(key), "*")
	names, err := listInterfaces(ctx, s, strings.TrimSuffix(before, "/"))
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, name := range names {
		// The dot of eth0.1 would be a separator in the dotted form.
		if strings.Contains(name, ".") {
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
