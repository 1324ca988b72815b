package version

import (
	"cmp"
	"unicode"
	"unicode/utf8"
)

// maven orders versions as ComparableVersion of maven-artifact 3.8.7 does, which the "Version
// Order Specification" of https://maven.apache.org/pom.html describes.
//
// Maven accepts every string. This scheme refuses some: the empty string, a NUL, text that is not
// UTF-8, digits of other scripts (Maven reads them as numbers, of a size that depends on their
// zeros), and the two capital letters whose lower case is more than one character or depends on its
// neighbors, U+0130 and U+03A3. Letters that came with Unicode 14 have a lower case here even if
// the installed Java is older.
//
// Surprises: 1-1 is before 1.1, and 1.ga, 1.0 and 1-final are 1. Case does not count. Words that
// Maven does not know come after the release, in the order of their letters. A zero of ten digits
// is more than every number of up to nine, but is trimmed like a zero.
//
// The order of Maven has circles, and this scheme follows it: 1-alpha is before 1, 1 is before
// 1.x.1, and that is before 1-alpha; 1-0-alpha is before 1, 1 is before 1-x, and that is before
// 1-0-alpha. A version is in no circle if it has no word between two dots or a dot and a hyphen,
// and no word after nothing but zeros (and ga, final, release) since a hyphen, a word or the start.
// The canonical form of a range is exact for such versions only.
type maven struct{}

func (maven) Name() string { return "maven" }

func (maven) Validate(v string) error { return validMaven(v) }

func (maven) Compare(a, b string) (int, error) {
	if err := validMaven(a); err != nil {
		return 0, err
	}
	if err := validMaven(b); err != nil {
		return 0, err
	}
	return compareMavenVersions(a, b), nil
}

func (maven) split(v string) parts {
	p := parts{upstream: v}
	r := mavenReader{text: v, empty: true}
	for r.next(); r.item.kind != mavenEnd; r.next() {
		if r.item.kind == mavenWord && r.item.rank < mavenRelease {
			p.prerelease = true
		}
	}
	return p
}

func validMaven(v string) error {
	if v == "" {
		return invalid("maven", v, 0, "a version")
	}
	for i := range len(v) {
		if c := v[i]; c == 0 {
			return invalid("maven", v, i, "no NUL")
		} else if c >= utf8.RuneSelf {
			return validMavenRunes(v, i)
		}
	}
	return nil
}

func validMavenRunes(v string, at int) error {
	for at < len(v) {
		r, n := utf8.DecodeRuneInString(v[at:])
		switch {
		case r == 0:
			return invalid("maven", v, at, "no NUL")
		case r == utf8.RuneError && n == 1:
			return invalid("maven", v, at, "UTF-8")
		case r >= utf8.RuneSelf && r <= 0xffff && unicode.IsDigit(r): // Maven looks at UTF-16
			return invalid("maven", v, at, "a digit of ASCII")
		case r == '\u0130' || r == '\u03a3':
			return invalid("maven", v, at, "a letter with one lower case")
		}
		at += n
	}
	return nil
}

// sharedMaven returns the length of the common start that need not be compared: up to the last
// number that is more than zero in both. The text before it is the same, also after zeros are
// trimmed.
func sharedMaven(a, b string) int {
	n := min(len(a), len(b))
	shared := 0
	before := byte('.')
	for i := 0; i < n && a[i] == b[i]; i++ {
		c := a[i]
		if c-'1' <= 8 && !digit(before) {
			shared = i
		}
		before = c
	}
	return shared
}

// compareMavenVersions compares two valid versions.
func compareMavenVersions(a, b string) int {
	if a == b {
		return 0
	}
	same := sharedMaven(a, b)
	x, y := mavenReader{text: a[same:], empty: true}, mavenReader{text: b[same:], empty: true}
	return compareMaven(&x, &y)
}

// compareMaven compares two lists of items, the last of which may be a list.
func compareMaven(x, y *mavenReader) int {
	for {
		x.next()
		y.next()
		switch {
		case x.item.kind == mavenEnd:
			return -y.rest()
		case y.item.kind == mavenEnd:
			return x.rest()
		case x.opens > y.opens:
			return y.item.afterList()
		case x.opens < y.opens:
			return -x.item.afterList()
		}
		if c := compareMavenItems(&x.item, &y.item); c != 0 {
			return c
		}
	}
}

// Kinds of items.
const (
	mavenEnd = iota
	mavenNumber
	mavenWord
)

// Ranks of words, in ascending order: those that come before a release, the release itself,
// its service pack, and all others.
const (
	mavenAlpha = iota
	mavenBeta
	mavenMilestone
	mavenRC
	mavenSnapshot
	mavenRelease
	mavenPack
	mavenOther
)

// A mavenItem is a number or a word of a version.
type mavenItem struct {
	text string
	kind uint8
	rank uint8 // of a word
	zero bool  // it is trimmed if it is the last one
	open bool  // a list opens before it
	shut bool  // a list opens after it
}

// afterList returns the order of a list and the item.
func (i *mavenItem) afterList() int {
	if i.kind == mavenNumber {
		return -1
	}
	return 1
}

// sign returns the order of the item and a missing item.
func (i *mavenItem) sign() int {
	if i.kind == mavenWord {
		return cmp.Compare(i.rank, mavenRelease)
	}
	return 1
}

