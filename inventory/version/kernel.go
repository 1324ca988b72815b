package version

import "strings"

// kernel orders releases of Linux in the form of uname(1) -r. The numbers of kernel.org come first;
// missing ones are 0. A release candidate, -rc, is before its release. The part that a distribution
// adds is after it, in the order of rpm: 5.15.0-91-generic, 4.18.0-513.9.1.el8_9.x86_64.
//
// The numbers that distributions add say nothing across distributions, flavours and architectures:
// where the numbers of kernel.org are the same and the words of what was added differ
// (5.15.0-91-generic and 5.15.0-1050-aws), Compare fails with [ErrInvalid].
//
// It also does where the last number of kernel.org is none: most distributions keep the 0 that they
// began with while they follow the stable releases. Debian's 6.1.0-18-amd64 is 6.1.76, so nothing
// orders it and 6.1.69. Fedora (fc) and Arch Linux (arch) do not do that.
//
// Fedora writes 6.7.0-0.rc7.56.fc40.x86_64 for a candidate: that is 6.7.0-rc7 with what was added.
type kernel struct{}

func (kernel) Name() string { return "kernel" }

func (kernel) Validate(v string) error {
	_, err := parseKernel(v)
	return err
}

func (kernel) Compare(a, b string) (int, error) {
	x, err := parseKernel(a)
	if err != nil {
		return 0, err
	}
	y, err := parseKernel(b)
	if err != nil {
		return 0, err
	}
	if c := compareDotted(x.numbers, y.numbers); c != 0 {
		if (x.frozen() || y.frozen()) && compareDotted(x.base(), y.base()) == 0 {
			return 0, invalid("kernel", b, len(y.base()),
				"the last number of the other release: a distribution's 0 is none of kernel.org")
		}
		return c, nil
	}
	if x.rc != y.rc {
		switch {
		case x.rc == "":
			return 1, nil
		case y.rc == "":
			return -1, nil
		}
		if c := compareDigits(x.rc, y.rc); c != 0 {
			return c, nil
		}
	}
	if x.added != "" && y.added != "" && !sameWords(x.added, y.added) {
		return 0, invalid("kernel", b, len(b)-len(y.added),
			"the words of the other release, with which this one is compared")
	}
	return compareRPM(x.added, y.added, false), nil
}

func (kernel) split(v string) parts {
	x, _ := parseKernel(v)
	return parts{upstream: v[:len(v)-len(x.added)], revision: strings.TrimLeft(x.added, "-."), prerelease: x.rc != ""}
}

type kernelRelease struct{ numbers, rc, added string }

// base returns the numbers without the last one, that of a stable release: 6.1 of 6.1.69, and
// 2.6.32 of 2.6.32.71.
func (x kernelRelease) base() string {
	dots := 2
	if first, _ := cutNumber(x.numbers); compareDigits(first, "2") == 0 {
		dots = 3
	}
	for i := range len(x.numbers) {
		if x.numbers[i] == '.' {
			if dots--; dots == 0 {
				return x.numbers[:i]
			}
		}
	}
	return x.numbers
}

// frozen reports whether the last number is a 0 that a distribution may have left as it was.
func (x kernelRelease) frozen() bool {
	if x.added == "" || x.rc != "" || compareDotted(x.base(), x.numbers) != 0 {
		return false
	}
	for word, rest := cutWord(x.added); word != ""; word, rest = cutWord(rest) {
		if word == "fc" || word == "arch" {
			return false
		}
	}
	return true
}

func parseKernel(v string) (kernelRelease, error) {
	var x kernelRelease
	var n int
	if x.numbers, x.added, n = cutDotted(v); n < 2 {
		return x, invalid("kernel", v, len(x.numbers), "numbers with dots between them")
	}
	for _, mark := range [...]string{"-rc", "-0.rc"} {
		if rest, ok := strings.CutPrefix(x.added, mark); ok {
			if number, after := cutDigits(rest); number != "" {
				x.rc, x.added = number, after
			}
		}
	}
	plain := true // nothing but separators was added
	for i := range len(x.added) {
		c := x.added[i]
		plain = plain && !digit(c) && !letter(c)
		if !digit(c) && !letter(c) && strings.IndexByte("-+._~", c) < 0 || i == 0 && digit(c) {
			return x, invalid("kernel", v, len(v)-len(x.added)+i, "letters, digits and - + . _ ~")
		}
	}
	if plain {
		x.added = ""
	}
	return x, nil
}

// sameWords reports whether two texts have the same runs of letters, one after the other, but
// for rc and git, with which a distribution marks what is not released yet.
func sameWords(a, b string) bool {
	for {
		var x, y string
		x, a = cutWord(a)
		y, b = cutWord(b)
		if x != y {
			return false
		}
		if x == "" {
			return true
		}
		if machine(x) {
			p, _ := cutDigits(a)
			q, _ := cutDigits(b)
			if p != q {
				return false
			}
		}
	}
}

// machine reports whether a word with the number after it names a processor: i686, v7l, x86_64.
func machine(word string) bool {
	for _, m := range [...]string{"i", "v", "armv", "arm", "amd", "x", "s", "ppc", "riscv", "aarch", "mips", "sparc"} {
		if word == m {
			return true
		}
	}
	return false
}

func cutWord(text string) (word, rest string) {
	for {
		for text != "" && !letter(text[0]) {
			text = text[1:]
		}
		if word, text = cutLetters(text); word != "rc" && word != "git" {
			return word, text
		}
	}
}
