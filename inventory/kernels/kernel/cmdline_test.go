package kernel_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
)

func TestParseCommandLine(t *testing.T) {
	for text, want := range map[string]kernel.Parameters{
		"":                                  nil,
		"\n":                                nil,
		"BOOT_IMAGE=/vmlinuz ro quiet\n":    {{"BOOT_IMAGE", "/vmlinuz"}, {"ro", ""}, {"quiet", ""}},
		"a=1  a=2\tsystemd.debug-shell":     {{"a", "1"}, {"a", "2"}, {"systemd.debug_shell", ""}},
		`dyndbg="file a +p" x`:              {{"dyndbg", "file a +p"}, {"x", ""}},
		`"dyndbg=file a +p" "y z" x="a b`:   {{"dyndbg", "file a +p"}, {"y z", ""}, {"x", "a b"}},
		`root=UUID=1 -- single`:             {{"root", "UUID=1"}, {"__", ""}, {"single", ""}},
		`module_blacklist=a,b mitigations=`: {{"module_blacklist", "a,b"}, {"mitigations", ""}},
	} {
		if d := cmp.Diff(kernel.ParseCommandLine(text), want); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	}
}

func TestCommandLine(t *testing.T) {
	p, err := kernel.CommandLine.Of(t.Context(), inventorytest.System(t, "live: true\n-- proc/cmdline --\nro a=1 a=2\n"))
	if v, ok := p.Lookup("a"); v != "2" || !ok || err != nil {
		t.Errorf("got %q, %v, %v", v, ok, err)
	}
	if _, ok := p.Lookup("b"); ok {
		t.Error("a parameter that is not there")
	}
	if _, err := kernel.CommandLine.Of(t.Context(), inventorytest.System(t, "-- proc/cmdline --\nro\n")); !errors.Is(err, inventory.ErrNotLive) {
		t.Errorf("an image: %v", err)
	}
}

func FuzzParseCommandLine(f *testing.F) {
	for _, s := range []string{"", "a", `a="b c" d`, "\ufeffa\r\n", "\x00", `"`, strings.Repeat("x=1 ", 1<<18), "a=1 a=2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, p := range kernel.ParseCommandLine(s) {
			if strings.Contains(p.Name, "-") {
				t.Errorf("%q", p.Name)
			}
		}
	})
}

func ExampleParseCommandLine() {
	p := kernel.ParseCommandLine("BOOT_IMAGE=/vmlinuz ro audit=0 audit=1")
	fmt.Println(p.Lookup("audit"))
	// Output: 1 true
}
