package ssh_test

import (
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/check/ssh"
)

func TestDirectiveIsRefused(t *testing.T) {
	one := 1
	for name, a := range map[string]ssh.Directive{
		"no directive":       {Name: "PermitRoot", Accept: setting.Accept{Want: []string{"no"}}},
		"nothing asked":      {Name: "PermitRootLogin"},
		"two things asked":   {Name: "Ciphers", Accept: setting.Accept{Forbid: []string{"x"}, Max: &one}},
		"a broken pattern":   {Name: "Ciphers", Accept: setting.Accept{Forbid: []string{"["}}},
		"no name":            {Accept: setting.Accept{Want: []string{"no"}}},
		"not told of values": {Name: "Subsystem", Accept: setting.Accept{Want: []string{"x"}}},
	} {
		if _, err := a.Check(); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

// What a Match block sets is seen, although the general value is not known.
func TestSeenBreachFailsAlthoughTheRestIsUnknown(t *testing.T) {
	for config, want := range map[string]check.Status{"UsePAM yes": check.Unknown, "Match User x\nPermitRootLogin yes": check.Fail, "Match User x\nPermitRootLogin no": check.Unknown} {
		c, err := ssh.Directive{Name: "PermitRootLogin", Accept: setting.Accept{Want: []string{"no"}}}.Check()
		r, err := checktest.Judge("-- usr/sbin/sshd --\n-- etc/ssh/sshd_config --\n"+config+"\n", c, err)
		if err != nil || r.Status != want {
			t.Errorf("%q: got %s, %v, want %s", config, r.Status, err, want)
		}
	}
}

func ExampleDirective() {
	four := 4
	c, err := ssh.Directive{Name: "MaxAuthTries", Accept: setting.Accept{Max: &four}}.Check()
	r, err := checktest.Judge("-- usr/sbin/sshd --\nOpenSSH_9.2p1\n-- etc/ssh/sshd_config --\nMatch User backup\nMaxAuthTries 10\n", c, err)
	for _, e := range r.Evidence {
		fmt.Println(r.Status, e.Subject, e.Got, err)
	}
	// Output:
	// fail MaxAuthTries 6, the default of OpenSSH 9.2 <nil>
	// fail MaxAuthTries (Match User backup) 10 <nil>
}
