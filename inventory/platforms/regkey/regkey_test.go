package regkey_test

import (
	"context"
	"errors"
	"io/fs"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/platforms/regkey"
)

func TestValues(t *testing.T) {
	const fixture = "-- @registry --\n[HKEY_LOCAL_MACHINE\\SYSTEM\\Lsa]\n\"B\"=dword:00000001\n\"A\"=\"x\"\n"
	s := inventorytest.System(t, fixture)
	for key, want := range map[string]int{`HKLM\SYSTEM\Lsa`: 2, `HKLM\system\LSA`: 2, `HKLM\SYSTEM\None`: 0,
		`HKLM\SYSTEM`: 0} {
		if got, err := regkey.Values.Of(t.Context(), s, key); len(got) != want || err != nil {
			t.Errorf("%s: got %v, %v", key, got, err)
		}
	}
	if got, err := regkey.Values.Of(t.Context(), s, `HKLM\SOFTWARE\None`); !errors.Is(err, inventory.ErrUnavailable) {
		t.Errorf("a hive that is not there: got %v, %v", got, err)
	}
	if got, err := regkey.Values.Of(t.Context(),
		inventorytest.System(t, ""), `HKLM\SYSTEM\Lsa`); !errors.Is(err, inventory.ErrUnavailable) {
		t.Errorf("no registry: got %v, %v", got, err)
	}
	for _, op := range []string{inventory.OpValues, inventory.OpKeys} {
		cfg := inventorytest.Config(t, fixture)
		cfg.Intercept = func(_ context.Context, r inventory.Read) error {
			if r.Op == op {
				return fs.ErrPermission
			}
			return nil
		}
		if got, err := regkey.Values.Of(t.Context(),
			inventorytest.Open(t, cfg), `HKLM\SYSTEM\None`); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s: got %v, %v", op, got, err)
		}
	}
}
