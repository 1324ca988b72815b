package auditrules_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/inventory/logs/auditrules"
)

func TestSince(t *testing.T) {
	for _, c := range []struct {
		call, release string
		has, known    bool
	}{
		{"rename", "", true, true}, {"rename", "x", true, true}, {"renameat2", "3.10.0", true, true},
		{"fsopen", "5.1.21", false, true}, {"fsopen", "5.2.0-1-amd64", true, true}, {"fsopen", "4.18.0-553.el8_10.x86_64", false, true},
		{"fsopen", "10.0", true, true}, {"fsopen", "5.15", true, true}, {"fchmodat2", "6.1.0-56-cloud-amd64", false, true},
		{"fchmodat2", "6.12.9+deb13", true, true}, {"fchmodat2", "", false, false}, {"fchmodat2", "own", false, false}, {"fchmodat2", "6", false, false},
	} {
		if has, known := auditrules.Since(c.call, c.release); has != c.has || known != c.known {
			t.Errorf("%s in %q: got %v, %v", c.call, c.release, has, known)
		}
	}
}

// A call of which the release is known is one.
func TestSinceNamesCalls(t *testing.T) {
	for _, name := range auditrules.Later() {
		if !auditrules.Known(name) {
			t.Errorf("%s is in no table", name)
		}
	}
}
