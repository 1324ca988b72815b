package version

import (
	"cmp"
	"strings"
)

func digit(c byte) bool  { return c-'0' <= 9 }
func letter(c byte) bool { return c|0x20-'a' <= 'z'-'a' }
func upper(c byte) bool  { return c-'A' <= 'Z'-'A' }
func lower(c byte) bool  { return c-'a' <= 'z'-'a' }

// blank is like isblank(3) of the C locale.
func blank(c byte) bool { return c == ' ' || c == '\t' }

func trimBlank(v string) string {
	for v != "" && blank(v[0]) {
		v = v[1:]
	}
	for v != "" && blank(v[len(v)-1]) {
		v = v[:len(v)-1]
	}
	return v
}

// space is like isspace(3) of the C locale, and \s of Ruby.
func space(c byte) bool { return c == ' ' || c-'\t' <= '\r'-'\t' }

func trimSpace(v string) string {
	for v != "" && space(v[0]) {
		v = v[1:]
	}
	for v != "" && space(v[len(v)-1]) {
		v = v[:len(v)-1]
	}
	return v
}

// leading returns the number of bytes of v before trimmed, which is v without the blanks around it.
func leading(v, trimmed string) int {
	if trimmed == "" || len(trimmed) == len(v) {
		return 0
	}
	return strings.IndexByte(v, trimmed[0])
}

// cutDigits cuts the ASCII digits off the start of text.
func cutDigits(text string) (digits, rest string) {
	n := 0
	for n < len(text) && digit(text[n]) {
		n++
	}
	return text[:n], text[n:]
}

// compareDigits compares two numbers of any length. No digits are 0.
func compareDigits(a, b string) int {
	a, b = trimZeros(a), trimZeros(b)
	if len(a) != len(b) {
		return cmp.Compare(len(a), len(b))
	}
	return cmp.Compare(a, b)
}

func trimZeros(digits string) string {
	for digits != "" && digits[0] == '0' {
		digits = digits[1:]
	}
	return digits
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// cmpErr returns the first of two errors.
func cmpErr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// plusOne adds one to a number of any length.
func plusOne(digits string) string {
	d := []byte(trimZeros(digits))
	for i := len(d) - 1; i >= 0; i-- {
		if d[i]++; d[i] <= '9' {
			return string(d)
		}
		d[i] = '0'
	}
	return "1" + string(d)
}
