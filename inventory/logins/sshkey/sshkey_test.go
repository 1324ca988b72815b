package sshkey_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/sshkey"
)

// ed is a public key that ssh-keygen made for these tests. The private key was not kept.
const ed = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPfkM3+iaRs2lB7m15fZziz+rupGyyDzuCHY9eU+lfF8"

// ssh-keygen -l prints the same about keys that it makes.
func TestAgreesWithSSHKeygen(t *testing.T) {
	oracle.Need(t, "ssh-keygen")
	for _, args := range [][]string{{"-t", "ed25519"}, {"-t", "rsa", "-b", "1024"}, {"-t", "rsa", "-b", "3072"},
		{"-t", "ecdsa", "-b", "256"}, {"-t", "ecdsa", "-b", "384"}, {"-t", "ecdsa", "-b", "521"}} {
		file := filepath.Join(t.TempDir(), "key")
		oracle.Run(t, "ssh-keygen", append(args, "-q", "-N", "", "-C", "a comment", "-f", file)...)
		said := strings.Fields(string(oracle.Run(t, "ssh-keygen", "-l", "-f", file+".pub")))
		b, err := os.ReadFile(file + ".pub")
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{string(b), "command=\"x, \\\"y\\\" z\",no-pty " + string(b)} {
			keys, err := sshkey.Parse([]byte(line))
			if err != nil || len(keys) != 1 {
				t.Fatalf("%v: got %v, %v", args, keys, err)
			}
			if k := keys[0]; fmt.Sprint(k.Bits) != said[0] || k.Fingerprint != said[1] {
				t.Errorf("got %+v, ssh-keygen says %q", k, said)
			}
		}
	}
}

func TestParse(t *testing.T) {
	keys, err := sshkey.Parse([]byte("# c\n\nfrom=\"10.0.0.0/8, 192.0.2.1\",no-pty " + ed +
		" me@example\r\nnonsense\nssh-ed25519 AAAA\n" + ed))
	if len(keys) != 2 || keys[0].Line != 3 || keys[1].Line != 6 ||
		!slices.Equal(keys[0].Options, []string{`from="10.0.0.0/8, 192.0.2.1"`, "no-pty"}) {
		t.Errorf("got %+v", keys)
	}
	if err == nil || !strings.HasPrefix(err.Error(), "line 4") || !strings.Contains(err.Error(), "line 5") ||
		strings.Contains(err.Error(), "AAAA") {
		t.Errorf("got %v", err)
	}
}

const server = "-- usr/sbin/sshd --\nOpenSSH_9.2p1\n-- etc/passwd --\nroot:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\nnobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n"

func TestAuthorized(t *testing.T) {
	files, err := sshkey.Authorized.Of(t.Context(), inventorytest.System(t, server+
		"-- etc/ssh/sshd_config --\nAuthorizedKeysFile .ssh/authorized_keys /etc/keys/%u\nMatch User alice\nAuthorizedKeysFile %h/more\n"+
		"-- root/.ssh/authorized_keys mode=0600 --\n"+ed+"\n-- etc/keys/alice mode=0644 --\nnonsense\n-- home/alice/more owner=1000:1000 --\n"+ed+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		got = append(got, fmt.Sprintf("%s %s %d %v", f.User.Name, f.Name, len(f.Keys), f.Mistakes != nil))
	}
	if want := []string{"root root/.ssh/authorized_keys 1 false", "alice etc/keys/alice 0 true",
		"alice home/alice/more 1 false"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if _, err := sshkey.Authorized.Of(t.Context(), inventorytest.System(t, "")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("no server: got %v", err)
	}
	if _, err := sshkey.Authorized.Of(t.Context(),
		inventorytest.System(t, server+"-- etc/ssh/sshd_config --\n-- root/.ssh/authorized_keys error=EACCES --\n")); err == nil {
		t.Error("unreadable: got no error")
	}
}

func TestHost(t *testing.T) {
	keys, err := sshkey.Host.Of(t.Context(),
		inventorytest.System(t, "-- etc/ssh/ssh_host_ed25519_key error=EACCES --\n-- etc/ssh/ssh_host_ed25519_key.pub --\n"+ed+" root@x\n"))
	if err != nil || len(keys) != 1 || keys[0].Source != "etc/ssh/ssh_host_ed25519_key.pub" {
		t.Errorf("got %+v, %v", keys, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("\xef\xbb\xbf" + ed + "\r\nx=\"" + strings.Repeat("y", 1<<20)))
	f.Add([]byte("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAA\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		keys, _ := sshkey.Parse(b)
		for _, k := range keys {
			if k.Line < 1 || k.Type == "" || k.Bits < 0 || !strings.HasPrefix(k.Fingerprint, "SHA256:") {
				t.Fatalf("%+v", k)
			}
		}
	})
}

func ExampleParse() {
	keys, err := sshkey.Parse([]byte("no-pty " + ed + " backup\n"))
	fmt.Println(keys[0].Type, keys[0].Bits, keys[0].Fingerprint, keys[0].Options, err)
	// Output: ssh-ed25519 256 SHA256:wLtvONOQMKD3xPzw2Du0GnNxNPXvTPmOFHXYTNPiGZE [no-pty] <nil>
}
