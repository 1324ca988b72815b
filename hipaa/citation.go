package hipaa

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Citation identifies a section or paragraph of 45 CFR Part 164, such as 164.308(a)(5)(ii)(D). Use
// [ParseCitation] to create one. The zero value is invalid.
type Citation struct {
	section    int // 308 of 164.308
	paragraphs []string
}

// levels tests the marks of nested paragraphs in the Code of Federal Regulations, outermost first:
// lowercase letters, numbers, roman numerals, capital letters.
var levels = [...]func(string) bool{
	func(s string) bool { return len(s) == 1 && 'a' <= s[0] && s[0] <= 'z' },
	func(s string) bool {
		n, err := strconv.Atoi(s)
		return err == nil && n > 0 && s[0] != '0' && s[0] != '+'
	},
	func(s string) bool { return parseRoman(s) > 0 },
	func(s string) bool { return len(s) == 1 && 'A' <= s[0] && s[0] <= 'Z' },
}

// ParseCitation parses a citation as the Code of Federal Regulations writes it, without "45 CFR"
// and without spaces. It returns an error if the section is not between 164.302 and 164.318. It
// does not test whether the paragraph exists; look it up in [Rule] for that.
func ParseCitation(s string) (Citation, error) {
	bad := func(why string) (Citation, error) {
		return Citation{}, fmt.Errorf("%q is not a citation of the Security Rule: %s", s, why)
	}
	rest, ok := strings.CutPrefix(s, "164.")
	if !ok {
		return bad("want 164.")
	}
	digits, rest, _ := strings.Cut(rest, "(")
	section, err := strconv.Atoi(digits)
	if err != nil || len(digits) != 3 || section < 302 || section > 318 {
		return bad("want a section of 164.302 to 164.318")
	}
	c := Citation{section: section}
	if !strings.Contains(s, "(") {
		return c, nil
	}
	rest, ok = strings.CutSuffix(rest, ")")
	if !ok {
		return bad("want a closing parenthesis")
	}
	for i, p := range strings.Split(rest, ")(") {
		if i >= len(levels) || !levels[i](p) {
			return bad(fmt.Sprintf("%q is no paragraph of level %d", p, i+1))
		}
		c.paragraphs = append(c.paragraphs, p)
	}
	return c, nil
}

// String returns the citation as the Code of Federal Regulations writes it.
func (c Citation) String() string {
	s := "164." + strconv.Itoa(c.section)
	for _, p := range c.paragraphs {
		s += "(" + p + ")"
	}
	return s
}

// MarshalText returns the same text as String. It returns an error for the zero Citation.
func (c Citation) MarshalText() ([]byte, error) {
	if c.section == 0 {
		return nil, errors.New("no citation")
	}
	return []byte(c.String()), nil
}

// UnmarshalText parses a citation like [ParseCitation].
func (c *Citation) UnmarshalText(b []byte) (err error) {
	*c, err = ParseCitation(string(b))
	return err
}

// Compare compares citations by their order in the Code: (ii) comes after (i), and (10) after (9).
// The result is negative if c comes before o, positive if c comes after o, and 0 if they are equal.
func (c Citation) Compare(o Citation) int {
	if d := cmp.Compare(c.section, o.section); d != 0 {
		return d
	}
	for i := range min(len(c.paragraphs), len(o.paragraphs)) {
		if d := comparePart(i, c.paragraphs[i], o.paragraphs[i]); d != 0 {
			return d
		}
	}
	return cmp.Compare(len(c.paragraphs), len(o.paragraphs))
}

// comparePart compares two marks of the same level. It compares numbers and numerals by value.
func comparePart(level int, a, b string) int {
	switch level {
	case 1:
		x, _ := strconv.Atoi(a)
		y, _ := strconv.Atoi(b)
		return cmp.Compare(x, y)
	case 2:
		return cmp.Compare(parseRoman(a), parseRoman(b))
	}
	return cmp.Compare(a, b)
}

// Contains reports whether o is equal to c or a paragraph within c.
func (c Citation) Contains(o Citation) bool {
	return c.section == o.section && len(c.paragraphs) <= len(o.paragraphs) &&
		slices.Equal(c.paragraphs, o.paragraphs[:len(c.paragraphs)])
}

// parseRoman returns the value of a lowercase roman numeral from 1 to 20, or 0 if s is none.
func parseRoman(s string) int {
	for i, r := range [...]string{"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x",
		"xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx"} {
		if s == r {
			return i + 1
		}
	}
	return 0
}
