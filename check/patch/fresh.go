package patch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Fresh asks that the lists of available packages were fetched not long ago: the folder
// that APT or DNF keeps them in changed within some days. On an image nobody fetches them.
type Fresh struct {
	MaxDays int `yaml:"max-days,required"`
}

// lists are the folders that change whenever lists are fetched: those of APT, of DNF 4
// and of DNF 5.
var lists = []string{"var/lib/apt/lists", "var/cache/dnf", "var/cache/libdnf5"}

// Check makes the check.
func (a Fresh) Check() (check.Check, error) {
	if a.MaxDays < 1 {
		return nil, fmt.Errorf("%d days is no age", a.MaxDays)
	}
	return check.Func(func(ctx context.Context, sys *inventory.System) check.Result {
		if !sys.Live() {
			return check.FromError(fmt.Errorf("an image fetches no lists: %w", inventory.ErrNotLive))
		}
		for _, dir := range lists {
			info, err := sys.Stat(ctx, dir)
			if inventory.IsAbsent(err, dir) {
				continue
			}
			if err != nil {
				return check.FromError(err)
			}
			return a.judge(dir, info, sys.Now())
		}
		return check.FromError(unknownPackager(inventory.ErrAbsent))
	}), nil
}

func (a Fresh) judge(dir string, info fs.FileInfo, now time.Time) check.Result {
	if filetree.SysOf(info).Has&filetree.HasTimes == 0 {
		return check.FromError(fmt.Errorf("the tree does not know when %s changed: %w", dir, inventory.ErrUnavailable))
	}
	ev := check.Evidence{Source: dir, Subject: "lists of packages", Want: fmt.Sprintf("at most %d days old", a.MaxDays), Got: "of " + info.ModTime().UTC().Format(time.DateOnly)}
	if info.ModTime().Before(now.AddDate(0, 0, -a.MaxDays)) {
		return check.Failed("", ev)
	}
	return check.Passed("", ev)
}

// NoRestart asks that no update waits for a restart, by the file that Debian's and Ubuntu's
// packages leave for it. Where none of the programs is there that would leave it, or
// something else runs the system's updates, its absence says nothing.
type NoRestart struct{}

// pending is the file, and hooks are what creates it.
const pending = "run/reboot-required"

var hooks = []string{"etc/kernel/postinst.d/unattended-upgrades", "usr/share/update-notifier/notify-reboot-required"}

// Check makes the check.
func (NoRestart) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System) check.Result {
		if !sys.Live() {
			return check.FromError(fmt.Errorf("an image has not started: %w", inventory.ErrNotLive))
		}
		_, err := sys.Lstat(ctx, pending)
		if err == nil {
			return check.Failed("", check.Evidence{Source: pending, Subject: "updates", Want: "in use", Got: "waiting for a restart"})
		}
		if !inventory.IsAbsent(err, pending) {
			return check.FromError(err)
		}
		for _, name := range hooks {
			if _, err := sys.Stat(ctx, name); err == nil {
				return check.Passed("", check.Evidence{Source: pending, Subject: "updates", Want: "in use", Got: "none waits for a restart"})
			} else if !errors.Is(err, fs.ErrNotExist) {
				return check.FromError(err)
			}
		}
		return check.FromError(fmt.Errorf("nothing here tells of restarts: %w", inventory.ErrUnavailable))
	}), nil
}
