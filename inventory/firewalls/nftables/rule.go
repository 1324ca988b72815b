package nftables

import (
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

// verdicts are the words that end a rule.
var verdicts = map[string]netfilter.Verdict{
	"accept": netfilter.Accept, "drop": netfilter.Deny, "reject": netfilter.Deny, "return": netfilter.Return,
	"jump": netfilter.Jump, "goto": netfilter.Goto, "queue": netfilter.Unknown, "synproxy": netfilter.Unknown,
}

// rules answers what a rule comes to: one, or one for each element of a map of verdicts,
// or none where it decides nothing.
func (l *loader) rules(st statement) []netfilter.Rule {
	if i := slices.IndexFunc(st, func(t token) bool { return t.text == "vmap" && !t.quoted }); i >= 0 {
		return l.mapped(st, i)
	}
	for i, t := range st {
		if t.braced || t.quoted || i > 0 && slices.Contains([]string{"comment", "prefix", "name"}, st.word(i-1)) {
			continue
		}
		if v, ok := verdicts[t.text]; ok {
			r := netfilter.Rule{Scope: scope(st[:i]), Verdict: v, Source: l.source, Line: st[0].line}
			if v == netfilter.Jump || v == netfilter.Goto {
				if i+1 >= len(st) || st[i+1].braced {
					r.Verdict = netfilter.Unknown // a chain of its own, in braces
				} else {
					r.Target = st[i+1].text
				}
			}
			return []netfilter.Rule{r}
		}
	}
	return nil
}

// mapped answers the rules of "ct state vmap { new : drop, invalid : jump x }". The
// elements of a map with a name are not known.
func (l *loader) mapped(st statement, at int) []netfilter.Rule {
	unknown := []netfilter.Rule{{Scope: netfilter.Broad, Verdict: netfilter.Unknown, Source: l.source, Line: st[0].line}}
	if at+1 >= len(st) || !st[at+1].braced {
		return unknown
	}
	if slices.ContainsFunc(st[:at], func(t token) bool { return t.text == "." && !t.quoted }) {
		return unknown // several things at once
	}
	var all []netfilter.Rule
	for _, e := range elements(st[at+1]) {
		i := slices.IndexFunc(e, func(t token) bool { return t.text == ":" && !t.quoted })
		if i < 0 {
			return unknown
		}
		all = append(all, l.rules(slices.Concat(st[:at], e[:i], e[i+1:]))...)
	}
	return all
}

// elements answers the elements of a set in braces. A colon that was written next to a
// word stands for itself.
func elements(set token) []statement {
	var all []statement
	var now statement
	for _, t := range slices.Concat(set.block...) {
		switch {
		case t.text == "," && !t.quoted && !t.braced:
			all = append(all, now)
			now = nil
		case !t.quoted && !t.braced && len(t.text) > 1 && (strings.HasSuffix(t.text, ":") || strings.HasPrefix(t.text, ":")) && !strings.Contains(t.text, "::"):
			word, colon := token{text: strings.Trim(t.text, ":"), line: t.line}, token{text: ":", line: t.line}
			if strings.HasSuffix(t.text, ":") {
				now = append(now, word, colon)
			} else {
				now = append(now, colon, word)
			}
		case !t.quoted && !t.braced && colonVerdict(t.text) > 0:
			i := colonVerdict(t.text)
			now = append(now, token{text: t.text[:i], line: t.line}, token{text: ":", line: t.line}, token{text: t.text[i+1:], line: t.line})
		default:
			now = append(now, t)
		}
	}
	if len(now) > 0 {
		all = append(all, now)
	}
	return all
}

// colonVerdict answers where "new:accept" is cut, or -1.
func colonVerdict(s string) int {
	i := strings.LastIndexByte(s, ':')
	if i > 0 && verdicts[s[i+1:]] != netfilter.None {
		return i
	}
	return -1
}
