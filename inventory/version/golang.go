package version

import (
	"cmp"
	"strings"
)

// golang orders the versions of Go's modules as golang.org/x/mod/semver does, and the names of
// its toolchains as the standard library's go/version does, in one order:
//
//   - v1.2.3, v1.2.3-pre, pseudo-versions, +incompatible, which does not count as other builds
//     do not; v1 and v1.2, which are v1.0.0 and v1.2.0;
//   - 1.2.3-pre, the same without its v, as the Go vulnerability database writes versions of
//     modules and of the standard library;
//   - go1.22.3, go1.22rc1, with -name of whoever changed the toolchain, which does not count;
//     and 1.22rc1, 1.20 without the go, as a go.mod does, but then without -name.
//
// A toolchain is where that database has it: go1.22rc1 equals 1.22.0-rc.1 and go1.22.3 equals
// 1.22.3. go1.20 is 1.20.0, but since 1.21 a name of two numbers is the language, which is before
// all its toolchains: go1.21 is before go1.21rc1 and 1.21.0-0, and after 1.20.99. The same goes
// for 1.21 without go, while v1.21 is the module version v1.21.0.
type golang struct{}

func (golang) Name() string { return "golang" }

func (golang) Validate(v string) error {
	var x goVersion
	return x.parse(v)
}

func (golang) Compare(a, b string) (int, error) {
	var x, y goVersion
	if err := x.parse(a); err != nil {
		return 0, err
	}
	if err := y.parse(b); err != nil {
		return 0, err
	}
	return x.compare(&y), nil
}

func (golang) split(v string) parts {
	var x goVersion
	_ = x.parse(v)
	return parts{upstream: v, prerelease: x.pre != ""}
}

// A goVersion is a version of a module or of a toolchain.
type goVersion struct {
	triple
	toolchain bool // pre is letters and a number: rc1
	language  bool // no toolchain, but what all of 1.21 have in common
}

// parse parses v. A version with three numbers is the same with "v", with "go" and without.
func (x *goVersion) parse(v string) error {
	if strings.HasPrefix(v, "v") {
		return x.parseModule(v, 1)
	}
	if strings.HasPrefix(v, "go") {
		name, _, _ := strings.Cut(v, "-")
		return x.parseToolchain(v, name, len("go"))
	}
	dots := 0
	for i := range len(v) {
		if c := v[i]; c == '-' || c == '+' {
			return x.parseModule(v, 0)
		} else if c == '.' {
			dots++
		}
	}
	if dots == 2 {
		return x.parseModule(v, 0)
	}
	return x.parseToolchain(v, v, 0)
}

// parseModule parses a module version that starts at a byte of v. Numbers may be left out behind a
// "v".
func (x *goVersion) parseModule(v string, at int) error {
	short := at > 0
	x.number = [3]string{"0", "0", "0"}
	for i := range x.number {
		if i > 0 {
			if at == len(v) && short {
				return nil
			}
			if at == len(v) || v[at] != '.' {
				return invalid("golang", v, at, "a dot and one more of three numbers")
			}
			at++
		}
		end, bad, expected := scanNumber(v, at)
		if bad >= 0 {
			return invalid("golang", v, bad, expected)
		}
		x.number[i] = v[at:end]
		at = end
	}
	if bad, expected := x.parseTail(v, at); bad >= 0 {
		return invalid("golang", v, bad, expected)
	}
	return nil
}

// parseToolchain parses the name of a toolchain, which starts at a byte of v.
func (x *goVersion) parseToolchain(v, name string, at int) error {
	x.toolchain = true
	x.number = [3]string{"0", "0", "0"}
	for i := range x.number {
		if i > 0 {
			if at == len(name) || name[at] != '.' {
				return x.parseStage(v, name, at, i)
			}
			at++
		}
		end, bad, expected := scanNumber(name, at)
		if bad >= 0 {
			return invalid("golang", v, bad, expected)
		}
		x.number[i] = name[at:end]
		at = end
	}
	if at < len(name) {
		return invalid("golang", v, at, "the end of the name, or a hyphen and more")
	}
	return nil
}

// parseStage parses what follows the first numbers of a toolchain, which are fewer than three.
func (x *goVersion) parseStage(v, name string, at, numbers int) error {
	if at == len(name) {
		x.language = numbers == 2 && compareNatural(x.number[1], "21") >= 0
		return nil
	}
	if numbers == 1 {
		return invalid("golang", v, at, "a dot and a number")
	}
	end := at
	for end < len(name) && lower(name[end]) {
		end++
	}
	if end == at {
		return invalid("golang", v, at, "a dot and a number, or a word such as rc")
	}
	x.pre = name[at:]
	if end < len(name) {
		last, bad, expected := scanNumber(name, end)
		if bad >= 0 {
			return invalid("golang", v, bad, expected)
		}
		if last < len(name) {
			return invalid("golang", v, last, "the end of the name, or a hyphen and more")
		}
	}
	return nil
}

func (x *goVersion) compare(y *goVersion) int {
	if c := x.compareNumbers(&y.triple); c != 0 {
		return c
	}
	switch {
	case x.language && y.language:
		return 0
	case x.language:
		return -1
	case y.language:
		return 1
	}
	if !x.toolchain && !y.toolchain || x.pre == "" || y.pre == "" {
		return comparePre(x.pre, y.pre, false)
	}
	a, b := x.pre, y.pre
	for {
		var p, q string
		p, a = x.cut(a)
		q, b = y.cut(b)
		if p != q {
			return compareIdentifiers(p, q, false)
		}
		if a == "" || b == "" {
			return cmp.Compare(len(a), len(b))
		}
	}
}

// cut takes the first identifier off pre; of a toolchain's that are the letters and the number.
func (x *goVersion) cut(pre string) (id, rest string) {
	if !x.toolchain {
		return cutIdentifier(pre)
	}
	n := 0
	for n < len(pre) && !digit(pre[n]) {
		n++
	}
	if n == 0 {
		n = len(pre)
	}
	return pre[:n], pre[n:]
}
