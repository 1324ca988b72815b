package auditd_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logs/auditd"
)

func TestLog(t *testing.T) {
	const program = "-- sbin/auditd --\n"
	elsewhere := strings.Replace(debian, "/var/log/audit/audit.log", "/srv/a/b.log", 1)
	for fixture, want := range map[string]auditd.Folder{
		program: {Name: "var/log/audit"},
		program + "-- etc/audit/auditd.conf --\n" + elsewhere + "-- srv/a/b.log --\n-- srv/a/b.log.1 --\n-- srv/a/c --\n": {
			Name: "srv/a", There: true, Files: []string{"srv/a/b.log", "srv/a/b.log.1"}},
	} {
		got, err := auditd.Log.Of(t.Context(), inventorytest.System(t, fixture))
		if d := cmp.Diff(got, want); d != "" || err != nil {
			t.Errorf("%s: %s, %v", fixture, d, err)
		}
	}
	if got, err := auditd.Log.Of(t.Context(), inventorytest.System(t, "")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("without the daemon: got %+v, %v", got, err)
	}
	if got, err := auditd.Log.Of(t.Context(), inventorytest.System(t, program+"-- var/log/audit error=EACCES --\n")); err == nil {
		t.Errorf("a folder that cannot be listed: got %+v", got)
	}
}
