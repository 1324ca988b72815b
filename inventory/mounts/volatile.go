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

// Volatile says why the files under a name are gone after a restart. It is "tmpfs" or "ramfs" if
// the name is on such a file system. It is "a folder of run" if the name, or a link on the way to
// it, leads into a folder that is empty after each start (file-hierarchy(7)). It is empty if the
// files stay. If the table of mounts is not available, only names and links decide.
var Volatile = inventory.NewKeyed("volatile", findVolatile)

// findVolatile looks at the mounts, at the name itself, and at the links on the way to it.
func findVolatile(ctx context.Context, s *inventory.System, name string) (string, error) {
	t, err := Fact.Of(ctx, s)
	if err != nil && !errors.Is(err, inventory.ErrUnavailable) && !errors.Is(err, inventory.ErrNotLive) {
		return "", err
	}
	if kind := t.findMemory(name); kind != "" {
		return kind, nil
	}
	if isEmptied("/" + name) {
		return folderOfRun, nil
	}
	for dir := name; dir != "."; dir = path.Dir(dir) {
		target, err := readLink(ctx, s, dir)
		if err != nil {
			return "", err
		}
		if isEmptied(target) {
			return folderOfRun, nil
		}
	}
	return "", nil
}

const folderOfRun = "a folder of run"

// readLink returns the absolute path that a link leads to, or "" if the name is no link or missing.
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

// isEmptied reports whether a path is in a folder that is empty after each start.
func isEmptied(name string) bool {
	return slices.ContainsFunc([]string{"/run", "/var/run", "/dev/shm"}, func(p string) bool {
		return name == p || strings.HasPrefix(name, p+"/")
	})
}

// findMemory returns the type of the file system that has a name if it is in memory, else "".
func (t Table) findMemory(name string) string {
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
