package kernel_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
)

const live = `
live: true
-- proc/sys/kernel/osrelease --
6.1.0-18-amd64
-- proc/sys/kernel/hostname --
ward-3
-- usr/lib/modules/6.1.0-18-amd64 dir --
-- usr/lib/modules/6.1.0-17-amd64 dir --
-- usr/lib/modules/README --
-- lib link=usr/lib --
-- sys/devices/system/cpu/vulnerabilities/meltdown --
Not affected
-- sys/devices/system/cpu/vulnerabilities/mds --
Vulnerable: Clear CPU buffers attempted, no microcode
-- sys/devices/system/cpu/vulnerabilities/itlb_multihit --
KVM: Mitigation: VMX disabled
`

func TestFact(t *testing.T) {
	got, err := kernel.Fact.Of(t.Context(), inventorytest.System(t, live))
	want := kernel.Kernel{Running: "6.1.0-18-amd64", Hostname: "ward-3", Installed: []string{"6.1.0-17-amd64", "6.1.0-18-amd64"}}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(d, err)
	}
	got, err = kernel.Fact.Of(t.Context(), inventorytest.System(t, "-- lib/modules/5.10.0 dir --\n"))
	if d := cmp.Diff(got, kernel.Kernel{Installed: []string{"5.10.0"}}); d != "" || err != nil {
		t.Error(d, err)
	}
	if _, err := kernel.Fact.Of(t.Context(), inventorytest.System(t, "live: true\n")); err == nil {
		t.Error("a running system without proc: got no error")
	}
}

func TestFlaws(t *testing.T) {
	all, err := kernel.Flaws.Of(t.Context(), inventorytest.System(t, live))
	if err != nil || len(all) != 3 {
		t.Fatal(all, err)
	}
	for i, want := range []bool{false, true, false} {
		if all[i].Vulnerable() != want || !all[i].Known() {
			t.Errorf("%+v: got %v, known %v", all[i], all[i].Vulnerable(), all[i].Known())
		}
	}
	if !(kernel.Flaw{State: "Mitigation: Clear CPU buffers; SMT vulnerable"}).Vulnerable() || (kernel.Flaw{State: "Mitigation: PTI"}).Vulnerable() {
		t.Error("a part that is left open counts, a mitigation does not")
	}
	if (kernel.Flaw{State: "Processor vulnerable"}).Known() || (kernel.Flaw{}).Known() {
		t.Error("a text of no known form is known")
	}
	if _, err := kernel.Flaws.Of(t.Context(), inventorytest.System(t, "")); !errors.Is(err, inventory.ErrNotLive) {
		t.Errorf("an image: got %v, want ErrNotLive", err)
	}
	if _, err := kernel.Flaws.Of(t.Context(), inventorytest.System(t, "live: true\n-- proc/x --\n")); !errors.Is(err, inventory.ErrUnavailable) {
		t.Errorf("without the folder: got %v, want ErrUnavailable", err)
	}
}

func TestAgreesWithUname(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the oracle is that of Linux")
	}
	oracle.Need(t, "uname")
	cfg, err := inventory.Host()
	if err != nil {
		t.Fatal(err)
	}
	got, err := kernel.Fact.Of(t.Context(), inventorytest.Open(t, cfg))
	if err != nil {
		t.Fatal(err)
	}
	want := oracle.Run(t, "uname", "-n", "-r")
	if fmt.Sprintln(got.Hostname, got.Running) != string(want) {
		t.Errorf("got %q %q, want %s", got.Hostname, got.Running, strings.TrimSpace(string(want)))
	}
}

func ExampleFlaw_Vulnerable() {
	for _, state := range []string{"Not affected", "Mitigation: PTI", "Vulnerable: No microcode"} {
		f := kernel.Flaw{Name: "mds", State: state}
		fmt.Println(f.State, f.Vulnerable())
	}
	// Output:
	// Not affected false
	// Mitigation: PTI false
	// Vulnerable: No microcode true
}
