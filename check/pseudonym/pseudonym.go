// Package pseudonym replaces names of hosts and users, and network addresses, in outcomes, so that
// a report can be given to third parties.
package pseudonym

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/reason"
)

// Maker creates pseudonyms. With the same key, a name always has the same pseudonym. Without the
// key, nobody can compute the pseudonym of a name. Create a Maker with [New].
type Maker struct{ key []byte }

// Name is a name to replace. Kind is the prefix of its pseudonym, such as "host" or "user".
type Name struct{ Kind, Value string }

// New returns a Maker for a secret key. It returns an error if the key has less than 16 bytes.
func New(key []byte) (*Maker, error) {
	if len(key) < minKey {
		return nil, fmt.Errorf("pseudonyms: the key has %d bytes, want %d or more", len(key), minKey)
	}
	return &Maker{slices.Clone(key)}, nil
}

// Apply replaces the names in outcomes, and all IP and MAC addresses. It detects addresses by their
// form, so they need not be in names. Apply modifies the outcomes and removes the places of
// expressions.
//
// Apply returns an error if names is empty. The function account.Names returns the names of a
// system. If it fails, do not pass the outcomes on.
func (p *Maker) Apply(outcomes []check.Outcome, names []Name) error {
	if len(names) == 0 {
		return errors.New("pseudonyms: no name to replace")
	}
	text := p.replacer(names)
	for i := range outcomes {
		o := &outcomes[i]
		o.Result = rewrite(o.Result, text)
		for _, s := range []*string{&o.Rule.Title, &o.Rule.Rationale, &o.Rule.Remediation, &o.Rule.URL} {
			*s = text(*s)
		}
		o.Rule.Expr = rewriteExpr(o.Rule.Expr.WithoutPlaces(), text)
		for j, r := range o.Reads {
			o.Reads[j].Name = text(r.Name)
		}
		for j, r := range o.Excused {
			o.Excused[j].Name = text(r.Name)
		}
	}
	return nil
}

const minKey = 16

// replacer returns a function that replaces names and addresses in a string. It replaces whole
// words only and prefers the longest name. It does not search the pseudonyms that it inserts.
func (p *Maker) replacer(names []Name) func(string) string {
	byFirst := map[byte][]Name{}
	for _, n := range names {
		if n.Value != "" {
			byFirst[n.Value[0]] = append(byFirst[n.Value[0]], n)
		}
	}
	for _, same := range byFirst {
		slices.SortStableFunc(same, func(a, b Name) int { return len(b.Value) - len(a.Value) })
	}
	return func(s string) string {
		s = p.replaceAddresses(s)
		var out strings.Builder
		inside := false // whether the last rune belongs to a word
		for i := 0; i < len(s); {
			if n := findPrefix(byFirst, s[i:]); n.Value != "" && !inside {
				out.WriteString(p.pseudonym(n.Kind, n.Value))
				i += len(n.Value)
				inside = true
				continue
			}
			r, size := utf8.DecodeRuneInString(s[i:])
			inside = inWord(r)
			out.WriteString(s[i : i+size])
			i += size
		}
		return out.String()
	}
}

// findPrefix returns the longest name that s begins with and that ends at a word boundary, or the
// zero Name.
func findPrefix(byFirst map[byte][]Name, s string) Name {
	for _, n := range byFirst[s[0]] {
		if rest, ok := strings.CutPrefix(s, n.Value); ok {
			if r, _ := utf8.DecodeRuneInString(rest); rest == "" || !inWord(r) {
				return n
			}
		}
	}
	return Name{}
}

// inWord reports whether r is a letter, digit or underscore.
func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

// Of returns the pseudonym of one name. Use it for names outside of outcomes, such as the name of
// the host and the account of the scan in a report.
func (p *Maker) Of(n Name) string { return p.pseudonym(n.Kind, n.Value) }

// pseudonym returns kind, "~" and 12 hexadecimal digits of a keyed hash of value.
func (p *Maker) pseudonym(kind, value string) string {
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte(kind + "\x00" + value))
	return kind + "~" + hex.EncodeToString(mac.Sum(nil)[:6])
}

// rewrite returns a copy of r with all strings replaced by text.
func rewrite(r check.Result, text func(string) string) check.Result {
	r.Message, r.Reason = text(r.Message), reason.Reason(text(string(r.Reason)))
	r.Evidence = slices.Clone(r.Evidence)
	for i := range r.Evidence {
		e := &r.Evidence[i]
		for _, s := range []*string{&e.Source, &e.Subject, &e.Want, &e.Got, &e.Fact, &e.Method} {
			*s = text(*s)
		}
	}
	if r.Err != nil {
		r.Err = errors.New(text(r.Err.Error()))
	}
	r.Children = slices.Clone(r.Children)
	for i, c := range r.Children {
		r.Children[i] = rewrite(c, text)
	}
	return r
}

// rewriteExpr returns a copy of e with the strings of its arguments replaced by text.
func rewriteExpr(e check.Expr, text func(string) string) check.Expr {
	if e.Args != nil {
		e.Args = rewriteValue(e.Args, text).(map[string]any)
	}
	e.Document, e.ID = text(e.Document), text(e.ID)
	e.Parts = slices.Clone(e.Parts)
	for i, p := range e.Parts {
		e.Parts[i] = rewriteExpr(p, text)
	}
	return e
}

func rewriteValue(v any, text func(string) string) any {
	switch v := v.(type) {
	case string:
		return text(v)
	case []string:
		all := make([]any, len(v))
		for i, x := range v {
			all[i] = text(x)
		}
		return all
	case map[string]string:
		all := make(map[string]any, len(v))
		for k, x := range v {
			all[text(k)] = text(x)
		}
		return all
	case []any:
		all := make([]any, len(v))
		for i, x := range v {
			all[i] = rewriteValue(x, text)
		}
		return all
	case map[string]any:
		all := make(map[string]any, len(v))
		for k, x := range v {
			all[text(k)] = rewriteValue(x, text)
		}
		return all
	}
	return v
}
