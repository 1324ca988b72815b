package winservice_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/winservice"
)

// Written by hand in the format of reg export.
const services = `-- @registry --
[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services]
[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\W32Time]
"Type"=dword:00000020
"Start"=dword:00000003
"ObjectName"="NT AUTHORITY\\LocalService"
"ImagePath"=hex(2):25,00,53,00,25,00,5c,00,73,00,76,00,63,00,2e,00,65,00,78,00,65,00,20,00,2d,00,6b,00,00,00
[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\mrxsmb10]
"Type"=dword:00000002
"Start"=dword:00000004
[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\.NET CLR Data]
[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\WaaSMedicSvc]
"type"=dword:00000010
"START"=dword:00000002
"DelayedAutostart"=dword:00000001
"ObjectName"="LocalSystem"
`

const live = "live: true\n"

const probe = "-- @probe/windows/services --\n" +
	`{"services": [{"name": "W32TIME", "state": "running"}, {"name": "mrxsmb10", "state": "stopped"}, {"name": "other", "state": "paused"}]}` + "\n"

func of(name string, t winservice.Type, s winservice.Start, state winservice.State) winservice.Service {
	return winservice.Service{Name: name, Type: t, Start: s, State: state, Position: inventory.Position{Source: winservice.Key + `\` + name}}
}

func TestFact(t *testing.T) {
	smb := of("mrxsmb10", winservice.FileSystemDriver, winservice.Disabled, "")
	time := of("W32Time", winservice.ShareProcess, winservice.Manual, "")
	time.Path, time.Account = "%S%\\svc.exe -k", `NT AUTHORITY\LocalService`
	medic := of("WaaSMedicSvc", winservice.OwnProcess, winservice.Automatic, "")
	medic.Delayed, medic.Account = true, "LocalSystem"
	all, err := winservice.Fact.Of(t.Context(), inventorytest.System(t, services))
	if d := cmp.Diff(all, []winservice.Service{smb, time, medic}); d != "" || err != nil {
		t.Errorf("image: %s %v", d, err)
	}
	time.State, smb.State = winservice.Running, winservice.Stopped
	s := inventorytest.System(t, live+services+probe)
	all, err = winservice.Fact.Of(t.Context(), s)
	if d := cmp.Diff(all, []winservice.Service{smb, time, medic}); d != "" || err != nil {
		t.Errorf("live: %s %v", d, err)
	}
	for _, want := range all {
		if got, err := winservice.Named.Of(t.Context(), s, strings.ToUpper(want.Name)); cmp.Diff(got, want) != "" ||
			err != nil {
			t.Errorf("%s: got %+v, %v", want.Name, got, err)
		}
	}
	for _, name := range []string{"none", "", ".NET CLR Data"} {
		if got, err := winservice.Named.Of(t.Context(), s, name); !errors.Is(err, inventory.ErrAbsent) {
			t.Errorf("%q: got %+v, %v", name, got, err)
		}
	}
}

func TestFactErrors(t *testing.T) {
	key := winservice.Key + `\W32Time`
	for name, tt := range map[string]struct {
		fixture string
		fault   *inventorytest.Fault
		want    error
	}{
		"no registry":          {fixture: "", want: inventory.ErrUnavailable},
		"no services":          {fixture: "-- @registry --\n[HKEY_LOCAL_MACHINE\\SYSTEM]\n", want: inventory.ErrUnavailable},
		"live without a probe": {fixture: live + services, want: inventory.ErrUnavailable},
		"probe broken":         {fixture: live + services + "-- @probe/windows/services --\n{}\n"},
		"start missing":        {fixture: strings.Replace(services, `"Start"=dword:00000003`, "", 1), want: inventory.ErrUnavailable},
		"start is a text":      {fixture: strings.Replace(services, `"Start"=dword:00000003`, `"Start"="3"`, 1), want: inventory.ErrUnavailable},
		"type is a text":       {fixture: strings.Replace(services, `"Type"=dword:00000020`, `"Type"="3"`, 1), want: inventory.ErrUnavailable},
		"delay is a text":      {fixture: strings.Replace(services, `"ObjectName"="NT`, "\"DelayedAutostart\"=\"1\"\n\"ObjectName\"=\"NT", 1), want: inventory.ErrUnavailable},
		"gone meanwhile":       {fixture: services, fault: &inventorytest.Fault{Read: inventory.Read{Op: inventory.OpValues, Name: key}, Kind: inventorytest.Gone}, want: filetree.ErrChanged},
		"denied":               {fixture: services, fault: &inventorytest.Fault{Read: inventory.Read{Op: inventory.OpValues, Name: key}, Kind: inventorytest.Denied}, want: fs.ErrPermission},
	} {
		cfg := inventorytest.Config(t, tt.fixture)
		if tt.fault != nil {
			cfg = inventorytest.Inject(cfg, *tt.fault)
		}
		s := inventorytest.Open(t, cfg)
		all, err := winservice.Fact.Of(t.Context(), s)
		if err == nil || tt.want != nil && !errors.Is(err, tt.want) || all != nil {
			t.Errorf("%s: got %d services, %v, want %v", name, len(all), err, tt.want)
		}
		if one, err := winservice.Named.Of(t.Context(), s, "W32Time"); err == nil || tt.want != nil &&
			!errors.Is(err, tt.want) {
			t.Errorf("%s: got %+v, %v, want %v", name, one, err, tt.want)
		}
	}
	// A service that cannot be read does no harm to another.
	denied := inventorytest.Inject(inventorytest.Config(t, services),
		inventorytest.Fault{Read: inventory.Read{Op: inventory.OpValues, Name: key}, Kind: inventorytest.Denied})
	if s, err := winservice.Named.Of(t.Context(), inventorytest.Open(t, denied),
		"mrxsmb10"); s.Start != winservice.Disabled || err != nil {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestStatesOfAnImage(t *testing.T) {
	if all, err := winservice.States.Of(t.Context(),
		inventorytest.System(t, services)); !errors.Is(err, inventory.ErrNotLive) {
		t.Errorf("got %v, %v", all, err)
	}
}

func TestParseStates(t *testing.T) {
	got, err := winservice.ParseStates([]byte(`{"services": [{"name": "b", "state": "stopped", "pid": 7}, {"name": "A", "state": "stop-pending"}], "version": 2}`))
	want := []winservice.Status{{Name: "A", State: winservice.StopPending}, {Name: "b", State: winservice.Stopped}}
	if !slices.Equal(got, want) || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := winservice.ParseStates([]byte(`{"services": []}`)); got == nil || len(got) != 0 || err != nil {
		t.Errorf("none: got %v, %v", got, err)
	}
	for doc, want := range map[string]string{
		``: "EOF", `{}`: "missing", `null`: "missing", `{"services": null}`: "missing", `[]`: "cannot unmarshal", "\xef\xbb\xbf{}": "invalid character",
		`{"services": []} x`:                   "more after",
		`{"services": [{"state": "running"}]}`: "has no name",
		`{"services": [{"name": "a"}]}`:        `unknown state ""`,
		`{"services": [{"name": "a", "state": "Running"}, {"name": "b", "state": "x"}]}`:       `b is in the unknown state "x"`,
		`{"services": [{"name": "a", "state": "stopped"}, {"name": "A", "state": "running"}]}`: "A is there twice",
		`{"services": [{"name": "a", "state": 4}]}`:                                            "cannot unmarshal",
	} {
		got, err := winservice.ParseStates([]byte(doc))
		if err == nil || !strings.Contains(err.Error(), want) || got != nil {
			t.Errorf("%s: got %v, %v, want %q", doc, got, err, want)
		}
	}
}

func TestNamesOfStartsAndTypes(t *testing.T) {
	if got := fmt.Sprint(winservice.Boot, winservice.System, winservice.Automatic, winservice.Manual,
		winservice.Disabled, winservice.Start(7)); got != "boot system automatic manual disabled start 7" {
		t.Errorf("got %s", got)
	}
	if !winservice.KernelDriver.Driver() || !winservice.FileSystemDriver.Driver() || winservice.Type(0x110).Driver() {
		t.Error("drivers are told wrongly")
	}
	if winservice.Stopped.Active() || winservice.State("").Active() || !winservice.StartPending.Active() {
		t.Error("active states are told wrongly")
	}
}

func FuzzParseStates(f *testing.F) {
	f.Add([]byte(`{"services": [{"name": "RpcSs", "state": "running"}]}`))
	f.Add([]byte("\xef\xbb\xbf{\"services\": []}\r\n\x00"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		all, err := winservice.ParseStates(doc)
		if (all == nil) != (err != nil) {
			t.Fatalf("got %v, %v", all, err)
		}
		for i, s := range all {
			if s.Name == "" || s.State == "" || i > 0 && strings.ToUpper(all[i-1].Name) >= strings.ToUpper(s.Name) {
				t.Fatalf("%d: %+v", i, all)
			}
		}
	})
}

func ExampleParseStates() {
	all, err := winservice.ParseStates([]byte(`{"services": [{"name": "RpcSs", "state": "running"}]}`))
	fmt.Println(all[0].Name, all[0].State.Active(), err)
	// Output: RpcSs true <nil>
}
