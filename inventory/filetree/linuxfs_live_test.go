//go:build linux

package filetree_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

func host(t testing.TB) filetree.RootedFS {
	t.Helper()
	cfg, err := inventory.Host()
	must(t, err)
	if !cfg.Live || cfg.Platform.OS != "linux" {
		t.Errorf("got %+v, want a live Linux host", cfg)
	}
	return cfg.FS.(filetree.RootedFS)
}

// aboard returns the running host as a container would see it.
func aboard(t testing.TB, root string) filetree.RootedFS {
	t.Helper()
	return filetree.Configure(dir(t, root), true, filetree.Limits{}).(filetree.RootedFS)
}

func TestHostReadsProc(t *testing.T) {
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			f := way.make(host(t)).(filetree.RootedFS)
			for _, name := range []string{"proc/self/mountinfo", "proc/mounts", "proc/sys/kernel/ostype", "proc/net/dev"} {
				if b, err := fs.ReadFile(f, name); len(b) == 0 || err != nil {
					t.Errorf("%s: got %d bytes, %v", name, len(b), err)
				}
			}
			info, err := f.Stat("proc/sys/kernel/ostype")
			if err != nil || filetree.SysOf(info).Has&filetree.HasSize != 0 {
				t.Errorf("a pseudo file has no size: got %+v, %v", info, err)
			}
			target, err := f.ReadLink("proc/self")
			if want := fmt.Sprint(os.Getpid()); target != want || err != nil {
				t.Errorf("proc/self: got %q, %v, want %q", target, err, want)
			}
		})
	}
}

func TestFilesWhoseReadingActsAreNotOpened(t *testing.T) {
	tests := []struct{ name, says string }{
		{"proc/kmsg", "kernel's log"},
		{"proc/self/mem", "memory of a process"},
		{"proc/self/task/1/../../mem", ""},
		{"proc/sys/vm/stat_refresh", "counters"},
		{"proc/kcore", "memory of the kernel"},
		{"sys/power/wakeup_count", "wakeup"},
		{"sys/kernel/tracing/trace_pipe", "trace"},
		{"sys/kernel/debug/tracing/trace_pipe", ""},
	}
	for _, way := range ways {
		f := way.make(host(t)).(filetree.RootedFS)
		for _, tt := range tests {
			t.Run(way.name+" "+tt.name, func(t *testing.T) {
				if _, err := f.Lstat(tt.name); err != nil && tt.says != "" {
					t.Skip(err)
				}
				file, err := f.Open(tt.name)
				if err == nil {
					file.Close()
					t.Fatal("was opened")
				}
				if tt.says != "" && (!errors.Is(err, filetree.ErrIrregular) || !strings.Contains(err.Error(), tt.says)) {
					t.Errorf("got %v, want an irregular file: %s", err, tt.says)
				}
			})
		}
	}
}

func TestActingFilesAreFoundThroughLinks(t *testing.T) {
	if os.Geteuid() != 0 {
		oracle.Lack(t, "only root mounts a procfs")
	}
	inNamespace(t, func(t *testing.T) {
		root := plant(t, map[string]string{"log": "->p/kmsg", "up": "->p/sys/../kmsg", "p/": "", "file": "", "t/": ""})
		must(t, mount(t, "proc", filepath.Join(root, "p"), "proc", 0, ""))
		must(t, mount(t, "/proc/kmsg", filepath.Join(root, "file"), "", unix.MS_BIND, ""))
		names := []string{"p/kmsg", "log", "up", "file"}
		if mount(t, "tracefs", filepath.Join(root, "t"), "tracefs", 0, "") == nil {
			names = append(names, "t/trace_pipe", "t/free_buffer")
		}
		for _, way := range ways {
			f := way.make(aboard(t, root))
			for _, name := range names {
				if way.name == "no procfs" && name == "file" {
					continue // without a table a file's other name tells nothing
				}
				if _, err := f.Open(name); !errors.Is(err, filetree.ErrIrregular) {
					t.Errorf("%s %s: got %v, want %v", way.name, name, err, filetree.ErrIrregular)
				}
			}
		}
	})
}

