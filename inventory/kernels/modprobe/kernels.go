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

// Modules are the modules of one installed kernel, by their names in the form of [Name].
type Modules struct {
	Release  string
	BuiltIn  map[string]inventory.Position // part of the kernel itself, from modules.builtin
	Loadable map[string]inventory.Position // from modules.dep, which depmod(8) makes, and as modules.dep.bin has it
}

// Kernels is the modules of each installed kernel, from lib/modules/RELEASE. A folder without
// modules and lists, which a removed kernel leaves behind, is ignored. The error is
// [inventory.ErrUnavailable] if a kernel lacks one of the lists, or if modules.dep.bin, which modprobe
// reads, has other modules than modules.dep.
var Kernels = inventory.NewFact("kernel modules", collectKernels)

func collectKernels(ctx context.Context, s *inventory.System) ([]Modules, error) {
	k, err := kernel.Fact.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	var all []Modules
	for _, release := range k.Installed {
		m, there, err := readModules(ctx, s, release)
		if err != nil {
			return nil, err
		}
		if there {
			all = append(all, m)
		}
	}
	return all, nil
}

// readModules reads the two lists of a release. It reports false if the kernel was removed.
func readModules(ctx context.Context, s *inventory.System, release string) (Modules, bool, error) {
	m := Modules{Release: release}
	dep, errD := readList(ctx, s, release, "modules.dep")
	builtIn, errB := readList(ctx, s, release, "modules.builtin")
	if errors.Is(errD, errMissing) && errors.Is(errB, errMissing) {
		left, err := isLeftover(ctx, s, release)
		if left || err != nil {
			return m, false, err
		}
	}
	if err := errors.Join(errD, errB); err != nil {
		return m, false, err
	}
	if err := checkIndex(ctx, s, release, dep); err != nil {
		return m, false, err
	}
	m.Loadable, m.BuiltIn = dep, builtIn
	return m, true, nil
}

// folders contain the modules of releases. modprobe reads only the first one, which is often a link
// to the second.
var folders = [...]string{"lib/modules/", "usr/lib/modules/"}

// errMissing says that a list is missing.
var errMissing = fmt.Errorf("not there: %w", inventory.ErrUnavailable)

// readList reads one list of a release from the first folder that has it.
func readList(ctx context.Context, s *inventory.System, release, file string) (map[string]inventory.Position, error) {
	for _, dir := range folders {
		name := dir + release + "/" + file
		b, err := s.ReadText(ctx, name)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return parseList(b, name)
	}
	return nil, fmt.Errorf("the list %s of the kernel %s: %w", file, release, errMissing)
}

// parseList reads the text of modules.dep or modules.builtin. Each line begins with the path of a
// module, which in modules.dep ends at a colon.
// Anything else is a mistake, which depmod and the build of the kernel do not make.
func parseList(b []byte, source string) (map[string]inventory.Position, error) {
	all := map[string]inventory.Position{}
	line := 0
	for s := range strings.Lines(string(b)) {
		line++
		s = strings.TrimSpace(s)
		file, _, _ := strings.Cut(s, ":")
		name := moduleOf(file)
		switch {
		case s == "" || s[0] == '#':
		case name == "" || strings.ContainsAny(file, " \t"):
			return nil, fmt.Errorf("%s:%d: no module", source, line)
		default:
			all[name] = inventory.Position{Source: source, Line: line}
		}
	}
	return all, nil
}

// isLeftover reports whether a release has no folder of modules, as after the kernel was removed.
func isLeftover(ctx context.Context, s *inventory.System, release string) (bool, error) {
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

// Loaded is the modules that the running kernel has loaded, from proc/modules (proc_modules(5)), by
// their names in the form of [Name]. It is nil if the kernel cannot load modules, as it then has no
// such file. On an image the error is [inventory.ErrNotLive].
var Loaded = inventory.NewFact("loaded modules", readLoaded)

// readLoaded reads the first word of each line.
func readLoaded(ctx context.Context, s *inventory.System) (map[string]inventory.Position, error) {
	b, err := s.ReadText(ctx, loaded)
	if inventory.IsAbsent(err, loaded) {
		if _, err := s.Stat(ctx, "proc/sys/kernel"); err != nil {
			return nil, err // no proc at all
		}
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all := map[string]inventory.Position{}
	line := 0
	for s := range strings.Lines(string(b)) {
		line++
		if name, _ := cutWord(strings.TrimSpace(s)); name != "" {
			all[Name(name)] = inventory.Position{Source: loaded, Line: line}
		}
	}
	return all, nil
}
