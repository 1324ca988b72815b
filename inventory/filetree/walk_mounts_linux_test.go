package filetree_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

func TestTreeAndMounts(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("mounts")
	}
	inNamespace(t, func(t *testing.T) {
		root := plant(t, map[string]string{"hang/": "", "mem/": "", "dev/": "", "procfs/": "", "bind/": "", "plain/f": "", "file": "",
			"run/containers/merged/": "", "layers/": "", "upper/u": "", "work/": "", "sub/deep/": ""})
		at := func(name string) string { return filepath.Join(root, name) }
		must(t, mount(t, "tmpfs", at("mem"), "tmpfs", 0, "mode=1777"))
		must(t, os.WriteFile(at("mem/f"), nil, 0o644))
		must(t, mount(t, "dev", at("dev"), "devtmpfs", 0, ""))
		must(t, mount(t, "proc", at("procfs"), "proc", 0, ""))
		must(t, mount(t, at("plain"), at("bind"), "", unix.MS_BIND, ""))
		must(t, mount(t, at("plain/f"), at("file"), "", unix.MS_BIND, ""))
		must(t, mount(t, at("plain"), at("sub/deep"), "", unix.MS_BIND, ""))
		if _, err := os.Stat(at("dev/shm")); err == nil {
			must(t, mount(t, "tmpfs", at("dev/shm"), "tmpfs", 0, "mode=1777"))
			must(t, os.WriteFile(at("dev/shm/evil"), nil, 0o4755))
		}
		overlay := fmt.Sprintf("lowerdir=%s,upperdir=%s,workdir=%s", at("plain"), at("upper"), at("work"))
		layered := mount(t, "overlay", at("layers"), "overlay", 0, overlay) == nil
		lower := fmt.Sprintf("lowerdir=%s:%s", at("plain"), at("upper"))
		merged := mount(t, "overlay", at("run/containers/merged"), "overlay", 0, lower) == nil
		wake := mountSilent(t, at("hang"))
		late := mountSilent(t, at("sub")) // over sub/deep
		soon(t, "the walk", func() { wake(); late() }, func() {
			table, err := treeOf(t, inventory.Config{FS: dir(t, root), Live: true})
			if err != nil {
				t.Error(err)
				return
			}
			got := names(table)
			for name, want := range map[string]bool{
				"mem": true, "mem/f": true, "dev": true, "dev/null": false, "dev/shm": true, "dev/shm/evil": true,
				"procfs": true, "procfs/1": false, "bind/f": true, "plain/f": true, "file": true, "hang": false,
				"sub": false, "layers/u": layered, "layers/f": layered,
				"run/containers/merged": true, "run/containers/merged/f": false,
			} {
				if strings.HasPrefix(name, "dev/shm") && !slices.Contains(got, "dev/shm") {
					continue
				}
				if slices.Contains(got, name) != want {
					t.Errorf("%s: got %v, want %v", name, !want, want)
				}
			}
			if len(table.Errors()) != 0 {
				t.Errorf("got %v", table.Errors())
			}
			var mounts []string
			for _, m := range table.Mounts() {
				mounts = append(mounts, fmt.Sprint(m))
			}
			want := []string{"{dev devtmpfs 0}", "{hang fuse.silent 2}", "{procfs proc 0}"}
			if merged {
				want = append(want, "{run/containers/merged overlay 0}")
			}
			if want = append(want, "{sub fuse.silent 2}"); !slices.Equal(mounts, want) {
				t.Errorf("got %q, want %q", mounts, want)
			}
		})
	})
}

// The mounts are told by a table only; in truth all folders are plain.
func TestTreeGoesByTheTableOfMounts(t *testing.T) {
	files := map[string]string{}
	for _, d := range []string{"home", "net", "net/local", "dev", "dev/shm", "dev/pts", "sys/fs/cgroup", "sys", "auto", "var", "run/user", "p/merged", "btrfs"} {
		files[d+"/f"] = ""
	}
	own := mountTable + `50 27 8:2 / /home rw - xfs /dev/sdb rw
51 40 8:3 / /net/local rw - ext4 /dev/sdc rw
52 27 0:6 / /dev rw - devtmpfs devtmpfs rw
53 52 0:7 / /dev/shm rw - tmpfs tmpfs rw
54 52 0:8 / /dev/pts rw - devpts devpts rw
55 27 0:9 / /sys rw - sysfs sysfs rw
56 55 0:10 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
57 27 0:11 / /p/merged rw - overlay overlay rw
58 27 0:12 / /btrfs rw - btrfs /dev/sdd rw
`
	host := `27 1 254:0 / / rw - ext4 /dev/vda rw
60 27 0:60 / /var rw - btrfs /dev/sde rw
61 27 0:61 / /run/user rw - tmpfs tmpfs rw
62 52 0:62 / /dev/mqueue rw - mqueue mqueue rw
`
	walk := func(allow filetree.MountClass) (*filetree.Table, string) {
		f := filetree.Configure(dir(t, plant(t, files)), true, filetree.Limits{Mounts: allow})
		table, err := filetree.WalkTree(t.Context(), filetree.WithUnseen(filetree.WithMounts(f, own), host))
		must(t, err)
		var mounts []string
		for _, m := range table.Mounts() {
			mounts = append(mounts, fmt.Sprint(m))
		}
		return table, strings.Join(mounts, " ")
	}
	table, mounts := walk(0)
	want := []string{".", "btrfs", "btrfs/f", "dev", "dev/shm", "dev/shm/f", "home", "home/f", "p", "p/merged", "run", "sys"}
	if got := names(table); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	wantMounts := "{auto autofs 4} {dev devtmpfs 0} {dev/mqueue mqueue 0} {dev/pts devpts 0} {net nfs4 1} {net/local ext4 1} " +
		"{p/merged overlay 0} {run/user tmpfs 0} {sys sysfs 0} {sys/fs/cgroup cgroup2 0} {var btrfs 0}"
	if mounts != wantMounts {
		t.Errorf("got  %s\nwant %s", mounts, wantMounts)
	}
	if got := fmt.Sprint(table.Errors()); got != "[open var: the host's mount of btrfs on var is not visible here: not available]" {
		t.Errorf("got %s", got)
	}
	table, mounts = walk(filetree.MountNetwork)
	if got := names(table); !slices.Contains(got, "net/f") || !slices.Contains(got, "net/local/f") || strings.Contains(mounts, "net") {
		t.Errorf("allowed: got %q and %s", got, mounts)
	}
}
