package pseudonym

import (
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// The shapes of addresses, compiled when they are first needed. What is found is parsed then.
var (
	macShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}`)
	})
	v6Shape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*`)
	})
	v4Shape = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\d+(?:\.\d+){3}`) })
)

// addresses replaces the addresses in a text, whatever they stand beside.
func (p *Maker) addresses(s string) string {
	s = each(s, macShape(), func(m, before, after string) string {
		if isHex(before) || isHex(after) {
			return m // of something longer
		}
		return p.pseudonym("mac", strings.ToLower(m))
	})
	s = each(s, v6Shape(), p.v6)
	return each(s, v4Shape(), func(m, before, _ string) string {
		digits := m
		if before != "" { // eth010.1.2.3
			digits = strings.TrimLeft(m, "0")
		}
		a, ok := foreign(digits)
		if !ok {
			return m
		}
		return m[:len(m)-len(digits)] + p.pseudonym("address", a.String())
	})
}

// each replaces what a shape finds. The function gets the character before and the one behind,
// where these are letters or digits.
func each(s string, shape *regexp.Regexp, replace func(m, before, after string) string) string {
	var out strings.Builder
	last := 0
	for _, at := range shape.FindAllStringIndex(s, -1) {
		out.WriteString(s[last:at[0]])
		before, _ := utf8.DecodeLastRuneInString(s[:at[0]])
		after, _ := utf8.DecodeRuneInString(s[at[1]:])
		out.WriteString(replace(s[at[0]:at[1]], word(before), word(after)))
		last = at[1]
	}
	return out.String() + s[last:]
}

func word(r rune) string {
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return string(r)
	}
	return ""
}

func isHex(s string) bool { return s != "" && strings.Contains("0123456789abcdefABCDEF", s) }

// v6 replaces the longest IPv6 address in a run of its characters. The first and the last piece of
// the run may belong to a word beside it.
func (p *Maker) v6(run, before, after string) string {
	pieces := strings.Split(run, ":")
	from, to := 0, len(pieces)
	if before != "" && pieces[0] != "" {
		from++
	}
	if after != "" && pieces[to-1] != "" {
		to--
	}
	for n := min(to-from, 12); n > 2; n-- {
		for i := from; i+n <= to; i++ {
			if a, ok := foreign(strings.TrimRight(strings.Join(pieces[i:i+n], ":"), ".")); ok {
				head, tail := strings.Join(pieces[:i], ":"), strings.Join(pieces[i+n:], ":")
				if i > 0 {
					head += ":"
				}
				if i+n < len(pieces) {
					tail = ":" + tail
				}
				return head + p.pseudonym("address", a.String()) + tail
			}
		}
	}
	return run
}

// foreign parses an address of another machine, or of one on a network.
func foreign(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	return a, err == nil && !a.IsLoopback() && !a.IsUnspecified()
}
