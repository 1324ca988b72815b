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

// Automatic asks that updates are installed without a person: APT's periodic work is on and
// runs unattended-upgrades(8), which is there, for what brings security updates, and with
// systemd its timers start; or a timer of
// dnf-automatic(8) starts and applies them. On a system with neither it is not known how
// updates come.
type Automatic struct{}

// Check makes the check.
func (Automatic) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		c, err := apt.Fact.Of(ctx, sys)
		if err == nil {
			return ofAPT(ctx, sys, c)
		}
		if !errors.Is(err, inventory.ErrAbsent) {
			return check.FromError(err)
		}
		if _, err = dnf.Repos.Of(ctx, sys); err == nil {
			return ofDNF(ctx, sys)
		}
		return check.FromError(unknownPackager(err))
	}), nil
}

// unknownPackager says that the system is neither one of APT nor of DNF.
func unknownPackager(err error) error {
	if errors.Is(err, inventory.ErrAbsent) {
		return fmt.Errorf("neither APT nor DNF is there: %w", inventory.ErrUnavailable)
	}
	return err
}

// ofAPT judges what etc/apt/apt.conf.d says of APT's periodic work, whose settings the
// script apt.systemd.daily of APT documents.
func ofAPT(ctx context.Context, sys *inventory.System, c *apt.Config) check.Result {
	bad, err := notRun(ctx, sys)
	if err != nil {
		return check.FromError(err)
	}
	var good []check.Evidence
	judge := func(name, byDefault, want string, ok func(string) bool) {
		v, set := c.Lookup(name)
		ev := check.Evidence{Position: v.Position, Subject: name, Want: want, Got: v.Value}
		if !set {
			ev.Source, ev.Got = "etc/apt/apt.conf.d", "not set"
			v.Value = byDefault
		}
		if ok(v.Value) {
			good = append(good, ev)
		} else {
			bad = append(bad, ev)
		}
	}
	if v, ok := c.Lookup("APT::Periodic::Enable"); ok && !periodic(v.Value) {
		bad = append(bad, check.Evidence{Position: v.Position, Subject: v.Name, Want: "not 0", Got: v.Value})
	}
	judge("APT::Periodic::Update-Package-Lists", "0", "every day or more often", daily)
	judge("APT::Periodic::Unattended-Upgrade", "0", "every day or more often", daily)
	if ev, ok := securityOrigin(c); ok {
		good = append(good, ev)
	} else {
		bad = append(bad, ev)
	}
	for _, p := range c.List("Unattended-Upgrade::Package-Blacklist") {
		bad = append(bad, check.Evidence{Position: p.Position, Subject: "Unattended-Upgrade::Package-Blacklist", Want: "no package kept back", Got: p.Value})
	}
	if len(bad) > 0 {
		return check.Failed("", bad...)
	}
	return check.Passed("", good...)
}

// upgrader is what apt.systemd.daily runs, and passes over where it is not there. Its
// configuration stays when the package is removed.
const upgrader = "usr/bin/unattended-upgrade"

// notRun returns what keeps APT's periodic work from being done, whatever its configuration.
func notRun(ctx context.Context, sys *inventory.System) ([]check.Evidence, error) {
	var bad []check.Evidence
	program, err := files.FindFirst(ctx, sys, upgrader)
	if err != nil {
		return nil, err
	}
	if program == "" {
		bad = append(bad, check.Evidence{Position: inventory.Position{Source: upgrader}, Subject: "unattended-upgrades", Want: "installed", Got: "not there"})
	}
	units, err := systemd.Fact.Of(ctx, sys)
	if errors.Is(err, inventory.ErrAbsent) {
		return bad, nil // etc/cron.daily/apt-compat does it
	}
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"apt-daily.timer", "apt-daily-upgrade.timer"} {
		if !units.StartsAtBoot(name) {
			bad = append(bad, check.Evidence{Subject: name, Want: "started at boot", Got: "not started"})
		}
	}
	return bad, nil
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
	return check.Evidence{Position: inventory.Position{Source: "etc/apt/apt.conf.d"}, Subject: "Unattended-Upgrade::Origins-Pattern", Want: want, Got: "none"}, false
}

// ofDNF judges which timer of dnf-automatic starts, and what it then does. The timer whose
// name says install does so whatever the configuration says.
func ofDNF(ctx context.Context, sys *inventory.System) check.Result {
	units, err := systemd.Fact.Of(ctx, sys)
	if err != nil {
		return check.FromError(unknownPackager(err))
	}
	const install = "dnf-automatic-install.timer"
	if units.StartsAtBoot(install) {
		return check.Passed("", check.Evidence{Subject: install, Want: "started at boot", Got: "started at boot"})
	}
	ev := check.Evidence{Subject: "dnf-automatic.timer", Want: "started at boot", Got: "not started"}
	if !units.StartsAtBoot("dnf-automatic.timer") && !units.StartsAtBoot("dnf5-automatic.timer") {
		return check.Failed("", ev)
	}
	conf, err := dnf.Automatic.Of(ctx, sys)
	if errors.Is(err, inventory.ErrAbsent) {
		conf, err = map[string]inventory.Setting{"apply_updates": {Name: "apply_updates", Value: "0"}}, nil
	}
	if err != nil {
		return check.FromError(err)
	}
	v := conf["apply_updates"]
	ev = check.Evidence{Position: v.Position, Subject: v.Name, Want: "yes", Got: map[string]string{"1": "yes", "0": "no"}[v.Value]}
	if v.Value != "1" {
		return check.Failed("", ev)
	}
	return check.Passed("", ev)
}