func compareMavenItems(x, y *mavenItem) int {
	switch {
	case x.kind != y.kind:
		return int(y.kind) - int(x.kind)
	case x.kind == mavenNumber:
		if x.zero || y.zero {
			if c := mavenSize(x.text) - mavenSize(y.text); c != 0 {
				return c
			}
		}
		return compareDigits(x.text, y.text)
	case x.rank != y.rank:
		return int(x.rank) - int(y.rank)
	case x.rank == mavenOther:
		return compareMavenWords(x.text, y.text)
	}
	return 0
}

// mavenSize returns the class of a number by its digits: up to 9, up to 18, or more. Leading zeros
// do not count unless the number has nothing else.
func mavenSize(digits string) int {
	if d := trimZeros(digits); d != "" {
		digits = d
	}
	return min((max(len(digits), 1)-1)/9, 2)
}

// compareMavenWords compares lower case, as Java does in UTF-16.
func compareMavenWords(a, b string) int {
	for a != "" && b != "" {
		if a[0] < utf8.RuneSelf && b[0] < utf8.RuneSelf {
			if x, y := lowered(a[0]), lowered(b[0]); x != y {
				return cmp.Compare(x, y)
			}
			a, b = a[1:], b[1:]
			continue
		}
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if c := cmp.Compare(utf16Place(unicode.ToLower(x)), utf16Place(unicode.ToLower(y))); c != 0 {
			return c
		}
		a, b = a[n:], b[m:]
	}
	return cmp.Compare(len(a), len(b))
}

// utf16Place returns the place of a character in the order of UTF-16, in which characters beyond
// U+FFFF come before U+E000.
func utf16Place(r rune) rune {
	if r >= 0xe000 && r <= 0xffff {
		return r + unicode.MaxRune
	}
	return r
}

// A mavenReader reads the items of a version, without those that Maven trims: zeros at the end
// of a list, and the lists that are empty then. A hyphen opens a list, and so does a
// change between digits and others.
type mavenReader struct {
	text  string
	at    int
	solid int  // zeros before this are not the last of their list
	empty bool // nothing is in the list yet

	item  mavenItem // the last one read
	opens int       // lists that open before it
}

// next reads an item.
func (r *mavenReader) next() {
	r.opens = 0
	if r.item.shut {
		r.opens = 1
	}
	if r.at < r.solid {
		r.at = r.read(r.at)
		return
	}
	from, empty := r.at, r.empty
	for at := r.at; ; {
		start := at
		at = r.read(at)
		if r.item.kind == mavenEnd {
			return
		}
		if r.item.open {
			r.opens++
			from, empty = start, true
		}
		if !r.item.zero {
			if r.solid = at; from == start {
				r.at = at
				return
			}
			break
		}
		if r.item.shut {
			r.opens++
			from, empty = at, true
		}
	}
	r.empty = empty
	r.at = r.read(from)
}

// rest returns the order of the item with all that follows, and nothing.
func (r *mavenReader) rest() int {
	for r.item.kind != mavenEnd && r.item.zero {
		r.next()
	}
	if r.item.kind == mavenEnd {
		return 0
	}
	return r.item.sign()
}

// read reads an item that starts at a byte, and returns where the next one does.
func (r *mavenReader) read(at int) int {
	r.item = mavenItem{}
	text := r.text[at:]
	if text == "" {
		return at
	}
	n, zero := 0, true
	for n < len(text) && digit(text[n]) {
		zero = zero && text[n] == '0'
		n++
	}
	if n > 0 || text[0] == '.' || text[0] == '-' {
		r.item = mavenItem{text: text[:n], kind: mavenNumber, zero: zero}
		return at + r.end(text, n, n > 0)
	}
	for n < len(text) && text[n] != '.' && text[n] != '-' && !digit(text[n]) {
		n++
	}
	followed := n < len(text) && digit(text[n])
	rank := mavenRank(text[:n], followed)
	open := !r.empty && (followed || n == len(text))
	r.item = mavenItem{text: text[:n], kind: mavenWord, rank: rank, zero: rank == mavenRelease, open: open}
	return at + r.end(text, n, followed)
}

// end reads the separator behind an item of n bytes, and returns the length of both.
func (r *mavenReader) end(text string, n int, changes bool) int {
	if n < len(text) {
		switch {
		case text[n] == '.':
			n++
		case text[n] == '-':
			n++
			r.item.shut = true
		default:
			r.item.shut = changes
		}
	}
	r.empty = r.item.shut
	return n
}

// mavenRank returns the rank of a word. A digit may follow it.
func mavenRank(word string, followed bool) uint8 {
	switch len(word) {
	case 1:
		if followed {
			switch word[0] | 0x20 {
			case 'a':
				return mavenAlpha
			case 'b':
				return mavenBeta
			case 'm':
				return mavenMilestone
			}
		}
	case 2:
		switch {
		case equalFold(word, "rc") || equalFold(word, "cr"):
			return mavenRC
		case equalFold(word, "ga"):
			return mavenRelease
		case equalFold(word, "sp"):
			return mavenPack
		}
	case 4:
		if equalFold(word, "beta") {
			return mavenBeta
		}
	case 5:
		switch {
		case equalFold(word, "alpha"):
			return mavenAlpha
		case equalFold(word, "final"):
			return mavenRelease
		}
	case 7:
		if equalFold(word, "release") {
			return mavenRelease
		}
	case 8:
		if equalFold(word, "snapshot") {
			return mavenSnapshot
		}
	case 9:
		if equalFold(word, "milestone") {
			return mavenMilestone
		}
	}
	return mavenOther
}
