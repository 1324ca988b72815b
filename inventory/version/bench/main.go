// Command bench compares the orders of inventory/version with those of other libraries, on the
// tables that the native tools made: how many pairs are wrong, how many are refused; and, of the
// pairs of versions that were published and of accidents that happen to them (without those
// that people have thought of), how long a pair takes and how often it allocates.
//
//	go run . [-time 200ms] [-all] [scheme...]
//
// It is a module of its own, so that the library does not depend on its rivals. It fails if ours has
// a pair wrong, refuses one, or allocates.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hardening-sdk/hardening/inventory/version"
)

// A row is what one library does with a table.
type row struct {
	library        string
	wrong, refused int
	ns, allocs     float64
}

// A pair is two versions and what the native tool says of them.
type pair struct {
	a, b   string
	want   int
	corner bool // one of the two is one that people have thought of
}

func main() {
	limit := flag.Duration("time", 200*time.Millisecond, "time for each library and table")
	all := flag.Bool("all", false, "time also the pairs that people have thought of")
	data := flag.String("data", filepath.Join("..", "testdata"), "folder with the tables")
	flag.Parse()
	bad := false
	fmt.Println("| scheme | library | wrong | refused | of | ns a pair | allocations | times ours |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	for _, s := range version.Schemes() {
		libraries := rivals[s.Name()]
		if flag.NArg() > 0 && !slices.Contains(flag.Args(), s.Name()) || len(libraries) == 0 {
			continue
		}
		pairs, err := read(*data, s.Name(), *all)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		ours := measure("this one", s.Compare, pairs, *limit)
		bad = bad || ours.wrong+ours.refused > 0 || ours.allocs > 0
		rows := []row{ours}
		for _, l := range libraries {
			rows = append(rows, measure(l.name, l.compare, pairs, *limit))
		}
		for _, r := range rows {
			fmt.Printf("| %s | %s | %d | %d | %d | %.0f | %.0f | %.1f |\n", s.Name(), r.library, r.wrong, r.refused, len(pairs), r.ns, r.allocs, r.ns/ours.ns)
		}
	}
	if bad {
		os.Exit(1)
	}
}

// measure asks a library about every pair, first for what it says, then for how long it takes:
// as many times as fit into the limit, of which the fastest counts.
func measure(name string, compare func(a, b string) (int, error), pairs []pair, limit time.Duration) row {
	r := row{library: name}
	var timed []pair // those that cause no panic
	for _, p := range pairs {
		c, err := safely(compare, p)
		if !p.corner && !errors.Is(err, errPanic) {
			timed = append(timed, p)
		}
		switch {
		case err != nil:
			r.refused++
		case sign(c) != p.want:
			r.wrong++
		}
	}
	for spent := time.Duration(0); spent < limit; {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		for i := range timed {
			compare(timed[i].a, timed[i].b)
		}
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		spent += took
		n := float64(len(timed))
		if ns := float64(took.Nanoseconds()) / n; r.ns == 0 || ns < r.ns {
			r.ns = ns
		}
		r.allocs = float64(after.Mallocs-before.Mallocs) / n
	}
	return r
}

var errPanic = errors.New("panic")

// safely takes a panic for a refusal.
func safely(compare func(a, b string) (int, error), p pair) (c int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errPanic, r)
		}
	}()
	return compare(p.a, p.b)
}

func sign(c int) int { return max(-1, min(1, c)) }

// read returns the pairs of a table that the tool compares. With all none of them is a corner.
func read(data, scheme string, all bool) ([]pair, error) {
	corners := map[string]bool{}
	err := lines(filepath.Join(data, "corners", scheme+".txt"), func(line string) error {
		v, _, err := word(line)
		corners[v] = !all
		return err
	})
	if err != nil {
		return nil, err
	}
	var pairs []pair
	err = lines(filepath.Join(data, "order", scheme+".txt"), func(line string) error {
		a, rest, err := word(line)
		if err != nil || len(rest) < 4 {
			return fmt.Errorf("%q: %w", line, err)
		}
		b, _, err := word(rest[3:])
		if want := strings.IndexByte("<=>", rest[1]); want >= 0 {
			pairs = append(pairs, pair{a, b, want - 1, corners[a] || corners[b]})
		}
		return err
	})
	return pairs, err
}

// lines calls f for each line of a file that does not start with a #.
func lines(file string, f func(line string) error) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, "#") {
			if err := f(line); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	return nil
}

// word takes a version off the start of a line, which is quoted if it has to be.
func word(line string) (v, rest string, err error) {
	if !strings.HasPrefix(line, `"`) {
		n := strings.IndexByte(line+" ", ' ')
		return line[:n], line[n:], nil
	}
	quoted, err := strconv.QuotedPrefix(line)
	if err != nil {
		return "", "", err
	}
	v, err = strconv.Unquote(quoted)
	return v, line[len(quoted):], err
}
