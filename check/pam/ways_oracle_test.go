package pam_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/pam"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// The accounts of the states: amy has an empty password, bob has one that nobody knows, eve is not
// in etc/passwd. Bob is a member of wheel.
const (
	accounts = "root:x:0:0:root:/root:/bin/sh\namy:x:1000:1000::/:/bin/sh\nbob:x:1001:1001::/:/bin/sh\n"
	hashes   = "root:*:1::::::\namy::1::::::\nbob:$6$abcdefgh$" + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" + ":1::::::\n"
	groups   = "root:x:0:\namy:x:1000:\nbob:x:1001:\nwheel:x:10:bob\nnobody:x:99:\n"
)

// The grammar of the stacks:
//
//	stack   = line { line } [ "auth requisite pam_deny.so" ] [ "auth required pam_permit.so" ]
//	line    = "auth" control module | "auth" ( "include" | "substack" ) file | "@include" file
//	control = required | requisite | sufficient | optional | a list with jumps
//	module  = those below, with their arguments
var (
	controls = []string{"required", "requisite", "sufficient", "sufficient", "optional", "[success=1 default=ignore]",
		"[success=2 default=ignore]", "[default=1 ignore=ignore success=ok]", "[success=done new_authtok_reqd=done default=die]", "[success=ok default=die]"}
	modules = []string{"pam_unix.so nodelay", "pam_unix.so nodelay", "pam_unix.so nodelay", "pam_unix.so nodelay nullok", "pam_unix.so nullok nodelay try_first_pass", "pam_permit.so", "pam_deny.so", "pam_rootok.so",
		"pam_wheel.so", "pam_wheel.so trust", "pam_wheel.so trust use_uid", "pam_wheel.so deny group=wheel", "pam_succeed_if.so user ingroup wheel quiet",
		"pam_succeed_if.so user ingroup nobody", "pam_succeed_if.so uid >= 1001 quiet", "pam_succeed_if.so user = amy", "pam_localuser.so", "pam_env.so", "pam_faildelay.so delay=0",
		"pam_warn.so", "pam_nologin.so", "pam_shells.so", "pam_listfile.so item=user sense=allow file=/etc/allowed onerr=fail",
		"pam_listfile.so item=user sense=deny file=/etc/allowed onerr=succeed", "pam_access.so", "pam_debug.so", "pam_debug.so auth=auth_err", "pam_securetty.so"}
)

func stack(r *rand.Rand, deeper string) string {
	var b strings.Builder
	for range 1 + r.IntN(4) {
		switch n := r.IntN(12); {
		case n == 0 && deeper != "":
			fmt.Fprintf(&b, "auth %s %s\n", []string{"include", "substack"}[r.IntN(2)], deeper)
		case n == 1 && deeper != "":
			fmt.Fprintf(&b, "@include %s\n", deeper)
		default:
			fmt.Fprintf(&b, "auth %s %s\n", controls[r.IntN(len(controls))], modules[r.IntN(len(modules))])
		}
	}
	if r.IntN(3) > 0 {
		b.WriteString("auth requisite pam_deny.so\n")
		if r.IntN(2) > 0 {
			b.WriteString("auth required pam_permit.so\n")
		}
	}
	return b.String()
}

