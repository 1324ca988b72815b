package version_test

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
)

// The second implementations of what no program compares, written from what the schemes say of
// themselves: forms as regular expressions, and keys that are compared one after the other.

// A key is a list of numbers, in which a word is one too.
type key []*big.Int

func (k key) with(numbers ...string) key {
	for _, n := range numbers {
		i, ok := new(big.Int).SetString("0"+n, 10)
		if !ok {
			panic(n)
		}
		k = append(k, i)
	}
	return k
}

func (k key) place(words []string, word string) key {
	return append(k, big.NewInt(int64(slices.Index(words, word))))
}

// text adds the bytes of a word, so that it is compared as text.
func (k key) text(word string) key {
	for _, c := range []byte(word) {
		k = append(k, big.NewInt(int64(c)))
	}
	return append(k, big.NewInt(0))
}

// byKey returns an order from keys; one that is nil is no version.
func byKey(of func(v string) key) func(a, b string) byte {
	return func(a, b string) byte {
		x, y := of(a), of(b)
		if x == nil || y == nil {
			return '!'
		}
		return "<=>"[1+slices.CompareFunc(x, y, (*big.Int).Cmp)]
	}
}

// dotted are numbers between dots, as many as are wanted.
func dotted(text string, n int) []string {
	parts := strings.Split(text, ".")
	for len(parts) < n {
		parts = append(parts, "0")
	}
	return parts
}

var windowsForm = regexp.MustCompile(`^[0-9]+(\.[0-9]+){0,3}$`)

func keyWindows(v string) key {
	if !windowsForm.MatchString(v) {
		return nil
	}
	parts := strings.Split(v, ".")
	first := key{}.with(parts[0])[0].Cmp
	switch {
	case len(parts) <= 2 && first(big.NewInt(10240)) >= 0:
		v = "10.0." + v
	case len(parts) == 1 || first(big.NewInt(100)) >= 0:
		return nil
	}
	return key{}.with(dotted(v, 4)...)
}

var opensslForm = regexp.MustCompile(`^([0-9]+)\.([0-9]+)\.([0-9]+)(z*[a-z])?(?:-(dev|alpha|beta|pre)([0-9]*))?(?:-fips)?$`)

func keyOpenSSL(v string) key {
	m := opensslForm.FindStringSubmatch(v)
	if m == nil || m[5] != "" && (m[5] == "dev") != (m[6] == "") {
		return nil
	}
	k := key{}.with(m[1:4]...)
	k = append(k, big.NewInt(int64(len(m[4])))).text(m[4])
	return k.place([]string{"dev", "alpha", "beta", "pre", ""}, m[5]).with(m[6])
}

var opensshForm = regexp.MustCompile(`^(?:OpenSSH_(?:for_Windows_)?)?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?(p[0-9]+)?$`)

func keyOpenSSH(v string) key {
	m := opensshForm.FindStringSubmatch(v)
	if m == nil {
		return nil
	}
	k := key{}.with(m[1:4]...)
	if m[4] == "" {
		return k.with("0", "0")
	}
	return k.with("1", m[4][1:])
}

