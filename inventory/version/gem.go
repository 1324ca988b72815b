package version

import "cmp"

// gem orders Ruby's versions as Gem::Version of RubyGems 3.3 does
// (https://docs.ruby-lang.org/en/3.1/Gem/Version.html): numbers and words, in turn. A word is
// before every number, and what is missing counts as 0, so 1.0.a is before 1.0 and 1.a.1 after
// 1.a. A hyphen is .pre. and zeros before the first word do not count: 1-x is 1.0.pre.x. Case
// counts: 1.A is before 1.a. The first number has no letters: 1a is no version, 1.0a is.
//
// White space alone is 0, as in RubyGems. The empty string is refused, although RubyGems accepts
// it.
type gem struct{}

func (gem) Name() string { return "gem" }

func (gem) Validate(v string) error {
	_, err := trimGem(v)
	return err
}

func (gem) Compare(a, b string) (int, error) {
	x, err := trimGem(a)
	if err != nil {
		return 0, err
	}
	y, err := trimGem(b)
	if err != nil {
		return 0, err
	}
	return compareGem(x, y), nil
}

func (gem) split(v string) parts {
	v, _ = trimGem(v)
	p := parts{upstream: v}
	for i := range len(v) {
		p.prerelease = p.prerelease || letter(v[i]) || v[i] == '-'
	}
	return p
}

// trimGem returns a version without the white space around it.
func trimGem(v string) (string, error) {
	from, end := 0, len(v)
	for end > 0 && space(v[end-1]) {
		end--
	}
	for from < end && space(v[from]) {
		from++
	}
	n, expected := validGem(v[from:end])
	switch {
	case v == "":
		return "", invalid("gem", v, 0, "a version")
	case expected != "" && n > 0 || from < end && n == 0:
		return "", invalid("gem", v, from+n, expected)
	}
	return v[from:end], nil
}

// validGem returns the number of bytes of v that are a version, and what is expected behind them if
// that is not all.
func validGem(v string) (n int, expected string) {
	digits, _ := cutDigits(v)
	n = len(digits)
	if n == 0 {
		return 0, "a digit"
	}
	hyphen := false
	for n < len(v) {
		switch c := v[n]; {
		case c == '-':
			hyphen = true
		case c != '.':
			if hyphen {
				return n, "a letter, a digit, a hyphen, a dot or the end"
			}
			return n, "a dot, a hyphen or the end"
		}
		n++
		start := n
		for n < len(v) && (digit(v[n]) || letter(v[n]) || (hyphen && v[n] == '-')) {
			n++
		}
		if n == start {
			return n, "a letter or a digit"
		}
	}
	return n, ""
}

// compareGem compares two valid versions.
func compareGem(a, b string) int {
	if a == b {
		return 0
	}
	at, word := sharedGem(a, b)
	x, y := gemReader{text: a, at: at, solid: at, word: word}, gemReader{text: b, at: at, solid: at, word: word}
	for {
		s, t := x.next(), y.next()
		if s == "" && t == "" {
			return 0
		}
		n, m := s == "" || digit(s[0]), t == "" || digit(t[0])
		c := 0
		switch {
		case n && m:
			c = compareDigits(s, t)
		case n:
			c = 1
		case m:
			c = -1
		default:
			c = cmp.Compare(s, t)
		}
		if c != 0 {
			return c
		}
	}
}

// sharedGem returns the length of the common start that need not be compared, up to the last number
// that is more than zero in both, and whether there is a word before it.
func sharedGem(a, b string) (shared int, word bool) {
	n := min(len(a), len(b))
	before, seen := byte('.'), false
	for i := 0; i < n && a[i] == b[i]; i++ {
		c := a[i]
		if c-'1' <= 8 && !digit(before) {
			shared, word = i, seen
		}
		seen = seen || c == '-' || letter(c)
		before = c
	}
	return shared, word
}

// A gemReader reads the numbers and words of a version, without the zeros before the first word.
type gemReader struct {
	text  string
	at    int
	solid int  // zeros before this are followed by a number
	word  bool // the first one was read
}

// next returns the next number or word, or "" at the end.
func (r *gemReader) next() string {
	s, end := r.read(r.at)
	if !r.word && r.at >= r.solid {
		at, first := end, s
		for s != "" && trimZeros(s) == "" {
			s, at = r.read(at)
		}
		switch {
		case s == "" || !digit(s[0]):
			r.word, end = true, at // what comes after the last zero
		default:
			r.solid, s = at, first
		}
	}
	r.at = end
	return s
}

// read reads the number or word that starts at a byte, or after a dot there, and returns its end.
func (r *gemReader) read(at int) (string, int) {
	for at < len(r.text) && r.text[at] == '.' {
		at++
	}
	if at == len(r.text) {
		return "", at
	}
	n := at
	switch {
	case r.text[at] == '-':
		return "pre", at + 1
	case digit(r.text[at]):
		for n < len(r.text) && digit(r.text[n]) {
			n++
		}
	default:
		for n < len(r.text) && letter(r.text[n]) {
			n++
		}
	}
	return r.text[at:n], n
}
