package version

import (
	"cmp"
	"strings"
)

// openssh orders the releases of OpenSSH (https://www.openssh.com/releasenotes.html): 9.6 is that
// of OpenBSD, 9.6p1 the portable one made of it, which is after it. The name may come first, as in
// what ssh -V prints before the first blank: OpenSSH_9.6p1, OpenSSH_for_Windows_8.1p1.
//
// A version of a range that names no portable release means all of them: 9.6p1 is in "<= 9.6" and
// not in "> 9.6".
type openssh struct{}

func (openssh) Name() string { return "openssh" }

func (openssh) Validate(v string) error {
	_, _, err := parseOpenSSH(v)
	return err
}

func (openssh) Compare(a, b string) (int, error) {
	x, p, err := parseOpenSSH(a)
	if err != nil {
		return 0, err
	}
	y, q, err := parseOpenSSH(b)
	if err != nil {
		return 0, err
	}
	if c := compareDotted(x, y); c != 0 {
		return c, nil
	}
	if c := cmp.Compare(bit(p != ""), bit(q != "")); c != 0 {
		return c, nil
	}
	return compareDigits(p, q), nil
}

// relate compares the numbers alone if the range names no portable release.
func (s openssh) relate(v, bound string) int {
	numbers, portable, _ := parseOpenSSH(bound)
	if portable != "" {
		c, _ := s.Compare(v, bound)
		return c
	}
	own, _, _ := parseOpenSSH(v)
	return compareDotted(own, numbers)
}

func (openssh) note(r Range) string {
	if mixed(r, func(v string) bool { _, portable, _ := parseOpenSSH(v); return portable != "" }) {
		return "some versions of the range are portable releases and some are not: the canonical form may differ where that decides"
	}
	return ""
}

func (openssh) split(v string) parts {
	numbers, portable, _ := parseOpenSSH(v)
	if portable != "" {
		portable = v[len(v)-len(portable)-len("p"):]
	}
	return parts{upstream: numbers, revision: portable}
}

func parseOpenSSH(v string) (numbers, portable string, err error) {
	rest := strings.TrimPrefix(v, "OpenSSH_")
	if rest != v {
		rest = strings.TrimPrefix(rest, "for_Windows_")
	}
	numbers, rest, n := cutDotted(rest)
	if n < 2 || n > 3 {
		return "", "", invalid("openssh", v, len(v)-len(rest), "two or three numbers")
	}
	if rest == "" {
		return numbers, "", nil
	}
	if rest[0] == 'p' {
		portable, rest = cutDigits(rest[1:])
	}
	if portable == "" || rest != "" {
		return "", "", invalid("openssh", v, len(v)-len(rest), "p and a number, or the end")
	}
	return numbers, portable, nil
}
