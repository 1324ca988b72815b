package passwd_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/group"
	"github.com/hardening-sdk/hardening/inventory/accounts/logindefs"
	"github.com/hardening-sdk/hardening/inventory/accounts/nis"
	"github.com/hardening-sdk/hardening/inventory/accounts/nsswitch"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/accounts/shadow"
	"github.com/hardening-sdk/hardening/inventory/accounts/useradd"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestGrowth(t *testing.T) {
	for _, c := range []struct {
		parse func([]byte)
		entry string
	}{
		{func(b []byte) { passwd.Parse(b) }, "alice:x:1:1:Alice:/home/alice:/bin/sh\n"},
		{func(b []byte) { shadow.Parse(b) }, "alice:!:19000:0:99999:7:::\n"},
		{func(b []byte) { group.Parse(b) }, "alice:x:1:a,b\n"},
		{func(b []byte) { nis.Parse(b) }, "+alice:::::\n"},
		{func(b []byte) { nsswitch.Parse(b) }, "hosts: files dns\n"},
		{func(b []byte) { logindefs.Parse(b) }, "UID_MIN 1\n"},
		{func(b []byte) { useradd.Parse(b) }, "INACTIVE=1\n"},
	} {
		growth.Test(t, "", c.entry, 16, c.parse)
		for _, unit := range []string{"\n", "# x\n", ":", "a:b\n"} {
			growth.Test(t, "", unit, 32, c.parse)
		}
	}
}

func TestLimits(t *testing.T) {
	var names, words strings.Builder
	for i := range 100_001 {
		fmt.Fprintf(&names, "n%d=\n", i)
		words.WriteString(" a")
	}
	for fixture, want := range map[string]struct {
		name string
		of   func(*inventory.System) error
	}{
		"-- etc/login.defs --\n" + names.String(): {"etc/login.defs: line 100001", func(s *inventory.System) error { _, err := logindefs.Fact.Of(t.Context(), s); return err }},
		"-- usr/sbin/useradd --\n-- etc/default/useradd --\n" + names.String(): {"etc/default/useradd: line 100001",
			func(s *inventory.System) error { _, err := useradd.Fact.Of(t.Context(), s); return err }},
		"-- etc/nsswitch.conf --\n\nhosts:" + words.String() + "\n": {"etc/nsswitch.conf: line 2", func(s *inventory.System) error { _, err := nsswitch.Fact.Of(t.Context(), s); return err }},
		"-- etc/passwd --\n" + strings.Repeat("+\n", 100_001):       {"etc/passwd: line 100001", func(s *inventory.System) error { _, err := nis.Fact.Of(t.Context(), s); return err }},
	} {
		err := want.of(inventorytest.System(t, fixture))
		if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), want.name) {
			t.Errorf("got %v, want %q in it", err, want.name)
		}
	}
}
