package version

import (
	"cmp"
	"strings"
)

// macos orders versions of macOS as sw_vers(1) prints them: the product version 13.4.1, after it
// in parentheses or not the letter of a rapid security response (ProductVersionExtra), (c), and
// the build (BuildVersion), 22F82. A version without a letter, or without a build, is before those
// that are the same with one.
//
// A build may come alone: the number of the Darwin release, a letter and a number. Those of seeds,
// four digits from 5000 on and a lower-case letter, are before the others of their train: 22F5037d
// before 22F66. Those for new models, four digits from 2000 on since Darwin 22, have no order with
// the others of their train, and Compare fails with [ErrInvalid]: 23B2073 is 14.1 for the models of
// its year, though 23B81 is 14.1.1. Nothing says which product version it is of, so that Compare of
// a build alone and a product version fails with [ErrInvalid].
type macos struct{}

func (macos) Name() string { return "macos" }

func (macos) Validate(v string) error {
	_, err := parseMacOS(v)
	return err
}

func (macos) Compare(a, b string) (int, error) {
	x, err := parseMacOS(a)
	if err != nil {
		return 0, err
	}
	y, err := parseMacOS(b)
	if err != nil {
		return 0, err
	}
	if (x.product == "") != (y.product == "") {
		return 0, invalid("macos", b, 0, "a product version to compare with a product version, a build with a build")
	}
	c := compareDotted(x.product, y.product)
	if c == 0 {
		c = cmp.Compare(x.response, y.response)
	}
	if c == 0 {
		var ok bool
		if c, ok = compareMacOSBuild(x.build, y.build); !ok {
			return 0, invalid("macos", b, strings.LastIndex(b, y.build), "a build for the same models as the other one")
		}
	}
	return c, nil
}

func (macos) split(v string) parts {
	x, _ := parseMacOS(v)
	return parts{upstream: x.product, revision: x.build, prerelease: x.build != "" && macosSeed(x.build)}
}

type macosVersion struct{ product, response, build string }

func parseMacOS(v string) (macosVersion, error) {
	var x macosVersion
	rest := v
	if !macosBuild(v) {
		var n int
		if x.product, rest, n = cutDotted(v); n == 0 || n > 3 {
			return x, invalid("macos", v, len(x.product), "one to three numbers")
		}
	} else {
		x.build, rest = v, ""
	}
	for rest != "" {
		word := strings.TrimLeft(rest, " ")
		at := len(v) - len(word)
		if at == len(v) || v[at-1] != ' ' {
			return x, invalid("macos", v, at, "a blank and a letter or a build")
		}
		rest = ""
		if i := strings.IndexByte(word, ' '); i >= 0 {
			word, rest = word[:i], word[i:]
		}
		inner := word
		if len(word) > 2 && word[0] == '(' && word[len(word)-1] == ')' {
			inner = word[1 : len(word)-1]
		}
		switch {
		case len(inner) == 1 && lower(inner[0]) && x.response == "" && x.build == "":
			x.response = inner
		case macosBuild(inner) && x.build == "":
			x.build = inner
		default:
			return x, invalid("macos", v, at, "the letter of a response or a build")
		}
	}
	return x, nil
}

// macosBuild reports whether text is digits, a letter, digits and at most one lower-case letter.
func macosBuild(text string) bool {
	darwin, rest := cutDigits(text)
	if darwin == "" || rest == "" || !upper(rest[0]) {
		return false
	}
	number, seed := cutDigits(rest[1:])
	return number != "" && (seed == "" || len(seed) == 1 && lower(seed[0]))
}

// macosSeed reports whether a build is one of those before a release.
func macosSeed(build string) bool {
	_, rest := cutDigits(build)
	number, letter := cutDigits(rest[1:])
	return len(number) == 4 && number[0] == '5' && letter != ""
}

// macosModels reports whether a build is one for new models only.
func macosModels(build string) bool {
	darwin, rest := cutDigits(build)
	number, letter := cutDigits(rest[1:])
	return compareDigits(darwin, "22") >= 0 && len(number) == 4 && number[0] >= '2' && letter == ""
}

// compareMacOSBuild reports false if one of two builds of a train is for new models only.
func compareMacOSBuild(a, b string) (c int, ok bool) {
	if a == "" || b == "" {
		return cmp.Compare(len(a), len(b)), true
	}
	x, restA := cutDigits(a)
	y, restB := cutDigits(b)
	if c := cmp.Or(compareDigits(x, y), cmp.Compare(restA[0], restB[0])); c != 0 {
		return c, true
	}
	if c := bit(macosSeed(b)) - bit(macosSeed(a)); c != 0 {
		return c, true
	}
	if macosModels(a) != macosModels(b) {
		return 0, false
	}
	x, restA = cutDigits(restA[1:])
	y, restB = cutDigits(restB[1:])
	return cmp.Or(compareDigits(x, y), cmp.Compare(restA, restB)), true
}
