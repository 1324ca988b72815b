package version

import (
	"cmp"
	"strings"
)

// openssl orders the releases of OpenSSL (https://www.openssl.org/policies/releasestrat.html):
// major.minor.patch, until 1.1.1 with letters, of which z is followed by za: 1.0.2z, 1.0.2za.
// Before a release come, in this order, -dev, -alphaN, -betaN and -preN. The suffix -fips of
// distributions does not count.
type openssl struct{}

func (openssl) Name() string { return "openssl" }

func (openssl) Validate(v string) error {
	_, err := parseOpenSSL(v)
	return err
}

func (openssl) Compare(a, b string) (int, error) {
	x, err := parseOpenSSL(a)
	if err != nil {
		return 0, err
	}
	y, err := parseOpenSSL(b)
	if err != nil {
		return 0, err
	}
	c := compareDotted(x.numbers, y.numbers)
	if c == 0 {
		c = cmp.Compare(len(x.letters), len(y.letters))
	}
	if c == 0 {
		c = cmp.Compare(x.letters, y.letters)
	}
	if c == 0 {
		c = cmp.Compare(x.stage, y.stage)
	}
	if c == 0 {
		c = compareDigits(x.number, y.number)
	}
	return c, nil
}

func (openssl) split(v string) parts {
	x, _ := parseOpenSSL(v)
	return parts{upstream: v, prerelease: x.stage < opensslRelease}
}

var opensslStages = [...]string{"-dev", "-alpha", "-beta", "-pre"}

const opensslRelease = len(opensslStages)

type opensslVersion struct {
	numbers, letters string
	stage            int
	number           string // of the stage
}

func parseOpenSSL(v string) (opensslVersion, error) {
	x := opensslVersion{stage: opensslRelease}
	var n int
	var rest string
	if x.numbers, rest, n = cutDotted(v); n != 3 {
		return x, invalid("openssl", v, len(x.numbers), "three numbers")
	}
	x.letters, rest = cutLetters(rest)
	for i := range len(x.letters) {
		if !lower(x.letters[i]) || i+1 < len(x.letters) && x.letters[i] != 'z' {
			return x, invalid("openssl", v, len(x.numbers)+i, "a lower-case letter, after z another one")
		}
	}
	rest = strings.TrimSuffix(rest, "-fips")
	for i, s := range opensslStages {
		if after, ok := strings.CutPrefix(rest, s); ok {
			x.stage = i
			x.number, rest = cutDigits(after)
			if (x.number == "") != (i == 0) {
				return x, invalid("openssl", v, len(x.numbers)+len(x.letters)+len(s),
					"the number of an alpha, a beta or a pre-release")
			}
			break
		}
	}
	if rest != "" {
		return x, invalid("openssl", v, strings.LastIndex(v, rest),
			"-alpha, -beta or -pre with a number, -dev, -fips or the end")
	}
	return x, nil
}
