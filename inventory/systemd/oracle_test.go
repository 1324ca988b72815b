package systemd_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
)

// materialize lays a tree over a folder, for programs to look at.
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
			oracle.Run(t, "mknod", name, "c", "1", "3")
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

// systemctl asks for the states and presets in a tree, as the section "want" of a
// fixture has them.
func systemctl(t testing.TB, root string, ask []string) []byte {
	t.Helper()
	t.Setenv("SYSTEMCTL_SKIP_SYSV", "1")
	list := oracle.Run(t, "systemctl", "--root="+root, "list-unit-files", "--no-legend", "--no-pager", "--full")
	var lines []string
	for line := range strings.Lines(string(list)) {
		lines = append(lines, strings.Join(strings.Fields(line), " ")+"\n")
	}
	slices.Sort(lines)
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

// dir opens a tree on the disk.
func dir(t testing.TB, root string) *inventory.System {
	t.Helper()
	cfg, err := inventory.Dir(root)
	if err != nil {
		t.Fatal(err)
	}
	return checktest.Open(t, cfg)
}

// agree compares our answers with systemctl's and answers how many there are.
func agree(t *testing.T, root string, ask []string) int {
	t.Helper()
	want := systemctl(t, root, ask)
	got := told(collected(t, dir(t, root)), ask)
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
			want := systemctl(t, root, f.ask)
			if update := flag.Lookup("update"); update != nil && update.Value.String() == "true" {
				f.tree.Files = append(f.tree.Files, txtar.File{Name: "want", Data: want})
				if err := os.WriteFile(f.file, txtar.Format(f.tree), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(f.want), string(want)); diff != "" {
				t.Errorf("-fixture +systemctl:\n%s", diff)
			}
			t.Logf("%d units", agree(t, root, f.ask))
		})
	}
}

// every unit name that a tree may be asked about beside what it lists.
var instances = []string{"getty@tty1.service", "getty@tty2.service", "autovt@tty3.service", "serial-getty@ttyS0.service",
	"systemd-fsck@dev-sda1.service", "user@0.service", "user@1000.service", "modprobe@loop.service", "blockdev@x.target",
	"user-runtime-dir@0.service", "container-getty@1.service", "no-such@x.service", "no-such.service", "e2scrub@root.service"}

func TestTreesAgainstSystemctl(t *testing.T) {
	oracle.Need(t, "systemctl")
	for _, suite := range []string{"bookworm", "bullseye"} {
		t.Run(suite, func(t *testing.T) {
			tree := oracle.Tree(t, suite)
			t.Logf("%d units", agree(t, tree, instances))
			want := strings.TrimSpace(string(oracle.Run(t, "systemctl", "--root="+tree, "get-default")))
			if got, ok := collected(t, dir(t, tree)).DefaultTarget(); got != want || !ok {
				t.Errorf("default target: got %q, %v, want %q", got, ok, want)
			}
		})
	}
}