var (
	macosBuildForm = regexp.MustCompile(`^([0-9]+)([A-Z])([0-9]+)([a-z]?)$`)
	macosForm      = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+){0,2})(?: +(?:([a-z])|\(([a-z])\)))?(?: +(?:([0-9]+[A-Z][0-9]+[a-z]?)|\(([0-9]+[A-Z][0-9]+[a-z]?)\)))?$`)
)

// slowMacOS compares product versions, responses and builds, in turn.
func slowMacOS(a, b string) byte {
	m, n := macosParts(a), macosParts(b)
	if m == nil || n == nil || (m[0] == "") != (n[0] == "") {
		return '!'
	}
	x, y := key{}.with(dotted(m[0], 3)...).text(m[1]), key{}.with(dotted(n[0], 3)...).text(n[1])
	if c := slices.CompareFunc(x, y, (*big.Int).Cmp); c != 0 {
		return "<=>"[1+c]
	}
	if m[2] == "" || n[2] == "" {
		return "<=>"[1+boolInt(m[2] != "")-boolInt(n[2] != "")]
	}
	p, q := macosBuildForm.FindStringSubmatch(m[2]), macosBuildForm.FindStringSubmatch(n[2])
	train, other := key{}.with(p[1]).text(p[2]), key{}.with(q[1]).text(q[2])
	if c := slices.CompareFunc(train, other, (*big.Int).Cmp); c != 0 {
		return "<=>"[1+c]
	}
	kind := func(m []string) int {
		switch {
		case len(m[3]) == 4 && m[3][0] == '5' && m[4] != "":
			return 0 // a seed
		case train[0].Cmp(big.NewInt(22)) >= 0 && len(m[3]) == 4 && m[3][0] >= '2' && m[4] == "":
			return 2 // for new models
		}
		return 1
	}
	switch k, l := kind(p), kind(q); {
	case k+l == 3:
		return '!'
	case k != l:
		return "<=>"[1+min(1, max(-1, k-l))]
	}
	return "<=>"[1+slices.CompareFunc(key{}.with(p[3]).text(p[4]), key{}.with(q[3]).text(q[4]), (*big.Int).Cmp)]
}

// macosParts are the product version, the letter of the response, and the build.
func macosParts(v string) []string {
	if macosBuildForm.MatchString(v) {
		return []string{"", "", v}
	}
	m := macosForm.FindStringSubmatch(v)
	if m == nil {
		return nil
	}
	return []string{m[1], m[2] + m[3], m[4] + m[5]}
}

var (
	kernelForm = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)+)(?:-(?:0\.)?rc([0-9]+))?([-+._~a-zA-Z][-+._~a-zA-Z0-9]*)?$`)
	kernelName = regexp.MustCompile(`[a-zA-Z]+[0-9]*`)
)

// slowKernel compares the numbers of kernel.org, candidates, and what was added, in turn.
func slowKernel(a, b string) byte {
	m, n := kernelParts(a), kernelParts(b)
	if m == nil || n == nil {
		return '!'
	}
	x, y := key{}.with(dotted(m[0], 100)...), key{}.with(dotted(n[0], 100)...)
	if c := slices.CompareFunc(x, y, (*big.Int).Cmp); c != 0 {
		if (kernelFrozen(m) || kernelFrozen(n)) && slices.EqualFunc(kernelBase(x), kernelBase(y), func(i, j *big.Int) bool { return i.Cmp(j) == 0 }) {
			return '!'
		}
		return "<=>"[1+c]
	}
	switch {
	case m[1] != "" && n[1] != "":
		if c := (key{}).with(m[1])[0].Cmp(key{}.with(n[1])[0]); c != 0 {
			return "<=>"[1+c]
		}
	case m[1] != n[1]:
		return "<=>"[1+boolInt(m[1] == "")-boolInt(n[1] == "")]
	}
	if m[2] != "" && n[2] != "" && !slices.Equal(kernelNames(m[2]), kernelNames(n[2])) {
		return '!'
	}
	return "<=>"[1+slowRPMCompare(m[2], n[2])]
}

func kernelParts(v string) []string {
	m := kernelForm.FindStringSubmatch(v)
	if m == nil {
		return nil
	}
	if !regexp.MustCompile(`[0-9A-Za-z]`).MatchString(m[3]) {
		m[3] = ""
	}
	return m[1:]
}

// kernelBase is the numbers without those of stable releases.
func kernelBase(k key) key {
	if k[0].Cmp(big.NewInt(2)) == 0 {
		return k[:3]
	}
	return k[:2]
}

func kernelFrozen(m []string) bool {
	k := key{}.with(dotted(m[0], 100)...)
	for _, n := range k[len(kernelBase(k)):] {
		if n.Sign() != 0 {
			return false
		}
	}
	names := kernelNames(m[2])
	return m[1] == "" && m[2] != "" && !slices.Contains(names, "fc") && !slices.Contains(names, "arch")
}

// kernelNames are the words of what was added, those of processors with their numbers.
func kernelNames(added string) []string {
	var names []string
	for _, run := range kernelName.FindAllString(added, -1) {
		word := strings.TrimRight(run, "0123456789")
		switch {
		case word == "rc" || word == "git":
		case slices.Contains(strings.Fields("i v armv arm amd x s ppc riscv aarch mips sparc"), word):
			names = append(names, run)
		default:
			names = append(names, word)
		}
	}
	return names
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
