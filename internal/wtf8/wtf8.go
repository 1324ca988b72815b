// Package wtf8 converts names of Windows. They are lists of 16-bit units, which need not be
// valid UTF-16. Here they are WTF-8: UTF-8 in which a surrogate without its other half is
// encoded as if it were a character. Each list of units has one such text, and each text one
// such list.
package wtf8

import (
	"unicode/utf16"
	"unicode/utf8"
)

// Text returns the WTF-8 of units.
func Text(units []uint16) string {
	b := make([]byte, 0, len(units)+len(units)/4)
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if !utf16.IsSurrogate(r) {
			b = utf8.AppendRune(b, r)
			continue
		}
		if i+1 < len(units) {
			if pair := utf16.DecodeRune(r, rune(units[i+1])); pair != utf8.RuneError {
				b = utf8.AppendRune(b, pair)
				i++
				continue
			}
		}
		b = append(b, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
	}
	return string(b)
}

// Units is the inverse of [Text]. It is false for a text that no units have.
func Units(text string) ([]uint16, bool) {
	units := make([]uint16, 0, len(text))
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r != utf8.RuneError || n > 1 {
			units = utf16.AppendRune(units, r)
			i += n
			continue
		}
		u, ok := loneSurrogate(text[i:])
		if !ok || u >= lowSurrogate && len(units) > 0 && isHigh(units[len(units)-1]) {
			return nil, false // the two halves are one character
		}
		units = append(units, u)
		i += 3
	}
	return units, true
}

const lowSurrogate = 0xDC00

func isHigh(u uint16) bool { return u >= 0xD800 && u < lowSurrogate }

// loneSurrogate returns the surrogate that the first three bytes of s stand for.
func loneSurrogate(s string) (uint16, bool) {
	if len(s) < 3 || s[0] != 0xED || s[1] < 0xA0 || s[1] > 0xBF || s[2] < 0x80 || s[2] > 0xBF {
		return 0, false
	}
	return 0xD000 | uint16(s[1]&0x3F)<<6 | uint16(s[2]&0x3F), true
}
