package version_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/version"
)

//go:generate go test -run ^TestRangeTablesAreTheTools$ -update

// testdata/ranges/<scheme>.txt has a range and a version a line, and between them what the
// native tool says of them: in, out or ! if it refuses one of the two. The first lines, with
// a #, say which tool that was and how it was asked.
//
// A table is made of testdata/ranges/corners/<scheme>.txt, ranges that people have thought
// of, with accidents that happen to them, and of versions: those of the range, those of the
// order's corners, and those that were published.

// A rangeTool is a native program that knows what is in a range.
type rangeTool struct {
	scheme string
	header string                                  // of the table: which program, how it is asked
	pairs  int                                     // of the table, about
	pieces string                                  // what accidents add to ranges, separated by spaces; ␠ is a space
	parts  int                                     // how many numbers a version needs
	tails  string                                  // what versions near a range may end with, separated by spaces
	ask    func(t *testing.T, pairs []pair) []byte // of a range a and a version b: i, o, !, or 0 for no answer

	elective string // as of a tool
}

// answers are the words of tables for the answers of tools.
var answers = map[byte]string{'i': "in", 'o': "out", '!': "!"}

// TestRangeTables holds every scheme against what the tools said.
func TestRangeTables(t *testing.T) {
	tables, err := filepath.Glob("testdata/ranges/*.txt")
	if err != nil || len(tables) == 0 {
		t.Fatal(tables, err)
	}
	for _, file := range tables {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			s := scheme(t, name)
			pairs := readRangeTable(t, file)
			bad := 0
			for _, p := range pairs {
				if got := askRange(t, s, p.a, p.b); got != p.op {
					if bad++; bad <= 20 {
						t.Errorf("%q is %s %q, want %s", p.b, answers[got], p.a, answers[p.op])
					}
				}
			}
			t.Logf("%d of %d results are wrong", bad, len(pairs))
		})
	}
}

// TestRangeTablesAreTheTools makes the tables anew, as they are in the files.
func TestRangeTablesAreTheTools(t *testing.T) {
	for _, tool := range rangeTools {
		anew(t, tool.scheme, tool.elective, func(t *testing.T) {
			holdTable(t, "testdata/ranges/"+tool.scheme+".txt", tool.header, makeRangePairs(t, tool), tool.ask, func(p pair) string {
				return fmt.Sprintf("%s %s %s\n", quote(p.a), answers[p.op], quote(p.b))
			})
		})
	}
}

// makeRangePairs returns ranges and versions of a table, the same each time.
func makeRangePairs(t *testing.T, tool rangeTool) []pair {
	rng := rand.New(rand.NewPCG(7, 8))
	ranges := readVersions(t, "testdata/ranges/corners/"+tool.scheme+".txt")
	vs := readVersions(t, "testdata/corners/"+tool.scheme+".txt")
	if file := "testdata/real/" + tool.scheme + ".txt"; exists(file) {
		vs = append(vs, readVersions(t, file)...)
	}
	pieces := strings.Fields(tool.pieces)
	for i := range pieces {
		pieces[i] = strings.ReplaceAll(pieces[i], "␠", " ")
	}
	tails := strings.Fields(tool.tails)
	seen := map[pair]bool{}
	var pairs []pair
	add := func(r, v string) {
		if p := (pair{a: r, b: v}); len(pairs) < tool.pairs && !seen[p] {
			seen[p] = true
			pairs = append(pairs, p)
		}
	}
	for len(pairs) < tool.pairs {
		for _, r := range ranges {
			add(r, vs[rng.IntN(len(vs))])
			add(r, near(rng, r, tool.parts, tails))
			add(r, near(rng, r, tool.parts, tails))
			r = mutate(rng, r, pieces)
			add(r, near(rng, r, tool.parts, tails))
		}
	}
	return pairs
}

// near returns a version of the range, or one that is not far from it.
func near(rng *rand.Rand, text string, need int, tails []string) string {
	vs := strings.FieldsFunc(text, func(r rune) bool {
		return strings.ContainsRune(" \t\n^~<>=!,|*()[]", r)
	})
	if len(vs) == 0 {
		return "1.2.3"
	}
	v := vs[rng.IntN(len(vs))]
	parts := strings.Split(v, ".")
	for i, p := range parts { // x stands for any
		if p == "x" || p == "X" {
			parts[i] = "1"
		}
	}
	for len(parts) < need || (len(parts) < 3 && rng.IntN(4) > 0) {
		parts = append(parts, []string{"0", "1", "5"}[rng.IntN(3)])
	}
	if i := rng.IntN(len(parts)); rng.IntN(2) == 0 {
		switch p := &parts[i]; {
		case *p == "0":
			*p = "1"
		case len(*p) == 1 && *p > "0" && *p <= "9":
			*p = string((*p)[0] + []byte{1, 255}[rng.IntN(2)]) // next or the one before
		default:
			*p += "0"
		}
	}
	if v = strings.Join(parts, "."); rng.IntN(2) == 0 {
		v += tails[rng.IntN(len(tails))]
	}
	return v
}

