package check_test

import (
	"encoding/json"
	"testing"

	"github.com/hardening-sdk/hardening/check"
)

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
