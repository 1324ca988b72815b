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

// Automatic is the kind patch.automatic: it asks that updates are installed without a person:
// APT's periodic work is on and runs unattended-upgrades(8), which is there, for what brings
// security updates, and with systemd its timers start; or a timer of dnf-automatic(8) starts and
// applies them. On a system with neither it is not known how updates come.
type Automatic struct{}

// Check makes the check.
func (Automatic) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		c, err := apt.Fact.Of(ctx, sys)
		if err == nil {
			return ofAPT(ctx, sys, v, c)
		}
		if !errors.Is(err, inventory.ErrAbsent) {
			return err
		}
		if _, err = dnf.Repos.Of(ctx, sys); err == nil {
			return ofDNF(ctx, sys, v)
		}
		return unknownPackager(err)
	}), nil
}

// unknownPackager says that the system is neither one of APT nor of DNF.
func unknownPackager(err error) error {
	if errors.Is(err, inventory.ErrAbsent) {
		return fmt.Errorf("neither APT nor DNF is there: %w", inventory.ErrUnavailable)
	}
	return err
}

// ofAPT judges whether APT's periodic work is done, and what it is configured to do.
func ofAPT(ctx context.Context, sys *inventory.System, v *check.Verdict, c *apt.Config) error {
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
	if err == nil { // else etc/cron.daily/apt-compat does it
		for _, name := range []string{"apt-daily.timer", "apt-daily-upgrade.timer"} {
			timer(v, units, name)
		}
	}
	judgePeriodic(v, c)
	return nil
}

// upgrader is what apt.systemd.daily runs, and passes over where it is not there. Its
// configuration stays when the package is removed.
const upgrader = "usr/bin/unattended-upgrade"

// timer asks that a timer starts.
func timer(v *check.Verdict, units *systemd.Units, name string) {
	ev := check.Evidence{Subject: name, Want: "started at boot", Got: "not started"}
	if u, ok := units.Unit(name); ok {
		ev.Source = u.Path
	}
	starts := units.StartsAtBoot(name)
	if starts {
		ev.Got = "started at boot"
	}
	v.Judge(starts, ev)
}

// aptFolder is where packages put settings of APT.
const aptFolder = "etc/apt/apt.conf.d"

// judgePeriodic judges the settings of APT's periodic work, which the script apt.systemd.daily of
// APT documents.
func judgePeriodic(v *check.Verdict, c *apt.Config) {
	if s, ok := c.Lookup("APT::Periodic::Enable"); ok {
		v.Judge(periodic(s.Value), check.Evidence{Position: s.Position, Subject: s.Name, Want: "not 0", Got: s.Value})
	}
	for _, name := range []string{"APT::Periodic::Update-Package-Lists", "APT::Periodic::Unattended-Upgrade"} {
		s, set := c.Lookup(name) // without a value it is 0
		ev := check.Evidence{Position: s.Position, Subject: name, Want: "every day or more often", Got: s.Value}
		if !set {
			ev.Source, ev.Got = aptFolder, "not set"
		}
		v.Judge(set && daily(s.Value), ev)
	}
	ev, ok := securityOrigin(c)
	v.Judge(ok, ev)
	const kept = "Unattended-Upgrade::Package-Blacklist"
	for _, p := range c.List(kept) {
		v.Bad(check.Evidence{Position: p.Position, Subject: kept, Want: "no package kept back", Got: p.Value})
	}
}

func periodic(value string) bool { return value != "" && strings.Trim(value, "0") != "" }

// daily reports whether an interval is a day at most: a number of days, or one with the
// unit s, m, h or d, or always.
func daily(value string) bool {
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

// securityOrigin returns the element of unattended-upgrades' lists that lets security
// updates in.
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

// ofDNF judges which timer of dnf-automatic starts, and what it then does. The timer whose
// name says install does so whatever the configuration says.
func ofDNF(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
	units, err := systemd.Fact.Of(ctx, sys)
	if err != nil {
		return unknownPackager(err)
	}
	started := ""
	for _, name := range []string{"dnf-automatic-install.timer", "dnf-automatic.timer", "dnf5-automatic.timer"} {
		if started == "" && units.StartsAtBoot(name) {
			started = name
		}
	}
	switch started {
	case "":
		timer(v, units, "dnf-automatic.timer")
		return nil
	case "dnf-automatic-install.timer":
		timer(v, units, started)
		return nil
	}
	conf, err := dnf.Automatic.Of(ctx, sys)
	if err != nil && !errors.Is(err, inventory.ErrAbsent) {
		return err
	}
	timer(v, units, started)
	apply := conf["apply_updates"] // no without the file
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
