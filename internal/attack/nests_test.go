package attack

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// nest is a random composition of checks, with what it means.
type nest struct {
	op    string // "", all, any, not, when
	parts []nest
	leaf  int // of a leaf: its number, by which worlds state what it would find
	says  check.Status
	blind bool // it reads what cannot be read, and answers all the same
}

var answers = []check.Status{check.Pass, check.Fail, check.NotApplicable}

// grow returns a random nest. Leaves are numbered in the order of their making.
func grow(r *rand.Rand, depth int, leaves *[]nest) nest {
	if depth == 0 || r.IntN(4) == 0 {
		n := nest{leaf: len(*leaves), says: answers[r.IntN(len(answers))], blind: r.IntN(3) == 0 && blinds(*leaves) < 5}
		*leaves = append(*leaves, n)
		return n
	}
	n := nest{op: []string{"all", "any", "not", "when"}[r.IntN(4)]}
	count := map[string]int{"not": 1, "when": 2}[n.op]
	if count == 0 {
		count = 1 + r.IntN(3)
	}
	for range count {
		n.parts = append(n.parts, grow(r, depth-1, leaves))
	}
	return n
}

func blinds(all []nest) int {
	n := 0
	for _, l := range all {
		if l.blind {
			n++
		}
	}
	return n
}

// check returns the check that the nest describes.
func (n nest) check() check.Check {
	var parts []check.Check
	for _, p := range n.parts {
		parts = append(parts, p.check())
	}
	switch n.op {
	case "all":
		return check.All(parts...)
	case "any":
		return check.Any(parts...)
	case "not":
		return check.Not(parts[0])
	case "when":
		return check.When(parts[0], parts[1])
	}
	return sloppy(n)
}

// sloppy is a check that swallows the error of its read.
type sloppy nest

func (s sloppy) Examine(ctx context.Context, sys *inventory.System) check.Result {
	if s.blind {
		_, _ = sys.ReadFile(ctx, "etc/shadow")
	}
	return check.Result{Status: s.says}
}

// in returns what the nest answers in a world in which everything can be read, by the tables as the
// documentation of package check has them.
func (n nest) in(world []check.Status) check.Status {
	var parts []check.Status
	for _, p := range n.parts {
		parts = append(parts, p.in(world))
	}
	has := func(s check.Status) bool {
		for _, p := range parts {
			if p == s {
				return true
			}
		}
		return false
	}
	switch {
	case n.op == "":
		return world[n.leaf]
	case n.op == "all" && has(check.Fail), n.op == "any" && !has(check.Pass) && has(check.Fail):
		return check.Fail
	case n.op == "all" && has(check.Pass), n.op == "any" && has(check.Pass):
		return check.Pass
	case n.op == "not" && parts[0] == check.Pass:
		return check.Fail
	case n.op == "not" && parts[0] == check.Fail:
		return check.Pass
	case n.op == "when" && parts[0] == check.Pass:
		return parts[1]
	}
	return check.NotApplicable
}

// wrong returns a world in which the nest answers otherwise than a conclusion that was drawn
// without knowing what the blind leaves would have found.
func (n nest) wrong(got check.Status, leaves []nest) string {
	if got != check.Pass && got != check.NotApplicable {
		return ""
	}
	ways := 1
	for range blinds(leaves) {
		ways *= len(answers)
	}
	for way := range ways {
		world := make([]check.Status, len(leaves))
		for i, l := range leaves {
			if world[i] = l.says; l.blind {
				world[i], way = answers[way%len(answers)], way/len(answers)
			}
		}
		if is := n.in(world); is != got {
			return fmt.Sprintf("%s, and %s where the leaves find %s", got, is, world)
		}
	}
	return ""
}

func (n nest) String() string {
	if n.op == "" {
		return fmt.Sprintf("%d:%s%s", n.leaf, map[bool]string{true: "blind "}[n.blind], n.says)
	}
	var parts []string
	for _, p := range n.parts {
		parts = append(parts, p.String())
	}
	return n.op + "(" + strings.Join(parts, ", ") + ")"
}

// However checks are nested, and whatever sloppy ones among them answer over a read that failed,
// a pass or an absence holds whatever the read would have shown.
func TestNestsConcludeNothingFromFailedReads(t *testing.T) {
	rounds := 3000
	if os.Getenv("HARDENING_LONG") != "" {
		rounds = 60000
	}
	r := rand.New(rand.NewPCG(1, 2))
	concluded := 0
	for range rounds {
		var leaves []nest
		n := grow(r, 4, &leaves)
		sys := inventorytest.System(t, "-- etc/shadow error=EACCES --\n")
		out, err := check.Run(t.Context(), sys, []check.Compiled{{Rule: check.Rule{ID: "test.nest"}, Check: n.check()}}, check.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := out[0].Result.Status
		if why := n.wrong(got, leaves); why != "" {
			t.Errorf("%s: got %s", n, why)
		}
		if blinds(leaves) > 0 && (got == check.Pass || got == check.NotApplicable) {
			concluded++
		}
	}
	if concluded < rounds/50 {
		t.Errorf("%d of %d nests with a failed read came to a conclusion, too few to test anything", concluded, rounds)
	}
}

// The test above finds a conclusion that rests on a failed read.
func TestWrongConclusionsAreFound(t *testing.T) {
	clean, blind := nest{leaf: 0, says: check.Pass}, nest{leaf: 1, says: check.Pass, blind: true}
	leaves := []nest{clean, blind}
	if why := (nest{op: "all", parts: leaves}).wrong(check.Pass, leaves); why == "" {
		t.Error("all of a pass and a blind pass may pass")
	}
	if why := (nest{op: "any", parts: leaves}).wrong(check.Pass, leaves); why != "" {
		t.Errorf("any of a pass and a blind pass may not pass: %s", why)
	}
}
