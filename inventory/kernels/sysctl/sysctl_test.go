package sysctl_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/sysctl"
)

func TestParse(t *testing.T) {
	got, err := sysctl.Parse([]byte("# c\n; c\nkernel.randomize_va_space = 2\r\n-net/ipv4/conf/eth0.1/rp_filter=1\nnet.ipv4.conf.eth0/1.rp_filter=1\n-net.ipv4.conf.all.rp_filter\nnet.ipv4.conf.*.rp_filter = 2\nnonsense\nkernel.x=\n a . b = c = d"))
	want := []sysctl.Assignment{
		{Key: "kernel/randomize_va_space", Value: "2", Position: inventory.Position{Line: 3}},
		{Key: "net/ipv4/conf/eth0.1/rp_filter", Value: "1", Ignore: true, Position: inventory.Position{Line: 4}},
		{Key: "net/ipv4/conf/eth0.1/rp_filter", Value: "1", Position: inventory.Position{Line: 5}},
		{Key: "net/ipv4/conf/all/rp_filter", Except: true, Position: inventory.Position{Line: 6}},
		{Key: "net/ipv4/conf/*/rp_filter", Value: "2", Position: inventory.Position{Line: 7}},
		{Key: "kernel/x", Position: inventory.Position{Line: 9}},
		{Key: "a / b", Value: "c = d", Position: inventory.Position{Line: 10}},
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Error(d)
	}
	if err == nil || err.Error() != "line 8: no assignment" {
		t.Errorf("got %v", err)
	}
}

// applier is the unit that applies the files.
const applier = `-- usr/lib/systemd/system/systemd-sysctl.service --
[Service]
ExecStart=/usr/lib/systemd/systemd-sysctl
`

const image = `
-- etc/sysctl.d/50-a.conf --
kernel.kptr_restrict = 1
net.ipv4.conf.*.rp_filter = 1
net.ipv4.conf.all.rp_filter = 0
-- etc/sysctl.d/99-sysctl.conf link=../sysctl.conf --
-- etc/sysctl.conf --
kernel.kptr_restrict = 2
-- etc/sysctl.d/60-masked.conf link=/dev/null --
-- usr/lib/sysctl.d/60-masked.conf --
kernel.dmesg_restrict = 1
-- usr/lib/sysctl.d/50-a.conf --
kernel.hidden = 1
-- usr/lib/sysctl.d/55-b.conf --
-net.ipv4.conf.lo.rp_filter
net.ipv4.conf.e*.rp_filter = 2
net.ipv4.tcp_rmem = 4096	131072   6291456
-- usr/lib/sysctl.d/README --
kernel.readme = 1
-- run/sysctl.d/70-gone.conf link=nowhere --
` + applier

func TestImage(t *testing.T) {
	s := inventorytest.System(t, image)
	for key, want := range map[string]inventory.Setting{
		"kernel.kptr_restrict":         {Name: "kernel/kptr_restrict", Value: "2", Position: inventory.Position{Source: "etc/sysctl.d/99-sysctl.conf", Line: 1}},
		"net.ipv4.conf.all.rp_filter":  {Name: "net/ipv4/conf/all/rp_filter", Value: "0", Position: inventory.Position{Source: "etc/sysctl.d/50-a.conf", Line: 3}},
		"net/ipv4/conf/eth0/rp_filter": {Name: "net/ipv4/conf/eth0/rp_filter", Value: "2", Position: inventory.Position{Source: "usr/lib/sysctl.d/55-b.conf", Line: 2}},
		"net.ipv4.conf.wl0.rp_filter":  {Name: "net/ipv4/conf/wl0/rp_filter", Value: "1", Position: inventory.Position{Source: "etc/sysctl.d/50-a.conf", Line: 2}},
		"net.ipv4.tcp_rmem":            {Name: "net/ipv4/tcp_rmem", Value: "4096 131072 6291456", Position: inventory.Position{Source: "usr/lib/sysctl.d/55-b.conf", Line: 3}},
	} {
		if got, err := sysctl.Fact.Of(t.Context(), s, key); got != want || err != nil {
			t.Errorf("got %+v, %v\nwant %+v", got, err, want)
		}
	}
	for _, key := range []string{"kernel.dmesg_restrict", "kernel.hidden", "kernel.readme", "net.ipv4.conf.lo.rp_filter", "kernel.nothing"} {
		if got, err := sysctl.Fact.Of(t.Context(), s, key); !errors.Is(err, inventory.ErrNotLive) {
			t.Errorf("%s: got %+v, %v, want ErrNotLive", key, got, err)
		}
	}
	if _, err := sysctl.Fact.Of(t.Context(), s, ""); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("no key: got %v", err)
	}
}

// Files do not count if no unit applies them, or if something applies them in another order.
func TestWhatIsNotApplied(t *testing.T) {
	const set = "-- etc/sysctl.d/a.conf --\nkernel.x = 1\n"
	for name, fixture := range map[string]string{
		"no systemd": set, "masked": set + applier + "-- etc/systemd/system/systemd-sysctl.service link=/dev/null --\n",
		"no such unit": set + "-- usr/lib/systemd/system/x.service --\n[Service]\nExecStart=/bin/x\n",
	} {
		if got, err := sysctl.Fact.Of(t.Context(), inventorytest.System(t, fixture), "kernel.x"); !errors.Is(err, inventory.ErrUnavailable) {
			t.Errorf("%s: got %+v, %v, want ErrUnavailable", name, got, err)
		}
	}
}

