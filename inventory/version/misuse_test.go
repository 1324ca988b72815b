package version_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/version"
)

func TestNoScheme(t *testing.T) {
	for name, f := range map[string]func() error{
		"Parse":       func() error { _, err := version.Parse(nil, "1"); return err },
		"Sort":        func() error { return version.Sort(nil, []string{"1"}) },
		"Max":         func() error { _, err := version.Max(nil, "1"); return err },
		"ParseRange":  func() error { _, err := version.ParseRange(nil, "1"); return err },
		"EventsRange": func() error { _, err := version.EventsRange(nil, nil); return err },
		"Compare":     func() error { _, err := version.Version{}.Compare(version.Version{}); return err },
		"Contains":    func() error { _, err := version.Range{}.Contains("1"); return err },
	} {
		if err := f(); !errors.Is(err, version.ErrScheme) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var errMoody = errors.New("not today")

// A moody scheme fails now and then, and returns any result now and then.
type moody struct {
	version.Scheme
	rng *rand.Rand
}

func (m moody) Compare(a, b string) (int, error) {
	switch m.rng.IntN(10) {
	case 0:
		return 0, errMoody
	case 1:
		return m.rng.IntN(3) - 1, nil
	}
	return m.Scheme.Compare(a, b)
}

// A stubborn scheme never has an order.
type stubborn struct{ version.Scheme }

func (stubborn) Compare(string, string) (int, error) { return 0, errMoody }

// Schemes of others may be wrong. Then results are wrong too, but nothing panics, and no error of
// the scheme is lost.
func TestSchemesOfOthers(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	s := moody{scheme(t, "deb"), rng}
	for range 20000 {
		var vs []string
		var text strings.Builder
		var events []version.Event
		for i := range 1 + rng.IntN(12) {
			v := fmt.Sprint(rng.IntN(5))
			vs = append(vs, v)
			if i > 0 {
				text.WriteString([]string{",", "||"}[rng.IntN(2)])
			}
			text.WriteString([]string{"<", ">", "=", "!=", "<=", ">="}[rng.IntN(6)] + v)
			events = append(events, []version.Event{{Introduced: v}, {Fixed: v}, {LastAffected: v}, {Limit: v}}[rng.IntN(4)])
		}
		_ = version.Sort(s, vs)
		_, _ = version.Max(s, vs...)
		if r, err := version.EventsRange(s, events); err == nil {
			_, _ = r.Contains("1")
		}
		r, err := version.ParseRange(s, text.String())
		if err != nil {
			continue
		}
		_, _ = r.Contains("1")
		_, _ = r.String(), r.Lint()
	}
}

func TestSchemeWithoutAnOrder(t *testing.T) {
	s := stubborn{scheme(t, "deb")}
	vs := []string{"2", "1"}
	if err := version.Sort(s, vs); !errors.Is(err, errMoody) || vs[0] != "2" {
		t.Errorf("%q, %v", vs, err)
	}
	if _, err := version.Max(s, vs...); !errors.Is(err, errMoody) {
		t.Error(err)
	}
	if _, err := version.ParseRange(s, "vers:deb/1|2"); !errors.Is(err, errMoody) {
		t.Error(err)
	}
	if _, err := version.EventsRange(s, []version.Event{{Introduced: "1"}, {Fixed: "2"}}); !errors.Is(err, errMoody) {
		t.Error(err)
	}
	r, err := version.ParseRange(s, "> 1")
	if err != nil {
		t.Fatal(err)
	}
	if in, err := r.Contains("2"); in || !errors.Is(err, errMoody) {
		t.Errorf("%v, %v", in, err)
	}
	r, err = version.ParseRange(s, "= 1")
	if err != nil {
		t.Fatal(err)
	}
	if got, lint := r.String(), r.Lint(); got != "" || len(lint) != 1 || lint[0] != errMoody.Error() {
		t.Errorf("%q, %q", got, lint)
	}
}

// TestTogether is for the race detector.
func TestTogether(t *testing.T) {
	var all sync.WaitGroup
	for _, s := range version.Schemes() {
		vs := valid(t, s)
		r, err := version.ParseRange(s, "vers:"+s.Name()+"/>="+vs[0])
		if err != nil {
			t.Fatal(err)
		}
		for range 4 {
			all.Go(func() {
				for _, v := range vs {
					_, _ = r.Contains(v)
					_, _ = s.Compare(v, vs[0])
				}
				_, _ = r.String(), r.Lint()
			})
		}
	}
	all.Wait()
}
