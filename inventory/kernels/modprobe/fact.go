package modprobe

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Config is the commands of all files in the order in which kmod reads them.
type Config struct{ Lines []Line }

// dirs are the folders of modprobe.d; a name in one hides it in those behind. Release 28 reads
// no folder of usr, 30 also usr/local/lib, 34 usr/lib as well.
var dirs = [...]struct {
	name  string
	maybe bool
}{
	{"etc/modprobe.d", false}, {"run/modprobe.d", false}, {"usr/local/lib/modprobe.d", true},
	{"usr/lib/modprobe.d", true}, {"lib/modprobe.d", false},
}

// Fact is the configuration of modprobe(8). A name that a dangling link has in one folder and
// a file in a later one is [inventory.ErrUnavailable], since releases differ on which counts;
// so is a system whose modprobe is that of busybox, which heeds no command install.
var Fact = inventory.NewFact("modprobe.d", func(ctx context.Context, s *inventory.System) (Config, error) {
	if err := otherProgram(ctx, s); err != nil {
		return Config{}, err
	}
	files, err := find(ctx, s)
	if err != nil {
		return Config{}, err
	}
	var c Config
	for _, f := range files {
		if f.empty {
			continue
		}
		lines, err := inventory.ParseFile(ctx, s, f.name, Parse)
		if err != nil {
			return Config{}, err
		}
		for _, l := range lines {
			l.Source, l.Maybe = f.name, l.Maybe || f.maybe
			c.Lines = append(c.Lines, l)
		}
	}
	return c, nil
})

type file struct {
	name         string
	maybe, empty bool
	dangling     bool
}

// find answers the files in the order in which they are read.
func find(ctx context.Context, s *inventory.System) ([]file, error) {
	chosen := map[string][]file{} // by last element
	for _, dir := range dirs {
		name, maybe := dir.name, dir.maybe
		if name == "usr/lib/modprobe.d" {
			merged, err := sameLib(ctx, s)
			if err != nil {
				return nil, err
			}
			if merged {
				continue // it is lib/modprobe.d
			}
		}
		entries, err := s.ReadDir(ctx, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			last := e.Name()
			alias := strings.HasSuffix(last, ".alias") // releases before 31 read these too
			if strings.HasPrefix(last, ".") || !alias && !strings.HasSuffix(last, ".conf") {
				continue
			}
			if n := len(chosen[last]); n > 0 && !chosen[last][n-1].maybe && !chosen[last][n-1].dangling {
				continue // hidden
			}
			f, folder, err := look(ctx, s, name+"/"+last, e)
			if err != nil {
				return nil, err
			}
			if folder {
				continue
			}
			f.maybe = maybe || alias || len(chosen[last]) > 0
			chosen[last] = append(chosen[last], f)
		}
	}
	return inOrder(chosen)
}

func inOrder(chosen map[string][]file) ([]file, error) {
	var all []file
	for last, files := range chosen {
		for i, f := range files {
			if f.dangling && i < len(files)-1 {
				return nil, fmt.Errorf("%s leads nowhere, and whether it hides %s depends on the release of kmod: %w", f.name, files[i+1].name, inventory.ErrUnavailable)
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

// look answers what a name is: a folder is passed over and hides nothing, /dev/null is an
// empty file.
func look(ctx context.Context, s *inventory.System, name string, e fs.DirEntry) (f file, folder bool, err error) {
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

// sameLib reports whether lib is a link to usr/lib.
func sameLib(ctx context.Context, s *inventory.System) (bool, error) {
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

// otherProgram says so where the modprobe that the kernel calls is not that of kmod.
func otherProgram(ctx context.Context, s *inventory.System) error {
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
