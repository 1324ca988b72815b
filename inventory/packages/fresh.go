package packages

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
)

// Lists is where a package manager keeps the lists of packages that it fetched.
type Lists struct {
	Folder  string
	Changed time.Time // when something was fetched last
}

// listFolders change whenever lists are fetched: those of APT, of DNF 4 and of DNF 5.
var listFolders = [...]string{"var/lib/apt/lists", "var/cache/dnf", "var/cache/libdnf5"}

// Fetched is the lists of available packages of APT or DNF. On an image, which fetches none, the
// answer is [inventory.ErrNotLive], without either program [inventory.ErrAbsent].
var Fetched = inventory.NewFact("lists of packages", func(ctx context.Context, s *inventory.System) (Lists, error) {
	if !s.Live() {
		return Lists{}, fmt.Errorf("an image fetches no lists: %w", inventory.ErrNotLive)
	}
	for _, dir := range listFolders {
		f, err := files.Follow(ctx, s, dir)
		if inventory.IsAbsent(err, dir) {
			continue
		}
		if err != nil {
			return Lists{}, err
		}
		if !f.Dated() {
			return Lists{}, fmt.Errorf("the tree does not know when %s changed: %w", dir, inventory.ErrUnavailable)
		}
		return Lists{Folder: dir, Changed: f.Changed}, nil
	}
	return Lists{}, fmt.Errorf("no lists of packages: %w", inventory.ErrAbsent)
})

// Restart is whether an update waits for a restart of the system.
type Restart struct {
	Pending bool
	Source  string // the file that says so where it is there
}

// pending is the file that packages of Debian and Ubuntu leave, and hooks are what creates it.
const pending = "run/reboot-required"

var hooks = [...]string{"etc/kernel/postinst.d/unattended-upgrades", "usr/share/update-notifier/notify-reboot-required"}

// Restarts is whether an update waits for a restart, by run/reboot-required. Where nothing is
// there that would leave that file its absence says nothing: [inventory.ErrUnavailable]. An
// image has not started: [inventory.ErrNotLive].
var Restarts = inventory.NewFact("restart", func(ctx context.Context, s *inventory.System) (Restart, error) {
	if !s.Live() {
		return Restart{}, fmt.Errorf("an image has not started: %w", inventory.ErrNotLive)
	}
	_, err := files.Look(ctx, s, pending)
	if err == nil {
		return Restart{Pending: true, Source: pending}, nil
	}
	if !inventory.IsAbsent(err, pending) {
		return Restart{}, err
	}
	for _, name := range hooks {
		if _, err := files.Follow(ctx, s, name); err == nil {
			return Restart{Source: pending}, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return Restart{}, err
		}
	}
	return Restart{}, fmt.Errorf("nothing here tells of restarts: %w", inventory.ErrUnavailable)
})
