// Package ssh has ready-made checks of the OpenSSH server: the values that its directives
// have in effect, in general and for the connections that a Match block applies to; and of its
// keys and those of users. [Kinds] has the names of the checks in baselines.
package ssh

import (
	"context"
	"fmt"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/sshd"
)

// Directive is the kind ssh.directive. It requires that a directive of sshd_config(5) has an accepted value, everywhere: in
// general, and in each Match block that sets it. A system without an OpenSSH server has
// nothing to judge.
//
//	ssh.Directive{Name: "PermitRootLogin", Accept: setting.Accept{Want: []string{"no"}}}
type Directive struct {
	Name           string `yaml:"name,required" doc:"the directive, as sshd_config(5) spells it"`
	setting.Accept        // in the spelling of sshd_config(5); times in seconds
}

// Check returns the check.
func (a Directive) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if err := a.Validate(); err != nil {
		return nil, err
	}
	if !sshd.Told(a.Name) {
		return nil, fmt.Errorf("%q is no directive whose value is told", a.Name)
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		c, err := sshd.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		all, err := c.Values(a.Name)
		for _, s := range all {
			v.Judge(a.Accepts(s.Value), a.evidence(c, s))
		}
		return err // what is not known may be what fails
	}), nil
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
		e.Source = mainFile(c)
		e.Got += ", the default of OpenSSH " + c.Version.String()
	}
	return e
}

// mainFile returns the file where a directive would be that nothing sets.
func mainFile(c *sshd.Config) string {
	if len(c.Files) == 0 {
		return ""
	}
	return c.Files[0]
}
