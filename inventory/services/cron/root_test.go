package cron_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/cron"
)

func TestOfRoot(t *testing.T) {
	const jobs = "-- etc/cron.d/a --\n1 1 * * * root a\n1 1 * * * toor b\n1 1 * * * amy c\n"
	for fixture, want := range map[string]string{
		"": "", jobs: "a", jobs + "-- etc/passwd --\nroot:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\namy:x:1000:1000::/:/bin/sh\n": "a b",
		"-- etc/cron.d/a --\n1 1 * * * root a\n-- etc/passwd error=EIO --\n": "a", // nobody else has jobs
	} {
		all, err := cron.OfRoot.Of(t.Context(), inventorytest.System(t, fixture))
		var got []string
		for _, j := range all {
			got = append(got, j.Command)
		}
		if strings.Join(got, " ") != want || err != nil {
			t.Errorf("%s: got %q, %v", fixture, got, err)
		}
	}
	if all, err := cron.OfRoot.Of(t.Context(), inventorytest.System(t, jobs+"-- etc/passwd error=EIO --\n")); err == nil {
		t.Errorf("without accounts: got %v", all)
	}
}
