// Package ssh has ready-made checks of the OpenSSH server: the values that its directives
// have in effect, in general and for the connections that a Match block applies to.
package ssh

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/sshd"
)

// Directive asks that a directive of sshd_config(5) has an accepted value, everywhere: in
// general, and in each Match block that sets it. A system without an OpenSSH server has
// nothing to judge.
type Directive struct {
	Name string   `yaml:"name,required"`
	Want []string // accepted values, in the spelling of sshd_config(5); times in seconds
	Min  *int     // of a number
	Max  *int     // of a number
	// Forbid are patterns of path.Match for algorithms that a list must not have.
	Forbid []string
}

// Check makes the check.
func (a Directive) Check() (check.Check, error) {
	asked := 0
	for _, given := range []bool{len(a.Want) > 0, a.Min != nil || a.Max != nil, len(a.Forbid) > 0} {
		if given {
			asked++
		}
	}
	if asked != 1 {
		return nil, errors.New("want one of: accepted values, a minimum or maximum, forbidden algorithms")
	}
	for _, p := range a.Forbid {
		if _, err := path.Match(p, ""); err != nil {
			return nil, fmt.Errorf("%q: %w", p, err)
		}
	}
	if !sshd.Told(a.Name) {
		return nil, fmt.Errorf("%q is no directive whose value is told", a.Name)
	}
	return check.Func(a.examine), nil
}

func (a Directive) examine(ctx context.Context, sys *inventory.System) check.Result {
	c, err := sshd.Fact.Of(ctx, sys)
	if err != nil {
		return check.FromError(err)
	}
	all, err := c.Values(a.Name)
	r := check.Each(all, func(s sshd.Setting) (check.Evidence, bool) {
		want, bad := a.judge(s.Value)
		return a.evidence(c, s, want), bad
	})
	if r.Status == check.Fail || err == nil {
		if r.Status == check.Pass {
			r.Message = ""
			for _, s := range all {
				want, _ := a.judge(s.Value)
				r.Evidence = append(r.Evidence, a.evidence(c, s, want))
			}
		}
		return r
	}
	return check.FromError(err) // what is not known may be what fails
}

func (a Directive) evidence(c *sshd.Config, s sshd.Setting, want string) check.Evidence {
	e := check.Evidence{Source: s.Source, Line: s.Line, Subject: a.Name, Want: want, Got: s.Value}
	if len(a.Forbid) > 0 {
		e.Got = strings.Join(a.found(s.Value), ",")
		if e.Got == "" {
			e.Got = "none of these"
		}
	}
	if s.Match != "" {
		e.Subject += " (Match " + s.Match + ")"
	}
	if s.Compiled() {
		e.Got += ", the default of OpenSSH " + c.Version.String()
	}
	return e
}

// judge answers what would pass, and whether value does not.
func (a Directive) judge(value string) (want string, bad bool) {
	switch {
	case len(a.Want) > 0:
		return strings.Join(a.Want, " or "), !slices.Contains(a.Want, value)
	case len(a.Forbid) > 0:
		return "none of " + strings.Join(a.Forbid, ","), len(a.found(value)) > 0
	}
	n, err := strconv.Atoi(value)
	switch {
	case a.Max == nil:
		return fmt.Sprintf("%d or more", *a.Min), err != nil || n < *a.Min
	case a.Min == nil:
		return fmt.Sprintf("%d or less", *a.Max), err != nil || n > *a.Max
	}
	return fmt.Sprintf("%d to %d", *a.Min, *a.Max), err != nil || n < *a.Min || n > *a.Max
}

// found answers the forbidden algorithms in a list.
func (a Directive) found(value string) []string {
	var all []string
	for algorithm := range strings.SplitSeq(value, ",") {
		if slices.ContainsFunc(a.Forbid, func(p string) bool { ok, _ := path.Match(p, algorithm); return ok }) {
			all = append(all, algorithm)
		}
	}
	return all
}
