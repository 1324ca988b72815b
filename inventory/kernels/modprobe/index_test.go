package modprobe_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/modprobe"
)

// modprobe reads modules.dep.bin and not modules.dep.
func TestIndex(t *testing.T) {
	dir := own(t, "bookworm")
	of := func(name string) string {
		b, err := os.ReadFile(filepath.Join(dir, "lib/modules/6.0", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	dep, bin := of("modules.dep"), of("modules.dep.bin")
	for name, c := range map[string]struct {
		dep, bin string
		says     string
	}{
		"the same":        {dep, bin, ""},
		"none":            {dep, "-", ""},
		"a module less":   {strings.Replace(dep, "kernel/ab.ko:\n", "", 1), bin, "the module ab, which modules.dep has not"},
		"a module more":   {dep + "kernel/zz.ko:\n", bin, "lacks the module zz"},
		"empty":           {dep, "", "no index"},
		"cut off":         {dep, bin[:len(bin)-20], "no index"},
		"another version": {dep, bin[:5] + "\x05" + bin[6:], "no index"},
		"another number":  {dep, "\x00" + bin[1:], "no index"},
		"a circle":        {dep, bin[:12] + "aa\x20\x00\x00\x0e", "lacks"},
	} {
		files := map[string]string{"lib/modules/6.0/modules.dep": c.dep, "lib/modules/6.0/modules.builtin": "", "lib/modules/6.0/modules.dep.bin": c.bin}
		if c.bin == "-" {
			delete(files, "lib/modules/6.0/modules.dep.bin")
		}
		all, err := modprobe.Kernels.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, files)))
		switch {
		case name == "a circle":
			if err == nil {
				t.Errorf("%s: got %v", name, all)
			}
		case c.says == "" && err != nil, c.says != "" && (!errors.Is(err, inventory.ErrUnavailable) || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: got %v, %v, want %q", name, all, err, c.says)
		}
	}
	oracle.Chroot(t, dir, "modprobe", "-n", "-S", "6.0", "ab")
	write(t, filepath.Join(dir, "lib/modules/6.0/modules.dep"), []byte("kernel/zz.ko:\n"), 0o644)
	write(t, filepath.Join(dir, "lib/modules/6.0/kernel/zz.ko"), nil, 0o644)
	oracle.Chroot(t, dir, "modprobe", "-n", "-S", "6.0", "ab")
	if _, code := oracle.ChrootCode(t, dir, "modprobe", "-n", "-S", "6.0", "zz"); code == 0 {
		t.Error("modprobe finds a module that modules.dep alone has")
	}
}

// The lists of real kernels agree.
func TestIndexOfDebian(t *testing.T) {
	for _, suite := range oracle.Suites {
		all, err := modprobe.Kernels.Of(t.Context(), inventorytest.Folder(t, oracle.Tree(t, suite+"-hardened")))
		if err != nil || len(all) != 1 || len(all[0].Loadable) < 500 {
			t.Errorf("%s: %d kernels, %v", suite, len(all), err)
		}
	}
}

func FuzzIndex(f *testing.F) {
	f.Add([]byte("\xb0\x07\xf4\x57\x00\x02\x00\x01\xc0\x00\x00\x0caa\x00\x00\x00\x00\x01\x00\x00\x00\x00kernel/aa.ko:\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := modprobe.ParseIndex(b)
		if err != nil && all != nil {
			t.Fatal(slices.Collect(maps.Keys(all)))
		}
	})
}
