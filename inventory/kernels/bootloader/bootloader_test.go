package bootloader_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/bootloader"
)

func TestParse(t *testing.T) {
	got, err := bootloader.Parse([]byte("# c ; x\nset a=\"b \\\"$c ${d}\" # e\r\nif [ -f $p/x ]; then\n\tlinux '/v m' a\\ b\\\nc#d\nfi\nmenuentry 'A $b' --id x {\n\tboot ; }\nx=${y}z$\n"))
	want := []bootloader.Command{
		{Words: []string{"set", "a=b \"\x00c\x00 \x00d\x00"}, Position: inventory.Position{Line: 2}},
		{Words: []string{"if", "[", "-f", "\x00p\x00/x", "]"}, Position: inventory.Position{Line: 3}},
		{Words: []string{"then"}, Position: inventory.Position{Line: 3}},
		{Words: []string{"linux", "/v m", "a bc#d"}, Position: inventory.Position{Line: 4}},
		{Words: []string{"fi"}, Position: inventory.Position{Line: 6}},
		{Words: []string{"menuentry", "A $b", "--id", "x"}, Position: inventory.Position{Line: 7}, Open: true},
		{Words: []string{"boot"}, Position: inventory.Position{Line: 8}},
		{Position: inventory.Position{Line: 8}, Close: true},
		{Words: []string{"x=\x00y\x00z$"}, Position: inventory.Position{Line: 9}},
	}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(d, err)
	}
	for text, want := range map[string]string{
		"a\nb 'c": "line 2: a quote that is left open", "menuentry a {\n": "line 2: a brace is left open", "a\n}\n": "line 2: a brace that ends nothing", "a\x00": "line 1: a NUL",
	} {
		if _, err := bootloader.Parse([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

// one returns the only configuration of a fixture.
func one(t *testing.T, fixture string) bootloader.Loader {
	t.Helper()
	all, err := bootloader.Fact.Of(t.Context(), inventorytest.System(t, fixture))
	if err != nil || len(all) != 1 {
		t.Fatalf("got %+v, %v", all, err)
	}
	return all[0]
}

const cfg = "-- boot/grub/grub.cfg --\n"

func TestLock(t *testing.T) {
	const pass = "password_pbkdf2 root grub.pbkdf2.x\n"
	for script, want := range map[string]bootloader.State{
		"":                                       bootloader.Open,
		"set superusers=root\n" + pass:           bootloader.Password,
		"superusers=\"a, root\"\n" + pass:        bootloader.Password,
		"set superusers=root\npassword root x\n": bootloader.Plain,
		"set superusers=root\n":                  bootloader.Nobody,
		"set superusers=\n" + pass:               bootloader.Nobody,
		pass:                                     bootloader.Open,
		"set superusers=root\n" + pass + "unset superusers\n":                                                  bootloader.Open,
		"set superusers=root\n" + pass + "if true; then unset superusers; fi\n":                                bootloader.Unsure,
		"set superusers=root\nif x; then\n" + pass + "fi\n":                                                    bootloader.Unsure,
		"if x; then set superusers=root; fi\n" + pass:                                                          bootloader.Unsure,
		"if x; then\nset superusers=root\nelse\nset superusers=a\nfi\n" + pass:                                 bootloader.Unsure,
		"function f {\nset superusers=root\n}\n" + pass:                                                        bootloader.Unsure,
		"menuentry a {\nset superusers=root\n}\n" + pass:                                                       bootloader.Open,
		"set superusers=root\n" + pass + "submenu b {\nmenuentry c {\n}\n}\n":                                  bootloader.Open,
		"set superusers=root\nexport superusers\n" + pass + "submenu b {\nmenuentry c {\n}\n}\n":               bootloader.Password,
		"set superusers=root\nif x; then export superusers; fi\n" + pass + "submenu b {\n}\n":                  bootloader.Open,
		"if [ -f $prefix/none ]; then\nset superusers=a\nelse\nset superusers=root\nfi\n" + pass:               bootloader.Password,
		"set u=root\nif [ -n \"$u\" ]; then\nset superusers=$u\nfi\n" + pass:                                   bootloader.Password,
		"if [ a = b ]; then\nset superusers=root\nelif [ a != b ]; then\nset superusers=root\nfi\n" + pass:     bootloader.Password,
		"if [ ! -f $prefix/none ]; then\nset superusers=root\nfi\n" + pass:                                     bootloader.Password,
		"source $prefix/none.cfg\nset superusers=root\n" + pass:                                                bootloader.Password,
		"set superusers=root; " + strings.ReplaceAll(pass, "root", "'ro'ot"):                                   bootloader.Password,
		"while x; do\nset superusers=root\ndone\n" + pass:                                                      bootloader.Unsure,
		"# set superusers=root\n" + pass:                                                                       bootloader.Open,
		"if [ -n \"${GRUB2_PASSWORD}\" ]; then\nset superusers=root\npassword_pbkdf2 root $GRUB2_PASSWORD\nfi": bootloader.Open,
	} {
		if l := one(t, cfg+script); l.Lock.State != want {
			t.Errorf("%s: got %+v, want %q", script, l.Lock, want)
		}
	}
}

func TestEntries(t *testing.T) {
	l := one(t, cfg+`set k="quiet splash"
if x; then set v=nokaslr; else set v=; fi
load_env
menuentry 'One' {
	linux /vmlinuz root=/dev/sda1 $k ${v} "$from_env"
	initrd /initrd
}
submenu 'More' {
	menuentry 'Two (recovery mode)' { linuxefi /vmlinuz single; }
	menuentry 'Xen' {
		multiboot2 /xen.gz placeholder
		module2 /vmlinuz-6 placeholder ro
		module2 /initrd
	}
}
blscfg
-- boot/grub/grubenv --
# GRUB Environment Block
from_env=audit=1
####
-- boot/loader/entries/b.conf --
title	B
linux	/vmlinuz
options	root=/dev/sda2 $k
options	ro it's;#
-- boot/loader/entries/chain.conf --
title Other
efi /EFI/other.efi
`)
	got := ""
	for _, e := range l.Entries {
		got += fmt.Sprintf("%s:%d %s %v %v %v\n", e.Source, e.Line, e.Title, e.Recovery, e.Parameters, e.Possible)
	}
	want := `boot/grub/grub.cfg:5 One false [{root /dev/sda1} {quiet } {splash } {audit 1}] [{nokaslr }]
boot/grub/grub.cfg:9 Two (recovery mode) true [{single }] []
boot/grub/grub.cfg:12 Xen false [{placeholder } {ro }] []
boot/loader/entries/b.conf:4 B false [{root /dev/sda2} {quiet } {splash } {ro } {it's;# }] []
`
	if d := cmp.Diff(got, want); d != "" {
		t.Error(d)
	}
}

func TestNotKnown(t *testing.T) {
	const boot = "-- boot/vmlinuz --\n"
	for name, c := range map[string]struct {
		fixture string
		want    error
	}{
		"nothing":                {"", inventory.ErrAbsent},
		"a kernel only":          {boot, inventory.ErrUnavailable},
		"modules only":           {"-- lib/modules/6/modules.dep --\n", inventory.ErrUnavailable},
		"a stub only":            {boot + "-- boot/efi/EFI/debian/grub.cfg --\nconfigfile $prefix/grub.cfg\n", inventory.ErrUnavailable},
		"another script":         {cfg + "source (hd0,1)/x.cfg\n", inventory.ErrUnavailable},
		"other variables":        {cfg + "load_env -f (hd0,1)/env\n", inventory.ErrUnavailable},
		"another menu":           {cfg + "linux /v\nif x; then configfile $prefix/y.cfg; fi\n", inventory.ErrUnavailable},
		"itself":                 {cfg + "source $prefix/grub.cfg\n", inventory.ErrLimit},
		"an include of SYSLINUX": {"-- boot/extlinux.conf --\nINCLUDE x\n", inventory.ErrUnavailable},
		"a unified kernel":       {"-- efi/loader/loader.conf --\n-- efi/EFI/Linux/a.efi --\n", inventory.ErrUnavailable},
	} {
		if all, err := bootloader.Fact.Of(t.Context(), inventorytest.System(t, c.fixture)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %+v, %v", name, all, err)
		}
	}
	for _, script := range []string{"if x\n", "fi\n", "else\n", "menuentry a {\nif x; then\n}\n", "done\n", "'"} {
		if all, err := bootloader.Fact.Of(t.Context(), inventorytest.System(t, cfg+script)); err == nil {
			t.Errorf("%q: got %+v", script, all)
		}
	}
}

func TestExtlinux(t *testing.T) {
	l := one(t, "-- boot/extlinux/extlinux.conf --\nDEFAULT menu.c32\nAPPEND quiet\nmenu master passwd secret\nLABEL a\n  LINUX /v\nlabel b\n  append ro\nLABEL c\n APPEND -\n")
	if l.Lock.State != bootloader.Plain || len(l.Entries) != 3 || len(l.Entries[0].Parameters) != 1 || l.Entries[1].Parameters[0].Name != "ro" || len(l.Entries[2].Parameters) != 0 || len(l.Secrets) != 1 {
		t.Errorf("got %+v", l)
	}
	if l := one(t, "-- boot/extlinux/extlinux.conf --\nDEFAULT a\nMENU MASTER PASSWD $6$x\nLABEL a\n"); l.Lock.State != bootloader.Open {
		t.Errorf("a password of a menu that is not there: got %+v", l.Lock)
	}
	l = one(t, "-- boot/extlinux/extlinux.conf --\nAPPEND quiet\nLABEL a\n LINUX /v selinux=0\n APPEND ro\nLABEL b\n KERNEL /v init=/bin/sh\nLABEL c\n")
	if got := fmt.Sprint(l.Entries[0].Parameters, l.Entries[1].Parameters, l.Entries[2].Parameters); got != "[{selinux 0} {ro }] [{init /bin/sh} {quiet }] [{quiet }]" {
		t.Errorf("parameters behind the kernel: got %s", got)
	}
}

func TestSystemdBoot(t *testing.T) {
	for text, want := range map[string]bootloader.State{
		"editor no": bootloader.Nobody, "editor\t0": bootloader.Nobody, "editor \"no\"": bootloader.Nobody, "editor yes\neditor no": bootloader.Nobody,
		"editor no # locked": bootloader.Open, "editor NO": bootloader.Open, "editor no\neditor x": bootloader.Nobody, "Editor no": bootloader.Open,
		"editor no\neditor on": bootloader.Open, "editor off": bootloader.Unsure, "": bootloader.Open,
	} {
		if l := one(t, "-- efi/loader/loader.conf --\n"+text+"\n"); l.Lock.State != want {
			t.Errorf("%q: got %q, want %q", text, l.Lock.State, want)
		}
	}
}

// grub-script-check must accept the same scripts, which are made of random pieces.
func TestAgreesWithGRUB(t *testing.T) {
	oracle.Need(t, "grub-script-check")
	pieces := []string{"menuentry a {\n", "menuentry 'b c' --id x {\n", "}\n", "set a=b\n", "linux /v ro\n", "submenu \"q\" {\n", "# c '\n", "x '", "'\n", "y \"", "\"\n", "z \\\n w\n", "e $a ${b}\n", "\n"}
	r := rand.New(rand.NewPCG(3, 4))
	name := filepath.Join(t.TempDir(), "x.cfg")
	taken := 0
	for range 300 {
		var s strings.Builder
		for range 1 + r.IntN(5) {
			s.WriteString(pieces[r.IntN(len(pieces))])
		}
		if err := os.WriteFile(name, []byte(s.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		_, code := oracle.Code(t, "grub-script-check", name)
		_, err := bootloader.Parse([]byte(s.String()))
		if code == 0 && err != nil {
			t.Errorf("%q: GRUB takes it, we do not: %v", s.String(), err)
		}
		if code == 0 {
			taken++
		}
	}
	if taken < 30 {
		t.Errorf("only %d scripts are right", taken)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "set a=b", "\ufeffset a=b\r\n", "a\\", "\x00", strings.Repeat("x", 1<<20), "set a=1\nset a=2\n", "menuentry 'a' {\n linux /v $x ${y}\n}\n", "${", "$", "{}", "\"$"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := bootloader.Parse(b)
		if err != nil && all != nil {
			t.Error("commands beside an error")
		}
		open := 0
		for _, c := range all {
			if c.Open {
				open++
			}
			if c.Close {
				open--
			}
			if open < 0 || c.Line < 1 {
				t.Errorf("%+v", c)
			}
		}
	})
}

func ExampleParse() {
	commands, _ := bootloader.Parse([]byte("menuentry 'Debian GNU/Linux' --unrestricted {\n\tlinux /vmlinuz ro quiet\n}\n"))
	for _, c := range commands {
		fmt.Printf("%d %q\n", c.Line, c.Words)
	}
	// Output:
	// 1 ["menuentry" "Debian GNU/Linux" "--unrestricted"]
	// 2 ["linux" "/vmlinuz" "ro" "quiet"]
	// 3 []
}
