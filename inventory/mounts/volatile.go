package mounts

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Volatile is what keeps what lies under a name in memory, so that it is gone after a restart:
// "tmpfs" or "ramfs" where such a file system is mounted there or above, "a folder of run" where
// the name, or a link on the way to it, leads into a folder that is empty after each start
// (file-hierarchy(7)). It is empty where nothing does. Where the table of mounts cannot be had,
// names and links alone tell.
var Volatile = inventory.NewKeyed("volatile", findVolatile)

func findVolatile(ctx context.Context, s *inventory.System, name string) (string, error) {
	t, err := Fact.Of(ctx, s)
	if err != nil && !errors.Is(err, inventory.ErrUnavailable) && !errors.Is(err, inventory.ErrNotLive) {
		return "", err
	}
	if kind := t.memory(name); kind != "" {
		return kind, nil
	}
	if empties("/" + name) {
		return folderOfRun, nil
	}
	for dir := name; dir != "."; dir = path.Dir(dir) {
		target, err := readLink(ctx, s, dir)
		if err != nil {
			return "", err
		}
		if empties(target) {
			return folderOfRun, nil
		}
	}
	return "", nil
}

const folderOfRun = "a folder of run"

// readLink returns the whole path that a link leads to, and nothing of what is no link or not there.
func readLink(ctx context.Context, s *inventory.System, name string) (string, error) {
	info, err := s.Lstat(ctx, name)
	if inventory.IsAbsent(err, name) {
		return "", nil
	}
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return "", err
	}
	target, err := s.FS(ctx).ReadLink(name)
	if err != nil {
		return "", err
	}
	if !path.IsAbs(target) {
		target = path.Join("/", path.Dir(name), target)
	}
	return path.Clean(target), nil
}

// empties reports whether a path is in one of the folders that are empty after each start.
func empties(name string) bool {
	return slices.ContainsFunc([]string{"/run", "/var/run", "/dev/shm"}, func(p string) bool {
		return name == p || strings.HasPrefix(name, p+"/")
	})
}

// memory returns the type of the file system that a name lies on where that is in memory.
func (t Table) memory(name string) string {
	for dir := name; dir != "."; dir = path.Dir(dir) {
		if m, ok := t.At(dir); ok {
			if m.Type == "tmpfs" || m.Type == "ramfs" {
				return m.Type
			}
			break
		}
	}
	return ""
}
