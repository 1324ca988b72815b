package ssh_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/ssh"
)

func TestSecondFactor(t *testing.T) {
	const server = "-- usr/sbin/sshd --\nx\n-- var/lib/dpkg/status --\nPackage: openssh-server\nStatus: install ok installed\nVersion: 1:9.2p1-2\n\n-- etc/ssh/sshd_config --\n"
	const (
		plain  = "auth [success=1 default=ignore] pam_unix.so\nauth requisite pam_deny.so\nauth required pam_permit.so\n"
		second = plain + "auth required pam_google_authenticator.so\n"
	)
	for name, c := range map[string]struct {
		config, pam string
		want        check.Status
		got         string
	}{
		"as shipped":              {"UsePAM yes\n", plain, check.Fail, "keyboard-interactive is enough"},
		"key and password":        {"AuthenticationMethods publickey,password\n", plain, check.Pass, ""},
		"one of two":              {"AuthenticationMethods publickey,password publickey\n", plain, check.Fail, "publickey is enough"},
		"key twice":               {"AuthenticationMethods publickey,publickey\n", plain, check.Fail, "publickey,publickey is enough"},
		"password twice":          {"UsePAM yes\nAuthenticationMethods password,keyboard-interactive\n", plain, check.Fail, "password,keyboard-interactive is enough"},
		"key and code":            {"UsePAM yes\nAuthenticationMethods publickey,keyboard-interactive:pam\n", "auth required pam_google_authenticator.so\n", check.Pass, ""},
		"key and nothing":         {"UsePAM yes\nAuthenticationMethods publickey,keyboard-interactive\n", "auth required pam_permit.so\n", check.Fail, "publickey,keyboard-interactive is enough"},
		"password and code":       {"UsePAM yes\nPubkeyAuthentication no\n", second, check.Pass, ""},
		"password and code, key":  {"UsePAM yes\n", second, check.Fail, "publickey is enough"},
		"code where set up":       {"UsePAM yes\nPubkeyAuthentication no\n", plain + "auth required pam_google_authenticator.so nullok\n", check.Fail, "is enough"},
		"code or password":        {"UsePAM yes\nPubkeyAuthentication no\n", "auth sufficient pam_unix.so\nauth required pam_google_authenticator.so\n", check.Fail, "is enough"},
		"code alone":              {"UsePAM yes\nPubkeyAuthentication no\n", "auth required pam_google_authenticator.so\n", check.Fail, "is enough"},
		"without PAM":             {"UsePAM no\nPubkeyAuthentication no\n", second, check.Fail, "is enough"},
		"weaker for some":         {"AuthenticationMethods publickey,password\nMatch User backup\n AuthenticationMethods publickey\n", plain, check.Fail, "publickey is enough"},
		"a key for some":          {"UsePAM yes\nPubkeyAuthentication no\nMatch User backup\n PubkeyAuthentication yes\n", second, check.Fail, "publickey is enough"},
		"host and key":            {"AuthenticationMethods hostbased,publickey\n", plain, check.Fail, "hostbased,publickey is enough"},
		"stack cannot be read":    {"UsePAM yes\nPubkeyAuthentication no\n", "auth broken\n", check.Error, ""},
		"modules of a house":      {"UsePAM yes\nPubkeyAuthentication no\n", plain + "auth required pam_house.so\n", check.Fail, "is enough"},
		"nobody gets in":          {"UsePAM yes\nPubkeyAuthentication no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n", plain, check.Pass, ""},
		"key or Kerberos tickets": {"AuthenticationMethods gssapi-with-mic\n", plain, check.Fail, "gssapi-with-mic is enough"},
	} {
		made, err := ssh.SecondFactor{}.Check()
		r, err := checktest.Judge(server+c.config+"-- etc/pam.d/sshd --\n"+c.pam, made, err)
		if err != nil || r.Status != c.want || c.got != "" && !strings.Contains(r.Evidence[0].Got, c.got) {
			t.Errorf("%s: got %s %s %v, %v", name, r.Status, r.Message, r.Evidence, err)
		}
	}
	made, err := ssh.SecondFactor{Modules: []string{"pam_house"}}.Check()
	r, err := checktest.Judge(server+"UsePAM yes\nPubkeyAuthentication no\n-- etc/pam.d/sshd --\n"+plain+"auth required pam_house.so\n", made, err)
	if err != nil || r.Status != check.Pass {
		t.Errorf("a module of one's own: got %s %v, %v", r.Status, r.Evidence, err)
	}
	made, err = ssh.SecondFactor{}.Check()
	if r, err := checktest.Judge("-- etc/passwd --\n", made, err); err != nil || r.Status != check.NotApplicable {
		t.Errorf("no server: got %s, %v", r.Status, err)
	}
}
