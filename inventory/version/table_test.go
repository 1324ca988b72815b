package version_test

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/version"
)

//go:generate go test -run ^TestTablesAreTheTools$ -update

var update = flag.Bool("update", false, "write the tables that the native tools make")

// testdata/order/<scheme>.txt has a pair of versions a line, and what the native tool
// says of them: < = > or ! if it refuses one of the two. The first lines, with a #, say which
// tool that was and how it was asked.
//
// A table is made of testdata/real/<scheme>.txt, versions that were published (its
// first lines say where), of testdata/corners/<scheme>.txt, which people have thought of,
// and of both with accidents that happen to them.

// A pair is two versions and the answer of the tool; 0 is none yet.
type pair struct {
	a, b string
	op   byte
}

// TestTables holds every scheme against what the tools said.
func TestTables(t *testing.T) {
	tables, err := filepath.Glob("testdata/order/*.txt")
	if err != nil || len(tables) == 0 {
		t.Fatal(tables, err)
	}
	for _, file := range tables {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			s := scheme(t, name)
			pairs := readTable(t, file)
			bad := 0
			for _, p := range pairs {
				if got := ask(s, p.a, p.b); got != p.op {
					if bad++; bad <= 20 {
						t.Errorf("%q %c %q, want %c", p.a, got, p.b, p.op)
					}
				}
				if back := ask(s, p.b, p.a); back != mirror(p.op) {
					t.Errorf("%q %c %q, want %c", p.b, back, p.a, mirror(p.op))
				}
			}
			t.Logf("%d of %d pairs are wrong", bad, len(pairs))
		})
	}
}

// A tool is a native program that orders versions.
type tool struct {
	scheme string
	header string // of the table: which program, how it is asked
	pairs  int    // of the table, about
	pieces string // what accidents add, separated by spaces
	ask    func(t *testing.T, pairs []pair) []byte

	// elective is a program that no registry has. Where it is not, its table stays as it is.
	elective string
}

// TestTablesAreTheTools makes the tables anew, as they are in the files.
func TestTablesAreTheTools(t *testing.T) {
	for _, tool := range tools {
		anew(t, tool.scheme, tool.elective, func(t *testing.T) {
			holdTable(t, "testdata/order/"+tool.scheme+".txt", tool.header, makePairs(t, tool), tool.ask, func(p pair) string {
				return fmt.Sprintf("%s %c %s\n", quote(p.a), p.op, quote(p.b))
			})
		})
	}
}

// anew runs a test of the tool of a scheme, unless that is elective and not at hand.
func anew(t *testing.T, scheme, elective string, f func(t *testing.T)) {
	t.Helper()
	if elective != "" {
		if err := oracle.Have(t, elective); err != nil {
			t.Logf("the table of %s stays as it is: %v", scheme, err)
			return
		}
	}
	t.Run(scheme, f)
}

// holdTable asks about pairs and compares the table with the one in the file, or writes it.
func holdTable(t *testing.T, file, header string, pairs []pair, ask func(*testing.T, []pair) []byte, line func(pair) string) {
	t.Helper()
	for i, op := range ask(t, pairs) {
		pairs[i].op = op
	}
	var b bytes.Buffer
	for line := range strings.Lines(header) {
		b.WriteString("# " + line)
	}
	b.WriteByte('\n')
	for _, p := range pairs {
		if p.op != 0 {
			b.WriteString(line(p))
		}
	}
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); d != "" {
		t.Errorf("the tool says (+) what is not in %s (-):\n%.3000s", file, d)
	}
}

// byHex asks a program once: two versions a line in hexadecimal on its standard input, an
// operator a line on its standard output. Before, it tries one pair, since the program may be
// there and what it is to load may not.
func byHex(program string, args ...string) func(*testing.T, []pair) []byte {
	return func(t *testing.T, pairs []pair) []byte {
		var in bytes.Buffer
		for _, p := range pairs {
			fmt.Fprintf(&in, "%x %x\n", p.a, p.b)
		}
		const pair = "31 31\n" // 1 and 1
		if out := bytes.TrimSpace(oracle.Try(t, []byte(pair), program, args...)); len(out) != 1 {
			oracle.Lack(t, fmt.Sprintf("%s has no operator for a pair: %q", program, out))
		}
		out := oracle.RunWith(t, in.Bytes(), program, args...)
		out = bytes.Join(bytes.Fields(out), nil)
		if len(out) != len(pairs) {
			t.Fatalf("%s answers %d of %d pairs", program, len(out), len(pairs))
		}
		return out
	}
}

// byCommand asks a program for each pair; answers are by what it prints.
func byCommand(program string, answers map[string]byte) func(*testing.T, []pair) []byte {
	return func(t *testing.T, pairs []pair) []byte {
		ops := make([]byte, len(pairs))
		for i, p := range pairs {
			out := oracle.Run(t, program, p.a, p.b)
			ops[i] = answers[strings.TrimSpace(string(out))]
			if ops[i] == 0 {
				t.Fatalf("%s %q %q: %q", program, p.a, p.b, out)
			}
		}
		return ops
	}
}

