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

// Signed asks that nothing is installed whose origin is not proven by a signature: neither
// APT nor one of its sources is told to do without, and each repository of DNF that is on
// asks for it. On a system with neither it is not known what packages come from.
type Signed struct{}

// Check makes the check.
func (Signed) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		bad, errA := aptUnsigned(ctx, sys)
		more, errD := dnfUnsigned(ctx, sys)
		absentA, absentD := errors.Is(errA, inventory.ErrAbsent), errors.Is(errD, inventory.ErrAbsent)
		if absentA {
			errA = nil
		}
		if absentD {
			errD = nil
		}
		err := errors.Join(errA, errD)
		if absentA && absentD {
			err = fmt.Errorf("neither APT nor DNF is there: %w", inventory.ErrUnavailable)
		}
		switch bad = append(bad, more...); {
		case len(bad) > 0:
			return check.Failed("", bad...)
		case err != nil:
			return check.FromError(err)
		}
		return check.Passed("")
	}), nil
}

const signature = "a signature is asked for"

// lax are the settings of APT that do without signatures, apt.conf(5) and apt-secure(8).
var lax = []string{"APT::Get::AllowUnauthenticated", "APT::Get::Force-Yes", "Acquire::AllowInsecureRepositories", "Acquire::AllowWeakRepositories", "Acquire::AllowDowngradeToInsecureRepositories"}

// laxOptions are the same of one source, sources.list(5).
var laxOptions = []string{"trusted", "allow-insecure", "allow-weak", "allow-downgrade-to-insecure"}

func aptUnsigned(ctx context.Context, sys *inventory.System) ([]check.Evidence, error) {
	c, err := apt.Fact.Of(ctx, sys)
	if err != nil {
		return nil, err
	}
	var bad []check.Evidence
	for _, name := range lax {
		for _, v := range c.Everywhere(name) {
			if yes(v.Value) {
				bad = append(bad, check.Evidence{Position: v.Position, Subject: v.Name, Want: signature, Got: v.Value})
			}
		}
	}
	all, err := apt.Sources.Of(ctx, sys)
	for _, s := range all {
		for _, o := range laxOptions {
			if !s.Disabled && s.Option(o) {
				bad = append(bad, check.Evidence{Position: s.Position, Subject: strings.Join(s.Suites, " "), Want: signature, Got: o + " is set"})
			}
		}
	}
	return bad, err
}

// yes reads a value as APT does: what is no word for no, and not 0, lets it happen.
func yes(value string) bool {
	switch strings.ToLower(value) {
	case "", "no", "false", "without", "off", "disable", "0":
		return false
	}
	return true
}

func dnfUnsigned(ctx context.Context, sys *inventory.System) ([]check.Evidence, error) {
	repos, err := dnf.Repos.Of(ctx, sys)
	var bad []check.Evidence
	for _, r := range repos {
		if !r.Enabled {
			continue
		}
		if v := r.GPGCheck; v.Value != "1" {
			bad = append(bad, ofRepo(r, v, signature, "gpgcheck is 0"))
		}
		if v := r.SSLVerify; v.Value != "1" {
			bad = append(bad, ofRepo(r, v, "the server's certificate is checked", "sslverify is 0"))
		}
	}
	return bad, err
}

func ofRepo(r dnf.Repo, v inventory.Setting, want, got string) check.Evidence {
	ev := check.Evidence{Position: v.Position, Subject: r.ID, Want: want, Got: got}
	if v.Compiled() {
		ev.Source, ev.Line, ev.Got = r.Source, r.Line, got+", the default"
	}
	return ev
}
