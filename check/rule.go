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

// Rule describes one check of a baseline: its ID, its meaning and its expression. It is data that
// can be marshaled to JSON and back. Later versions may add fields. [Compiled] is a rule that can
// be run.
//
// The ID has the form platform.subject.statement in kebab case, such as linux.ssh.root-login-off.
// It is never renamed. Needs and States serve to select rules; [Run] ignores them.
type Rule struct {
	ID          string      `json:"id"`
	Title       string      `json:"title,omitempty"`       // what is true if the rule passes
	Severity    Severity    `json:"severity,omitzero"`     // how much a failure matters
	Group       string      `json:"group,omitempty"`       // ID of the section of the baseline
	Family      string      `json:"family,omitempty"`      // kind of setting, such as ssh-auth, for mappings
	Rationale   string      `json:"rationale,omitempty"`   // why it matters
	Remediation string      `json:"remediation,omitempty"` // how to fix a failure
	URL         string      `json:"url,omitempty"`         // where to read more
	References  []Reference `json:"-"`                     // related requirements; in JSON, lists of IDs by catalog
	Platforms   []string    `json:"platforms,omitempty"`   // patterns of inventory.Platform.Match; empty for all
	Needs       Needs       `json:"needs,omitzero"`        // what it requires of a scan
	States      States      `json:"states,omitzero"`       // what it judges: set by the compiler, from its kinds
	Expr        Expr        `json:"check,omitzero"`        // what to check; zero for a check written in Go
}

// Digest returns "sha256:" followed by the hexadecimal SHA-256 of the JSON form of the rule without
// places. Two rules with the same digest check the same and mean the same. Digest returns the empty
// string if the arguments cannot be marshaled, which does not happen for rules from a loader.
func (r Rule) Digest() string {
	r.Expr, r.States = r.Expr.WithoutPlaces(), 0 // the kinds know their states
	b, err := json.Marshal(r)
	if err != nil {
		return "" // arguments that JSON cannot represent; no loader creates them
	}
	b = bytes.ReplaceAll(b, []byte(`\ufffd`), []byte("\uFFFD")) // json.Marshal escapes invalid UTF-8 but not U+FFFD
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// ruleJSON is the JSON form of a [Rule], as in a baseline.
type ruleJSON struct {
	*plainRule
	References map[string][]string `json:"references,omitempty"`
}

type plainRule Rule

// MarshalJSON returns the rule in the form that baselines use.
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

// UnmarshalJSON parses the form that MarshalJSON returns. It sorts references by catalog.
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

// Compiled is a rule with its check. The check was compiled from the expression of the rule, or was
// written in Go:
//
//	check.Compiled{Rule: check.Rule{ID: "linux.account.home"}, Check: Homes}
type Compiled struct {
	Rule
	Check Check
}

// Reference names a requirement in a catalog, such as 164.312(a)(1) of the HIPAA Security Rule.
type Reference struct {
	Catalog string `json:"catalog"` // ID of a catalog, such as hipaa-security-rule or nist-800-53r5
	ID      string `json:"id"`      // ID of the requirement, as the catalog writes it
}

// checkPlatform reports whether the rule applies to p. If not, or if that is not known, it also
// returns the result of the rule.
func (r Rule) checkPlatform(p inventory.Platform, err error) (Result, bool) {
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

// validate returns an error if a rule has no ID or no check, or if two rules have the same ID.
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

// clone returns a copy of r, so that outcomes do not share memory with the caller's rules.
func (r Rule) clone() Rule {
	r.References = slices.Clone(r.References)
	r.Platforms = slices.Clone(r.Platforms)
	r.Expr = r.Expr.clone()
	return r
}
