package kconfig_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/kconfig"
)

// Lines of config-6.1.0-56-amd64 of Debian 12.
const debian = "#\n# Automatically generated file; DO NOT EDIT.\n# Linux/x86 6.1.192 Kernel Configuration\n#\nCONFIG_CC_VERSION_TEXT=\"gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0\"\n" +
	"CONFIG_X86_64=y\nCONFIG_BINFMT_MISC=m\nCONFIG_PANIC_ON_OOPS_VALUE=0\n# CONFIG_COMPAT_BRK is not set\nCONFIG_X=y\n# CONFIG_X is not set\n"

func TestParse(t *testing.T) {
	got, err := kconfig.Parse([]byte(debian))
	want := map[string]kconfig.Option{"CC_VERSION_TEXT": {Value: "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0", Position: inventory.Position{Line: 5}}, "X86_64": {Value: "y", Position: inventory.Position{Line: 6}},
		"BINFMT_MISC": {Value: "m", Position: inventory.Position{Line: 7}}, "PANIC_ON_OOPS_VALUE": {Value: "0", Position: inventory.Position{Line: 8}}, "COMPAT_BRK": {Value: "n", Position: inventory.Position{Line: 9}}, "X": {Value: "n", Position: inventory.Position{Line: 11}}}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(d, err)
	}
	if got, err := kconfig.Parse([]byte("CONFIG_A=y\nB=y\nCONFIG_C\n CONFIG_D=y\nCONFIG_E=\n")); got != nil || err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("got %v, %v", got, err)
	}
}

const lists = "-- lib/modules/%[1]s/modules.dep --\n-- lib/modules/%[1]s/modules.builtin --\n"

func TestFact(t *testing.T) {
	two := fmt.Sprintf(lists, "6") + fmt.Sprintf(lists, "7") + "-- boot/config-6 --\nCONFIG_A=y\n-- lib/modules/7/config --\nCONFIG_A=m\n"
	all, err := kconfig.Fact.Of(t.Context(), inventorytest.System(t, two))
	if err != nil || len(all) != 2 || all[0].Source != "boot/config-6" || all[1].Options["A"].Value != "m" || all[1].Options["A"].Place() != "lib/modules/7/config:1" {
		t.Errorf("got %+v, %v", all, err)
	}
	const proc = "live: true\n-- proc/sys/kernel/osrelease --\n6\n-- proc/sys/kernel/hostname --\nh\n"
	if all, err := kconfig.Fact.Of(t.Context(), inventorytest.System(t, proc+two)); err != nil || len(all) != 2 {
		t.Errorf("running: got %+v, %v", all, err)
	}
	for name, c := range map[string]struct {
		fixture string
		want    error
	}{
		"no kernel": {"", inventory.ErrAbsent}, "an image only": {"-- boot/vmlinuz-6 --\n", inventory.ErrUnavailable},
		"no configuration": {fmt.Sprintf(lists, "6"), inventory.ErrUnavailable}, "running from elsewhere": {proc, inventory.ErrUnavailable},
		"unreadable": {fmt.Sprintf(lists, "6") + "-- boot/config-6 error=EACCES --\n", fs.ErrPermission},
	} {
		if all, err := kconfig.Fact.Of(t.Context(), inventorytest.System(t, c.fixture)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %+v, %v", name, all, err)
		}
	}
	if all, err := kconfig.Fact.Of(t.Context(), inventorytest.System(t, fmt.Sprintf(lists, "6")+"-- boot/config-6 --\n")); err == nil {
		t.Errorf("an empty file: got %+v", all)
	}
}

// packed returns a system whose kernel shows its configuration.
type packed struct {
	fs.ReadLinkFS
	b []byte
}

func (p packed) Open(name string) (fs.File, error) {
	if name == "proc/config.gz" {
		return fstest.MapFS{name: {Data: p.b, Mode: 0o444}}.Open(name)
	}
	return p.ReadLinkFS.Open(name)
}

func (p packed) Lstat(name string) (fs.FileInfo, error) {
	if name == "proc/config.gz" {
		return fstest.MapFS{name: {Data: p.b, Mode: 0o444}}.Stat(name)
	}
	return p.ReadLinkFS.Lstat(name)
}

func TestRunning(t *testing.T) {
	for _, c := range []struct {
		text string
		cut  int
		ok   bool
	}{{debian, 0, true}, {debian, 9, false}, {strings.Repeat("#\n", 9<<20), 0, false}} {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write([]byte(c.text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		cfg := inventorytest.Config(t, "live: true\n-- proc/sys/kernel/osrelease --\n6\n-- proc/sys/kernel/hostname --\nh\n")
		cfg.FS = packed{cfg.FS, b.Bytes()[:b.Len()-c.cut]}
		all, err := kconfig.Fact.Of(t.Context(), inventorytest.Open(t, cfg))
		if (err == nil) != c.ok || c.ok && (len(all) != 1 || all[0].Source != "proc/config.gz" || all[0].Options["X86_64"].Value != "y") {
			t.Errorf("%d: got %+v, %v", len(c.text), all, err)
		}
	}
}

// zcat must show the same options of the running kernel.
func TestAgreesWithZcat(t *testing.T) {
	if _, err := os.Stat("/proc/config.gz"); err != nil {
		return // this kernel does not tell its configuration
	}
	out := oracle.Run(t, "zcat", "/proc/config.gz")
	all, err := kconfig.Parse(out)
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "CONFIG_") || strings.HasPrefix(line, "# CONFIG_") {
			want++
		}
	}
	if len(all) != want || want < 100 {
		t.Errorf("got %d options, want %d", len(all), want)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", debian, "\ufeffCONFIG_A=y\r\n", "CONFIG_A=y", "\x00", "CONFIG_A=" + strings.Repeat("x", 1<<20), "CONFIG_A=\"", "# CONFIG_ is not set"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := kconfig.Parse(b)
		if err != nil && all != nil {
			t.Error("options beside an error")
		}
		for name, o := range all {
			if name == "" || o.Line < 1 {
				t.Errorf("%q %+v", name, o)
			}
		}
	})
}

func ExampleParse() {
	options, _ := kconfig.Parse([]byte("CONFIG_MODULES=y\n# CONFIG_MODULE_SIG_FORCE is not set\n"))
	fmt.Println(options["MODULES"].Value, options["MODULE_SIG_FORCE"].Value)
	// Output: y n
}
