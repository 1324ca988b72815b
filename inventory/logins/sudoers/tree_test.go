package sudoers_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/sudoers"
)

// sudo -l -U of a tree lists commands without a password for the same policies. visudo -c accepts
// each of the files.
func TestAgreesWithSudoList(t *testing.T) {
	tree := oracle.Copy(t, oracle.Tree(t, "bookworm"))
	write := func(name, text string, mode os.FileMode) {
		t.Helper()
		name = filepath.Join(tree, name)
		if err := os.RemoveAll(name); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\n", 0o644)
	write("etc/hostname", "tree\n", 0o644)
	free := 0 // policies with a command that needs no password by sudo
	for text, drop := range map[string]string{
		"alice ALL=(ALL) ALL\n": "",
		"alice ALL=(ALL) NOPASSWD: /bin/a, PASSWD: /bin/b, /bin/c\n": "",
		"@includedir /etc/sudoers.d\n":                               "alice ALL=(root) NOPASSWD: /bin/x -y\n",
		"User_Alias A = alice\nA ALL=(ALL) NOPASSWD: ALL\n":          "",
		"alice ALL=NOPASSWD:ALL,NOEXEC:/bin/x\nbob ALL=ALL\n":        "",
		"alice ALL=(ALL) ALL, !/bin/sh\n":                            "",
		"Cmnd_Alias C = /bin/p, /bin/q\nalice ALL=(bob) C\n":         "",
		"bob ALL=(ALL) NOPASSWD: ALL\n":                              "",
	} {
		write("etc/sudoers", text, 0o440)
		write("etc/sudoers.d/local", drop, 0o440)
		if _, code := oracle.ChrootCode(t, tree, "visudo", "-c"); code != 0 {
			t.Errorf("%q: visudo refuses it", text)
		}
		out, _ := oracle.ChrootCode(t, tree, "sudo", "-l", "-U", "alice")
		p, err := sudoers.Fact.Of(t.Context(),
			inventorytest.System(t, "-- etc/sudoers --\n"+text+"-- etc/sudoers.d/local --\n"+drop))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if strings.Contains(string(out), "NOPASSWD:") {
			free++
		} else if !strings.Contains(string(out), "alice") {
			t.Errorf("%q: sudo says %q", text, out)
		}
		if got, want := hasFree(p), strings.Contains(string(out), "NOPASSWD:"); got != want {
			t.Errorf("%q: a command without a password: got %v, sudo says\n%s", text, got, out)
		}
	}
	if free != 4 {
		t.Errorf("sudo names %d policies with a command that needs no password", free)
	}
}

// hasFree reports whether a command of alice's needs no password.
func hasFree(p *sudoers.Policy) bool {
	alice := map[string]bool{"alice": true, "ALL": true}
	for _, a := range p.Aliases {
		for _, m := range a.Members {
			if a.Kind == "User" && alice[m.Name] {
				alice[a.Name] = true
			}
		}
	}
	for _, r := range p.Rules {
		for _, u := range r.Users {
			if alice[u.Name] && !u.Negated && r.Password == "NOPASSWD" {
				return true
			}
		}
	}
	return false
}
