package systemd_test

import (
	"errors"
	"io/fs"
	"strings"
	"sync"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

func TestAbsent(t *testing.T) {
	for name, fixture := range map[string]string{
		"nothing":          "",
		"only settings":    "-- etc/systemd/journald.conf --\n[Journal]\n",
		"a dangling link":  "-- etc/systemd/system link=/nowhere --\n",
		"a preset folder":  "-- etc/systemd/system-preset/1.preset --\n",
		"units of users":   "-- usr/lib/systemd/user/a.service --\n[Service]\n",
		"folders dangling": "-- lib link=usr/lib --\n-- usr/lib/systemd link=../nowhere --\n",
	} {
		if us, err := systemd.Fact.Of(t.Context(), inventorytest.System(t, fixture)); !errors.Is(err, inventory.ErrAbsent) {
			t.Errorf("%s: got %v, %v, want ErrAbsent", name, us, err)
		}
	}
	us := units(t, "-- usr/lib/systemd/system dir --\n")
	if len(us.All) != 0 || us.State("a.service") != systemd.NotFound {
		t.Errorf("an empty folder: got %d units", len(us.All))
	}
}

// listReads returns what collecting the units of a system tries to read.
func listReads(t *testing.T, cfg inventory.Config) []inventory.Read {
	t.Helper()
	var mu sync.Mutex
	var all []inventory.Read
	s := inventorytest.Open(t, inventorytest.Record(cfg, func(r inventory.Read) {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, r)
	}))
	collect(t, s)
	return all
}

// Each failed read is an error.
func TestNoReadFailsUnseen(t *testing.T) {
	preset := "-- usr/lib/systemd/system-preset/1.preset --\nignore x\n"
	for name, fixture := range map[string]string{"names": named + preset, "boot": booting, "values": merged} {
		cfg := inventorytest.Config(t, fixture)
		n := 0
		for _, r := range listReads(t, cfg) {
			for _, kind := range []inventorytest.Kind{inventorytest.Denied, inventorytest.Broken, inventorytest.Timeout,
				inventorytest.Short} {
				if kind == inventorytest.Short && (r.Op != filetree.OpRead || r.Name == "usr/lib/systemd/system/sysinit.target") {
					continue // an empty file cannot be shorter
				}
				s := inventorytest.Open(t, inventorytest.Inject(cfg, inventorytest.Fault{Read: r, Kind: kind}))
				if us, err := systemd.Fact.Of(t.Context(), s); err == nil || us != nil || errors.Is(err, inventory.ErrAbsent) {
					t.Errorf("%s: with %s %s: got %v, %v", name, r, kind, us != nil, err)
				}
				n++
			}
			// An entry that a folder listed and that is gone is not a missing file.
			s := inventorytest.Open(t, inventorytest.Inject(cfg, inventorytest.Fault{Read: r, Kind: inventorytest.Gone}))
			if _, err := systemd.Fact.Of(t.Context(), s); err == nil && r.Op == filetree.OpRead {
				t.Errorf("%s: with %s gone: got no error", name, r)
			}
		}
		t.Logf("%s: %d faults", name, n)
	}
}

func TestEachThingIsReadOnce(t *testing.T) {
	for name, fixture := range map[string]string{"names": named, "boot": booting, "values": merged} {
		seen := map[inventory.Read]int{}
		for _, r := range listReads(t, inventorytest.Config(t, fixture)) {
			if seen[r]++; seen[r] > 1 {
				t.Errorf("%s: %s again", name, r)
			}
			if r.Op == filetree.OpLstat && strings.Contains(r.Name, "systemd/system/") {
				t.Errorf("%s: %s, which the folder tells", name, r)
			}
		}
	}
}

// The fact is a value: units that were not asked for before need no more reads.
func TestNothingIsReadLater(t *testing.T) {
	cfg := inventorytest.Config(t, named+"-- usr/lib/systemd/system/default.target --\n[Unit]\nWants=real.service\n")
	late := false
	cfg = inventorytest.Record(cfg, func(r inventory.Read) {
		if late {
			t.Errorf("%s after the fact", r)
		}
	})
	us := collect(t, inventorytest.Open(t, cfg))
	late = true
	var asked sync.WaitGroup
	for range 4 {
		asked.Go(func() { us.Unit("t-u@late.service") })
	}
	asked.Wait()
	for _, name := range []string{"t-u@late.service", "t-u@one.service", "none@x.service", "real.service",
		"gone.service"} {
		if u, ok := us.Unit(name); ok {
			u.Values("Service", "ExecStart")
		}
		us.StartsAtBoot(name)
		us.ActivatedBy(name)
	}
	u, _ := us.Unit("t-u@late.service")
	if got := values(u, "Service", "ExecStart"); got != "/bin/t %i@t-u@.service:2" {
		t.Errorf("got %q", got)
	}
}

func TestUnreadable(t *testing.T) {
	for name, fixture := range map[string]string{
		"a unit":     "-- etc/systemd/system/a.service error=EACCES --\n[Service]\n",
		"a drop-in":  "-- etc/systemd/system/a.service.d/x.conf error=EIO --\n[Service]\n",
		"a folder":   "-- etc/systemd/system/a.target.wants dir error=EACCES --\n",
		"a preset":   "-- etc/systemd/system/a.service --\n-- etc/systemd/system-preset/1.preset error=EACCES --\n",
		"the folder": "-- etc/systemd/system dir error=EACCES --\n",
		"a far file": "-- etc/systemd/system/a.service link=/opt/a --\n-- opt/a error=EACCES --\n",
	} {
		if us, err := systemd.Fact.Of(t.Context(), inventorytest.System(t, fixture)); err == nil || us != nil ||
			errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: got %v, %v, want an error", name, us, err)
		}
	}
}

// A unit file above the size limit is an error. Its beginning is not used.
func TestLimits(t *testing.T) {
	cfg := inventorytest.Config(t, "-- etc/systemd/system/a.service --\n[Service]\n# "+strings.Repeat("x", 1000)+"\n")
	cfg.Limits.FileSize = 1000
	if _, err := systemd.Fact.Of(t.Context(), inventorytest.Open(t, cfg)); !errors.Is(err, inventory.ErrLimit) {
		t.Errorf("got %v, want ErrLimit", err)
	}
}

// A rule that uses the fact conforms to the rules for checks.
func TestConform(t *testing.T) {
	rule := check.Compiled{Rule: check.Rule{ID: "test.systemd"}, Check: check.Of(systemd.Fact, func(v *check.Verdict, us *systemd.Units) {
		for _, u := range us.All {
			v.Judge(!us.StartsAtBoot(u.Name), check.Evidence{Position: inventory.Position{Source: u.Path}, Subject: u.Name, Want: "off", Got: string(u.State)})
		}
	})}
	checktest.Conformance{Optional: []string{"usr", "usr/lib", "usr/lib/systemd", "usr/lib/systemd/system", "usr/lib/systemd/system/*.target", "etc*", "run*", "lib*", "opt*"}}.
		Test(t, rule, inventorytest.Config(t, booting), inventorytest.Config(t, named), inventorytest.Config(t, merged))
}
