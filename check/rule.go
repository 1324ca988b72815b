package check

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/inventory"
)

// Rule is what a baseline says of one check: its identity, its meaning and its expression. It is
// data, marshals to JSON and back, and grows by fields. [Compiled] is a rule that can be run.
type Rule struct {
	ID          string      `json:"id"`                    // platform.subject.statement in kebab case, never renamed: linux.ssh.root-login-off
	Title       string      `json:"title,omitempty"`       // what is so when it passes
	Severity    Severity    `json:"severity,omitzero"`     // how much a failure matters
	Group       string      `json:"group,omitempty"`       // the section of the baseline it stands in
	Family      string      `json:"family,omitempty"`      // the kind of setting, by which frameworks are mapped: ssh-auth
	Rationale   string      `json:"rationale,omitempty"`   // why it matters
	Remediation string      `json:"remediation,omitempty"` // what to do about a failure
	URL         string      `json:"url,omitempty"`         // where people read more
	References  []Reference `json:"-"`                     // the requirements it bears on; in JSON lists by catalog
	Platforms   []string    `json:"platforms,omitempty"`   // what it is for, as inventory.Platform.Match has it; empty is any
	Needs       Needs       `json:"needs,omitzero"`        // what it asks of a scan; [Run] does not look at it, it serves to choose rules before
	Expr        Expr        `json:"check,omitzero"`        // what is asked; zero for a check that was written in Go
}

// Digest returns "sha256:" and the hexadecimal SHA-256 of the rule in JSON without its places and
// with its references by catalog, so that two rules of the same digest ask the same and mean the
// same.
func (r Rule) Digest() string {
	r.Expr = r.Expr.WithoutPlaces()
	b, err := json.Marshal(r)
	if err != nil {
		return "" // of arguments that JSON cannot have, which no loader makes
	}
	b = bytes.ReplaceAll(b, []byte(`\ufffd`), []byte("\uFFFD")) // as it is written of bytes that are no text
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// ruleJSON is the form of a [Rule] in JSON, that of a baseline.
type ruleJSON struct {
	*plainRule
	References map[string][]string `json:"references,omitempty"`
}

type plainRule Rule

// MarshalJSON returns an object in the form of the rules of a baseline.
func (r Rule) MarshalJSON() ([]byte, error) {
	x := ruleJSON{plainRule: (*plainRule)(&r)}
	for _, ref := range r.References {
		if x.References == nil {
			x.References = map[string][]string{}
		}
		x.References[ref.Catalog] = append(x.References[ref.Catalog], ref.ID)
	}
	return json.Marshal(x)
}

// UnmarshalJSON reads what MarshalJSON returns, its references in the order of their catalogs.
func (r *Rule) UnmarshalJSON(b []byte) error {
	var read Rule
	x := ruleJSON{plainRule: (*plainRule)(&read)}
	if err := json.Unmarshal(b, &x); err != nil {
		return err
	}
	for _, catalog := range slices.Sorted(maps.Keys(x.References)) {
		for _, id := range x.References[catalog] {
			read.References = append(read.References, Reference{Catalog: catalog, ID: id})
		}
	}
	*r = read
	return nil
}

// Compiled is a rule with the check that its expression was compiled to, or one that was
// written in Go:
//
//	check.Compiled{Rule: check.Rule{ID: "linux.account.home"}, Check: Homes}
type Compiled struct {
	Rule
	Check Check
}

// Reference is a requirement in a catalog, such as 164.312(a)(1) of the HIPAA
// Security Rule.
type Reference struct {
	Catalog string `json:"catalog"` // the id of a catalog: hipaa-security-rule, nist-800-53r5
	ID      string `json:"id"`      // the requirement, as its catalog writes it
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
		return Result{Status: Unknown, Reason: reason.Platform, Message: err.Error(), Err: err}, false
	case undetermined:
		return Result{Status: Unknown, Reason: reason.Platform, Message: "it is not known what the system runs"}, false
	}
	ev := Evidence{Subject: "platform", Want: strings.Join(r.Platforms, " or "), Got: p.String()}
	return Result{Status: NotApplicable, Message: fmt.Sprintf("for %q, not for %s", r.Platforms, p), Evidence: []Evidence{ev.bounded()}}, false
}

// validate refuses rules that could not be told apart or examined.
func validate(rules []Compiled) error {
	var errs []error
	seen := map[string]bool{}
	for i, c := range rules {
		r := c.Rule
		switch {
		case r.ID == "":
			errs = append(errs, fmt.Errorf("rule %d of %d has no id", i+1, len(rules)))
		case seen[r.ID]:
			errs = append(errs, fmt.Errorf("rule %s: the id is there twice", r.ID))
		case c.Check == nil:
			errs = append(errs, fmt.Errorf("rule %s has no check", r.ID))
		}
		seen[r.ID] = true
	}
	return errors.Join(errs...)
}

// clone keeps an outcome from sharing memory with the caller's rule.
func (r Rule) clone() Rule {
	r.References = slices.Clone(r.References)
	r.Platforms = slices.Clone(r.Platforms)
	r.Expr = r.Expr.clone()
	return r
}
