package systemdconf

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// dirs are the folders of the files, the one of highest precedence first. lib is a folder of its
// own only where /usr is not merged.
var dirs = []string{"etc/systemd", "run/systemd", "usr/local/lib/systemd", "usr/lib/systemd", "lib/systemd"}

// Fact returns the configuration of one of the files of [Names]. Where the program that reads the
// file is not installed it returns [inventory.ErrAbsent]. A line for which systemd gives up on a
// file is an error.
//
// The main file is the one in etc. Since version 256 it is the first one in etc, run, usr/local/lib
// and usr/lib (systemd's NEWS).
var Fact = inventory.NewKeyed("systemd.conf", collect)

func collect(ctx context.Context, s *inventory.System, name string) (*Config, error) {
	d, ok := daemons[name]
	if !ok {
		return nil, fmt.Errorf("%q is no configuration of systemd that is known", name)
	}
	if err := checkInstalled(ctx, s, d.program); err != nil {
		return nil, err
	}
	c := &Config{Name: name, daemon: d}
	if err := c.addMain(ctx, s); err != nil {
		return nil, err
	}
	// Drop-ins come after the main file.
	var folders []string
	for _, dir := range dirs {
		folders = append(folders, dir+"/"+name+".d")
	}
	files, err := s.DropIns(ctx, ".conf", folders...)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if err := c.left.Include(); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if _, err := c.add(ctx, s, file); err != nil {
			return nil, err
		}
	}
	return c, c.dropUnknown(ctx, s)
}

// checkInstalled returns [inventory.ErrAbsent] where a program of systemd is not there.
func checkInstalled(ctx context.Context, s *inventory.System, program string) error {
	for _, dir := range []string{"usr/lib/systemd/", "lib/systemd/"} {
		_, err := s.Stat(ctx, dir+program)
		if !inventory.IsAbsent(err, dir+program) {
			return err
		}
	}
	return fmt.Errorf("no %s: %w", program, inventory.ErrAbsent)
}

// addMain reads the main file, if it exists.
func (c *Config) addMain(ctx context.Context, s *inventory.System) error {
	for i, dir := range dirs {
		name := dir + "/" + c.Name
		info, err := s.Lstat(ctx, name)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return err
		}
		if i > 0 {
			if read, err := readsVendor(ctx, s, name); err != nil || !read {
				return err
			}
		}
		if there, err := c.addUnmasked(ctx, s, name, info); there || err != nil {
			return err
		}
	}
	return nil
}

// addUnmasked reads a file unless it is a link to /dev/null, which has no lines. The link counts
// even in an image that has no such device. It reports whether the file exists.
func (c *Config) addUnmasked(ctx context.Context, s *inventory.System, name string, info fs.FileInfo) (bool, error) {
	if info.Mode()&fs.ModeSymlink != 0 {
		if target, err := s.FS(ctx).ReadLink(name); err != nil || target == "/dev/null" {
			return true, err
		}
	}
	return c.add(ctx, s, name)
}

// readsVendor reports whether systemd reads a main file outside of etc.
func readsVendor(ctx context.Context, s *inventory.System, name string) (bool, error) {
	v, err := systemd.Version.Of(ctx, s)
	if err != nil {
		return false, err
	}
	if v == 0 {
		return false, fmt.Errorf("%s: counts from systemd 256 on, and the version is not known: %w",
			name, inventory.ErrUnavailable)
	}
	return v >= 256, nil
}

// add reads a file and reports whether it exists. A dangling link does not.
func (c *Config) add(ctx context.Context, s *inventory.System, name string) (bool, error) {
	b, err := s.ReadOnce(ctx, name)
	if inventory.IsAbsent(err, name) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	f, err := systemd.Parse(b)
	if err != nil {
		var at *systemd.SyntaxError
		if errors.As(err, &at) {
			return false, fmt.Errorf("%s:%d: %w", name, at.Line, at.Err)
		}
		return false, fmt.Errorf("%s: %w", name, err)
	}
	c.Files = append(c.Files, name)
	if err := c.left.Items(len(f.Assignments)); err != nil {
		return false, fmt.Errorf("%s: %w", name, err)
	}
	for _, a := range f.Assignments {
		c.lines = budget.Append(c.lines, line{a, name})
	}
	return true, nil
}

// dropUnknown removes settings that the tree's version of systemd does not know yet. The version is
// looked up only where it matters.
func (c *Config) dropUnknown(ctx context.Context, s *inventory.System) error {
	kept := c.lines[:0]
	for _, l := range c.lines {
		if since := c.daemon.settings[l.Key].since; since > 0 {
			v, err := systemd.Version.Of(ctx, s)
			if err != nil {
				return err
			}
			if v > 0 && v < since && v != redHat8 {
				continue
			}
		}
		kept = append(kept, l)
	}
	c.lines = kept
	return nil
}

// redHat8 is the version of systemd in Red Hat Enterprise Linux 8. It has backported settings of
// later versions.
const redHat8 = 239
