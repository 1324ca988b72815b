package systemd_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

const folder = "-- etc/systemd/system/"

func TestGrowth(t *testing.T) {
	for unit, most := range map[string]uint64{"\n": 4, "# x\n": 4, "x=y\n": 80, "a b\n": 48, "a \\\n": 16, "[a]\nb=c\n": 48} {
		growth.Test(t, "[Service]\n", unit, most, func(b []byte) { systemd.Parse(b) })
	}
	for _, unit := range []string{"ExecStart=/a\n", "[Install]\nAlias=a.service\n", "[Unit]\nWants=b.service\n", "[Unit]\nRequiresMountsFor=/a/b\n"} {
		growth.Test(t, folder+"default.target --\n[Service]\n", unit, 128, func(b []byte) {
			us, err := systemd.Fact.Of(t.Context(), inventorytest.System(t, string(b)))
			if err != nil {
				t.Fatal(err)
			}
			u, _ := us.Unit("default.target")
			u.Values("Service", "ExecStart")
		})
	}
	growth.Test(t, folder+"default.target --\n[Unit]\nRequiresMountsFor=", "/a", 64, func(b []byte) {
		if _, err := systemd.Fact.Of(t.Context(), inventorytest.System(t, string(b)+"\n")); err != nil {
			t.Fatal(err)
		}
	})
}

func TestReaderLimits(t *testing.T) {
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, c := range map[string]struct{ fixture, want string }{
		"lines":     {folder + "a.service --\n[Service]\n" + strings.Repeat("x=y\n", 100_001), "etc/systemd/system/a.service: line 100002"},
		"words":     {folder + "a.service --\n[Install]\n" + strings.Repeat("WantedBy=a b c d\n", 20_001), "a.service"},
		"aliases":   {folder + "a.service --\n[Service]\n" + many(400, folder+"l%d.service link=a.service --\n"), ".service"},
		"instances": {folder + "default.target --\n[Unit]\nWants=a@x.service\n" + folder + "a@.service --\n[Service]\nExecStart=/x\n[Unit]\nWants=a@%i1.service a@%i2.service\n", "a@x"},
		"drop-ins": {many(400, folder+"service.d/%d.conf --\n[Unit]\n") + many(400, folder+"u%d.service --\n[Unit]\n"),
			"etc/systemd/system/u"},
		"presets": {folder + "a.service --\n[Unit]\n-- etc/systemd/system-preset/1.preset --\n" + many(10_001, "disable a%d*\n"), "etc/systemd/system-preset/1.preset"},
	} {
		_, err := systemd.Fact.Of(t.Context(), inventorytest.System(t, c.fixture))
		if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, c.want)
		}
	}
}
