// Package hostsaccess has the ready-made check of what programs linked with libwrap let in. [Kinds]
// has its name in baselines.
package hostsaccess

import (
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory/firewalls/hostsaccess"
)

// DefaultDeny is the kind hostsaccess.default-deny: it asks that clients which no line of hosts.allow names are refused by every
// program that asks for it, hosts_access(5). Without libwrap no program asks.
type DefaultDeny struct{}

// Check makes the check.
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
