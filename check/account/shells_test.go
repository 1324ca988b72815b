package account

import (
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/check/kind"
)

// Both checks that ask for shells know the same.
func TestShellsThatLetNobodyIn(t *testing.T) {
	var a SystemLocked
	if err := kind.Complete(&a); err != nil || !slices.Equal(a.NoLogin, nologin) {
		t.Errorf("got %q, %v, want %q", a.NoLogin, err, nologin)
	}
}