// Linux-PAM is asked, for random stacks, whom it lets in who only presses Return. A check that
// passes where it lets somebody in would be wrong; one that fails where it lets in none of these
// accounts may mean another.
func TestWaysInAgreeWithLinuxPAM(t *testing.T) {
	states := 100
	if os.Getenv("HARDENING_LONG") != "" {
		states = 1000
	}
	tree := guarded(t)
	empty, errE := pam.NoEmptyPasswords{Services: []string{"one"}}.Check()
	asked, errA := pam.AuthenticationRequired{Services: []string{"one"}}.Check()
	if err := errors.Join(errE, errA); err != nil {
		t.Fatal(err)
	}
	const seed = 7
	r := rand.New(rand.NewPCG(seed, 0))
	count := map[string]int{}
	for i := range states {
		one, two := stack(r, "two"), stack(r, "")
		put(t, tree, "etc/pam.d/one", one)
		put(t, tree, "etc/pam.d/two", two)
		amy, bob := entered(t, tree, "amy"), entered(t, tree, "bob")
		text := fmt.Sprintf("%d\n%s-- two --\n%s", i, one, two)
		judge := func(name string, c check.Check, open bool) {
			out, err := check.Run(t.Context(), inventorytest.Folder(t, tree), []check.Compiled{{Rule: check.Rule{ID: name}, Check: c}}, check.Options{})
			if err != nil {
				t.Fatal(err)
			}
			result := out[0].Result
			count[fmt.Sprintf("%s %v, open %v", name, result.Status, open)]++
			if open && result.Status != check.Fail && result.Status != check.Unknown {
				t.Errorf("%s: %v (%s) although somebody comes in: %s", name, result.Status, result.Message, text)
			}
		}
		judge("empty", empty, amy)
		judge("asked", asked, bob)
	}
	t.Logf("seed %d, %d states: %v", seed, states, count)
	for _, name := range []string{"empty", "asked"} {
		if n := count[name+" fail, open true"]; n < states/5 {
			t.Errorf("%s: only %d of %d states are open", name, n, states)
		}
		if n := count[name+" unknown, open true"] + count[name+" unknown, open false"]; n > states/10 {
			t.Errorf("%s: %d of %d states are unknown", name, n, states)
		}
	}
}

// entered reports whether Linux-PAM lets an account in that presses Return. A user of the account asks, by
// a program that is root, as su and sudo are.
func entered(t *testing.T, tree, account string) bool {
	t.Helper()
	cmd := oracle.Command(t, "chroot", "--userspec=1002:1002", tree, "/usr/bin/pamtester", "one", account, "authenticate")
	cmd.Stdin = bytes.NewReader([]byte("\n\n\n\n\n\n\n\n"))
	out, err := cmd.CombinedOutput()
	switch code := cmd.ProcessState.ExitCode(); code {
	case 0:
		return true
	case 1:
		return false
	}
	t.Fatalf("pamtester: %v\n%s", err, out)
	return false
}

// guarded returns a tree with pamtester, which is root whoever runs it, and the modules of the grammar.
func guarded(t *testing.T) string {
	t.Helper()
	oracle.Need(t, "pamtester", "ldd", "chroot")
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		oracle.Lack(t, "only root of Linux can ask programs in a tree of their own")
	}
	tree := t.TempDir()
	if err := os.Chmod(tree, 0o755); err != nil {
		t.Fatal(err)
	}
	files := []string{"/usr/bin/pamtester"}
	for _, m := range modules {
		name, _, _ := strings.Cut(m, " ")
		all, err := filepath.Glob("/lib/*-linux-gnu/security/" + name)
		if err != nil || len(all) == 0 {
			oracle.Lack(t, "no "+name)
		}
		files = append(files, all[0])
	}
	for _, f := range files {
		put(t, tree, f, string(read(t, f)))
		for _, lib := range regexp.MustCompile(`/\S+`).FindAllString(string(oracle.Run(t, "ldd", f)), -1) {
			put(t, tree, lib, string(read(t, lib)))
		}
	}
	if err := os.Chmod(filepath.Join(tree, "usr/bin/pamtester"), 0o4755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"etc/passwd": accounts, "etc/shadow": hashes, "etc/group": groups, "etc/allowed": "amy\n",
		"etc/security/access.conf": "", "etc/shells": "/bin/sh\n", "etc/nsswitch.conf": "passwd: files\nshadow: files\ngroup: files\n",
		"etc/pam.d/other": "auth required pam_deny.so\naccount required pam_deny.so\npassword required pam_deny.so\nsession required pam_deny.so\n"} {
		put(t, tree, name, text)
	}
	return tree
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func put(t *testing.T, tree, name, text string) {
	t.Helper()
	full := filepath.Join(tree, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte(text), 0o755)); err != nil {
		t.Fatal(err)
	}
}