// makePairs returns the pairs of a table, the same each time.
func makePairs(t *testing.T, tool tool) []pair {
	rng := rand.New(rand.NewPCG(1, 2))
	real := readVersions(t, "testdata/real/"+tool.scheme+".txt")
	corners := readVersions(t, "testdata/corners/"+tool.scheme+".txt")
	pieces := strings.Fields(tool.pieces)
	var pairs []pair
	for i, a := range corners {
		for _, b := range corners[i:] {
			pairs = append(pairs, pair{a: a, b: b})
		}
	}
	if len(pairs) > tool.pairs/2 {
		rng.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
		pairs = pairs[:tool.pairs/2]
		for _, c := range corners {
			pairs = append(pairs, pair{a: c, b: c})
		}
	}
	pick := func() string { return real[rng.IntN(len(real))] }
	for len(pairs) < tool.pairs {
		a, near := pick(), rng.IntN(len(real)-1)
		b := mutate(rng, a, pieces)
		pairs = append(pairs,
			pair{a: real[near], b: real[near+1]},
			pair{a: a, b: b},
			pair{a: b, b: mutate(rng, a, pieces)},
			pair{a: b, b: mutate(rng, b, pieces)},
			pair{a: b, b: b}, // is it valid?
			pair{a: mutate(rng, corners[rng.IntN(len(corners))], pieces), b: b},
		)
	}
	return pairs
}

const digits = "0123456789"

var numbers = []string{
	"0", "00", "1", "01", "2", "9", "10", "010", "11", "20", "99", "100", "20230101", "9007199254740993",
	"18446744073709551615", "18446744073709551616", "99999999999999999999999",
}

// mutate returns v after one to three accidents.
func mutate(rng *rand.Rand, v string, pieces []string) string {
	for range 1 + rng.IntN(3) {
		at := rng.IntN(len(v) + 1)
		end := min(len(v), at+1+rng.IntN(2))
		piece := pieces[rng.IntN(len(pieces))]
		switch rng.IntN(10) {
		case 0, 1:
			v = v[:at] + piece + v[at:]
		case 2:
			v = v[:at] + piece + v[end:]
		case 3:
			v = v[:at] + v[end:]
		case 4:
			v += piece
		case 5: // a part of it again
			v = v[:end] + v[at:]
		default: // another number
			if n := strings.IndexAny(v[at:], digits); n >= 0 {
				at += n
				end = len(v) - len(strings.TrimLeft(v[at:], digits))
				v = v[:at] + numbers[rng.IntN(len(numbers))] + v[end:]
			}
		}
	}
	if v == "" {
		return "0"
	}
	return v
}

func scheme(t testing.TB, name string) version.Scheme {
	t.Helper()
	s, ok := version.Lookup(name)
	if !ok {
		t.Fatalf("no scheme %q", name)
	}
	return s
}

// ask returns < = > or ! as a table has it.
func ask(s version.Scheme, a, b string) byte {
	c, err := s.Compare(a, b)
	switch {
	case err != nil:
		return '!'
	case c < 0:
		return '<'
	case c > 0:
		return '>'
	}
	return '='
}

func mirror(op byte) byte {
	return map[byte]byte{'<': '>', '>': '<', '=': '=', '!': '!'}[op]
}

func readTable(t testing.TB, file string) []pair {
	t.Helper()
	var pairs []pair
	for _, line := range readLines(t, file) {
		a, rest := unquote(t, line)
		b, end := unquote(t, rest[3:])
		if end != "" {
			t.Fatalf("%s: %s", file, line)
		}
		pairs = append(pairs, pair{a, b, rest[1]})
	}
	return pairs
}

func readVersions(t testing.TB, file string) []string {
	t.Helper()
	var vs []string
	for _, line := range readLines(t, file) {
		v, rest := unquote(t, line)
		if rest != "" {
			t.Fatalf("%s: %s", file, line)
		}
		vs = append(vs, v)
	}
	return vs
}

// readLines returns the lines of a file without those that start with a #.
func readLines(t testing.TB, file string) []string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	in := bufio.NewScanner(bytes.NewReader(b))
	in.Buffer(nil, len(b)+1)
	for in.Scan() {
		if !strings.HasPrefix(in.Text(), "#") {
			lines = append(lines, in.Text())
		}
	}
	return lines
}

// quote makes a version one word, as Go writes it if it is not one.
func quote(v string) string {
	plain := !slices.ContainsFunc([]byte(v), func(c byte) bool { return c <= ' ' || c >= 0x7f || c == '"' || c == '\\' })
	if plain && v != "" && v[0] != '#' {
		return v
	}
	return strconv.QuoteToASCII(v)
}

// unquote takes a version off the start of a line.
func unquote(t testing.TB, line string) (v, rest string) {
	t.Helper()
	if !strings.HasPrefix(line, `"`) {
		n := strings.IndexByte(line, ' ')
		if n < 0 {
			n = len(line)
		}
		return line[:n], line[n:]
	}
	quoted, err := strconv.QuotedPrefix(line)
	if err == nil {
		v, err = strconv.Unquote(quoted)
	}
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return v, line[len(quoted):]
}
