package ssh_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/check/ssh"
)

// What a pass was seen by, and what was looked for where there is nothing to judge. Of several
// pieces the texts are joined.
func TestEvidence(t *testing.T) {
	const (
		program = "-- usr/sbin/sshd --\nOpenSSH_9.2p1\n-- etc/ssh/sshd_config --\n"
		users   = "-- etc/passwd --\nalice:x:1000:1000::/home/alice:/bin/sh\n"
		ed      = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
		keys    = users + "-- home/alice/.ssh/authorized_keys owner=1000:1000 mode=0600 --\n" + ed
	)
	client := ssh.Client{Name: "StrictHostKeyChecking", Refuse: []string{"no"}, Except: []string{"a"}}.Check
	rootLogin := ssh.Directive{Name: "PermitRootLogin", Accept: setting.Accept{Want: []string{"no", "prohibit-password"}}}.Check
	for name, c := range map[string]struct {
		make    func() (check.Check, error)
		fixture string
		want    check.Status
		shown   string
	}{
		"set":                        {rootLogin, program + "PermitRootLogin no\n", check.Pass, "PermitRootLogin: no, want no or prohibit-password (etc/ssh/sshd_config:1)"},
		"not set":                    {rootLogin, program, check.Pass, "PermitRootLogin: prohibit-password, the default of OpenSSH 9.2, want no or prohibit-password (etc/ssh/sshd_config)"},
		"no server":                  {rootLogin, "", check.NotApplicable, "usr/sbin/sshd: not there"},
		"client":                     {client, "-- etc/ssh/ssh_config --\nStrictHostKeyChecking ask\n", check.Pass, "StrictHostKeyChecking: ask, want not no (etc/ssh/ssh_config:1)"},
		"client, not set":            {client, "-- etc/ssh/ssh_config --\n", check.Pass, "StrictHostKeyChecking: not set, want not no (etc/ssh/ssh_config)"},
		"client, excepted":           {client, "-- etc/ssh/ssh_config --\nHost a\nStrictHostKeyChecking no\n", check.Pass, "StrictHostKeyChecking (Host a): no, for hosts that are excepted, want not no (etc/ssh/ssh_config:2)"},
		"no client":                  {client, "", check.NotApplicable, "etc/ssh/ssh_config: not there; usr/etc/ssh/ssh_config: not there"},
		"second factor":              {ssh.SecondFactor{}.Check, program + "AuthenticationMethods publickey,password\n", check.Pass, "AuthenticationMethods: publickey,password, want two factors on every way in (etc/ssh/sshd_config:1)"},
		"no method":                  {ssh.SecondFactor{}.Check, program + "PubkeyAuthentication no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n", check.Pass, "AuthenticationMethods: no method is on, want two factors on every way in (etc/ssh/sshd_config)"},
		"second factor of no server": {ssh.SecondFactor{}.Check, "", check.NotApplicable, "usr/sbin/sshd: not there"},
		"strong":                     {ssh.StrongKeys{MinRSA: 3072}.Check, program + keys, check.Pass, "alice SHA256:kmYcvdi2GkPeWxB6XLjrZB8JHsy2Hm8luHMFp9GMvqk: ssh-ed25519, 256 bits, want RSA of 3072 bits or more, or another type (home/alice/.ssh/authorized_keys:1)"},
		"strong, no key":             {ssh.StrongKeys{MinRSA: 3072}.Check, program + users + "-- home/alice/.ssh/authorized_keys owner=1000:1000 mode=0600 --\n", check.Pass, "alice: no key, want RSA of 3072 bits or more, or another type (home/alice/.ssh/authorized_keys)"},
		"strong, nobody":             {ssh.StrongKeys{MinRSA: 3072}.Check, program + users, check.NotApplicable, "keys that let somebody in: none"},
		"protected":                  {ssh.KeysProtected{}.Check, program + keys, check.Pass, "alice: belongs to user 1000, mode 0600, want of the user or root, and writable by no other (home/alice/.ssh/authorized_keys)"},
		"protected, nobody":          {ssh.KeysProtected{}.Check, program + users, check.NotApplicable, "keys that let somebody in: none"},
		"host":                       {ssh.HostKeys{MinRSA: 3072}.Check, "-- etc/ssh/ssh_host_ed25519_key.pub --\n" + ed, check.Pass, "SHA256:kmYcvdi2GkPeWxB6XLjrZB8JHsy2Hm8luHMFp9GMvqk: ssh-ed25519, 256 bits, want RSA of 3072 bits or more, or another type (etc/ssh/ssh_host_ed25519_key.pub:1)"},
		"no host key":                {ssh.HostKeys{MinRSA: 3072}.Check, "", check.NotApplicable, "public keys of the server: none, want RSA of 3072 bits or more, or another type"},
	} {
		made, err := c.make()
		r, err := checktest.Judge(c.fixture, made, err)
		var all []string
		for _, e := range r.Evidence {
			all = append(all, e.String())
		}
		if shown := strings.Join(all, "; "); err != nil || r.Status != c.want || shown != c.shown {
			t.Errorf("%s: got %s %q (%s), %v, want %s", name, r.Status, shown, r.Message, err, c.want)
		}
	}
}
