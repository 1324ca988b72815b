package builtin_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/baseline/builtin"
	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/hipaa"
)

func TestBaselinesLoad(t *testing.T) {
	for _, name := range builtin.Names() {
		b, err := builtin.Load(t.Context(), name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if b.ID != name || b.Title == "" || b.Version == "" {
			t.Errorf("%s: got %q %q %q", name, b.ID, b.Title, b.Version)
		}
	}
	if b, err := builtin.Load(t.Context(), "../x"); b != nil || err == nil {
		t.Errorf("no such baseline: got %v, %v", b, err)
	}
}

// Every rule of ours says why it matters, what to do, and what it bears on in both
// catalogs; its citations are among those of its family or explained by another.
func TestRulesAreComplete(t *testing.T) {
	id := regexp.MustCompile(`^(linux|windows)\.[a-z]+(-[a-z]+)*\.[a-z0-9-]+$`)
	for _, name := range builtin.Names() {
		b := source(t, name)
		for _, r := range b.Rules {
			count := map[string]int{}
			for _, ref := range r.References {
				count[ref.Catalog]++
			}
			family, ok := hipaa.Families().Lookup(r.Family)
			switch {
			case !id.MatchString(r.ID):
				t.Errorf("%s: not in the form platform.subject.statement", r.ID)
			case r.Title == "" || r.Rationale == "" || r.Remediation == "" || r.Group == "" || r.Severity == 0 || len(r.Platforms) == 0:
				t.Errorf("%s: lacks a title, rationale, remediation, group, severity or platform", r.ID)
			case count[hipaa.CatalogID] == 0 || count[control.SP80053().ID] == 0:
				t.Errorf("%s: has no reference to one of the catalogs", r.ID)
			case !ok:
				t.Errorf("%s: family %q is not known", r.ID, r.Family)
			case !slices.Contains(hipaa.Citations(r), family.Links[0].Control):
				t.Errorf("%s: does not cite %s, the first of its family", r.ID, family.Links[0].Control)
			case strings.HasSuffix(r.Title, "."):
				t.Errorf("%s: the title ends in a full stop", r.ID)
			}
		}
	}
}
