package check_test

import (
	"encoding/json"
	"testing"

	"github.com/hardening-sdk/hardening/check"
)

func TestNeedsOfComposedChecks(t *testing.T) {
	walk, live := check.Needing(is(check.Pass), check.NeedsWalk), check.Needing(is(check.Fail), check.NeedsLive)
	for name, tt := range map[string]struct {
		c    check.Check
		want check.Needs
	}{
		"nothing":  {is(check.Pass), 0},
		"one":      {walk, check.NeedsWalk},
		"none":     {check.Needing(is(check.Pass), 0), 0},
		"more":     {check.Needing(walk, check.NeedsPrivileges), check.NeedsWalk | check.NeedsPrivileges},
		"all":      {check.All(is(check.Pass), walk, live), check.NeedsWalk | check.NeedsLive},
		"any":      {check.Any(is(check.Pass), live), check.NeedsLive},
		"not":      {check.Not(walk), check.NeedsWalk},
		"when":     {check.When(walk, live), check.NeedsWalk | check.NeedsLive},
		"composed": {check.Needing(check.Not(check.All(walk)), check.NeedsLive), check.NeedsWalk | check.NeedsLive},
		"no check": {nil, 0},
	} {
		if got := check.NeedsOf(tt.c); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

// Declared needs change no verdict: the parts of a composed check below them are settled.
func TestNeedsAreLookedThrough(t *testing.T) {
	any := check.Any(blind(check.Pass), is(check.Pass))
	for name, c := range map[string]check.Check{
		"none":  any,
		"once":  check.Needing(any, check.NeedsWalk),
		"twice": check.Needing(check.Needing(any, check.NeedsWalk), check.NeedsLive),
		"below": check.All(check.Needing(check.Needing(any, check.NeedsWalk), check.NeedsWalk)),
	} {
		if got := run(t, c).Status; got != check.Pass {
			t.Errorf("%s: got %s, want pass", name, got)
		}
	}
	if got := run(t, check.Needing(blind(check.Pass), check.NeedsWalk)).Status; got != check.Unknown {
		t.Errorf("a failed read: got %s, want unknown", got)
	}
}

func TestNeedsAsText(t *testing.T) {
	for want, n := range map[string]check.Needs{`""`: 0, `"walk"`: check.NeedsWalk, `"live privileges"`: check.NeedsLive | check.NeedsPrivileges} {
		b, err := json.Marshal(n)
		var back check.Needs
		if string(b) != want || err != nil || json.Unmarshal(b, &back) != nil || back != n {
			t.Errorf("got %s, %v and back %q, want %s", b, err, back, want)
		}
	}
	var n check.Needs
	if err := n.UnmarshalText([]byte("walk root")); err == nil || n != 0 {
		t.Errorf("an unknown need: got %q, %v", n, err)
	}
	if !check.NeedsWalk.Has(0) || check.NeedsWalk.Has(check.NeedsWalk|check.NeedsLive) {
		t.Error("Has asks for all")
	}
}
