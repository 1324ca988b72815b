package version_test

import (
	"math/big"
	"strings"
	"testing"
)

// No registry has opkg: the table was made where its source was at hand.
var opkgTool = tool{
	scheme: "opkg",
	header: "opkg compare-versions A '<<' B, else A = B: parse_version and pkg_compare_versions of opkg 0.4.4\n" +
		"(https://git.yoctoproject.org/opkg), built into a program of a few lines for the purpose, which answers two\n" +
		"versions a line in hexadecimal with an operator a line. An epoch above 2147483647 is answered with !, because\n" +
		"opkg then orders by 32 bits of the difference.",
	pairs:    3000,
	pieces:   "~ ~~ + - . : 0 00 1 09 10 a A z Z é _ ^ , 99999999999999999999999 18446744073709551616 1: 0: - ~rc1 +git1 -r1 -1 .0 ~~a",
	ask:      byHex("opkg-compare"),
	elective: "opkg-compare",
}

func FuzzOpkg(f *testing.F) { fuzz(f, "opkg") }

// slowOpkg is slowDeb but for the parts.
func slowOpkg(a, b string) byte {
	x, y := slowOpkgParts(a), slowOpkgParts(b)
	if x == nil || y == nil {
		return '!'
	}
	n, _ := new(big.Int).SetString("0"+x[0], 10)
	m, _ := new(big.Int).SetString("0"+y[0], 10)
	c := n.Cmp(m)
	for i := 1; i < 3 && c == 0; i++ {
		c = slowDebCompare(x[i], y[i])
	}
	return "<=>"[c+1]
}

func slowOpkgParts(v string) []string {
	const blanks = " \t\n\v\f\r"
	v = strings.Trim(v, blanks)
	if v == "" || strings.Contains(v, "\x00") {
		return nil
	}
	epoch, rest, ok := strings.Cut(v, ":")
	if !ok || strings.Trim(epoch, "0123456789") != "" {
		epoch, rest = "", v
	}
	if n, _ := new(big.Int).SetString("0"+epoch, 10); n.Cmp(big.NewInt(1<<31-1)) > 0 {
		return nil
	}
	rest = strings.Trim(rest, blanks)
	revision := ""
	if i := strings.LastIndexByte(rest, '-'); i >= 0 {
		rest, revision = rest[:i], rest[i+1:]
	}
	return []string{epoch, rest, revision}
}
