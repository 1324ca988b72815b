package pseudonym

import (
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// The patterns of addresses, compiled on first use. They match more than addresses, so matches of
// IP addresses are parsed afterwards.
var (
	macShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}`)
	})
	v6Shape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*`)
	})
	v4Shape = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\d+(?:\.\d+){3}`) })
)

// replaceAddresses replaces the addresses in s, even if they adjoin other words.
func (p *Maker) replaceAddresses(s string) string {
	s = replaceMatches(s, macShape(), func(m, before, after string) string {
		if isHex(before) || isHex(after) {
			return m // part of a longer number
		}
		return p.pseudonym("mac", strings.ToLower(m))
	})
	s = replaceMatches(s, v6Shape(), p.replaceV6)
	return replaceMatches(s, v4Shape(), func(m, before, _ string) string {
		digits := m
		if before != "" { // eth010.1.2.3
			digits = strings.TrimLeft(m, "0")
		}
		a, ok := parseForeign(digits)
		if !ok {
			return m
		}
		return m[:len(m)-len(digits)] + p.pseudonym("address", a.String())
	})
}

// replaceMatches replaces each match m of shape in s. The arguments before and after of replace are
// the adjacent characters if these are letters or digits, else empty.
func replaceMatches(s string, shape *regexp.Regexp, replace func(m, before, after string) string) string {
	var out strings.Builder
	last := 0
	for _, at := range shape.FindAllStringIndex(s, -1) {
		out.WriteString(s[last:at[0]])
		before, _ := utf8.DecodeLastRuneInString(s[:at[0]])
		after, _ := utf8.DecodeRuneInString(s[at[1]:])
		out.WriteString(replace(s[at[0]:at[1]], ifAlphanumeric(before), ifAlphanumeric(after)))
		last = at[1]
	}
	return out.String() + s[last:]
}

// ifAlphanumeric returns r as a string if it is a letter or digit, else the empty string.
func ifAlphanumeric(r rune) string {
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return string(r)
	}
	return ""
}

func isHex(s string) bool { return s != "" && strings.Contains("0123456789abcdefABCDEF", s) }

// replaceV6 replaces the longest IPv6 address in run, a string of characters that may occur in such
// addresses. The first and last group of run may belong to an adjacent word.
func (p *Maker) replaceV6(run, before, after string) string {
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
			if a, ok := parseForeign(strings.TrimRight(strings.Join(pieces[i:i+n], ":"), ".")); ok {
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

// parseForeign parses an IP address. It reports whether s is one that can identify a machine or
// network, that is, neither loopback nor unspecified.
func parseForeign(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	return a, err == nil && !a.IsLoopback() && !a.IsUnspecified()
}
