package pam_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
)

// copySmall returns a tree with programs, the libraries they load, and other files of this machine.
func copySmall(t *testing.T, files ...string) string {
	t.Helper()
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		oracle.Lack(t, "only root of Linux can ask programs in a tree of their own")
	}
	tree := t.TempDir()
	for _, f := range files {
		full, err := filepath.Glob(f)
		if err != nil || len(full) == 0 {
			oracle.Lack(t, "no "+f)
		}
		for _, name := range full {
			put(t, tree, name, read(t, name))
			if strings.Contains(name, "bin/") || strings.Contains(name, ".so") {
				for _, lib := range regexp.MustCompile(`/\S+`).FindAllString(string(oracle.Run(t, "ldd", name)), -1) {
					put(t, tree, lib, read(t, lib))
				}
			}
		}
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

func put(t *testing.T, tree, name string, b []byte) {
	t.Helper()
	full := filepath.Join(tree, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, b, 0o755)); err != nil {
		t.Fatal(err)
	}
}

// Linux-PAM and Walk come to the same end on random stacks with substacks and includes. Their
// modules return the code in their first argument.
func TestAgreesWithLinuxPAM(t *testing.T) {
	oracle.Need(t, "pamtester", "ldd")
	tree := copySmall(t, "/usr/bin/pamtester", "/lib/*-linux-gnu/security/pam_debug.so")
	put(t, tree, "etc/passwd", []byte("root:x:0:0:root:/root:/bin/sh\n"))
	r := rand.New(rand.NewPCG(1, 2))
	agreed := map[bool]int{}
	for i := range 300 {
		for _, f := range []string{"one", "two", "three"} {
			put(t, tree, "etc/pam.d/"+f, randomStack(r, f))
		}
		text := string(read(t, filepath.Join(tree, "etc/pam.d/one")))
		c, err := pam.Service.Of(t.Context(), inventorytest.Folder(t, tree), "one")
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		ends, err := c.Stacks[pam.Auth].Walk(func(e pam.Entry, _ uint32) []pam.Move {
			v, _ := e.Arg("auth")
			return []pam.Move{{Code: pam.Code(v)}}
		})
		if err != nil || len(ends) != 1 {
			t.Fatal(ends, err)
		}
		_, code := oracle.ChrootCode(t, tree, "pamtester", "one", "root", "authenticate")
		if want := code == 0; ends[0].OK != want {
			t.Errorf("%d: got %v, want %v\n%s\n-- two --\n%s\n-- three --\n%s", i, ends[0].OK, want, text,
				read(t, filepath.Join(tree, "etc/pam.d/two")), read(t, filepath.Join(tree, "etc/pam.d/three")))
		}
		agreed[ends[0].OK]++
	}
	if agreed[true] < 30 || agreed[false] < 30 {
		t.Errorf("the stacks are of one kind: %v", agreed)
	}
}

func randomStack(r *rand.Rand, file string) []byte {
	controls := []string{"required", "requisite", "optional", "sufficient", "[success=1 default=ignore]",
		"[success=2 default=bad]",
		"[default=1]", "[success=done default=die]", "[success=ok default=reset]", "[default=ok]", "[success=reset default=ignore]", "[ignore=3 default=ok]"}
	codes := []string{"success", "success", "success", "auth_err", "ignore", "new_authtok_reqd", "user_unknown"}
	deeper := map[string]string{"one": "two", "two": "three"}
	var b strings.Builder
	for range 1 + r.IntN(5) {
		next := deeper[file]
		switch n := r.IntN(10); {
		case n == 0 && next != "":
			fmt.Fprintf(&b, "auth substack %s\n", next)
		case n == 1 && next != "":
			fmt.Fprintf(&b, "auth include %s\n", next)
		case n == 2 && next != "":
			fmt.Fprintf(&b, "@include %s\n", next)
		case n == 3:
			fmt.Fprintf(&b, "account required pam_deny.so # other group\n")
		default:
			fmt.Fprintf(&b, "auth %s pam_debug.so auth=%s\n", controls[r.IntN(len(controls))], codes[r.IntN(len(codes))])
		}
	}
	return []byte(b.String())
}

// Linux-PAM refuses logins with the lines that Parse refuses.
func TestLinuxPAMRefusesMistakes(t *testing.T) {
	oracle.Need(t, "pamtester", "ldd")
	tree := copySmall(t, "/usr/bin/pamtester", "/lib/*-linux-gnu/security/pam_permit.so")
	put(t, tree, "etc/passwd", []byte("root:x:0:0:root:/root:/bin/sh\n"))
	ask := func(text string) int {
		put(t, tree, "etc/pam.d/one", []byte("auth required pam_permit.so\n"+text))
		_, code := oracle.ChrootCode(t, tree, "pamtester", "one", "root", "authenticate")
		return code
	}
	if ask("auth optional pam_permit.so\n") != 0 {
		t.Fatal("it refuses a good stack")
	}
	for _, text := range []string{"auht required pam_permit.so\n", "auth\n", "auth required\n",
		"auth [succes=ok] pam_permit.so\n",
		"auth [success=0] pam_permit.so\n", "auth requird pam_permit.so\n", "auth required pam_permit.so\r\n", "auth include nothing\n", "auth required \\\n"} {
		if ask(text) == 0 {
			t.Errorf("%q: it lets everybody in", text)
		}
	}
}

// pwscore refuses passwords shorter than Shortest, and accepts one of that length.
func TestAgreesWithPwscore(t *testing.T) {
	oracle.Need(t, "pwscore", "ldd", "dash")
	tree := copySmall(t, "/usr/bin/pwscore", "/usr/bin/dash")
	put(t, tree, "etc/passwd", []byte("root:x:0:0:root:/root:/bin/sh\n"))
	score := func(password string) bool {
		_, code := oracle.ChrootCode(t, tree, "dash", "-c", "echo '"+password+"' | pwscore")
		return code == 0
	}
	r := rand.New(rand.NewPCG(3, 4))
	names := []string{"dcredit", "ucredit", "lcredit", "ocredit"}
	classes := []string{"0123456789", "ABCDEFGHIJ", "abcdefghij", ".,;:-_+=%@"}
	for i := range 60 {
		credits := []int{r.IntN(6) - 3, r.IntN(6) - 3, r.IntN(6) - 3, r.IntN(6) - 3}
		text := fmt.Sprintf("dictcheck = 0\nminlen = %d\n", 6+r.IntN(12))
		for k, name := range names {
			text += fmt.Sprintf("%s = %d\n", name, credits[k])
		}
		put(t, tree, "etc/security/pwquality.conf", []byte(text))
		e := parseStack(t, "required pam_pwquality.so")[0]
		s, err := e.Settings(t.Context(), inventorytest.Folder(t, tree))
		if err != nil {
			t.Fatal(err)
		}
		n := s.Shortest()
		best := func(n int) string { // required characters first, then credited ones
			var b strings.Builder
			for _, sign := range []int{-1, 1} {
				for k, c := range credits {
					for j := 0; j < sign*c && b.Len() < n; j++ {
						b.WriteByte(classes[k][r.IntN(10)])
					}
				}
			}
			for b.Len() < n {
				b.WriteByte(classes[2][r.IntN(10)])
			}
			return b.String()
		}
		// A random password may be a palindrome or the like, but not three times.
		taken := false
		for range 3 {
			taken = taken || score(best(n))
		}
		if !taken {
			t.Errorf("%d: %d characters are refused:\n%s", i, n, text)
		}
		if p := best(n - 1); score(p) {
			t.Errorf("%d: %d characters are taken:\n%s", i, n-1, text)
		}
	}
}