func TestFilesOfAnEndedProcessAreAbsent(t *testing.T) {
	cmd := oracle.Command(t, "sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("proc/%d/status", cmd.Process.Pid)
	file, err := host(t).Open(name)
	must(t, err)
	defer file.Close()
	must(t, cmd.Process.Kill())
	cmd.Wait()
	if _, err := io.ReadAll(file); !inventory.IsAbsent(err, name) {
		t.Errorf("an open file: got %v, want absence", err)
	}
	if _, err := host(t).Open(name); !inventory.IsAbsent(err, name) {
		t.Errorf("got %v, want absence", err)
	}
}

// A write lease is held by who has a file open for writing and wants to be asked.
func TestLeaseIsNotWaitedFor(t *testing.T) {
	root := plant(t, map[string]string{"f": "text"})
	file, err := os.OpenFile(filepath.Join(root, "f"), os.O_RDWR, 0)
	must(t, err)
	defer file.Close()
	if _, err := unix.FcntlInt(file.Fd(), unix.F_SETLEASE, unix.F_WRLCK); err != nil {
		oracle.Lack(t, "no leases here: "+err.Error())
	}
	signal.Ignore(syscall.SIGIO)
	defer signal.Reset(syscall.SIGIO)
	began := time.Now()
	if _, err := dir(t, root).Open("f"); !errors.Is(err, inventory.ErrUnavailable) {
		t.Errorf("got %v after %v, want %v", err, time.Since(began), inventory.ErrUnavailable)
	}
}

func TestLinksOfProcThatAreNoPaths(t *testing.T) {
	for _, way := range ways {
		f := way.make(host(t)).(filetree.RootedFS)
		for _, name := range []string{"proc/self/exe", "proc/self/root/etc/passwd", "proc/self/cwd", "proc/self/fd/0"} {
			if _, err := f.Stat(name); !errors.Is(err, inventory.ErrUnavailable) {
				t.Errorf("%s %s: got %v, want %v", way.name, name, err, inventory.ErrUnavailable)
			}
		}
		if target, err := f.ReadLink("proc/self/cwd"); !strings.HasPrefix(target, "/") || err != nil {
			t.Errorf("%s: its text can be read: got %q, %v", way.name, target, err)
		}
	}
}

func TestSelfIsTheFirstProcessOfTheHostAround(t *testing.T) {
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			f := way.make(aboard(t, "/")).(filetree.RootedFS)
			want, err := os.ReadFile("/proc/1/comm")
			must(t, err)
			for _, name := range []string{"proc/self/comm", "proc/thread-self/comm"} {
				if b, err := fs.ReadFile(f, name); string(b) != string(want) || err != nil {
					t.Errorf("%s: got %q, %v, want %q", name, b, err, want)
				}
			}
			for name, want := range map[string]string{"proc/self": "1", "proc/thread-self": "1/task/1", "proc/mounts": "self/mounts"} {
				if target, err := f.ReadLink(name); target != want || err != nil {
					t.Errorf("%s: got %q, %v, want %q", name, target, err, want)
				}
			}
			first, err := f.Stat("proc/1/mounts")
			must(t, err)
			mounts, err := f.Stat("proc/mounts")
			must(t, err)
			if !sameFile(first, mounts) {
				t.Error("proc/mounts is not that of the first process")
			}
		})
	}
}

func sameFile(a, b fs.FileInfo) bool {
	x, y := filetree.SysOf(a), filetree.SysOf(b)
	return x.Inode == y.Inode && x.Dev == y.Dev
}

// inNamespace runs a test again in a process that has mounts of its own and a process
// group of its own, which autofs asks for.
func inNamespace(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	const variable = "INVENTORY_TEST_NAMESPACE"
	if os.Getenv(variable) == t.Name() {
		must(t, unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""))
		test(t)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=60s")
	cmd.Env = append(os.Environ(), variable+"="+t.Name())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS, Setpgid: true}
	out, err := cmd.CombinedOutput()
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EINVAL) { // the latter under qemu
		t.Skip("no mount namespace:", err)
	}
	if err != nil || strings.Contains(string(out), "--- SKIP") {
		t.Logf("%s", out)
	}
	if err != nil {
		t.Error(err)
	}
}

// mount mounts for the time of the test.
func mount(t *testing.T, source, at, fstype string, flags uintptr, data string) error {
	t.Helper()
	err := unix.Mount(source, at, fstype, flags, data)
	if err == nil {
		t.Cleanup(func() { unix.Unmount(at, unix.MNT_DETACH) })
	}
	return err
}

// mountSilent mounts a FUSE file system whose program never answers: whoever touches
// it waits until wake is called.
func mountSilent(t *testing.T, at string) (wake func()) {
	t.Helper()
	fd, err := unix.Open("/dev/fuse", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Skip("no FUSE:", err)
	}
	must(t, mount(t, "silent", at, "fuse.silent", 0, fmt.Sprintf("fd=%d,rootmode=40000,user_id=0,group_id=0", fd)))
	return func() { unix.Close(fd) }
}

// soon fails the test when do waits.
func soon(t *testing.T, what string, wake func(), do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Errorf("%s waits for a mount that does not answer", what)
		wake()
		<-done
	}
}

