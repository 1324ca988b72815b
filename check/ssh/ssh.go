// Package ssh has ready-made checks of the OpenSSH server: the values that its directives
// have in effect, in general and for the connections that a Match block applies to.
package ssh

import (
	"context"
	"fmt"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/sshd"
)

// Directive asks that a directive of sshd_config(5) has an accepted value, everywhere: in
// general, and in each Match block that sets it. A system without an OpenSSH server has
// nothing to judge.
//
//	ssh.Directive{Name: "PermitRootLogin", Accept: setting.Accept{Want: []string{"no"}}}
type Directive struct {
	Name           string `yaml:"name,required"`
	setting.Accept        // in the spelling of sshd_config(5); times in seconds
}

// Check makes the check.
func (a Directive) Check() (check.Check, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
	if !sshd.Told(a.Name) {
		return nil, fmt.Errorf("%q is no directive whose value is told", a.Name)
	}
	return check.OldFunc(a.examine), nil
}

func (a Directive) examine(ctx context.Context, sys *inventory.System) check.Result {
	c, err := sshd.Fact.Of(ctx, sys)
	if err != nil {
		return check.FromError(err)
	}
	all, err := c.Values(a.Name)
	r := check.Each(all, func(s sshd.Value) (check.Evidence, bool) {
		return a.evidence(c, s), !a.Accepts(s.Value)
	})
	if r.Status == check.Fail || err == nil {
		if r.Status == check.Pass {
			r.Message = ""
			for _, s := range all {
				r.Evidence = append(r.Evidence, a.evidence(c, s))
			}
		}
		return r
	}
	return check.FromError(err) // what is not known may be what fails
}

func (a Directive) evidence(c *sshd.Config, s sshd.Value) check.Evidence {
	e := check.Evidence{Position: s.Position, Subject: a.Name, Want: a.Wanted(), Got: a.Got(s.Value)}
	if s.Value == "" {
		e.Got = "not set"
	}
	if s.Match != "" {
		e.Subject += " (Match " + s.Match + ")"
	}
	if s.Compiled() {
		e.Got += ", the default of OpenSSH " + c.Version.String()
	}
	return e
}
