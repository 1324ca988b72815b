package attack

import (
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
)

// Each of these files is swapped for a link to a file outside, and its folder for a link to a
// folder outside. What is outside would pass the rule.
var swapped = []struct{ rule, file, inside, outside string }{
	{"linux.ssh.root-login-off", "etc/ssh/sshd_config", "PermitRootLogin yes\n", "PermitRootLogin no\n"},
	{"linux.account.no-empty-password", "etc/shadow", "root::1::::::\n", "root:*:1::::::\n"},
	{"linux.sudo.own-terminal", "etc/sudoers", "root ALL=(ALL:ALL) ALL\n", "Defaults use_pty\nroot ALL=(ALL:ALL) ALL\n"},
	{"linux.password.no-empty-allowed", "etc/pam.d/sshd", "auth required pam_unix.so nullok\n", "auth required pam_unix.so\n"},
}

// TestSwapRaces scans a tree of which names change places with links to the outside all the time.
// Nothing outside is opened, which the kernel tells, and nothing passes.
func TestSwapRaces(t *testing.T) {
	rounds := 25
	if os.Getenv("HARDENING_LONG") != "" {
		rounds = 1000
	}
	top := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(top, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write("in/etc/os-release", "ID=debian\nVERSION_ID=12\n")
	write("in/etc/passwd", "root:x:0:0::/root:/bin/bash\n")
	write("in/usr/sbin/sshd", "")
	write("in/usr/bin/sudo", "")
	var ids []check.Compiled
	var swaps [][2]string
	for i, s := range swapped {
		write("in/"+s.file, s.inside)
		write("out/"+s.file, s.outside)
		dir, base := filepath.Split(s.file)
		for from, to := range map[string]string{dir + base: base + ".spare", filepath.Clean(dir): "dir.spare"} {
			spare := filepath.Join(top, "in/spare", string(rune('a'+i))+to)
			if err := errors.Join(os.MkdirAll(filepath.Dir(spare), 0o755), os.Symlink(filepath.Join(top, "out", from), spare)); err != nil {
				t.Fatal(err)
			}
			swaps = append(swaps, [2]string{filepath.Join(top, "in", from), spare})
		}
		for _, r := range rules(t) {
			if r.ID == s.rule {
				ids = append(ids, r)
			}
		}
	}
	opened := watch(t, filepath.Join(top, "out"))

	var over atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; !over.Load(); n++ {
			s := swaps[n%len(swaps)]
			// A folder may be a link at the moment, so that a file in it is not there.
			for range 2 {
				_ = unix.Renameat2(unix.AT_FDCWD, s[0], unix.AT_FDCWD, s[1], unix.RENAME_EXCHANGE)
			}
		}
	}()
	seen := map[check.Status]int{}
	for range rounds {
		cfg, err := inventory.Dir(filepath.Join(top, "in"))
		if err != nil {
			t.Fatal(err)
		}
		sys, err := inventory.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		out, err := check.Run(t.Context(), sys, ids, check.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range out {
			seen[o.Result.Status]++
			if o.Result.Status == check.Pass {
				t.Errorf("%s passes: %s", o.Rule.ID, o.Result.Message)
			}
		}
		cfg.Close()
	}
	over.Store(true)
	<-done
	if n := opened(); n > 0 {
		t.Errorf("%d times something outside was opened", n)
	}
	t.Logf("%d rounds of %d rules: %v", rounds, len(ids), seen)
	if seen[check.Fail] == 0 {
		t.Error("no round saw the inside")
	}
	// The watch is not blind.
	if _, err := os.ReadFile(filepath.Join(top, "out", swapped[0].file)); err != nil || opened() == 0 {
		t.Errorf("the watch does not see what is opened (%v)", err)
	}
}

// watch counts what is opened below a folder, from now on.
func watch(t *testing.T, root string) (opened func() int) {
	t.Helper()
	fd, err := unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	err = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			_, err = unix.InotifyAddWatch(fd, path, unix.IN_OPEN)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	drain(fd)
	return func() int { return drain(fd) }
}

// drain returns how many events wait.
func drain(fd int) (n int) {
	b := make([]byte, 64<<10)
	for {
		got, err := unix.Read(fd, b)
		if err != nil || got <= 0 {
			return n
		}
		for at := 0; at < got; n++ {
			at += unix.SizeofInotifyEvent + int((*unix.InotifyEvent)(unsafe.Pointer(&b[at])).Len)
		}
	}
}
