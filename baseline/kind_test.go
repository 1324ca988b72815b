package baseline_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/baseline"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// rule is a document with one rule of a kind.
func rule(check string) string {
	return head + "  - {id: linux.a.b, title: T, severity: low, check: " + check + "}\n"
}

func kindOf[P any](name string, needs ...check.Needs) kind.Kind {
	return kind.New(name, func(P) (check.Check, error) { return says(check.Pass), nil }, kind.Needs(needs...))
}

// What no baseline could state is refused before a document is read.
func TestKindsThatCannotBeUsed(t *testing.T) {
	type inner struct{ F func() }
	for want, k := range map[string]kind.Kind{
		"not declared by New": {},
		"want a name":         kindOf[struct{}](""),
		"f: an argument of type func()": kindOf[struct {
			F func()
		}]("test.func"),
		"list: f: an argument of type func()": kindOf[struct{ List []inner }]("test.nested"),
		"m: an argument of type map[int]string": kindOf[struct {
			M map[int]string
		}]("test.map"),
		"any: an argument of type interface {}": kindOf[struct{ Any any }]("test.any"),
	} {
		if _, err := load(head, baseline.LoadOptions{Kinds: []kind.Kind{k}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
	type tree struct{ Kids []tree }
	if _, err := load(rule("{kind: test.tree, args: {kids: [{kids: []}]}}"), baseline.LoadOptions{Kinds: []kind.Kind{kindOf[tree]("test.tree")}}); err != nil {
		t.Errorf("a type within itself: %v", err)
	}
}

func TestDurationsAndNumbers(t *testing.T) {
	type params struct {
		Wait  time.Duration
		Count int
		Mask  uint16
	}
	var got params
	k := kind.New("test.time", func(p params) (check.Check, error) { got = p; return says(check.Pass), nil })
	o := baseline.LoadOptions{Kinds: []kind.Kind{k}}
	if _, err := load(rule("{kind: test.time, args: {wait: 1h30m, count: -7, mask: 640}}"), o); err != nil || got != (params{90 * time.Minute, -7, 640}) {
		t.Errorf("got %+v, %v", got, err)
	}
	for args, want := range map[string]string{
		"wait: 5": "with its unit", "wait: soon": "with its unit", "wait: 1.5": "with its unit",
		"count: 0640": "leading zero", "mask: 0640": "leading zero", "count: -007": "leading zero", "mask: -1": "not negative", "mask: 70000": "16 bits",
	} {
		if _, err := load(rule("{kind: test.time, args: {"+args+"}}"), o); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "test.yaml:9:") {
			t.Errorf("%s: got %v, want %q with its place", args, err, want)
		}
	}
}

func TestPlatformsThatAreNotKnown(t *testing.T) {
	var got []args
	o := options(&got)
	with := func(p string) string {
		return head + "  - {id: linux.a.b, title: T, severity: low, platforms: [" + p + "], check: {kind: test.status, args: {is: pass}}}\n"
	}
	for _, p := range []string{"linus", "linux/debain", "linux/acme/1", "macos", "Linux", "linux/debian/12/x"} {
		if _, err := load(with(p), o); err == nil || !strings.Contains(err.Error(), "test.yaml:9:") || !strings.Contains(err.Error(), "no platform") {
			t.Errorf("%s: got %v, want an error with its place", p, err)
		}
	}
	o.Distributions = []string{"acme"}
	for _, p := range []string{"linux", "linux/debian", "linux/rhel/9.4", "linux/acme/1", "windows", "darwin", "freebsd"} {
		if _, err := load(with(p), o); err != nil {
			t.Errorf("%s: %v", p, err)
		}
	}
}

func TestNeedsAreDeclaredByKindsAndRules(t *testing.T) {
	o := baseline.LoadOptions{Kinds: []kind.Kind{kindOf[struct{}]("test.walk", check.NeedsWalk), kindOf[struct{}]("test.none"),
		kindOf[struct{}]("test.both", check.NeedsLive, check.NeedsPrivileges)}}
	for text, want := range map[string]check.Needs{
		"check: {kind: test.none}":                                                          0,
		"check: {kind: test.walk}":                                                          check.NeedsWalk,
		"check: {all: [{kind: test.walk}, {not: {kind: test.both}}]}":                       check.NeedsWalk | check.NeedsLive | check.NeedsPrivileges,
		"needs: privileges, check: {kind: test.walk}":                                       check.NeedsWalk | check.NeedsPrivileges,
		"needs: live privileges, check: {when: {kind: test.none}, then: {kind: test.walk}}": check.NeedsWalk | check.NeedsLive | check.NeedsPrivileges,
	} {
		b, err := load(head+"  - {id: linux.a.b, title: T, severity: low, "+text+"}\n", o)
		if err != nil || b.Rules[0].Needs != want {
			t.Errorf("%s: got %v, %v, want %q", text, b, err, want)
		}
	}
	if _, err := load(head+"  - {id: linux.a.b, title: T, severity: low, needs: root, check: {kind: test.walk}}\n", o); err == nil || !strings.Contains(err.Error(), "test.yaml:9:") {
		t.Errorf("an unknown need: got %v", err)
	}
}
