// Package hostsaccess provides the ready-made check of the clients that programs with libwrap
// admit. [Kinds] has the name of the check in baselines.
package hostsaccess

import (
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory/firewalls/hostsaccess"
)

// DefaultDeny is the kind hostsaccess.default-deny. It requires that every program that uses
// hosts_access(5) refuses clients that no line of hosts.allow names. If libwrap is not installed,
// the check is NotApplicable.
type DefaultDeny struct{}

// Check returns the check. The error is always nil.
func (DefaultDeny) Check() (check.Check, error) {
	return check.Of(hostsaccess.Fact, func(v *check.Verdict, p *hostsaccess.Policy) {
		r, letIn := p.Others()
		ev := check.Evidence{Position: r.Position, Subject: "clients that no line names", Want: "refused", Got: "let in"}
		if r.Source == "" {
			ev.Source, ev.Got = "etc/hosts.deny", "let in, by no line"
		}
		if excepted := slices.ContainsFunc(r.Daemons, func(w string) bool { return strings.EqualFold(w, "EXCEPT") }); excepted && !letIn {
			letIn, ev.Got = true, "let in by some programs"
		}
		if !letIn {
			ev.Got = "refused"
		}
		v.Judge(!letIn, ev)
	}), nil
}
