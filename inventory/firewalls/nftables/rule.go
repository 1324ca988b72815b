package nftables

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

// verdicts are the words that end a rule.
var verdicts = map[string]netfilter.Verdict{
	"accept": netfilter.Accept, "drop": netfilter.Deny, "reject": netfilter.Deny, "return": netfilter.Return,
	"jump": netfilter.Jump, "goto": netfilter.Goto, "queue": netfilter.Unknown, "synproxy": netfilter.Unknown,
}

// readRule returns the rules that a statement stands for: one for each element of a map of
// verdicts, else one, or none if the statement has no verdict.
func (l *loader) readRule(st statement) ([]netfilter.Rule, error) {
	if i := slices.IndexFunc(st, func(t token) bool { return t.text == "vmap" && !t.quoted }); i >= 0 {
		return l.readVmap(st, i)
	}
	// The first verdict counts, except for words that belong to a comment or the like.
	for i, t := range st {
		if t.braced || t.quoted || i > 0 && slices.Contains([]string{"comment", "prefix", "name"}, st.word(i-1)) {
			continue
		}
		if v, ok := verdicts[t.text]; ok {
			r := netfilter.Rule{Scope: readScope(st[:i]), Verdict: v,
				Position: inventory.Position{Source: l.source, Line: st[0].line}}
			if v == netfilter.Jump || v == netfilter.Goto {
				if i+1 >= len(st) || st[i+1].braced {
					r.Verdict = netfilter.Unknown // a chain without a name, in braces
				} else {
					r.Target = st[i+1].text
				}
			}
			return []netfilter.Rule{r}, nil
		}
	}
	return nil, nil
}

// readVmap returns the rules of a map of verdicts, such as "ct state vmap { new : drop, invalid :
// jump x }"; the word vmap is at the index at. The verdict is Unknown for a map with a name, as its
// elements stand elsewhere, and for a map whose keys have several parts.
func (l *loader) readVmap(st statement, at int) ([]netfilter.Rule, error) {
	unknown := []netfilter.Rule{
		{Scope: netfilter.Broad, Verdict: netfilter.Unknown,
			Position: inventory.Position{Source: l.source, Line: st[0].line}},
	}
	if at+1 >= len(st) || !st[at+1].braced {
		return unknown, nil
	}
	if slices.ContainsFunc(st[:at], func(t token) bool { return t.text == "." && !t.quoted }) {
		return unknown, nil
	}
	// Each element "key : verdict" is the rule "condition key verdict".
	var all []netfilter.Rule
	for _, e := range splitElements(st[at+1]) {
		i := slices.IndexFunc(e, func(t token) bool { return t.text == ":" && !t.quoted })
		if i < 0 {
			return unknown, nil
		}
		// The conditions before the map are read for each element.
		if err := l.limit.Items(1 + at); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", l.source, st[0].line, err)
		}
		some, err := l.readRule(slices.Concat(st[:at], e[:i], e[i+1:]))
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// splitElements returns the elements of a set in braces. A colon that is written next to a word
// becomes a token of its own.
func splitElements(set token) []statement {
	var all []statement
	var now statement
	for _, t := range slices.Concat(set.block...) {
		switch {
		case t.text == "," && !t.quoted && !t.braced:
			all = append(all, now)
			now = nil
		case !t.quoted && !t.braced && hasOuterColon(t.text):
			word, colon := token{text: strings.Trim(t.text, ":"), line: t.line}, token{text: ":", line: t.line}
			if strings.HasSuffix(t.text, ":") {
				now = append(now, word, colon)
			} else {
				now = append(now, colon, word)
			}
		case !t.quoted && !t.braced && indexVerdict(t.text) > 0:
			i := indexVerdict(t.text)
			now = append(now, token{text: t.text[:i], line: t.line},
				token{text: ":", line: t.line}, token{text: t.text[i+1:], line: t.line})
		default:
			now = append(now, t)
		}
	}
	if len(now) > 0 {
		all = append(all, now)
	}
	return all
}

// hasOuterColon reports whether a word has a colon at its beginning or end, and is no IPv6 address.
func hasOuterColon(s string) bool {
	return len(s) > 1 && (strings.HasSuffix(s, ":") || strings.HasPrefix(s, ":")) && !strings.Contains(s, "::")
}

// indexVerdict returns the index of the colon before the verdict of "new:accept", or -1.
func indexVerdict(s string) int {
	i := strings.LastIndexByte(s, ':')
	if i > 0 && verdicts[s[i+1:]] != netfilter.None {
		return i
	}
	return -1
}
