package modprobe

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
)

// Place is where a module is listed.
type Place struct {
	Source string
	Line   int // counted from 1
}

// Modules is what one installed kernel has, by names as [Name] answers them.
type Modules struct {
	Release  string
	BuiltIn  map[string]Place // part of the kernel itself, from modules.builtin
	Loadable map[string]Place // from modules.dep, which depmod(8) makes
}

// Kernels is the modules of each installed kernel. A folder without modules and without
// either list is what a removed kernel leaves behind, and is none. A kernel without one of the
// lists is [inventory.ErrUnavailable].
var Kernels = inventory.NewFact("kernel modules", func(ctx context.Context, s *inventory.System) ([]Modules, error) {
	k, err := kernel.Fact.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	var all []Modules
	for _, release := range k.Installed {
		m, there, err := modules(ctx, s, release)
		if err != nil {
			return nil, err
		}
		if there {
			all = append(all, m)
		}
	}
	return all, nil
})

func modules(ctx context.Context, s *inventory.System, release string) (Modules, bool, error) {
	m := Modules{Release: release}
	dep, errD := list(ctx, s, release, "modules.dep")
	builtIn, errB := list(ctx, s, release, "modules.builtin")
	if errors.Is(errD, errMissing) && errors.Is(errB, errMissing) {
		left, err := leftover(ctx, s, release)
		if left || err != nil {
			return m, false, err
		}
	}
	if err := errors.Join(errD, errB); err != nil {
		return m, false, err
	}
	m.Loadable, m.BuiltIn = dep, builtIn
	return m, true, nil
}

// folders are where the modules of a release lie; modprobe knows the first only, which is
// often a link to the second.
var folders = [...]string{"lib/modules/", "usr/lib/modules/"}

var errMissing = fmt.Errorf("not there: %w", inventory.ErrUnavailable)

func list(ctx context.Context, s *inventory.System, release, file string) (map[string]Place, error) {
	for _, dir := range folders {
		name := dir + release + "/" + file
		b, err := s.ReadFile(ctx, name)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return parseList(b, name), nil
	}
	return nil, fmt.Errorf("the list %s of the kernel %s: %w", file, release, errMissing)
}

// parseList reads the text of modules.dep or modules.builtin: a path in each line, in the
// first one up to a colon.
func parseList(b []byte, source string) map[string]Place {
	all := map[string]Place{}
	line := 0
	for s := range strings.Lines(string(b)) {
		line++
		file, _, _ := strings.Cut(strings.TrimSpace(s), ":")
		if name := fileName(file); name != "" {
			all[name] = Place{source, line}
		}
	}
	return all
}

func leftover(ctx context.Context, s *inventory.System, release string) (bool, error) {
	for _, dir := range folders {
		_, err := s.Stat(ctx, dir+release+"/kernel")
		if err == nil {
			return false, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
	}
	return true, nil
}

const loaded = "proc/modules"

// Loaded is the modules that the running kernel has loaded, from proc/modules
// (proc_modules(5)). A kernel that cannot load any has no such file. Other systems answer
// [inventory.ErrNotLive].
var Loaded = inventory.NewFact("loaded modules", func(ctx context.Context, s *inventory.System) (map[string]Place, error) {
	b, err := s.ReadFile(ctx, loaded)
	if inventory.IsAbsent(err, loaded) {
		if _, err := s.Stat(ctx, "proc/sys/kernel"); err != nil {
			return nil, err // no proc at all
		}
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all := map[string]Place{}
	line := 0
	for s := range strings.Lines(string(b)) {
		line++
		if name, _ := word(strings.TrimSpace(s)); name != "" {
			all[Name(name)] = Place{loaded, line}
		}
	}
	return all, nil
})
