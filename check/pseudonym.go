package check

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hardening-sdk/hardening/inventory"
)

// Pseudonyms replaces what names a host, a person or an address in outcomes, so that
// a report can leave the house. The same name gets the same pseudonym under the same
// key, and without the key nobody can tell which.
type Pseudonyms struct {
	// Key is the secret that pseudonyms are made with, at least 16 bytes.
	Key []byte
	// Names returns the names to replace, and has to be set. Addresses (IP and MAC) are found by their
	// shape and need not be among them. An error of it ends the run without outcomes.
	Names func(context.Context, *inventory.System) ([]Name, error)
}

// Name is a name to replace. Kind is what its pseudonym begins with: host, user.
type Name struct{ Kind, Value string }

const minKey = 16

var addressShape = regexp.MustCompile(`(?i)\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b|\b(?:\d{1,3}\.){3}\d{1,3}\b|[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*`)

// validate refuses pseudonyms that would hide nothing.
func (p *Pseudonyms) validate() error {
	switch {
	case p == nil:
		return nil
	case len(p.Key) < minKey:
		return fmt.Errorf("pseudonyms: the key has %d bytes, want %d or more", len(p.Key), minKey)
	case p.Names == nil:
		return errors.New("pseudonyms: nothing tells the names to replace")
	}
	return nil
}

func (p *Pseudonyms) apply(ctx context.Context, sys *inventory.System, all []Outcome) error {
	names, err := p.Names(ctx, sys)
	if err != nil {
		return fmt.Errorf("pseudonyms: %w", tame(err))
	}
	text := p.replacer(names)
	for i := range all {
		all[i].Result = rewrite(all[i].Result, text)
		for j, r := range all[i].Reads {
			all[i].Reads[j].Name = text(r.Name)
		}
		for j, r := range all[i].Excused {
			all[i].Excused[j].Name = text(r.Name)
		}
	}
	return nil
}

// replacer returns the function that rewrites one text. Names count where no letter or
// digit touches them, the longest first; what was put in is not looked at again.
func (p *Pseudonyms) replacer(names []Name) func(string) string {
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
		s = addressShape.ReplaceAllStringFunc(s, p.address)
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

func (p *Pseudonyms) address(s string) string {
	if strings.Count(s, ":") == 5 && len(s) == 17 {
		return p.pseudonym("mac", strings.ToLower(s))
	}
	a, err := netip.ParseAddr(s)
	if err != nil || a.IsLoopback() || a.IsUnspecified() {
		return s
	}
	return p.pseudonym("address", a.String())
}

// Of returns the pseudonym of one name, for what stands in a report outside of outcomes:
// the host's name, the account of the scan.
func (p *Pseudonyms) Of(n Name) string { return p.pseudonym(n.Kind, n.Value) }

func (p *Pseudonyms) pseudonym(kind, value string) string {
	mac := hmac.New(sha256.New, p.Key)
	mac.Write([]byte(kind + "\x00" + value))
	return kind + "~" + hex.EncodeToString(mac.Sum(nil)[:6])
}

func rewrite(r Result, text func(string) string) Result {
	r.Message = text(r.Message)
	ev := slices.Clone(r.Evidence)
	for i, e := range ev {
		ev[i] = Evidence{text(e.Source), e.Line, text(e.Subject), text(e.Want), text(e.Got)}
	}
	r.Evidence = ev
	if r.Err != nil {
		r.Err = errors.New(text(r.Err.Error()))
	}
	children := slices.Clone(r.Children)
	for i, c := range children {
		children[i] = rewrite(c, text)
	}
	r.Children = children
	return r
}
