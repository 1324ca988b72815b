package report_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/check"
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