// askRange returns i, o or ! as a table has it.
func askRange(t testing.TB, s version.Scheme, text, v string) byte {
	t.Helper()
	r, err := version.ParseRange(s, text)
	if err == nil {
		var in bool
		if in, err = r.Contains(v); err == nil {
			return map[bool]byte{true: 'i', false: 'o'}[in]
		}
		text = v
	}
	var e *version.InvalidError
	if !errors.As(err, &e) || e.Scheme != s.Name() || e.Offset < 0 || e.Offset > len(text) || e.Expected == "" {
		t.Errorf("%q: %#v", text, err)
	}
	return '!'
}

func readRangeTable(t testing.TB, file string) []pair {
	t.Helper()
	var pairs []pair
	for _, line := range readLines(t, file) {
		a, rest := unquote(t, line)
		op, b, _ := strings.Cut(strings.TrimPrefix(rest, " "), " ")
		b, end := unquote(t, b)
		if end != "" || answers[op[0]] != op {
			t.Fatalf("%s: %s", file, line)
		}
		pairs = append(pairs, pair{a, b, op[0]})
	}
	return pairs
}

// TestRangesAreTheirSpecifiers holds ranges of tools against their canonical form: it has every
// version that the tool finds in the range, and means the same when it is read.
func TestRangesAreTheirSpecifiers(t *testing.T) {
	for _, tool := range rangeTools {
		t.Run(tool.scheme, func(t *testing.T) {
			s := scheme(t, tool.scheme)
			for _, p := range readRangeTable(t, "testdata/ranges/"+tool.scheme+".txt") {
				if p.op != '!' {
					specifier(t, s, p.a, p.b)
				}
			}
		})
	}
}

// specifier looks at one range and one version, both valid.
func specifier(t *testing.T, s version.Scheme, text, v string) {
	t.Helper()
	r, err := version.ParseRange(s, text)
	if err != nil {
		t.Fatal(err)
	}
	canonical, err := version.ParseRange(s, r.String())
	if err != nil || canonical.String() != r.String() {
		t.Fatalf("%q is %s, read again %s: %v", text, r, canonical, err)
	}
	in, err := r.Contains(v)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := canonical.Contains(v)
	if err != nil {
		t.Fatal(err)
	}
	if in && !wide {
		t.Errorf("%q is in %q, but not in %s", v, text, r)
	}
	if !in && wide && len(r.Lint()) == 0 {
		t.Errorf("%q is not in %q, but in %s: Lint has to say so", v, text, r)
	}
}

// TestContainsAllocatesNothing holds Contains of ranges of tools.
func TestContainsAllocatesNothing(t *testing.T) {
	for _, tool := range rangeTools {
		t.Run(tool.scheme, func(t *testing.T) {
			s := scheme(t, tool.scheme)
			var pairs []pair
			var ranges []version.Range
			for _, p := range readRangeTable(t, "testdata/ranges/"+tool.scheme+".txt") {
				if r, err := version.ParseRange(s, p.a); err == nil && p.op != '!' {
					pairs, ranges = append(pairs, p), append(ranges, r)
				}
			}
			// The mean of several runs, since others may allocate meanwhile.
			if n := testing.AllocsPerRun(5, func() {
				for i := range ranges {
					_, _ = ranges[i].Contains(pairs[i].b)
				}
			}); n != 0 {
				t.Errorf("%v allocations to look into %d ranges", n, len(ranges))
			}
		})
	}
}

// fuzzRange holds the ranges of a scheme against the laws of ranges.
func fuzzRange(f *testing.F, name string) {
	s := scheme(f, name)
	rng := rand.New(rand.NewPCG(9, 10))
	for _, r := range readVersions(f, "testdata/ranges/corners/"+name+".txt") {
		f.Add(r, near(rng, r, 3, []string{"-alpha"}))
	}
	f.Fuzz(func(t *testing.T, text, v string) {
		if strings.HasPrefix(text, "vers:") {
			return // all schemes have those alike
		}
		if askRange(t, s, text, v) != '!' {
			specifier(t, s, text, v)
		}
	})
}
