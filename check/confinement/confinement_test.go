package confinement_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/confinement"
)

const selinux = "-- etc/selinux/config --\nSELINUX=enforcing\nSELINUXTYPE=targeted\n-- etc/selinux/targeted/policy/policy.33 --\n"

func grub(parameters string) string {
	return selinux + "-- boot/vmlinuz-6 --\n-- boot/grub/grub.cfg --\nmenuentry 'Linux' {\n\tlinux /boot/vmlinuz-6 root=/dev/sda1 " + parameters + "\n}\n"
}

func TestCommandLine(t *testing.T) {
	for parameters, want := range map[string]check.Status{
		"quiet": check.Pass, "selinux=0": check.Fail, "enforcing=0": check.Fail, "security=apparmor": check.Fail, "security=selinux": check.Pass,
		"lsm=lockdown,yama": check.Fail, "lsm=lockdown,selinux": check.Pass, "apparmor=0": check.Pass,
	} {
		made, err := confinement.On{}.Check()
		if r, err := checktest.Judge(grub(parameters), made, err); err != nil || r.Status != want {
			t.Errorf("%s: got %s (%s), %v, want %s", parameters, r.Status, r.Message, err, want)
		}
	}
}

func TestEnforced(t *testing.T) {
	const live = "live: true\n-- sys/kernel/x --\n-- sys/module/apparmor/parameters/enabled --\nY\n"
	profiles := "-- etc/apparmor.d/p --\nprofile p /bin/p flags=(complain) {\n}\n-- sys/kernel/security/apparmor/profiles --\n"
	for name, c := range map[string]struct {
		fixture string
		allow   []string
		want    check.Status
	}{
		"complains now":        {live + profiles + "p (complain)\n-- bin/p --\n", nil, check.Fail},
		"is allowed":           {live + profiles + "p (complain)\n-- bin/p --\n", []string{"p*"}, check.Pass},
		"its program is gone":  {live + profiles + "p (complain)\n", nil, check.Pass},
		"a part complains":     {live + profiles + "p//q (complain)\n-- bin/p --\n", nil, check.Fail},
		"no file":              {live + profiles + "z (complain)\n", nil, check.Fail},
		"unconfined by design": {live + profiles + "z (unconfined)\n", nil, check.Pass},
		"neither":              {"", nil, check.NotApplicable},
		"switched off":         {strings.Replace(selinux, "enforcing", "disabled", 1), nil, check.NotApplicable},
		"no word that counts":  {strings.Replace(selinux, "enforcing", "on", 1), nil, check.Fail},
	} {
		made, err := confinement.Enforced{Allow: c.allow}.Check()
		if r, err := checktest.Judge(c.fixture, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s (%s), %v, want %s", name, r.Status, r.Message, err, c.want)
		}
	}
	if _, err := (confinement.Enforced{Allow: []string{"["}}).Check(); err == nil {
		t.Error("a broken pattern: got no error")
	}
}

func ExampleOn() {
	c, err := confinement.On{}.Check()
	r, err := checktest.Judge(selinux, c, err)
	fmt.Println(r.Status, r.Evidence[0].Got, err)
	// Output: pass enforcing <nil>
}
