package version_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/version"
)

// models are versions in ascending order; those of one word are equal.
var models = map[string]string{
	"deb":     "0~~ 0 0.5 1.0~rc1 1.0,1.00,0:1.0-0 1.0-1 1.0+b1 1.5 2 2-1 3 1:0",
	"rpm":     "0 0.5 1.0~rc1 1.0,1.00,0:1.0 1.0^git1 1.5 2 3 1:0",
	"npm":     "0.0.0-0 0.0.0 1.0.0-rc.1 1.0.0,v1.0.0,1.0.0+b 1.5.0 2.0.0-0 2.0.0 3.0.0",
	"pypi":    "0 1.dev0 1a1 1,1.0,v1.0.0 1+local 1.post1 2 3 1!0",
	"openssl": "0.9.8 1.0.2-beta1 1.0.2,1.0.2-fips 1.0.2a 1.0.2za 3.0.0-dev 3.0.0",
}

// A model is the places of versions in the order.
type model struct {
	vs    []string
	place map[string]int
}

func modelOf(name string) model {
	m := model{place: map[string]int{}}
	for i, word := range strings.Fields(models[name]) {
		for v := range strings.SplitSeq(word, ",") {
			m.vs = append(m.vs, v)
			m.place[v] = i
		}
	}
	return m
}

// TestEventsAreEvaluated holds ranges of events against the evaluation algorithm of the Open Source
// Vulnerability format, read literally (https://ossf.github.io/osv-schema/#evaluation).
func TestEventsAreEvaluated(t *testing.T) {
	for name := range models {
		m, s := modelOf(name), scheme(t, name)
		rng := rand.New(rand.NewPCG(11, 12))
		for range 5000 {
			events := []version.Event{{Introduced: "0"}}
			if rng.IntN(2) == 0 {
				events[0].Introduced = m.vs[rng.IntN(len(m.vs))]
			}
			for range rng.IntN(6) {
				v := m.vs[rng.IntN(len(m.vs))]
				events = append(events, [...]version.Event{
					{Introduced: v}, {Fixed: v}, {Fixed: v}, {LastAffected: v}, {LastAffected: v}, {Limit: v},
				}[rng.IntN(6)])
			}
			rng.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
			r, err := version.EventsRange(s, events)
			if err != nil {
				t.Fatal(name, events, err)
			}
			canonical, err := version.ParseRange(s, r.String())
			if err != nil {
				t.Fatal(name, events, err)
			}
			for _, v := range m.vs {
				got, err := r.Contains(v)
				if want := m.affected(events, v); err != nil || got != want {
					t.Fatalf("%s: %q of %+v, %s: %v, %v, want %v", name, v, events, r, got, err, want)
				}
				if again, err := canonical.Contains(v); err != nil || again != got {
					t.Fatalf("%s: %q of %s: %v, %v, want %v", name, v, canonical, again, err, got)
				}
			}
		}
	}
}

func (m model) affected(events []version.Event, v string) bool {
	limited, before := false, false
	place := func(e version.Event) int {
		if e.Introduced == "0" {
			return -1
		}
		return m.place[e.Introduced+e.Fixed+e.LastAffected+e.Limit]
	}
	at := m.place[v]
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b version.Event) int { return place(a) - place(b) })
	affected := false
	for _, e := range events {
		switch {
		case e.Limit != "":
			limited = true
			before = before || at < place(e)
		case e.Introduced != "" && at >= place(e):
			affected = true
		case e.Fixed != "" && at >= place(e):
			affected = false
		case e.LastAffected != "" && at > place(e):
			affected = false
		}
	}
	return affected && (before || !limited)
}

// TestSpecifiersAreSignposts holds version range specifiers against their standard's words:
// https://github.com/package-url/vers-spec, "Checking if a version is contained within a range".
func TestSpecifiersAreSignposts(t *testing.T) {
	for name := range models {
		m, s := modelOf(name), scheme(t, name)
		rng := rand.New(rand.NewPCG(13, 14))
		valid := 0
		for range 20000 {
			var list []post
			for _, v := range m.vs {
				if rng.IntN(3) == 0 && (len(list) == 0 || m.place[list[len(list)-1].v] < m.place[v]) {
					list = append(list, post{[...]string{"", "!=", "<", "<=", ">", ">="}[rng.IntN(6)], v})
				}
			}
			var text strings.Builder
			for i, p := range list {
				fmt.Fprintf(&text, "%s%s%s", map[bool]string{i > 0: "|"}[true], p.op, strings.ReplaceAll(p.v, "!", "%21"))
			}
			r, err := version.ParseRange(s, "vers:"+name+"/"+text.String())
			if want := wellPlaced(list); (err == nil) != want {
				t.Fatalf("vers:%s/%s: %v, want valid: %v", name, &text, err, want)
			}
			if err != nil {
				continue
			}
			valid++
			again, err := version.ParseRange(s, r.String())
			if err != nil {
				t.Fatal(r, err)
			}
			for _, v := range m.vs {
				got, err := r.Contains(v)
				if want := m.inside(list, v); err != nil || got != want {
					t.Fatalf("%q in vers:%s/%s: %v, %v, want %v", v, name, &text, got, err, want)
				}
				if same, err := again.Contains(v); err != nil || same != got {
					t.Fatalf("%q in vers:%s/%s: %v, %v, want %v", v, name, &text, same, err, got)
				}
			}
		}
		if valid < 2000 {
			t.Errorf("%s: only %d are valid", name, valid)
		}
	}
}

// A post is a constraint of a specifier.
type post struct{ op, v string }

// wellPlaced is what the standard demands of the comparators.
func wellPlaced(list []post) bool {
	if len(list) == 0 {
		return false
	}
	list = slices.DeleteFunc(slices.Clone(list), func(p post) bool { return p.op == "!=" })
	for i, p := range list[min(1, len(list)):] {
		if list[i].op == "" && p.op != "" && p.op[0] == '<' {
			return false
		}
	}
	list = slices.DeleteFunc(list, func(p post) bool { return p.op == "" })
	for i, p := range list[min(1, len(list)):] {
		if list[i].op[0] == p.op[0] {
			return false
		}
	}
	return true
}

// inside is the procedure of the standard, with what it leaves open: one interval has no pair,
// and inequalities alone are of all versions.
func (m model) inside(list []post, v string) bool {
	at := m.place[v]
	var ends []post
	only := true
	for _, p := range list {
		if same := m.place[p.v] == at; same && (p.op == "" || p.op == "<=" || p.op == ">=") {
			return true
		} else if same && p.op == "!=" {
			return false
		}
		if p.op != "" && p.op != "!=" {
			ends = append(ends, p)
		}
		only = only && p.op == "!="
	}
	for i, p := range ends {
		switch place := m.place[p.v]; {
		case p.op[0] == '<' && i == 0 && at < place:
			return true
		case p.op[0] == '>' && at > place && (i+1 == len(ends) || at < m.place[ends[i+1].v]):
			return true
		}
	}
	return only && len(list) > 0
}
