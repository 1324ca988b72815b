package baseline

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/internal/jsonkeys"
)

// MarshalJSON returns the baseline as a JSON document for [Load]. The rules include default
// arguments and no places. The result does not include b.Documents.
func (b *Baseline) MarshalJSON() ([]byte, error) {
	doc := jsonDocument{Format: Format, ID: b.ID, Title: b.Title, Version: b.Version, Description: b.Description,
		Platforms: b.Platforms, Groups: b.Groups, Rules: make([]jsonRule, len(b.Rules))}
	for i, r := range b.Rules {
		x := jsonRule{ID: r.ID, Title: r.Title, Group: r.Group, Severity: r.Severity, Family: r.Family, Rationale: r.Rationale,
			Remediation: r.Remediation, URL: r.URL, Platforms: r.Platforms, Needs: r.Needs, Check: jsonExprOf(r.Expr)}
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

// jsonDocument is the form of a baseline that MarshalJSON returns.
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

// jsonExpr is check.Expr without methods, so that one json.Decoder decodes the whole document.
type jsonExpr struct {
	Op       string         `json:"op,omitempty"`
	Parts    []jsonExpr     `json:"parts,omitempty"`
	Kind     string         `json:"kind,omitempty"`
	Args     map[string]any `json:"args,omitempty"`
	Document string         `json:"document,omitempty"`
	ID       string         `json:"id,omitempty"`
}

func jsonExprOf(e check.Expr) jsonExpr {
	x := jsonExpr{Op: e.Op, Kind: e.Kind, Args: e.Args, Document: e.Document, ID: e.ID}
	for _, p := range e.Parts {
		x.Parts = append(x.Parts, jsonExprOf(p))
	}
	return x
}

func (x jsonExpr) expr() check.Expr {
	e := check.Expr{Op: x.Op, Kind: x.Kind, Args: x.Args, Document: x.Document, ID: x.ID}
	if len(x.Parts) > 0 {
		e.Parts = make([]check.Expr, len(x.Parts))
	}
	for i, p := range x.Parts {
		e.Parts[i] = p.expr()
	}
	return e
}

// loadJSON loads a document that MarshalJSON has written, without places. It is much faster than
// load. It returns nil if anything is unusual or wrong; load then reports the mistakes with their
// positions.
func (l *loader) loadJSON(b []byte) *Baseline {
	if len(b) == 0 || b[0] != '{' || !isPlain(b) || hasEmpty(b) {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	var doc jsonDocument
	if err := dec.Decode(&doc); err != nil {
		return nil
	}
	if _, err := dec.Token(); err != io.EOF || doc.Format != Format || doc.ID == "" || doc.Title == "" || doc.Version == "" || doc.Rules == nil {
		return nil
	}
	base := &Baseline{ID: doc.ID, Title: doc.Title, Version: doc.Version, Description: doc.Description, Platforms: doc.Platforms,
		Groups: doc.Groups, Documents: l.o.Documents, Digest: digest(b),
		Rules: make([]check.Rule, 0, len(doc.Rules)), compiled: make([]check.Compiled, 0, len(doc.Rules))}
	if !l.isValid(check.Rule{ID: "linux.any.rule", Platforms: doc.Platforms}) {
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
		if r.Title == "" || r.Severity == check.Unrated || r.Group != "" && !groups[r.Group] || seen[r.ID] || !l.isValid(r) {
			return nil
		}
		seen[r.ID] = true
		made, err := l.compiler.Compile(r)
		if err != nil {
			return nil
		}
		base.add(made)
	}
	return base
}

func (x jsonRule) rule(platforms []string) check.Rule {
	r := check.Rule{ID: x.ID, Title: x.Title, Group: x.Group, Severity: x.Severity, Family: x.Family, Rationale: x.Rationale,
		Remediation: x.Remediation, URL: x.URL, Platforms: x.Platforms, Needs: x.Needs, Expr: x.Check.expr()}
	if r.Platforms == nil {
		r.Platforms = slices.Clone(platforms)
	}
	for _, catalog := range slices.Sorted(maps.Keys(x.References)) {
		for _, id := range x.References[catalog] {
			r.References = append(r.References, check.Reference{Catalog: catalog, ID: id})
		}
	}
	return r
}

// isValid reports whether the ID, family, platforms and references of r are valid.
func (l *loader) isValid(r check.Rule) bool {
	if !ruleID.MatchString(r.ID) || !l.hasFamily(r.Family) {
		return false
	}
	for _, p := range r.Platforms {
		if l.explainPlatform(p) != "" {
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

// hasEmpty reports whether a member of an expression may be present and empty. The JSON decoder
// does not distinguish it from a missing one, but load does.
func hasEmpty(b []byte) bool {
	return slices.ContainsFunc([]string{`"op":""`, `"kind":""`, `"id":""`, `"document":""`, `"parts":[]`}, func(s string) bool {
		return bytes.Contains(b, []byte(s))
	})
}

// isPlain reports whether b means the same to encoding/json and to a YAML parser. It rejects
// duplicate keys and capital letters in keys, because encoding/json ignores case, and everything
// that YAML may read differently, such as null, fractions, escapes and special line breaks. It may
// also return false for other documents, such as those with many keys in one object.
func isPlain(b []byte) bool {
	const maxKeys, maxOpen = 64, 2 * maxDepth
	var keys [maxOpen][][]byte // keys of the enclosing objects
	open := 0
	for i := 0; i < len(b); i++ {
		switch c := b[i]; c {
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
			end := jsonkeys.End(b, i)
			text := b[min(i+1, end):end]
			if !isPlainText(text) {
				return false
			}
			if end+1 < len(b) && b[end+1] == ':' {
				if len(keys[open]) == maxKeys || !isPlainKey(text) || contains(keys[open], text) {
					return false
				}
				keys[open] = append(keys[open], text)
			}
			i = end
		case ':':
			if b[i-1] != '"' { // a space would hide the key
				return false
			}
		case 't', 'f': // true, false
			i += 3
		case ',', ' ', '\n', '-', 'e', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		default:
			return false
		}
		if b[min(i, len(b)-1)] == 'e' && i > 0 && '0' <= b[i-1] && b[i-1] <= '9' {
			return false // an exponent
		}
	}
	return true
}

// isPlainText reports whether s, the contents of a JSON string, means the same in YAML. The only
// escapes it accepts are those of quotation marks, backslashes and the HTML characters <, > and &.
func isPlainText(s []byte) bool {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
		case s[i] == '\\' && (bytes.HasPrefix(s[i:], []byte(`\u003c`)) || bytes.HasPrefix(s[i:], []byte(`\u003e`)) || bytes.HasPrefix(s[i:], []byte(`\u0026`))):
			i += 5
		case s[i] < ' ', s[i] == '\\', s[i] == 0x7f:
			return false
		}
	}
	return utf8.Valid(s) && !bytes.ContainsAny(s, "\u0085\u2028\u2029\ufeff\ufffd") && !bytes.ContainsFunc(s, unicode.IsControl)
}

// isPlainKey reports whether s is ASCII without escapes and capital letters.
func isPlainKey(s []byte) bool {
	return !bytes.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf || r == '\\' || 'A' <= r && r <= 'Z' })
}

func contains(keys [][]byte, key []byte) bool {
	return slices.ContainsFunc(keys, func(k []byte) bool { return bytes.Equal(k, key) })
}
