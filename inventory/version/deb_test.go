package version_test

import (
	"math/big"
	"regexp"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
)

var debTool = tool{
	scheme: "deb",
	header: "dpkg --compare-versions A lt B, else A eq B; exit code 2 is a refusal. dpkg of Debian 12.",
	pairs:  6400,
	pieces: "~ ~~ + - . : 0 00 1 09 10 a A z Z é _ ^ , 99999999999999999999999 18446744073709551616 1: 0: - ~rc1 +b1 +deb12u1 -1 .0 ~~a dfsg",
	ask:    askDpkg,
}

func FuzzDeb(f *testing.F) { fuzz(f, "deb") }

func askDpkg(t *testing.T, pairs []pair) []byte {
	compare := func(a, op, b string) int {
		// A blank before a version is none of it, and a hyphen there is no option then.
		if strings.HasPrefix(a, "-") {
			a = " " + a
		}
		c := oracle.Command(t, "dpkg", "--compare-versions", a, op, b)
		if err := c.Run(); err != nil && c.ProcessState.ExitCode() < 0 {
			t.Fatal(err)
		}
		return c.ProcessState.ExitCode()
	}
	ops := make([]byte, len(pairs))
	for i, p := range pairs {
		switch lt := compare(p.a, "lt", p.b); {
		case lt == 2:
			ops[i] = '!'
		case lt == 0:
			ops[i] = '<'
		case compare(p.a, "eq", p.b) == 0:
			ops[i] = '='
		default:
			ops[i] = '>'
		}
	}
	return ops
}

var debForm = regexp.MustCompile(`(?s)^(?:([^:]*):)?(.*?)(?:-([^-]*))?$`)

// slowDeb follows the text of deb-version(7): the parts, then the longest prefixes without
// digits and with digits only, in turn.
func slowDeb(a, b string) byte {
	x, y := slowDebParts(a), slowDebParts(b)
	if x == nil || y == nil {
		return '!'
	}
	n, _ := new(big.Int).SetString(x[0], 10)
	m, _ := new(big.Int).SetString(y[0], 10)
	c := n.Cmp(m)
	for i := 1; i < 3 && c == 0; i++ {
		c = slowDebCompare(x[i], y[i])
	}
	return "<=>"[c+1]
}

func slowDebParts(v string) []string {
	v = strings.Trim(v, " \t")
	m := debForm.FindStringSubmatch(v)
	hyphen := strings.HasSuffix(v, "-")
	if m == nil || hyphen || m[2] == "" || strings.ContainsAny(v, " \t\x00") {
		return nil
	}
	if m[1] == "" {
		if strings.HasPrefix(v, ":") {
			return nil
		}
		m[1] = "0"
	}
	n, ok := new(big.Int).SetString(m[1], 10)
	if !ok || n.Sign() < 0 || n.Cmp(big.NewInt(1<<31-1)) > 0 || strings.Contains(m[1], "_") {
		return nil
	}
	return m[1:]
}

func slowDebCompare(a, b string) int {
	places := func(s string) []int {
		var p []int
		for _, c := range []byte(s) {
			switch {
			case c == '~':
				p = append(p, -1)
			case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
				p = append(p, int(c))
			case c >= 128:
				p = append(p, int(c)) // before punctuation
			default:
				p = append(p, int(c)+256)
			}
		}
		return append(p, 0)
	}
	for a != "" || b != "" {
		i, j := strings.IndexAny(a+"0", "0123456789"), strings.IndexAny(b+"0", "0123456789")
		x, y := places(a[:i]), places(b[:j])
		for k := 0; k < len(x) && k < len(y); k++ {
			if x[k] != y[k] {
				return map[bool]int{true: -1, false: 1}[x[k] < y[k]]
			}
		}
		a, b = a[i:], b[j:]
		i, j = len(a)-len(strings.TrimLeft(a, "0123456789")), len(b)-len(strings.TrimLeft(b, "0123456789"))
		n, _ := new(big.Int).SetString("0"+a[:i], 10)
		m, _ := new(big.Int).SetString("0"+b[:j], 10)
		if c := n.Cmp(m); c != 0 {
			return c
		}
		a, b = a[i:], b[j:]
	}
	return 0
}
