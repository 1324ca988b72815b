// Package hipaa provides the HIPAA Security Rule, 45 CFR Part 164 Subpart C, as a catalog of
// requirements, and a mapping from families of settings to its citations.
//
// A scan sees settings, not procedures. Its results support a citation only to the extent that the
// strength in the mapping says. Nothing in this package means that an organization complies.
//
// The catalog contains the rule in force (2013 Omnibus Rule, 78 FR 5566), sections 164.306 to
// 164.316. It was compared with copies of Appendix A to the subpart and with the list of NIST SP
// 800-66r2, but not with eCFR itself. The titles are in the words of this library. The mapping is
// the judgment of its authors and should be reviewed by a compliance professional.
package hipaa

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
)

// CatalogID is the ID of the Security Rule in references.
const CatalogID = "hipaa-security-rule"

//go:embed data/security_rule.json
var ruleJSON []byte

//go:embed data/check_families.csv
var familiesCSV []byte

// Rule returns the catalog of the Security Rule in force.
func Rule() *control.Catalog { return rule() }

// Families returns the mapping from families of settings to citations.
func Families() *control.Mapping { return families() }

var rule = sync.OnceValue(func() *control.Catalog {
	controls, err := parseRule(ruleJSON)
	if err != nil {
		panic(err) // tests validate the embedded table
	}
	return control.NewCatalog(control.Catalog{
		ID: CatalogID, Title: "HIPAA Security Rule, 45 CFR Part 164 Subpart C",
		Edition: "in force, as amended by 78 FR 5566 (2013-01-25)",
		Source:  "Appendix A to Subpart C and NIST SP 800-66r2 (2024-02)",
	}, controls)
})

var families = sync.OnceValue(func() *control.Mapping {
	all, err := parseFamilies(familiesCSV)
	if err != nil {
		panic(err) // tests validate the embedded table
	}
	return &control.Mapping{Catalog: Rule(), Families: all}
})

func parseRule(b []byte) ([]control.Control, error) {
	var rows []struct {
		Citation, Section, Title, Kind, Parent, Safeguard, Requirement string
	}
	if err := json.Unmarshal(b, &rows); err != nil {
		return nil, err
	}
	requirements := map[string]control.Requirement{
		"required": control.Required, "addressable": control.Addressable,
		"standard": control.Standard, "not_a_requirement": control.Text,
	}
	var all []control.Control
	for _, r := range rows {
		if _, err := ParseCitation(r.Citation); err != nil {
			return nil, err
		}
		req, ok := requirements[r.Requirement]
		if !ok {
			return nil, fmt.Errorf("%s: unknown requirement %q", r.Citation, r.Requirement)
		}
		all = append(all, control.Control{
			ID: r.Citation, Title: r.Title, Parent: r.Parent, Section: r.Safeguard,
			Kind: strings.ReplaceAll(r.Kind, "_", " "), Requirement: req,
		})
	}
	return all, nil
}

func parseFamilies(b []byte) ([]control.Family, error) {
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		return nil, err
	}
	var all []control.Family
	for _, r := range rows[1:] {
		f := control.Family{ID: r[0], Title: r[1], Rationale: r[6]}
		for i, id := range strings.Split(r[2], ";") {
			f.Links = append(f.Links, control.Link{Control: strings.TrimSpace(id), Strength: control.Strength(r[5]), Primary: i == 0})
		}
		all = append(all, f)
	}
	return all, nil
}

// Summarize groups outcomes by the citations of their rules, as returned by [Citations].
func Summarize(outcomes []check.Outcome) *control.Summary {
	verdicts := make([]control.Verdict, 0, len(outcomes))
	for _, o := range outcomes {
		verdicts = append(verdicts, control.Verdict{
			Rule: o.Rule.ID, Status: control.Status(o.Result.Status), Severity: control.Severity(o.Rule.Severity),
			Controls: Citations(o.Rule),
		})
	}
	return control.Summarize(Rule(), verdicts)
}

// Citations returns the citations of the Security Rule that a rule relates to. These are its own
// references, or those of its family if it has none.
func Citations(r check.Rule) []string {
	var ids []string
	for _, ref := range r.References {
		if ref.Catalog == CatalogID {
			ids = append(ids, ref.ID)
		}
	}
	if len(ids) > 0 {
		return ids
	}
	f, _ := Families().Lookup(r.Family)
	for _, l := range f.Links {
		ids = append(ids, l.Control)
	}
	return ids
}
