package systemd_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// materialize writes a tree into a folder, so that programs can read it.
func materialize(t testing.TB, root string, ar *txtar.Archive) {
	t.Helper()
	if os.Geteuid() != 0 {
		oracle.Lack(t, "not root: devices have to be made")
	}
	for _, f := range ar.Files {
		header := strings.Fields(f.Name)
		name, attr := filepath.Join(root, header[0]), strings.Join(header[1:], " ")
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		target, isLink := strings.CutPrefix(attr, "link=")
		switch {
		case isLink:
			err = os.Symlink(target, name)
		case attr == "dir":
			err = os.MkdirAll(name, 0o755)
		case attr == "device":
			oracle.Try(t, nil, "mknod", name, "c", "1", "3") // takes more than root in many containers
		case attr == "":
			err = os.WriteFile(name, f.Data, 0o644)
		default:
			t.Fatalf("cannot make %q", f.Name)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// listUnits are the arguments of systemctl for a list that programs can read.
var listUnits = []string{"list-unit-files", "--no-legend", "--no-pager", "--full"}

// runSystemctl returns the states and presets in a tree, in the form of the section "want" of a
// fixture.
func runSystemctl(t testing.TB, root string, ask []string) []byte {
	t.Helper()
	t.Setenv("SYSTEMCTL_SKIP_SYSV", "1")
	lines := sortList(oracle.Run(t, "systemctl", append([]string{"--root=" + root}, listUnits...)...))
	for _, name := range ask {
		out, _ := oracle.Code(t, "systemctl", "--root="+root, "is-enabled", name)
		state := string(bytes.TrimSpace(out))
		if state == "" {
			state = "error"
		}
		lines = append(lines, "ask "+name+" "+state+"\n")
	}
	return bytes.Join(asBytes(lines), nil)
}

// sortList sorts a list of systemctl and separates its columns by single blanks.
func sortList(out []byte) []string {
	var lines []string
	for line := range strings.Lines(string(out)) {
		lines = append(lines, strings.Join(strings.Fields(line), " ")+"\n")
	}
	slices.Sort(lines)
	return lines
}

// openDir opens a tree on the disk.
func openDir(t testing.TB, root string) *inventory.System {
	t.Helper()
	cfg, err := inventory.Dir(root)
	if err != nil {
		t.Fatal(err)
	}
	return inventorytest.Open(t, cfg)
}

// compareStates compares the states of this package with systemctl's. It returns their number.
func compareStates(t *testing.T, root string, ask []string) int {
	t.Helper()
	want := runSystemctl(t, root, ask)
	got := formatStates(collect(t, openDir(t, root)), ask)
	if diff := cmp.Diff(strings.Split(string(got), "\n"), strings.Split(string(want), "\n")); diff != "" {
		t.Errorf("-got +want:\n%s", diff)
	}
	return bytes.Count(want, []byte("\n"))
}

func TestFixturesAgainstSystemctl(t *testing.T) {
	oracle.Need(t, "systemctl", "mknod")
	for _, f := range fixtures(t) {
		t.Run(filepath.Base(f.file), func(t *testing.T) {
			root := t.TempDir()
			materialize(t, root, f.tree)
			want := runSystemctl(t, root, f.ask)
			if updating() {
				f.tree.Files = append(f.tree.Files, txtar.File{Name: "want", Data: want})
				if err := os.WriteFile(f.file, txtar.Format(f.tree), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(f.want), string(want)); diff != "" {
				t.Errorf("-fixture +systemctl:\n%s", diff)
			}
			t.Logf("%d units", compareStates(t, root, f.ask))
		})
	}
}

// instances are names that no list of a tree has.
var instances = []string{"getty@tty1.service", "getty@tty2.service", "autovt@tty3.service",
	"serial-getty@ttyS0.service",
	"systemd-fsck@dev-sda1.service", "user@0.service", "user@1000.service", "modprobe@loop.service", "blockdev@x.target",
	"user-runtime-dir@0.service", "container-getty@1.service", "no-such@x.service", "no-such.service", "e2scrub@root.service"}

func TestTreesAgainstSystemctl(t *testing.T) {
	oracle.Need(t, "systemctl")
	for _, suite := range oracle.Suites {
		t.Run(suite, func(t *testing.T) {
			tree := oracle.Tree(t, suite)
			t.Logf("%d units", compareStates(t, tree, instances))
			us := collect(t, openDir(t, tree))
			own := sortList(oracle.Chroot(t, tree, "systemctl", listUnits...)) // 252 and 247
			if diff := cmp.Diff(string(formatStates(us, nil)), strings.Join(own, "")); diff != "" {
				t.Errorf("its own systemctl: -got +want:\n%s", diff)
			}
			want := strings.TrimSpace(string(oracle.Run(t, "systemctl", "--root="+tree, "get-default")))
			if got, ok := us.DefaultTarget(); got != want || !ok {
				t.Errorf("default target: got %q, %v, want %q", got, ok, want)
			}
		})
	}
}

// Each step of an administrator with systemctl is compared.
func TestOperationsAgainstSystemctl(t *testing.T) {
	oracle.Need(t, "systemctl")
	tree := oracle.Copy(t, oracle.Tree(t, "bookworm"))
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(tree, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const service = "[Service]\nExecStart=/bin/true\n"
	write("opt/own.service", service+"[Install]\nWantedBy=multi-user.target\nAlias=mine.service\nAlso=own.timer\n")
	write("opt/own.timer", "[Timer]\nOnBootSec=1\n[Install]\nWantedBy=timers.target\n")
	write("opt/late.service", service)
	write("etc/systemd/system/tmpl@.service", service+"[Install]\nWantedBy=multi-user.target\nDefaultInstance=first\nAlias=known@.service\n")
	write("etc/systemd/system/up.service", service+"[Install]\nUpheldBy=multi-user.target\n")
	write("etc/systemd/system/only.service", service+"[Install]\nAlso=cron.service\n")
	write("usr/lib/systemd/system/plain.service", service)
	ask := append([]string{"tmpl@first.service", "tmpl@second.service", "known@first.service", "getty@tty5.service",
		"own.service"}, instances...)
	for _, step := range [][]string{
		{"disable", "cron.service"},
		{"enable", "ssh.socket", "cron.service"},
		{"mask", "apt-daily.timer", "ssh.service"},
		{"mask", "--runtime", "fstrim.timer", "plain.service"},
		{"unmask", "ssh.service"},
		{"enable", "--runtime", "systemd-networkd.service"},
		{"unmask", "--runtime", "plain.service"},
		{"add-wants", "multi-user.target", "plain.service"},
		{"add-wants", "--runtime", "sysinit.target", "systemd-sysctl.service"},
		{"add-requires", "sysinit.target", "debug-shell.service"},
		{"link", "/opt/own.service", "/opt/own.timer"},
		{"link", "--runtime", "/opt/late.service"},
		{"enable", "own.service"},
		{"enable", "getty@tty5.service", "tmpl@second.service"},
		{"enable", "tmpl@.service"},
		{"enable", "only.service", "up.service"},
		{"preset", "cron.service", "getty@.service", "systemd-networkd.service", "tmpl@.service"},
		{"set-default", "multi-user.target"},
		{"disable", "own.service"},
		{"reenable", "ssh.service"},
		{"revert", "plain.service"},
		{"preset-all"},
	} {
		args := append([]string{"--root=" + tree}, step...)
		if _, code := oracle.Code(t, "systemctl", args...); code != 0 {
			t.Errorf("%q: exit code %d", step, code)
		}
		n := compareStates(t, tree, ask)
		t.Logf("%q: %d units", step, n)
		want, _ := oracle.Code(t, "systemctl", "--root="+tree, "get-default")
		if got, _ := collect(t, openDir(t, tree)).DefaultTarget(); got != string(bytes.TrimSpace(want)) {
			t.Errorf("%q: default target: got %q, want %q", step, got, want)
		}
	}
}
