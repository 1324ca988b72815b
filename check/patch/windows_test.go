package patch_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/patch"
	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestSupportedWindowsIsRefused(t *testing.T) {
	for _, key := range []string{"", "20348", "server", "server/", "server/x", "desktop/19045", "server/20348/1"} {
		if _, err := (patch.SupportedWindows{Releases: map[string]patch.Date{key: date("2031-10-14")}}).Check(); err == nil {
			t.Errorf("%q: got no error", key)
		}
	}
	if _, err := (patch.SupportedWindows{}).Check(); err == nil {
		t.Error("without releases: got no error")
	}
}

const version = "-- @registry --\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion]\n" +
	"\"ProductName\"=\"Windows Server 2016 Standard\"\n\"CurrentBuild\"=\"14393\"\n\"CurrentVersion\"=\"6.3\"\n\"InstallationType\"=\"Server\"\n"

func TestSupportedWindows(t *testing.T) {
	client := strings.Replace(version, `"Server"`, `"Client"`, 1)
	for name, tt := range map[string]struct {
		fixture string
		want    check.Status
		reason  reason.Reason
	}{
		"the last day":          {"now: 2027-01-12T23:59:59Z\n" + version, check.Pass, ""},
		"the day after":         {"now: 2027-01-13T00:00:00Z\n" + version, check.Fail, ""},
		"a client of the build": {client, check.Unknown, reason.Unavailable},
		"another build":         {strings.Replace(version, "14393", "14394", 1), check.Unknown, reason.Unavailable},
		"no product":            {strings.Replace(version, "InstallationType", "X", 1), check.Unknown, reason.Unavailable},
		"no build":              {strings.Replace(version, "CurrentBuild", "X", 1), check.Unknown, reason.Unavailable},
		"no registry":           {"os: windows\n", check.Unknown, reason.Unavailable},
		"no key":                {"-- @registry --\n[HKEY_LOCAL_MACHINE\\SOFTWARE]\n", check.Unknown, reason.Unavailable},
	} {
		c, err := patch.SupportedWindows{Releases: map[string]patch.Date{"server/14393": date("2027-01-12")}}.Check()
		r, err := checktest.Judge(tt.fixture, c, err)
		if err != nil || r.Status != tt.want || r.Reason != tt.reason {
			t.Errorf("%s: got %s (%s) %s, %v, want %s", name, r.Status, r.Reason, r.Message, err, tt.want)
		}
	}
	c, err := patch.SupportedWindows{Releases: map[string]patch.Date{"server/14393": date("2027-01-12")}}.Check()
	if err != nil {
		t.Fatal(err)
	}
	checktest.Conform(t, check.Compiled{Rule: check.Rule{ID: "test.rule"}, Check: c}, inventorytest.Config(t, version), inventorytest.Config(t, client),
		inventorytest.Config(t, "now: 2028-01-01T00:00:00Z\n"+version))
}

func ExampleSupportedWindows() {
	c, err := patch.SupportedWindows{Releases: map[string]patch.Date{"server/14393": date("2027-01-12")}}.Check()
	r, err := checktest.Judge("now: 2028-01-01T00:00:00Z\n"+version, c, err)
	fmt.Println(r.Status, r.Message, err)
	// Output: fail support ended 2027-01-12 <nil>
}
