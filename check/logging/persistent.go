package logging

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/mounts"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
	"github.com/hardening-sdk/hardening/inventory/services/systemdconf"
)

// Persistent asks that messages outlive a restart: that journald keeps them on disk, or that rsyslog
// starts, gets what journald gets and writes it to files. A system without journald has nothing to judge.
type Persistent struct{}

// Check makes the check.
func (Persistent) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		conf, err := systemdconf.Fact.Of(ctx, sys, "journald.conf")
		if err != nil {
			return check.FromError(err)
		}
		y, err := collect(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		storage, _ := conf.Lookup("Journal", "Storage")
		ev := check.Evidence{Position: storage.Position, Subject: "Storage", Want: "persistent, or auto with /var/log/journal", Got: storage.Value}
		if storage.Compiled() {
			ev.Source = "journald.conf"
		}
		kept, got, err := journal(ctx, sys, y, storage.Value)
		if err != nil {
			return check.FromError(err)
		}
		if got != "" {
			ev.Got = got
		}
		if level, ok := conf.Lookup("Journal", "MaxLevelStore"); ok && !slices.Contains(levels, level.Value) {
			kept = false
			ev = check.Evidence{Position: level.Position, Subject: level.Name, Want: "messages down to info stored", Got: "only graver ones"}
		}
		if kept {
			return check.Passed("", ev)
		}
		by, err := written(ctx, sys, y, conf, storage.Value)
		switch {
		case err != nil:
			return check.FromError(err)
		case by != nil:
			return check.Passed("", *by)
		case y.unread() != "":
			return check.FromError(fmt.Errorf("the configuration of %s is not read: %w", y.unread(), inventory.ErrUnavailable))
		}
		return check.Failed("", ev)
	}), nil
}

// levels are those that leave no message of a login or a service out.
var levels = []string{"info", "6", "debug", "7"}

// journal reports whether journald keeps messages on disk, and else why not.
func journal(ctx context.Context, sys *inventory.System, y *system, storage string) (kept bool, why string, err error) {
	const folder = "var/log/journal"
	for _, name := range []string{"systemd-journald.service", "systemd-journal-flush.service"} {
		if u, ok := y.units.Unit(name); ok && u.Load == systemd.LoadMasked {
			return false, storage + ", and " + name + " is masked", nil
		}
	}
	if storage == "persistent" || storage == "auto" {
		if place, err := mounts.Volatile.Of(ctx, sys, folder); err != nil || place != "" {
			return false, storage + ", in " + place, err
		}
	}
	switch storage {
	case "persistent":
		return true, "", nil
	case "auto":
		f, err := files.Follow(ctx, sys, folder)
		if inventory.IsAbsent(err, folder) {
			return false, "auto, without /var/log/journal", nil
		}
		if err != nil {
			return false, "", err
		}
		return f.Mode.IsDir(), "auto", nil
	}
	return false, "", nil
}

// written returns the line by which rsyslog writes what journald gets to a file.
func written(ctx context.Context, sys *inventory.System, y *system, conf *systemdconf.Config, storage string) (*check.Evidence, error) {
	if y.rsyslog == nil {
		return nil, nil
	}
	fed, err := fed(ctx, sys, y, conf, storage)
	if err != nil || !fed {
		return nil, err
	}
	for _, o := range filesOf(reached(y.rsyslog.Outputs)) {
		if !o.Conditional && mostly(o.Filter) {
			if place, err := mounts.Volatile.Of(ctx, sys, strings.TrimPrefix(path.Clean("/"+o.Target), "/")); err != nil || place != "" {
				return nil, err
			}
			return &check.Evidence{Position: o.Position, Subject: "rsyslog", Want: "messages written to a file", Got: o.Target}, nil
		}
	}
	return nil, nil
}

// mostly reports whether a selector takes messages of all facilities but those that have a file of
// their own, as distributions have it.
func mostly(filter string) bool {
	first, _, _ := strings.Cut(strings.ToLower(filter), ";")
	return slices.Contains(everything, first)
}

// fed reports whether rsyslog gets what journald gets.
func fed(ctx context.Context, sys *inventory.System, y *system, conf *systemdconf.Config, storage string) (bool, error) {
	for _, m := range y.rsyslog.Modules {
		if m == "imjournal" && storage != "none" {
			return true, nil
		}
	}
	if !hears(y.rsyslog) {
		return false, nil
	}
	if forward, ok := conf.Lookup("Journal", "ForwardToSyslog"); ok {
		return forward.Value == "yes", nil
	}
	// Nothing sets it. Debian builds yes in up to version 252, all others no.
	p, err := sys.Platform(ctx)
	if err != nil {
		return false, err
	}
	if debian, known := p.Match("linux/debian"); !known || !debian {
		return false, nil
	}
	v, err := systemd.Version.Of(ctx, sys)
	if err == nil && v == 0 {
		err = fmt.Errorf("the version of systemd is not known: %w", inventory.ErrUnavailable)
	}
	if errors.Is(err, inventory.ErrAbsent) {
		return false, nil
	}
	return v <= 252, err
}
