package kernels_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels"
)

const (
	installed = "-- lib/modules/6/modules.builtin --\n-- lib/modules/6/modules.dep --\nkernel/a.ko:\n"
	conf      = "-- etc/modprobe.d/a.conf --\ninstall a /bin/false\n"
	live      = "live: true\n-- proc/sys/kernel/osrelease --\n6\n-- proc/sys/kernel/hostname --\nh\n-- proc/modules --\nb 1 0 - Live 0x0\n-- proc/cmdline --\nquiet module_blacklist=c,d\n"
)

func TestModules(t *testing.T) {
	m, err := kernels.Fact.Of(t.Context(), inventorytest.System(t, live+installed+conf))
	if err != nil || !m.Live || m.Release != "6" || m.Unseen() || len(m.Installed) != 1 || len(m.Config.Lines) != 1 || len(m.Loaded) != 1 || !slices.Equal(m.Refused, []string{"c", "d"}) {
		t.Errorf("got %+v, %v", m, err)
	}
	if m, err := kernels.Fact.Of(t.Context(), inventorytest.System(t, live+conf)); err != nil || !m.Unseen() {
		t.Errorf("a kernel whose modules are not here: got %+v, %v", m, err)
	}
	if m, err := kernels.Fact.Of(t.Context(), inventorytest.System(t, installed)); err != nil || m.Live || m.Unseen() || len(m.Installed) != 1 {
		t.Errorf("an image: got %+v, %v", m, err)
	}
	for _, fixture := range []string{installed + "-- etc/modprobe.d/a.conf error=EIO --\n", "-- lib/modules/6/modules.dep --\n", "live: true\n" + installed} {
		if m, err := kernels.Fact.Of(t.Context(), inventorytest.System(t, fixture)); err == nil {
			t.Errorf("%s: got %+v", fixture, m)
		}
	}
}

func TestRunning(t *testing.T) {
	all, err := kernels.Running.Of(t.Context(), inventorytest.System(t, live))
	if err != nil || len(all) != 1 || all[0].Source != "proc/cmdline" || len(all[0].Parameters) != 2 {
		t.Errorf("got %+v, %v", all, err)
	}
	if all, err := kernels.Running.Of(t.Context(), inventorytest.System(t, "-- proc/cmdline --\nx\n")); all != nil || err != nil {
		t.Errorf("an image: got %+v, %v", all, err)
	}
	if all, err := kernels.Running.Of(t.Context(), inventorytest.System(t, "live: true\n")); err == nil || errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("without proc: got %+v, %v", all, err)
	}
}
