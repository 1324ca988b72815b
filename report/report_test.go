package report_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/baseline"
	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/report"
)

const debian = "-- etc/os-release --\nID=debian\nVERSION_ID=12\n-- etc/hostname --\nward-3\n"

func TestDescribe(t *testing.T) {
	debian12 := inventory.Platform{OS: "linux", ID: "debian", Version: "12", Like: []string{}}
	for name, c := range map[string]struct {
		fixture string
		want    report.System
		bad     bool
	}{
		"image":               {debian, report.System{Name: "ward-3", Platform: debian12}, false},
		"image of nothing":    {"", report.System{}, false},
		"unreadable hostname": {"-- etc/os-release --\nID=debian\nVERSION_ID=12\n-- etc/hostname error=EACCES --\n", report.System{Platform: debian12}, true},
		"live": {"live: true\n-- proc/sys/kernel/osrelease --\n6.1.0\n-- proc/sys/kernel/hostname --\nother\n" + debian,
			report.System{Name: "other", Kernel: "6.1.0", Live: true, Platform: debian12}, false},
		"windows":           {"os: windows\n-- @registry --\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName]\n\"ComputerName\"=\"WARD-3\"\n", report.System{Name: "WARD-3", Platform: inventory.Platform{OS: "windows"}}, false},
		"live without proc": {"live: true\n" + debian, report.System{Live: true, Platform: debian12}, true},
	} {
		got, err := report.Describe(t.Context(), inventorytest.System(t, c.fixture))
		if d := cmp.Diff(got, c.want); d != "" || (err != nil) != c.bad {
			t.Errorf("%s: %s, %v", name, d, err)
		}
	}
}

func ExampleDescribe() {
	cfg, err := inventorytest.Parse([]byte(debian))
	if err != nil {
		panic(err)
	}
	sys, err := inventory.New(cfg)
	if err != nil {
		panic(err)
	}
	s, err := report.Describe(context.Background(), sys)
	r := report.Report{System: s, Outcomes: []check.Outcome{{Result: check.Result{Status: check.Pass}}, {Result: check.Result{Status: check.Fail}}}}
	fmt.Println(s.Name, s.Platform, r.Counts()[check.Fail], err)
	// Output: ward-3 debian 12 1 <nil>
}

const pump = `format: hardening/v1
id: pump
title: Pump
version: 1.0.0
rules:
  - {id: linux.pump.on, title: The pump is on, severity: high, references: {nist-800-53r5: [AC-2]}, check: {kind: pump.on}}
`

// on is a kind whose checks read the settings of a pump.
func on(look func()) kind.Kind {
	return kind.New("pump.on", func(struct{}) (check.Check, error) {
		return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
			look()
			b, err := sys.ReadText(ctx, "etc/pump")
			if err == nil {
				v.Judge(string(b) == "on\n", check.Evidence{Position: inventory.Position{Source: "etc/pump"}, Subject: "pump", Want: "on", Got: strings.TrimSpace(string(b))})
			}
			return err
		}), nil
	})
}

func TestNew(t *testing.T) {
	b, err := baseline.Load(t.Context(), strings.NewReader(pump), "pump.yaml", baseline.LoadOptions{Kinds: []kind.Kind{on(func() {})}})
	if err != nil {
		t.Fatal(err)
	}
	counted := 0
	o := report.Options{Tool: report.Tool{Name: "test"}, Root: "/mnt", User: "nurse", Privileged: new(true), Catalogs: []*control.Catalog{control.SP80053()},
		Summaries: []func([]check.Outcome) *control.Summary{func(all []check.Outcome) *control.Summary {
			counted = len(all)
			return control.Summarize(control.NewCatalog(control.Catalog{ID: "own"}, nil), nil)
		}}}
	r, err := report.New(t.Context(), inventorytest.System(t, debian+"-- etc/pump --\noff\n"), b, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Outcomes[0].Result.Status != check.Fail || r.System.Name != "ward-3" || r.System.Root != "/mnt" || r.Scan.User != "nurse" || !*r.Scan.Privileged ||
		r.Baseline.Digest != b.Digest || r.Tool.Name != "test" || r.Scan.Finished.Before(r.Scan.Started) || len(r.Notes) != 0 {
		t.Errorf("got %+v", r)
	}
	e := r.Controls[0].Entries[0]
	if len(r.Controls) != 2 || e.Control.ID != "AC-2" || e.Count(control.Fail) != 1 || e.Severity != control.High || r.Controls[1].Catalog.ID != "own" || counted != 1 {
		t.Errorf("got %+v of %d", r.Controls, counted)
	}
}

// A run that is ended gives what there is; what cannot be described is a note.
func TestNewOfAnEndedRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	b, err := baseline.Load(ctx, strings.NewReader(pump), "pump.yaml", baseline.LoadOptions{Kinds: []kind.Kind{on(cancel)}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := report.New(ctx, inventorytest.System(t, debian+"-- etc/pump --\non\n"), b, report.Options{})
	if !errors.Is(err, context.Canceled) || r == nil || r.Outcomes[0].Result.Reason != reason.Canceled {
		t.Errorf("got %+v, %v", r, err)
	}
	if r, err = report.New(t.Context(), nil, b, report.Options{}); r != nil || err == nil {
		t.Errorf("without a system: got %v, %v", r, err)
	}
	denied := "-- etc/os-release --\nID=debian\n-- etc/hostname error=EACCES --\n-- etc/pump --\non\n"
	if r, err = report.New(t.Context(), inventorytest.System(t, denied), b, report.Options{}); err != nil || len(r.Notes) != 1 {
		t.Errorf("got %v, %v", r.Notes, err)
	}
}
