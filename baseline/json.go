package baseline

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"

	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
)

// MarshalJSON returns the baseline as one document that [Load] reads, its rules with the effective
// values of all arguments and without places. Documents that it carries are not part of it.
func (b *Baseline) MarshalJSON() ([]byte, error) {
	doc := jsonDocument{Format: Format, ID: b.ID, Title: b.Title, Version: b.Version, Description: b.Description,
		Platforms: b.Platforms, Groups: b.Groups, Rules: make([]jsonRule, len(b.Rules))}
	for i, r := range b.Rules {
		x := jsonRule{ID: r.ID, Title: r.Title, Group: r.Group, Severity: r.Severity, Family: r.Family, Rationale: r.Rationale,
			Remediation: r.Remediation, URL: r.URL, Platforms: r.Platforms, Needs: r.Needs, Check: jsonExpr(r.Expr.WithoutPlaces())}
		for _, ref := range r.References {
			if x.References == nil {
				x.References = map[string][]string{}
			}
			x.References[ref.Catalog] = append(x.References[ref.Catalog], ref.ID)
		}
		doc.Rules[i] = x
	}
	return json.Marshal(doc)
}

// jsonDocument is the form of a baseline that MarshalJSON writes.
type jsonDocument struct {
	Format      string     `json:"format"`
	ID          string     `json:"id"`
	Title       string     `json:"title"`
	Version     string     `json:"version"`
	Description string     `json:"description,omitempty"`
	Platforms   []string   `json:"platforms,omitempty"`
	Groups      []Group    `json:"groups,omitempty"`
	Rules       []jsonRule `json:"rules"`
}

type jsonRule struct {
	ID          string              `json:"id"`
	Title       string              `json:"title"`
	Group       string              `json:"group,omitempty"`
	Severity    check.Severity      `json:"severity"`
	Family      string              `json:"family,omitempty"`
	Rationale   string              `json:"rationale,omitempty"`
	Remediation string              `json:"remediation,omitempty"`
	URL         string              `json:"url,omitempty"`
	References  map[string][]string `json:"references,omitempty"`
	Platforms   []string            `json:"platforms,omitempty"`
	Needs       check.Needs         `json:"needs,omitzero"`
	Check       jsonExpr            `json:"check"`
}

// jsonExpr is check.Expr as one decoder reads it, without methods of its own.
type jsonExpr struct {
	Op       string                 `json:"op,omitempty"`
	Parts    []check.Expr           `json:"parts,omitempty"`
	Kind     string                 `json:"kind,omitempty"`
	Args     map[string]any         `json:"args,omitempty"`
	Document string                 `json:"document,omitempty"`
	ID       string                 `json:"id,omitempty"`
	Places   map[string]check.Place `json:"places,omitempty"`
}

// quick reads a document that MarshalJSON wrote, without places and in a fraction of the time. It
// returns nil for whatever is not in order, of which the loader then tells where it stands.
func (l *loader) quick(b []byte) *Baseline {
	if len(b) == 0 || b[0] != '{' || !unique(b) {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	var doc jsonDocument
	if err := dec.Decode(&doc); err != nil {
		return nil
	}
	if _, err := dec.Token(); err != io.EOF || doc.Format != Format || doc.ID == "" || doc.Title == "" || doc.Version == "" {
		return nil
	}
	base := &Baseline{ID: doc.ID, Title: doc.Title, Version: doc.Version, Description: doc.Description, Platforms: doc.Platforms,
		Groups: doc.Groups, Documents: l.o.Documents, Digest: digest(b),
		Rules: make([]check.Rule, 0, len(doc.Rules)), compiled: make([]check.Compiled, 0, len(doc.Rules))}
	if !l.plausible(check.Rule{ID: "linux.any.rule", Platforms: doc.Platforms}) {
		return nil
	}
	groups, seen := map[string]bool{}, map[string]bool{}
	for _, g := range doc.Groups {
		if groups[g.ID] || g.ID == "" || g.Title == "" {
			return nil
		}
		groups[g.ID] = true
	}
	for _, x := range doc.Rules {
		r := x.rule(doc.Platforms)
		if r.Title == "" || r.Severity == check.Unrated || r.Group != "" && !groups[r.Group] || seen[r.ID] || !l.plausible(r) {
			return nil
		}
		seen[r.ID] = true
		made, err := l.compiler.Compile(r)
		if err != nil {
			return nil
		}
		base.Rules = append(base.Rules, made.Rule)
		base.compiled = append(base.compiled, made)
	}
	return base
}

func (x jsonRule) rule(platforms []string) check.Rule {
	r := check.Rule{ID: x.ID, Title: x.Title, Group: x.Group, Severity: x.Severity, Family: x.Family, Rationale: x.Rationale,
		Remediation: x.Remediation, URL: x.URL, Platforms: x.Platforms, Needs: x.Needs, Expr: check.Expr(x.Check)}
	if r.Platforms == nil {
		r.Platforms = platforms
	}
	for _, catalog := range slices.Sorted(maps.Keys(x.References)) {
		for _, id := range x.References[catalog] {
			r.References = append(r.References, check.Reference{Catalog: catalog, ID: id})
		}
	}
	return r
}

// plausible reports whether the id, the family, the platforms and the references of a rule are known.
func (l *loader) plausible(r check.Rule) bool {
	if !ruleID.MatchString(r.ID) || !l.hasFamily(r.Family) {
		return false
	}
	for _, p := range r.Platforms {
		if l.strange(p) != "" {
			return false
		}
	}
	for _, ref := range r.References {
		i := slices.IndexFunc(l.o.Catalogs, func(c *control.Catalog) bool { return c.ID == ref.Catalog })
		if i < 0 && len(l.o.Catalogs) > 0 {
			return false
		}
		if i >= 0 {
			if _, ok := l.o.Catalogs[i].Lookup(ref.ID); !ok {
				return false
			}
		}
	}
	return true
}

// unique reports whether no object of a JSON text has a key twice, of which the decoder would take
// the last. It returns false for texts that it does not care to look into: of many keys in one
// object, of keys with escapes, and nested deep.
func unique(b []byte) bool {
	const maxKeys, maxOpen = 64, 2 * maxDepth
	var keys [maxOpen][][]byte // of the objects around
	open := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '{', '[':
			if open++; open == maxOpen {
				return false
			}
			keys[open] = keys[open][:0]
		case '}', ']':
			if open--; open < 0 {
				return false
			}
		case '"':
			end := endOfString(b, i)
			if end+1 < len(b) && b[end+1] == ':' {
				key := b[i+1 : end]
				if len(keys[open]) == maxKeys || bytes.IndexByte(key, '\\') >= 0 || contains(keys[open], key) {
					return false
				}
				keys[open] = append(keys[open], key)
			}
			i = end
		case ':':
			if b[i-1] != '"' { // a blank would hide the key
				return false
			}
		}
	}
	return true
}

// endOfString returns where the string ends that begins at i.
func endOfString(b []byte, i int) int {
	for i++; i < len(b) && b[i] != '"'; i++ {
		if b[i] == '\\' {
			i++
		}
	}
	return i
}

func contains(keys [][]byte, key []byte) bool {
	return slices.ContainsFunc(keys, func(k []byte) bool { return bytes.Equal(k, key) })
}
