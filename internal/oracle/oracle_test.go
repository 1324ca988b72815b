package oracle_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
)

// recorder is a test that notes how it ended.
type recorder struct {
	testing.TB
	end string
}

func (r *recorder) Helper() {}

func (r *recorder) Skipf(format string, args ...any) {
	r.end = "skip: " + fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.end = "fail: " + fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// end returns how a test with this body ends; it is empty when it went through.
func end(t *testing.T, body func(testing.TB)) string {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		body(r)
	}()
	<-done
	return r.end
}

func TestWhatIsMissing(t *testing.T) {
	tests := []struct {
		name, require string
		body          func(testing.TB)
		want          string
	}{
		{"program", "", func(t testing.TB) { oracle.Need(t, "pwscore") }, `skip: no oracle: exec: "pwscore": executable file not found`},
		{"program required", "1", func(t testing.TB) { oracle.Need(t, "pwscore") }, `fail: oracle required: exec: "pwscore": executable`},
		{"nothing", "1", func(t testing.TB) { oracle.Need(t) }, ""},
		{"tree", "", func(t testing.TB) { oracle.Tree(t, "hamm") }, "skip: no oracle: no tree of hamm"},
		{"tree required", "1", func(t testing.TB) { oracle.Tree(t, "hamm") }, "fail: oracle required: no tree of hamm"},
		{"run", "", func(t testing.TB) { oracle.Run(t, "pwscore") }, `skip: no oracle: exec: "pwscore": executable file not found`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("HARDENING_REQUIRE_ORACLES", tt.require)
			t.Setenv("HARDENING_TREES", t.TempDir())
			t.Setenv("PATH", t.TempDir())
			got := end(t, tt.body)
			if !strings.HasPrefix(got, tt.want) || (tt.want == "" && got != "") {
				t.Errorf("ended with %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRun(t *testing.T) {
	oracle.Need(t, "sh")
	if got := oracle.Run(t, "sh", "-c", "echo $LC_ALL; echo not this >&2"); string(got) != "C.UTF-8\n" {
		t.Errorf("got %q", got)
	}
	got := end(t, func(t testing.TB) { oracle.Run(t, "sh", "-c", "echo why >&2; exit 3") })
	if !strings.HasPrefix(got, "fail: ") || !strings.Contains(got, "exit code 3\nwhy") {
		t.Errorf("a failing program ended the test with %q", got)
	}
	out, code := oracle.Code(t, "sh", "-c", "echo disabled; exit 1")
	if string(out) != "disabled\n" || code != 1 {
		t.Errorf("got %q and %d, want disabled and 1", out, code)
	}
	got = end(t, func(t testing.TB) { oracle.Code(t, "sh", "-c", "kill -9 $$") })
	if !strings.HasPrefix(got, "fail: ") {
		t.Errorf("a killed program ended the test with %q", got)
	}
}

func TestTrees(t *testing.T) {
	for _, suite := range oracle.Suites {
		t.Run(suite, func(t *testing.T) {
			tree := oracle.Tree(t, suite)
			release, err := os.ReadFile(filepath.Join(tree, "etc/os-release"))
			if err != nil || !bytes.Contains(release, []byte(suite)) {
				t.Errorf("etc/os-release says %q, %v", release, err)
			}
			for _, ask := range [][]string{
				{"sshd", "-T"},
				{"dpkg-query", "-W"},
				{"passwd", "-S", "-a"},
				{"getent", "passwd", "root"},
				{"systemctl", "is-enabled", "cron.service"},
			} {
				if out := oracle.Chroot(t, tree, ask[0], ask[1:]...); len(out) == 0 {
					t.Errorf("%s says nothing", ask)
				}
			}
			oracle.Run(t, "systemctl", "--root="+tree, "is-enabled", "cron.service")
		})
	}
}

func TestTreeIsFrozen(t *testing.T) {
	tree := oracle.Tree(t, "bookworm")
	oracle.Need(t, "unshare")
	if _, code := oracle.Code(t, "unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /mnt"); code != 0 {
		t.Skip("root may not mount here")
	}
	_, code := oracle.ChrootCode(t, tree, "touch", "/oracle-was-here")
	if _, err := os.Lstat(filepath.Join(tree, "oracle-was-here")); code == 0 || !os.IsNotExist(err) {
		t.Fatalf("a program in the tree could write: exit code %d, %v", code, err)
	}
	oracle.Chroot(t, tree, "touch", "/tmp/oracle-was-here")
	if _, err := os.Lstat(filepath.Join(tree, "tmp/oracle-was-here")); !os.IsNotExist(err) {
		t.Errorf("/tmp of the tree was written to: %v", err)
	}
}

func TestCopy(t *testing.T) {
	tree := oracle.Tree(t, "bookworm")
	own := oracle.Copy(t, tree)
	oracle.Chroot(t, own, "useradd", "mallory")
	if got := oracle.Chroot(t, own, "getent", "passwd", "mallory"); !bytes.HasPrefix(got, []byte("mallory:")) {
		t.Errorf("the copy has %q", got)
	}
	theirs, err := os.Stat(filepath.Join(tree, "etc/debian_version"))
	if err != nil {
		t.Fatal(err)
	}
	ours, err := os.Stat(filepath.Join(own, "etc/debian_version"))
	if err != nil {
		t.Fatal(err)
	}
	if os.SameFile(theirs, ours) {
		t.Error("the copy shares a file with the tree")
	}
	if _, code := oracle.ChrootCode(t, tree, "getent", "passwd", "mallory"); code != 2 {
		t.Errorf("getent in the tree ended with %d, want 2: no such user", code)
	}
}