func TestReadErrorsAreErrors(t *testing.T) {
	for name, fixture := range map[string]string{
		"file": "-- etc/sysctl.d/a.conf error=EIO --\n", "folder": "-- usr/lib/sysctl.d dir error=EACCES --\n", "folder as file": "-- etc/sysctl.d/a.conf dir --\n",
	} {
		if got, err := sysctl.Fact.Of(t.Context(), inventorytest.System(t, fixture), "kernel.x"); err == nil || errors.Is(err, inventory.ErrNotLive) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

func TestLive(t *testing.T) {
	s := inventorytest.System(t, "live: true\n-- proc/sys/kernel/kptr_restrict --\n1\n-- proc/sys/net/ipv4/tcp_rmem --\n4096\t131072\t6291456\n-- etc/sysctl.d/a.conf --\nkernel.kptr_restrict=2\nkernel.other=1\n")
	got, err := sysctl.Fact.Of(t.Context(), s, "kernel.kptr_restrict")
	if want := (inventory.Setting{Name: "kernel/kptr_restrict", Value: "1", Position: inventory.Position{Source: "proc/sys/kernel/kptr_restrict"}}); got != want || err != nil {
		t.Errorf("got %+v, %v, want the running value", got, err)
	}
	if got, err := sysctl.Fact.Of(t.Context(), s, "net.ipv4.tcp_rmem"); got.Value != "4096 131072 6291456" || err != nil {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := sysctl.Fact.Of(t.Context(), s, "kernel.other"); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("a key the kernel does not have: got %v, want ErrAbsent", err)
	}
	if _, err := sysctl.Fact.Of(t.Context(), inventorytest.System(t, "live: true\n"), "kernel.x"); err == nil || errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("no proc/sys: got %v, want an error that is no absence", err)
	}
}

// Each running value must be the one that sysctl -a prints.
func TestAgreesWithSysctl(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the oracle is that of Linux")
	}
	oracle.Need(t, "sysctl")
	cfg, err := inventory.Host()
	if err != nil {
		t.Fatal(err)
	}
	s := inventorytest.Open(t, cfg)
	n := 0
	for line := range strings.Lines(string(oracle.Run(t, "sysctl", "-a", "-e", "-b", "--pattern", "^(kernel|net[.]ipv4|net[.]ipv6|fs)[.]", "-n", "-N"))) {
		key := strings.TrimSpace(line)
		if strings.Contains(key, "random") || strings.Contains(key, "nr") || strings.Contains(key, "state") || strings.Contains(key, "ns_last_pid") {
			continue // they change between two looks
		}
		want, code := oracle.Code(t, "sysctl", "-n", key)
		if code != 0 {
			continue // it is listed for everybody, and read by root alone
		}
		got, err := sysctl.Fact.Of(t.Context(), s, key)
		if err != nil || got.Value != strings.Join(strings.Fields(string(want)), " ") {
			t.Errorf("%s: got %q, %v, want %q", key, got.Value, err, want)
		}
		if n++; n == 150 {
			break
		}
	}
	if n < 50 {
		t.Errorf("compared %d keys only", n)
	}
}

// systemd-analyze cat-config must name the same files in the same order.
func TestMergeOrderAgreesWithSystemd(t *testing.T) {
	oracle.Need(t, "systemd-analyze")
	tree := oracle.Copy(t, oracle.Tree(t, "bookworm"))
	for name, text := range map[string]string{
		"etc/sysctl.d/10-zz.conf": "kernel.a=1\n", "usr/lib/sysctl.d/10-zz.conf": "kernel.a=2\n", "run/sysctl.d/05-x.conf": "kernel.b=1\n",
		"usr/local/lib/sysctl.d/99-last.conf": "kernel.c=1\n", "etc/sysctl.d/.hidden.conf": "kernel.d=1\n", "etc/sysctl.d/note.txt": "kernel.e=1\n",
		"usr/lib/sysctl.d/30-mask.conf": "kernel.f=1\n", "etc/sysctl.d/a b.conf": "kernel.g=1\n", "etc/sysctl.d/Z.conf": "kernel.h=1\n",
	} {
		path := filepath.Join(tree, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/dev/null", filepath.Join(tree, "etc/sysctl.d/30-mask.conf")); err != nil {
		t.Fatal(err)
	}
	all, err := sysctl.Configured.Of(t.Context(), inventorytest.Folder(t, tree))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range all {
		if len(got) == 0 || got[len(got)-1] != a.Source {
			got = append(got, a.Source)
		}
	}
	var want []string
	for line := range strings.Lines(string(oracle.Run(t, "systemd-analyze", "--root="+tree, "cat-config", "sysctl.d"))) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "# "+tree+"/"); ok && strings.Contains(name, "sysctl.d/") {
			want = append(want, strings.TrimPrefix(name, "/"))
		}
	}
	if len(want) < 8 {
		t.Fatalf("the oracle names %d files only: %q", len(want), want)
	}
	// Files without any assignment are named by the oracle and have no lines of ours.
	have := map[string]bool{}
	for _, name := range got {
		have[name] = true
	}
	var both []string
	for _, name := range want {
		if have[name] {
			both = append(both, name)
		}
	}
	if d := cmp.Diff(got, both); d != "" {
		t.Errorf("%s\nall of the oracle: %q", d, want)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("-a.b*c=1\n-x\n=\n\x00=\xff\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, _ := sysctl.Parse(b)
		for _, a := range all {
			if strings.HasPrefix(a.Key, "/") || a.Line < 1 {
				t.Fatalf("%+v", a)
			}
			sysctl.Settings(all).Lookup(a.Key)
		}
	})
}

func ExampleSettings_Lookup() {
	all, _ := sysctl.Parse([]byte("net.ipv4.conf.*.rp_filter = 1\nnet.ipv4.conf.eth0.rp_filter = 2\n"))
	a, ok := sysctl.Settings(all).Lookup("net.ipv4.conf.eth0.rp_filter")
	fmt.Println(a.Value, a.Line, ok)
	// Output: 2 2 true
}
