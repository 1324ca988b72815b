package winservice_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/winservice"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// service is a registry with one service besides another.
func service(name string, start int) string {
	return fmt.Sprintf("-- @registry --\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\%s]\n\"Type\"=dword:00000020\n\"Start\"=dword:%08x\n"+
		"[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Other]\n\"Type\"=dword:00000020\n\"Start\"=dword:00000002\n", name, start)
}

func live(state, fixture string) string {
	return "live: true\n" + fixture + "-- @probe/windows/services --\n{\"services\": [{\"name\": \"RemoteRegistry\", \"state\": \"" + state + "\"}]}\n"
}

func TestDisabled(t *testing.T) {
	for name, tt := range map[string]struct {
		fixture string
		want    check.Status
		got     string // of the evidence
	}{
		"disabled":               {service("RemoteRegistry", 4), check.Pass, "disabled"},
		"name in other letters":  {service("REMOTEregistry", 4), check.Pass, "disabled"},
		"automatic":              {service("RemoteRegistry", 2), check.Fail, "automatic"},
		"on demand":              {service("RemoteRegistry", 3), check.Fail, "manual"},
		"of no known start":      {service("RemoteRegistry", 9), check.Fail, "start 9"},
		"not installed":          {service("Third", 2), check.Pass, "not installed"},
		"disabled and stopped":   {live("stopped", service("RemoteRegistry", 4)), check.Pass, "disabled"},
		"disabled and runs":      {live("running", service("RemoteRegistry", 4)), check.Fail, "disabled, running"},
		"disabled and pausing":   {live("pause-pending", service("RemoteRegistry", 4)), check.Fail, "disabled, pause-pending"},
		"automatic and stopped":  {live("stopped", service("RemoteRegistry", 2)), check.Fail, "automatic"},
		"live and not known":     {live("stopped", service("Third", 4)), check.Pass, "not installed"},
		"state cannot be asked":  {"live: true\n" + service("RemoteRegistry", 4), check.Unknown, ""},
		"no registry":            {"os: windows\n", check.Unknown, ""},
		"no services in it":      {"-- @registry --\n[HKEY_LOCAL_MACHINE\\SYSTEM]\n", check.Unknown, ""},
		"malformed":              {strings.Replace(service("RemoteRegistry", 4), `"Start"=dword:00000004`, `"Start"="4"`, 1), check.Unknown, ""},
		"counters of no service": {strings.Replace(service("RemoteRegistry", 2), `"Type"`, `"X"`, 1), check.Pass, "not installed"},
	} {
		c, err := winservice.Disabled{Names: []string{"RemoteRegistry"}}.Check()
		r, err := checktest.Judge(tt.fixture, c, err)
		if err != nil || r.Status != tt.want || tt.got != "" && (len(r.Evidence) != 1 || r.Evidence[0].Got != tt.got) {
			t.Errorf("%s: got %s %s %+v, %v, want %s %s", name, r.Status, r.Message, r.Evidence, err, tt.want, tt.got)
		}
	}
}

func TestDisabledConforms(t *testing.T) {
	c, err := winservice.Disabled{Names: []string{"RemoteRegistry", "Third"}}.Check()
	if err != nil {
		t.Fatal(err)
	}
	checktest.Conform(t, check.Compiled{Rule: check.Rule{ID: "test.rule"}, Check: c},
		inventorytest.Config(t, service("RemoteRegistry", 4)), inventorytest.Config(t, service("RemoteRegistry", 2)),
		inventorytest.Config(t, service("x", 2)), inventorytest.Config(t, live("running", service("RemoteRegistry", 4))),
		inventorytest.Config(t, live("stopped", service("RemoteRegistry", 4))))
}

func TestDisabledIsRefused(t *testing.T) {
	for _, names := range [][]string{nil, {}, {""}, {"a", `b\c`}, {"a/b"}, {"a\x00"}} {
		if _, err := (winservice.Disabled{Names: names}).Check(); err == nil {
			t.Errorf("%q: got no error", names)
		}
	}
}

func ExampleDisabled() {
	c, err := winservice.Disabled{Names: []string{"RemoteRegistry"}}.Check()
	r, err := checktest.Judge(service("RemoteRegistry", 2), c, err)
	fmt.Println(r.Status, r.Evidence[0].Got, err)
	// Output: fail automatic <nil>
}
