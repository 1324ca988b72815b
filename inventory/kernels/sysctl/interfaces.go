package sysctl

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Interfaces is the list of keys that a key stands for that has "*" in the place of a network
// interface (Documentation/networking/ip-sysctl.rst). On a running system there is one key for each
// name in the folder below proc/sys, on an image one for "all", one for "default", and one for each
// interface that the files name; a pattern of interfaces stands for one of them. lo, which no other
// host reaches, is left out. The error is
// [inventory.ErrAbsent] if the kernel does not have the folder.
var Interfaces = inventory.NewKeyed("sysctl of interfaces", expand)

// expand puts the names of the interfaces into the key.
func expand(ctx context.Context, s *inventory.System, key string) ([]string, error) {
	before, after, _ := strings.Cut(Path(key), "*")
	names, err := listInterfaces(ctx, s, strings.TrimSuffix(before, "/"), after)
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

// listInterfaces returns the names in a folder below proc/sys, of an image those for which the files
// set what is behind the name.
func listInterfaces(ctx context.Context, s *inventory.System, folder, behind string) ([]string, error) {
	if !s.Live() {
		return configuredInterfaces(ctx, s, folder, behind)
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
		if e.Name() != loopback {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

const loopback = "lo"

// oneName makes a name of a pattern, one that it matches in most cases.
var (
	oneName = strings.NewReplacer("*", "0", "?", "0")
	oneOf   = regexp.MustCompile(`\[([^\]])[^\]]*\]`)
)

func configuredInterfaces(ctx context.Context, s *inventory.System, folder, behind string) ([]string, error) {
	all, err := Configured.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	late, err := byUFW.Of(ctx, s)
	if err != nil && !errors.Is(err, inventory.ErrAbsent) {
		return nil, err
	}
	names := []string{"all", "default"}
	for _, a := range slices.Concat(all, late) {
		name, ok := strings.CutPrefix(a.Key, folder+"/")
		if !ok || a.Except {
			continue
		}
		name = oneOf.ReplaceAllString(strings.NewReplacer("[!", "[0", "[^", "[0").Replace(name), "$1")
		name, ok = strings.CutSuffix(oneName.Replace(name), behind)
		if ok && name != "" && name != loopback && !strings.Contains(name, "/") && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// IPv6Off is the setting disable_ipv6 by which IPv6 is off for all interfaces but lo, those to come
// included. It is the zero value where IPv6 is not off, or where nothing is known to apply the files
// of an image.
var IPv6Off = inventory.NewFact("IPv6 off", findIPv6Off)

func findIPv6Off(ctx context.Context, s *inventory.System) (inventory.Setting, error) {
	const folder, name = "net/ipv6/conf", "/disable_ipv6"
	var none, first inventory.Setting
	names, err := listInterfaces(ctx, s, folder, name)
	if errors.Is(err, inventory.ErrAbsent) {
		return none, nil
	}
	if err != nil {
		return none, err
	}
	for _, n := range names {
		var is inventory.Setting
		if s.Live() {
			is, err = readRunning(ctx, s, folder+"/"+n+name)
		} else {
			is, err = atBoot(ctx, s, folder+"/"+n+name)
		}
		if err != nil && !errors.Is(err, inventory.ErrAbsent) && !errors.Is(err, inventory.ErrNotLive) {
			return none, err
		}
		if err != nil || is.Value != "1" {
			return none, nil
		}
		if first.Value == "" {
			first = is
		}
	}
	if !s.Live() && first.Value != "" {
		if err := checkApplied(ctx, s); err != nil {
			return none, err
		}
	}
	return first, nil
}
