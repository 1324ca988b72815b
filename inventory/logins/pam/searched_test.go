package pam_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
)

func TestSearched(t *testing.T) {
	s := inventorytest.System(t, "-- etc/login.defs --\n# mask\numask = 027\nUMASK 022\n-- etc/default/login error=EIO --\n")
	for k, want := range map[pam.Key]inventory.Setting{
		{File: "etc/login.defs", Name: "UMASK"}: {Name: "UMASK", Value: "027", Position: inventory.Position{Source: "etc/login.defs", Line: 2}},
		{File: "etc/login.defs", Name: "TTY"}:   {}, {File: "etc/none", Name: "UMASK"}: {},
	} {
		if got, err := pam.Searched.Of(t.Context(), s, k); got != want || err != nil {
			t.Errorf("%v: got %+v, %v", k, got, err)
		}
	}
	if got, err := pam.Searched.Of(t.Context(), s, pam.Key{File: "etc/default/login", Name: "UMASK"}); err == nil {
		t.Errorf("a file that cannot be read: got %+v", got)
	}
}
