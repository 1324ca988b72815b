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

// Lists is the folder in which a package manager keeps the package lists that it fetched.
type Lists struct {
	Folder  string    // the path, such as var/lib/apt/lists
	Changed time.Time // when the folder changed last, as it does when a list is fetched
	Empty   bool      // there is no list, as after "rm" or "dnf clean all", which change the folder too
}

// listFolders change whenever lists are fetched, and hold them under these names. They belong to APT,
// DNF 4 and DNF 5.
var listFolders = [...]struct{ dir, lists string }{
	{"var/lib/apt/lists", "*_Packages*"},
	{"var/cache/dnf", "*/repodata"},
	{"var/cache/libdnf5", "*/repodata"},
}

// Fetched returns the package lists of APT or DNF. The error is [inventory.ErrNotLive] on an image,
// which fetches no lists, and [inventory.ErrAbsent] without APT and DNF.
var Fetched = inventory.NewFact("lists of packages", collectFetched)

func collectFetched(ctx context.Context, s *inventory.System) (Lists, error) {
	if !s.Live() {
		return Lists{}, fmt.Errorf("an image fetches no lists: %w", inventory.ErrNotLive)
	}
	for _, l := range listFolders {
		dir := l.dir
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
		found, err := s.Glob(ctx, dir+"/"+l.lists)
		if err != nil {
			return Lists{}, err
		}
		return Lists{Folder: dir, Changed: f.Changed, Empty: len(found) == 0}, nil
	}
	return Lists{}, fmt.Errorf("no lists of packages: %w", inventory.ErrAbsent)
}

// Restart is whether an update waits for a restart of the system.
type Restart struct {
	inventory.Position // the file whose existence means a pending restart

	Pending bool
}

// pending is the file that packages of Debian and Ubuntu create. hooks are the programs that create
// it.
const pending = "run/reboot-required"

var hooks = [...]string{
	"etc/kernel/postinst.d/unattended-upgrades",
	"usr/share/update-notifier/notify-reboot-required",
}

// Restarts reports whether an update waits for a restart, by run/reboot-required. Without a program
// that creates this file its absence means nothing: the error is [inventory.ErrUnavailable]. It is
// [inventory.ErrNotLive] for an image, which has not started.
var Restarts = inventory.NewFact("restart", collectRestarts)

func collectRestarts(ctx context.Context, s *inventory.System) (Restart, error) {
	if !s.Live() {
		return Restart{}, fmt.Errorf("an image has not started: %w", inventory.ErrNotLive)
	}
	_, err := files.Look(ctx, s, pending)
	if err == nil {
		return Restart{Pending: true, Position: inventory.Position{Source: pending}}, nil
	}
	if !inventory.IsAbsent(err, pending) {
		return Restart{}, err
	}
	for _, name := range hooks {
		if _, err := files.Follow(ctx, s, name); err == nil {
			return Restart{Position: inventory.Position{Source: pending}}, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return Restart{}, err
		}
	}
	return Restart{}, fmt.Errorf("nothing here tells of restarts: %w", inventory.ErrUnavailable)
}
