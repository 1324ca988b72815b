package version

import (
	"unicode"
	"unicode/utf8"
)

// parse parses a version. What it refuses is a version of the scheme pypi in its errors.
func (x *pypiVersion) parse(v string) error {
	end := len(v) - trailingPySpace(v)
	at := leadingPySpace(v[:end])
	text := v[:end]
	if at < end && text[at]|0x20 == 'v' {
		at++
	}
	digits, _ := cutDigits(text[at:])
	if digits == "" {
		return invalid("pypi", v, at, "a digit")
	}
	if n := at + len(digits); n < end && text[n] == '!' {
		x.epoch = digits
		at = n + 1
	}
	start := at
	if at = cutPyPIRelease(text, at); at == start {
		return invalid("pypi", v, at, "a digit")
	}
	x.release = text[start:at]
	at = x.parsePre(text, at)
	at = x.parsePost(text, at)
	at = x.parseDev(text, at)
	x.public = text[start:at]
	if at == end {
		return nil
	}
	if text[at] != '+' {
		return invalid("pypi", v, at,
			"a pre-release, a post-release, a development release, a local version or the end")
	}
	x.local = text[at+1:]
	if n := pypiLocal(x.local); n < len(x.local) || n == 0 || pypiSeparator(x.local[n-1]) {
		return invalid("pypi", v, at+1+n, "a letter or a digit of ASCII")
	}
	return nil
}

// cutPyPIRelease returns where the numbers with dots between them end, that start at a byte.
func cutPyPIRelease(text string, at int) int {
	for {
		start := at
		for at < len(text) && digit(text[at]) {
			at++
		}
		if at == start || at+1 >= len(text) || text[at] != '.' || !digit(text[at+1]) {
			return at
		}
		at++
	}
}

// parsePre and the functions like it return the offset where their part ends. It is the offset
// where the part starts if there is none.
func (x *pypiVersion) parsePre(text string, at int) int {
	word := skipPyPISeparator(text, at)
	if word == len(text) {
		return at
	}
	end := word
	switch text[word] | 0x20 {
	case 'a':
		x.pre.kind = pypiAlpha
		if end = word + 1; foldPrefix(text[end:], "lpha") {
			end += len("lpha")
		}
	case 'b':
		x.pre.kind = pypiBeta
		if end = word + 1; foldPrefix(text[end:], "eta") {
			end += len("eta")
		}
	case 'c':
		x.pre.kind, end = pypiRC, word+1
	case 'r':
		if foldPrefix(text[word:], "rc") {
			x.pre.kind, end = pypiRC, word+2
		}
	case 'p':
		switch {
		case foldPrefix(text[word:], "preview"):
			x.pre.kind, end = pypiRC, word+7
		case foldPrefix(text[word:], "pre"):
			x.pre.kind, end = pypiRC, word+3
		}
	}
	if end == word {
		return at
	}
	x.pre.number, end = cutPyPINumber(text, end)
	return end
}

func (x *pypiVersion) parsePost(text string, at int) int {
	if at+1 < len(text) && text[at] == '-' && digit(text[at+1]) {
		x.post.kind = pypiPost
		digits, _ := cutDigits(text[at+1:])
		x.post.number = digits
		return at + 1 + len(digits)
	}
	word := skipPyPISeparator(text, at)
	rest := text[word:]
	end := word
	switch {
	case foldPrefix(rest, "post"):
		x.post.kind, end = pypiPost, word+4
	case foldPrefix(rest, "rev"):
		x.post.kind, end = pypiPost, word+3
	case foldPrefix(rest, "r"):
		x.post.kind, end = pypiPost, word+1
	default:
		return at
	}
	x.post.number, end = cutPyPINumber(text, end)
	return end
}

func (x *pypiVersion) parseDev(text string, at int) int {
	word := skipPyPISeparator(text, at)
	if !foldPrefix(text[word:], "dev") {
		return at
	}
	x.dev.kind = pypiDev
	x.dev.number, at = cutPyPINumber(text, word+len("dev"))
	return at
}

func pypiSeparator(c byte) bool { return c == '.' || c == '-' || c == '_' }

func skipPyPISeparator(text string, at int) int {
	if at < len(text) && pypiSeparator(text[at]) {
		return at + 1
	}
	return at
}

// cutPyPINumber takes a separator and a number, both of which may be missing.
func cutPyPINumber(text string, at int) (number string, end int) {
	at = skipPyPISeparator(text, at)
	number, _ = cutDigits(text[at:])
	return number, at + len(number)
}

// pypiLocal returns the number of bytes of text that are a local version. It may end in a
// separator.
func pypiLocal(text string) int {
	before := byte('.')
	for i := 0; i < len(text); {
		c := text[i]
		n := 1
		switch {
		case digit(c) || letter(c):
		case pypiSeparator(c):
			if pypiSeparator(before) {
				return i
			}
		default:
			var r rune
			switch r, n = utf8.DecodeRuneInString(text[i:]); r {
			case '\u0130', '\u0131', '\u017f', '\u212a':
			default:
				return i
			}
		}
		before = c
		i += n
	}
	return len(text)
}

// leadingPySpace and trailingPySpace are how many bytes str.isspace of Python takes.
func leadingPySpace(text string) int {
	n := 0
	for n < len(text) {
		r, size := utf8.DecodeRuneInString(text[n:])
		if !pySpace(r) {
			break
		}
		n += size
	}
	return n
}

func trailingPySpace(text string) int {
	n := len(text)
	for n > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:n])
		if !pySpace(r) {
			break
		}
		n -= size
	}
	return len(text) - n
}

func pySpace(r rune) bool {
	if r < utf8.RuneSelf {
		return r == ' ' || (r >= '\t' && r <= '\r') || (r >= 0x1c && r <= 0x1f)
	}
	return unicode.IsSpace(r)
}
