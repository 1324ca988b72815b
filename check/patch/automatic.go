package patch

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/packages/apt"
	"github.com/hardening-sdk/hardening/inventory/packages/dnf"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// Automatic is the kind patch.automatic. It requires that security updates are installed
// automatically, in one of two ways:
//
//   - The periodic work of APT is enabled and runs unattended-upgrades(8), which is installed, for
//     origins of security updates. With systemd, its timers start.
//   - A timer of dnf-automatic(8) starts and applies updates.
//
// On a system without APT and DNF the check is Unknown.
type Automatic struct{}

// Check returns the check. The error is always nil.
func (Automatic) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		c, err := apt.Fact.Of(ctx, sys)
		if err == nil {
			return judgeAPT(ctx, sys, v, c)
		}
		if !errors.Is(err, inventory.ErrAbsent) {
			return err
		}
		if _, err = dnf.Repos.Of(ctx, sys); err == nil {
			return judgeDNF(ctx, sys, v)
		}
		return unknownPackager(err)
	}), nil
}

// unknownPackager returns err, or a more specific error if err means that the system uses neither
// APT nor DNF.
func unknownPackager(err error) error {
	if errors.Is(err, inventory.ErrAbsent) {
		return fmt.Errorf("neither APT nor DNF is there: %w", inventory.ErrUnavailable)
	}
	return err
}

// judgeAPT judges whether the periodic work of APT runs, and what it does.
func judgeAPT(ctx context.Context, sys *inventory.System, v *check.Verdict, c *apt.Config) error {
	program, err := files.FindFirst(ctx, sys, upgrader)
	if err != nil {
		return err
	}
	units, err := systemd.Fact.Of(ctx, sys)
	if err != nil && !errors.Is(err, inventory.ErrAbsent) {
		return err
	}
	ev := check.Evidence{Position: inventory.Position{Source: upgrader}, Subject: "unattended-upgrades", Want: "installed", Got: "not there"}
	if program != "" {
		ev.Got = "there"
	}
	v.Judge(program != "", ev)
	if err == nil { // without systemd, etc/cron.daily/apt-compat does the work
		for _, name := range []string{"apt-daily.timer", "apt-daily-upgrade.timer"} {
			judgeTimer(v, units, name)
		}
	}
	judgePeriodic(v, c)
	return nil
}

// upgrader is the program that apt.systemd.daily runs if it exists. Its configuration remains when
// the package is removed.
const upgrader = "usr/bin/unattended-upgrade"

// judgeTimer judges whether a timer starts at boot.
func judgeTimer(v *check.Verdict, units *systemd.Units, name string) {
	starts, err := units.Runs(name)
	if err != nil {
		v.Err(err)
		return
	}
	ev := check.Evidence{Subject: name, Want: "started at boot", Got: "not started"}
	if u, ok := units.Unit(name); ok {
		ev.Source = u.Path
	}
	if starts {
		ev.Got = "started at boot"
	}
	v.Judge(starts, ev)
}

// aptFolder is the folder where packages install settings of APT.
const aptFolder = "etc/apt/apt.conf.d"

// judgePeriodic judges the settings of the periodic work of APT. The script apt.systemd.daily of
// APT documents them.
func judgePeriodic(v *check.Verdict, c *apt.Config) {
	if s, ok := c.Lookup("APT::Periodic::Enable"); ok {
		v.Judge(isNonzero(s.Value), check.Evidence{Position: s.Position, Subject: s.Name, Want: "not 0", Got: s.Value})
	}
	for _, name := range []string{"APT::Periodic::Update-Package-Lists", "APT::Periodic::Unattended-Upgrade"} {
		s, set := c.Lookup(name) // the default is 0
		ev := check.Evidence{Position: s.Position, Subject: name, Want: "every day or more often", Got: s.Value}
		if !set {
			ev.Source, ev.Got = aptFolder, "not set"
		}
		v.Judge(set && isDaily(s.Value), ev)
	}
	ev, ok := securityOrigin(c)
	v.Judge(ok, ev)
	const kept = "Unattended-Upgrade::Package-Blacklist"
	for _, p := range c.List(kept) {
		v.Bad(check.Evidence{Position: p.Position, Subject: kept, Want: "no package kept back", Got: p.Value})
	}
}

// isNonzero reports whether value is neither empty nor 0.
func isNonzero(value string) bool { return value != "" && strings.Trim(value, "0") != "" }

// isDaily reports whether an interval is at most a day: a number of days, a number with the unit s,
// m, h or d, or "always".
func isDaily(value string) bool {
	if value == "always" {
		return true
	}
	n := 0
	unit := strings.TrimLeft(value, "0123456789")
	if _, err := fmt.Sscanf(strings.TrimSuffix(value, unit), "%d", &n); err != nil || n <= 0 {
		return false
	}
	most, ok := map[string]int{"": 1, "d": 1, "h": 24, "m": 1440, "s": 86400}[unit]
	return ok && n <= most
}

// securityOrigin returns the element in the lists of unattended-upgrades that includes security
// updates, and reports whether there is one.
func securityOrigin(c *apt.Config) (check.Evidence, bool) {
	const want = "an origin of security updates"
	for _, list := range []string{"Unattended-Upgrade::Origins-Pattern", "Unattended-Upgrade::Allowed-Origins"} {
		for _, o := range c.List(list) {
			text := strings.ToLower(o.Value)
			if strings.Contains(text, "security") || text == "origin=*" || text == "*:*" {
				return check.Evidence{Position: o.Position, Subject: list, Want: want, Got: o.Value}, true
			}
		}
	}
	return check.Evidence{Position: inventory.Position{Source: aptFolder}, Subject: "Unattended-Upgrade::Origins-Pattern", Want: want, Got: "none"}, false
}

// judgeDNF judges which timer of dnf-automatic starts, and what it does. The timer
// dnf-automatic-install.timer installs updates regardless of the configuration.
func judgeDNF(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
	units, err := systemd.Fact.Of(ctx, sys)
	if err != nil {
		return unknownPackager(err)
	}
	started := ""
	for _, name := range []string{"dnf-automatic-install.timer", "dnf-automatic.timer", "dnf5-automatic.timer"} {
		runs, err := units.Runs(name)
		if err != nil {
			return err
		}
		if started == "" && runs {
			started = name
		}
	}
	switch started {
	case "":
		judgeTimer(v, units, "dnf-automatic.timer")
		return nil
	case "dnf-automatic-install.timer":
		judgeTimer(v, units, started)
		return nil
	}
	conf, err := dnf.Automatic.Of(ctx, sys)
	if err != nil && !errors.Is(err, inventory.ErrAbsent) {
		return err
	}
	judgeTimer(v, units, started)
	apply := conf["apply_updates"] // "no" if there is no file
	ev := check.Evidence{Position: apply.Position, Subject: "apply_updates", Want: "yes", Got: "no"}
	if apply.Value == "1" {
		ev.Got = "yes"
	}
	if apply.Compiled() {
		ev.Source, ev.Got = "etc/dnf/automatic.conf", ev.Got+", the default"
	}
	v.Judge(apply.Value == "1", ev)
	return nil
}
