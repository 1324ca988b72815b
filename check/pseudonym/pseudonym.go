// Package pseudonym replaces what names a host, a person or an address in outcomes, so that a
// report can leave the house.
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

// Maker makes pseudonyms. The same name gets the same pseudonym under the same key, and without
// the key nobody can tell which. Make one with [New].
type Maker struct{ key []byte }

// Name is a name to replace. Kind is what its pseudonym begins with: host, user.
type Name struct{ Kind, Value string }

// New returns a maker of pseudonyms by a secret of 16 bytes or more.
func New(key []byte) (*Maker, error) {
	if len(key) < minKey {
		return nil, fmt.Errorf("pseudonyms: the key has %d bytes, want %d or more", len(key), minKey)
	}
	return &Maker{slices.Clone(key)}, nil
}

// Apply replaces names in outcomes, and addresses (IP and MAC), which are found by their shape and
// need not be among them. It writes to the outcomes. No name at all is an error: account.Names
// tells those of a system, and if they cannot be found out the outcomes have to stay.
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

// replacer returns the function that rewrites one text. Names count where no letter or
// digit touches them, the longest first; what was put in is not looked at again.
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
		s = p.addresses(s)
		var out strings.Builder
		inside := false // a word
		for i := 0; i < len(s); {
			if n := at(byFirst, s[i:]); n.Value != "" && !inside {
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

// at returns the name that s begins with, if no letter or digit follows it.
func at(byFirst map[byte][]Name, s string) Name {
	for _, n := range byFirst[s[0]] {
		if rest, ok := strings.CutPrefix(s, n.Value); ok {
			if r, _ := utf8.DecodeRuneInString(rest); rest == "" || !inWord(r) {
				return n
			}
		}
	}
	return Name{}
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

// Of returns the pseudonym of one name, for what stands in a report outside of outcomes:
// the host's name, the account of the scan.
func (p *Maker) Of(n Name) string { return p.pseudonym(n.Kind, n.Value) }

func (p *Maker) pseudonym(kind, value string) string {
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte(kind + "\x00" + value))
	return kind + "~" + hex.EncodeToString(mac.Sum(nil)[:6])
}

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

// rewriteExpr returns an expression whose arguments name nobody.
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
