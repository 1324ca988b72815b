package check

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hardening-sdk/hardening/inventory"
)

// Rule gives a check an identity and a meaning. It grows by fields.
type Rule struct {
	ID          string      // platform.subject.statement in kebab case, never renamed: linux.ssh.root-login-off
	Title       string      // what is so when it passes
	Severity    Severity    // how much a failure matters
	Group       string      // the section of the baseline it stands in
	Family      string      // the kind of setting, by which frameworks are mapped: ssh-auth
	Rationale   string      // why it matters
	Remediation string      // what to do about a failure
	References  []Reference // the requirements it bears on
	Platforms   []string    // what it is for, as inventory.Platform.Match has it; empty is any
	Needs       Needs       // what it asks of a scan beside what its check declares; see AllNeeds
	Check       Check
}

// AllNeeds returns what the rule asks of a scan: its Needs and those that its check declares.
// [Run] does not look at them; they serve to choose rules before.
func (r Rule) AllNeeds() Needs { return r.Needs | NeedsOf(r.Check) }

// Reference is a requirement in a catalog, such as 164.312(a)(1) of the HIPAA
// Security Rule.
type Reference struct {
	Catalog string `json:"catalog"` // the id of a catalog: hipaa-security-rule, nist-800-53r5
	ID      string `json:"id"`      // the requirement, as its catalog writes it
}

// Outcome is what one rule found on one system.
type Outcome struct {
	Rule    Rule
	Result  Result
	Reads   []inventory.Read // what was read for it, facts shared with others included
	Excused []inventory.Read // what failed and was excused, since what took its place is as good
	Elapsed time.Duration    // not counting the wait for facts
}

// platform returns why a rule is not examined on p, or an Unknown zero Result and true.
func (r Rule) platform(p inventory.Platform, err error) (Result, bool) {
	if len(r.Platforms) == 0 {
		return Result{}, true
	}
	undetermined := false
	for _, pattern := range r.Platforms {
		match, known := p.Match(pattern)
		if match && known {
			return Result{}, true
		}
		undetermined = undetermined || !known
	}
	switch {
	case err != nil:
		return Result{Status: Unknown, Reason: ReasonPlatform, Message: err.Error(), Err: err}, false
	case undetermined:
		return Result{Status: Unknown, Reason: ReasonPlatform, Message: "it is not known what the system runs"}, false
	}
	return Absent(fmt.Sprintf("for %q, not for %s", r.Platforms, p)), false
}

// validate refuses rules that could not be told apart or examined.
func validate(rules []Rule) error {
	var errs []error
	seen := map[string]bool{}
	for i, r := range rules {
		switch {
		case r.ID == "":
			errs = append(errs, fmt.Errorf("rule %d of %d has no id", i+1, len(rules)))
		case seen[r.ID]:
			errs = append(errs, fmt.Errorf("rule %s: the id is there twice", r.ID))
		case r.Check == nil:
			errs = append(errs, fmt.Errorf("rule %s has no check", r.ID))
		}
		seen[r.ID] = true
	}
	return errors.Join(errs...)
}

// copyOf keeps an outcome from sharing memory with the caller's rule.
func copyOf(r Rule) Rule {
	r.References = slices.Clone(r.References)
	r.Platforms = slices.Clone(r.Platforms)
	return r
}
