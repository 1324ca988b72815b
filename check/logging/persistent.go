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

// Persistent is the kind logging.persistent. It requires that messages outlive a restart: that
// journald keeps them on disk, or that rsyslog starts, gets what journald gets and writes it to
// files. On a running system the one that does has to run, by [services.Now]. A system without journald
// has nothing to judge.
type Persistent struct{}

// Check returns the check.
func (Persistent) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		conf, err := systemdconf.Fact.Of(ctx, sys, "journald.conf")
		if err != nil {
			return err
		}
		y, err := collect(ctx, sys)
		if err != nil {
			return err
		}
		storage, _ := conf.Lookup("Journal", "Storage")
		kept, ev, err := journal(ctx, sys, y, storage)
		if err != nil {
			return err
		}
		if level, ok := conf.Lookup("Journal", "MaxLevelStore"); ok && !slices.Contains(levels, level.Value) {
			kept = false
			ev = check.Evidence{Position: level.Position, Subject: level.Name, Want: "messages down to info stored", Got: "only graver ones"}
		}
		if kept {
			return judgeRunning(ctx, sys, v, "systemd-journald.service", ev)
		}
		by, err := written(ctx, sys, y, conf, storage.Value)
		switch {
		case err != nil:
			return err
		case by != nil:
			return judgeRunning(ctx, sys, v, "rsyslog.service", *by)
		}
		if err := y.unread(); err != nil {
			return err
		}
		v.Bad(ev)
		return nil
	}), nil
}

// levels are those that leave no message of a login or a service out.
var levels = []string{"info", "6", "debug", "7"}

// journal reports whether journald keeps messages on disk, and what says so.
func journal(ctx context.Context, sys *inventory.System, y *system, storage inventory.Setting) (kept bool, ev check.Evidence, err error) {
	const folder = "var/log/journal"
	ev = check.Evidence{Position: storage.Position, Subject: "Storage", Want: "persistent, or auto with /var/log/journal", Got: storage.Value}
	if storage.Compiled() {
		ev.Source = "etc/systemd/journald.conf"
	}
	for _, name := range []string{"systemd-journald.service", "systemd-journal-flush.service"} {
		if u, ok := y.units.Unit(name); ok && u.Load == systemd.LoadMasked {
			ev.Got += ", and " + name + " is masked"
			return false, ev, nil
		}
	}
	if storage.Value != "persistent" && storage.Value != "auto" {
		return false, ev, nil
	}
	if place, err := mounts.Volatile.Of(ctx, sys, folder); err != nil || place != "" {
		ev.Got += ", in " + place
		return false, ev, err
	}
	if storage.Value == "persistent" {
		return true, ev, nil
	}
	f, err := files.Follow(ctx, sys, folder)
	switch {
	case inventory.IsAbsent(err, folder):
		ev.Got += ", without /var/log/journal"
		return false, ev, nil
	case err == nil && f.Mode.IsDir():
		ev.Got += ", with /var/log/journal"
		return true, ev, nil
	}
	ev.Got += ", and /var/log/journal is no folder"
	return false, ev, err
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