func TestSilentMountDoesNotHang(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("mounts")
	}
	inNamespace(t, func(t *testing.T) {
		root := plant(t, map[string]string{"hang/": "", "late/": "", "l": "->late/x", "f": "text", "t/": ""})
		must(t, mount(t, "tmpfs", filepath.Join(root, "t"), "tmpfs", 0, ""))
		must(t, os.WriteFile(filepath.Join(root, "t/f"), []byte("text"), 0o644))
		wake := mountSilent(t, filepath.Join(root, "hang"))
		early := []filetree.FS{dir(t, root), aboard(t, root), filetree.WithoutOpenat2(aboard(t, root))}
		wakeLate := mountSilent(t, filepath.Join(root, "late"))
		both := func() { wake(); wakeLate() }
		for i, f := range early {
			names := []string{"hang", "hang/x"}
			if i < 2 { // only openat2 shows a mount made after the table was read
				names = append(names, "late", "late/x", "l")
			}
			for _, name := range names {
				soon(t, name, both, func() {
					_, err := f.(filetree.RootedFS).Stat(name)
					if !errors.Is(err, inventory.ErrUnavailable) || !strings.Contains(err.Error(), "fuse.silent") {
						t.Errorf("%s: got %v, want that fuse.silent is not available", name, err)
					}
				})
			}
			if b, err := fs.ReadFile(f, "t/f"); string(b) != "text" || err != nil {
				t.Errorf("a mount of memory: got %q, %v", b, err)
			}
			must(t, f.(io.Closer).Close())
		}
	})
}

func TestAutomountIsNotWoken(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("mounts")
	}
	inNamespace(t, func(t *testing.T) {
		root := plant(t, map[string]string{"auto/": "", "l": "->auto/x"})
		var pipe [2]int
		must(t, unix.Pipe2(pipe[:], unix.O_NONBLOCK|unix.O_CLOEXEC))
		other, err := unix.Getpgid(os.Getppid())
		must(t, err)
		opts := fmt.Sprintf("fd=%d,pgrp=%d,minproto=5,maxproto=5,direct", pipe[1], other)
		if err := mount(t, "test", filepath.Join(root, "auto"), "autofs", 0, opts); err != nil {
			t.Skip("no autofs:", err)
		}
		for _, way := range ways[:2] {
			f := way.make(aboard(t, root)).(filetree.RootedFS)
			for _, name := range []string{"auto", "auto/x", "l"} {
				soon(t, name, func() { unix.Close(pipe[0]) }, func() {
					if _, err := f.Stat(name); !errors.Is(err, inventory.ErrUnavailable) {
						t.Errorf("%s: got %v, want %v", name, err, inventory.ErrUnavailable)
					}
				})
			}
		}
		if n, err := unix.Read(pipe[0], make([]byte, 512)); err != unix.EAGAIN {
			t.Errorf("the automounter was asked: %d bytes, %v", n, err)
		}
	})
}

func TestMountsOfTheHostThatAreNotVisible(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("mounts")
	}
	inNamespace(t, func(t *testing.T) {
		const shm = "/dev/shm" // the first process has a mount there
		table, err := os.ReadFile("/proc/1/mountinfo")
		must(t, err)
		if !strings.Contains(string(table), " "+shm+" ") {
			t.Skip("nothing is mounted on", shm)
		}
		for unix.Unmount(shm, unix.MNT_DETACH) == nil {
		}
		for _, way := range ways[:2] {
			f := way.make(aboard(t, "/")).(filetree.RootedFS)
			for _, name := range []string{"dev/shm", "dev/shm/x"} {
				if _, err := f.Lstat(name); !errors.Is(err, inventory.ErrUnavailable) || !strings.Contains(fmt.Sprint(err), "not visible") {
					t.Errorf("%s: got %v, want that the mount is not visible", name, err)
				}
			}
			if _, err := f.Lstat("dev/null"); err != nil {
				t.Error(err)
			}
		}
		if _, err := host(t).Lstat("dev/shm"); err != nil {
			t.Errorf("of the process's own host: %v", err)
		}
	})
}

func TestRootOfAnotherNamespace(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("mounts")
	}
	inNamespace(t, func(t *testing.T) {
		must(t, mount(t, "tmpfs", "/mnt", "tmpfs", 0, ""))
		root := fmt.Sprintf("/proc/%d/root", os.Getppid())
		if _, err := os.Stat(root); err != nil {
			t.Skip(err)
		}
		f := aboard(t, root)
		if b, err := fs.ReadFile(f, "proc/sys/kernel/ostype"); string(b) != "Linux\n" || err != nil {
			t.Errorf("got %q, %v", b, err)
		}
		if _, err := f.Lstat("mnt"); err != nil {
			t.Errorf("a mount of this process's is none of the other's: %v", err)
		}
	})
}
