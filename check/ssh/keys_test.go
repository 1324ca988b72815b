package ssh_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/ssh"
)

func TestKeys(t *testing.T) {
	const (
		server = "-- usr/sbin/sshd --\nOpenSSH_9.2p1\n-- etc/ssh/sshd_config --\n-- etc/passwd --\nalice:x:1000:1000::/home/alice:/bin/sh\n"
		file   = server + "-- home/alice/.ssh/authorized_keys owner=1000:1000 mode="
		ed     = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
		rsa    = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAgCA\n" // 8 bits
	)
	strong, protected := ssh.StrongKeys{MinRSA: 3072, Forbid: []string{"ssh-dss"}}, ssh.KeysProtected{}
	for name, c := range map[string]struct {
		check interface{ Check() (check.Check, error) }
		text  string
		want  check.Status
	}{
		"strong":                 {strong, file + "0600 --\n" + ed, check.Pass},
		"short":                  {strong, file + "0600 --\n" + ed + rsa, check.Fail},
		"forbidden":              {ssh.StrongKeys{MinRSA: 1, Forbid: []string{"ssh-ed25519"}}, file + "0600 --\n" + ed, check.Fail},
		"nobody":                 {strong, server, check.NotApplicable},
		"no server":              {strong, "", check.NotApplicable},
		"denied":                 {strong, server + "-- home/alice/.ssh/authorized_keys error=EACCES --\n", check.Unknown},
		"protected":              {protected, file + "0644 --\n" + ed, check.Pass},
		"open to a group":        {protected, file + "0660 --\n" + ed, check.Fail},
		"of another":             {protected, server + "-- home/alice/.ssh/authorized_keys owner=1001:1001 --\n" + ed, check.Fail},
		"of root":                {protected, server + "-- home/alice/.ssh/authorized_keys --\n" + ed, check.Pass},
		"nobody's are protected": {protected, server, check.NotApplicable},
	} {
		made, err := c.check.Check()
		if r, err := checktest.Judge(c.text, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s (%s), %v, want %s", name, r.Status, r.Message, err, c.want)
		}
	}
	host := "-- etc/ssh/ssh_host_ed25519_key.pub --\n" + ed
	const print = "SHA256:kmYcvdi2GkPeWxB6XLjrZB8JHsy2Hm8luHMFp9GMvqk"
	for name, c := range map[string]struct {
		a    ssh.HostKeys
		text string
		want check.Status
	}{
		"strong":     {ssh.HostKeys{MinRSA: 3072}, host, check.Pass},
		"short":      {ssh.HostKeys{MinRSA: 3072}, host + "-- etc/ssh/ssh_host_rsa_key.pub --\n" + rsa, check.Fail},
		"forbidden":  {ssh.HostKeys{MinRSA: 1, Forbid: []string{"ssh-ed25519"}}, host, check.Fail},
		"known":      {ssh.HostKeys{MinRSA: 1, Known: []string{print}}, host, check.Fail},
		"none":       {ssh.HostKeys{MinRSA: 1}, "", check.NotApplicable},
		"unreadable": {ssh.HostKeys{MinRSA: 1}, "-- etc/ssh/ssh_host_rsa_key.pub error=EACCES --\n", check.Unknown},
		"no key":     {ssh.HostKeys{MinRSA: 1}, "-- etc/ssh/ssh_host_rsa_key.pub --\nnonsense\n", check.Error},
	} {
		made, err := c.a.Check()
		if r, err := checktest.Judge(c.text, made, err); err != nil || r.Status != c.want {
			t.Errorf("host keys, %s: got %s (%s) %v, %v, want %s", name, r.Status, r.Message, r.Evidence, err, c.want)
		}
	}
	for _, a := range []ssh.HostKeys{{}, {MinRSA: 1, Known: []string{"MD5:00"}}} {
		if _, err := a.Check(); err == nil {
			t.Errorf("%+v: got no error", a)
		}
	}
	if _, err := (ssh.StrongKeys{}).Check(); err == nil {
		t.Error("no length: got no error")
	}
}
