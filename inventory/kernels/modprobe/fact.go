package modprobe

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// Config is the configuration of modprobe: the commands of all files in the order in which kmod
// reads them.
type Config struct{ Lines []Line }

// dirs are the folders of modprobe.d(5). A file in one hides files of the same name in later ones.
// Release 28 of kmod reads no folder of usr, release 30 reads usr/local/lib too, and release 34
// also usr/lib.
var dirs = [...]struct {
	name  string
	maybe bool // not every release reads it
}{
	{"etc/modprobe.d", false}, {"run/modprobe.d", false}, {"usr/local/lib/modprobe.d", true},
	{"usr/lib/modprobe.d", true}, {"lib/modprobe.d", false},
}

// Fact is the configuration of modprobe(8). The error is [inventory.ErrUnavailable] if modprobe is
// that of busybox, which ignores the command install. It is the same if a dangling link hides a
// file of its name in a later folder, since releases of kmod differ on which one counts.
var Fact = inventory.NewFact("modprobe.d", collect)

func collect(ctx context.Context, s *inventory.System) (Config, error) {
	if err := checkProgram(ctx, s); err != nil {
		return Config{}, err
	}
	files, err := findFiles(ctx, s)
	if err != nil {
		return Config{}, err
	}
	var c Config
	var limit budget.Budget // of all files together
	for _, f := range files {
		if f.empty {
			continue
		}
		lines, err := inventory.ParseOnce(ctx, s, f.name, func(b []byte) ([]Line, error) { return parse(b, &limit) })
		if err != nil {
			return Config{}, err
		}
		for _, l := range lines {
			l.Source, l.Maybe = f.name, l.Maybe || f.maybe
			c.Lines = append(c.Lines, l)
		}
	}
	return c, nil
}

// file is one file of a folder of modprobe.d.
type file struct {
	name     string
	maybe    bool // not every release of kmod reads it
	empty    bool // it has no lines
	dangling bool // it is a dangling link
}

// findFiles returns the files in the order in which kmod reads them.
func findFiles(ctx context.Context, s *inventory.System) ([]file, error) {
	chosen := map[string][]file{} // by the last element of the name
	for _, dir := range dirs {
		if dir.name == "usr/lib/modprobe.d" {
			merged, err := isLibMerged(ctx, s)
			if err != nil {
				return nil, err
			}
			if merged {
				continue // it is lib/modprobe.d
			}
		}
		entries, err := s.ReadDir(ctx, dir.name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if err := chooseFile(ctx, s, chosen, dir.name, dir.maybe, e); err != nil {
				return nil, err
			}
		}
	}
	return sortFiles(chosen)
}

// chooseFile adds an entry of the folder dir to the chosen files, unless kmod ignores it or an
// earlier file hides it.
func chooseFile(
	ctx context.Context, s *inventory.System, chosen map[string][]file, dir string, maybe bool, e fs.DirEntry,
) error {
	last := e.Name()
	alias := strings.HasSuffix(last, ".alias") // releases before 31 read these too
	if strings.HasPrefix(last, ".") || !alias && !strings.HasSuffix(last, ".conf") {
		return nil
	}
	if n := len(chosen[last]); n > 0 && !chosen[last][n-1].maybe && !chosen[last][n-1].dangling {
		return nil // hidden
	}
	f, folder, err := inspect(ctx, s, dir+"/"+last, e)
	if err != nil || folder {
		return err
	}
	f.maybe = maybe || alias || len(chosen[last]) > 0
	chosen[last] = append(chosen[last], f)
	return nil
}

// sortFiles returns the chosen files sorted by the last element of their names.
func sortFiles(chosen map[string][]file) ([]file, error) {
	var all []file
	for last, files := range chosen {
		for i, f := range files {
			if f.dangling && i < len(files)-1 {
				return nil, fmt.Errorf("%s leads nowhere, and whether it hides %s depends on the release of kmod: %w",
					f.name, files[i+1].name, inventory.ErrUnavailable)
			}
			if f.dangling {
				files[i].empty = true
			}
		}
		all = append(all, chosen[last]...)
	}
	slices.SortStableFunc(all, func(a, b file) int { return strings.Compare(path.Base(a.name), path.Base(b.name)) })
	return all, nil
}

// inspect reports what a name is: a folder, which kmod ignores and which hides nothing, or a file.
// A link to /dev/null is an empty file.
func inspect(ctx context.Context, s *inventory.System, name string, e fs.DirEntry) (f file, folder bool, err error) {
	f.name = name
	if e.Type()&fs.ModeSymlink == 0 {
		return f, e.IsDir(), nil
	}
	target, err := s.FS(ctx).ReadLink(name)
	if err != nil {
		return f, false, err
	}
	if target == "/dev/null" {
		f.empty = true
		return f, false, nil
	}
	info, err := s.Stat(ctx, name)
	if inventory.IsAbsent(err, name) {
		f.dangling = true
		return f, false, nil
	}
	if err != nil {
		return f, false, err
	}
	return f, info.IsDir(), nil
}

// isLibMerged reports whether lib is a link to usr/lib.
func isLibMerged(ctx context.Context, s *inventory.System) (bool, error) {
	info, err := s.Lstat(ctx, "lib")
	if inventory.IsAbsent(err, "lib") || err == nil && info.Mode()&fs.ModeSymlink == 0 {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	target, err := s.FS(ctx).ReadLink("lib")
	return strings.Trim(path.Clean(target), "/") == "usr/lib", err
}

// checkProgram returns an error if the modprobe that the kernel calls is not that of kmod.
func checkProgram(ctx context.Context, s *inventory.System) error {
	const name = "sbin/modprobe"
	info, err := s.Lstat(ctx, name)
	if inventory.IsAbsent(err, name) || err == nil && info.Mode()&fs.ModeSymlink == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	target, err := s.FS(ctx).ReadLink(name)
	if err == nil && strings.HasPrefix(path.Base(target), "busybox") {
		err = fmt.Errorf("%s is that of busybox: %w", name, inventory.ErrUnavailable)
	}
	return err
}
