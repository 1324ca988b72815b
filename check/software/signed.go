package software

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/packages/apt"
	"github.com/hardening-sdk/hardening/inventory/packages/dnf"
)

// Signed is the kind software.signed. It requires that nothing is installed whose origin is not
// proven by a signature: neither APT nor one of its sources is told to do without, and each
// repository of DNF that is on asks for it. On a system with neither it is not known what packages
// come from.
type Signed struct{}

// Check returns the check.
func (Signed) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		errA, errD := judgeAPT(ctx, sys, v), judgeDNF(ctx, sys, v)
		absentA, absentD := errors.Is(errA, inventory.ErrAbsent), errors.Is(errD, inventory.ErrAbsent)
		if absentA {
			errA = nil
		}
		if absentD {
			errD = nil
		}
		if absentA && absentD {
			return fmt.Errorf("neither APT nor DNF is there: %w", inventory.ErrUnavailable)
		}
		return errors.Join(errA, errD)
	}), nil
}

const signature = "a signature is asked for"

// lax are the settings of APT that do without signatures, apt.conf(5) and apt-secure(8).
var lax = []string{"APT::Get::AllowUnauthenticated", "APT::Get::Force-Yes", "Acquire::AllowInsecureRepositories", "Acquire::AllowWeakRepositories", "Acquire::AllowDowngradeToInsecureRepositories"}

// laxOptions are the same of one source, sources.list(5).
var laxOptions = []string{"trusted", "allow-insecure", "allow-weak", "allow-downgrade-to-insecure"}

func judgeAPT(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
	c, err := apt.Fact.Of(ctx, sys)
	if err != nil {
		return err
	}
	for _, name := range lax {
		all := c.Everywhere(name)
		for _, s := range all {
			v.Judge(!yes(s.Value), check.Evidence{Position: s.Position, Subject: s.Name, Want: signature, Got: s.Value})
		}
		if len(all) == 0 {
			v.Good(check.Evidence{Position: inventory.Position{Source: "etc/apt/apt.conf.d"}, Subject: name, Want: signature, Got: "not set"})
		}
	}
	all, err := apt.Sources.Of(ctx, sys)
	for _, s := range all {
		judgeSource(v, s)
	}
	return err
}

func judgeSource(v *check.Verdict, s apt.Source) {
	ev := check.Evidence{Position: s.Position, Subject: strings.Join(s.Suites, " "), Want: signature}
	if s.Disabled {
		ev.Got = "off"
		v.Good(ev)
		return
	}
	good := true
	for _, o := range laxOptions {
		if s.Option(o) {
			ev.Got, good = o+" is set", false
			v.Bad(ev)
		}
	}
	if good {
		ev.Got = "no option does without"
		v.Good(ev)
	}
}

// yes reads a value as APT does: what is no word for no, and not 0, lets it happen.
func yes(value string) bool {
	switch strings.ToLower(value) {
	case "", "no", "false", "without", "off", "disable", "0":
		return false
	}
	return true
}

func judgeDNF(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
	repos, err := dnf.Repos.Of(ctx, sys)
	if err == nil && len(repos) == 0 {
		v.Good(check.Evidence{Subject: "repositories of DNF", Want: signature, Got: "none"})
	}
	for _, r := range repos {
		if !r.Enabled {
			v.Good(check.Evidence{Position: r.Position, Subject: r.ID, Want: signature, Got: "off"})
			continue
		}
		judgeSwitch(v, r, r.GPGCheck, signature, "gpgcheck")
		judgeSwitch(v, r, r.SSLVerify, "the server's certificate is checked", "sslverify")
	}
	return err
}

// judgeSwitch asks that a switch of a repository is on.
func judgeSwitch(v *check.Verdict, r dnf.Repo, s inventory.Setting, want, name string) {
	ev := check.Evidence{Position: s.Position, Subject: r.ID, Want: want, Got: name + " is " + s.Value}
	if s.Compiled() {
		ev.Position, ev.Got = r.Position, ev.Got+", the default"
	}
	v.Judge(s.Value == "1", ev)
}
