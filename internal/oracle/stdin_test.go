package oracle_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
)

func TestRunWith(t *testing.T) {
	oracle.Need(t, "cat")
	if got := oracle.RunWith(t, []byte("asked"), "cat"); string(got) != "asked" {
		t.Errorf("got %q", got)
	}
}
