package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean returns s with the characters escaped that could control a terminal or change the order of
// its text: control characters, invalid bytes, and Unicode format characters and line separators.
func clean(s string) string {
	if strings.IndexFunc(s, steers) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1, r < 0x100 && steers(r):
			fmt.Fprintf(&b, `\x%02x`, s[n-1])
		case steers(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		s = s[n:]
	}
	return b.String()
}

// steers reports whether r could control a terminal.
func steers(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}
