package builtin_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/cron"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/check/ssh"
	"github.com/hardening-sdk/hardening/check/sudo"
)

func TestAttackSecretsInEvidence(t *testing.T) {
	mk := func(c check.Check, err error) check.Check {
		if err != nil {
			t.Error(err)
		}
		return c
	}
	for name, c := range map[string]struct {
		fixture string
		c       check.Check
	}{
		"ssh.client ProxyCommand": {"os: linux\n-- usr/bin/ssh mode=0755 --\n-- etc/ssh/ssh_config --\nHost *\n  ProxyCommand nc --proxy-auth amy:hunter2 proxy %h %p\n",
			mk(ssh.Client{Name: "ProxyCommand", Refuse: []string{"none"}}.Check())},
		"ssh.client SetEnv": {"os: linux\n-- etc/ssh/ssh_config --\nHost *\n  SetEnv TOKEN=hunter2\n",
			mk(ssh.Client{Name: "SetEnv", Refuse: []string{"none"}}.Check())},
		"sudo command behind a tab": {"os: linux\n-- etc/sudoers mode=0440 --\namy ALL=(ALL) /usr/bin/mysql\t-phunter2\n", mk(sudo.NotForAll{}.Check())},
		"sudo command":              {"os: linux\n-- etc/sudoers mode=0440 --\namy ALL=(ALL) /usr/bin/mysql -phunter2\n", mk(sudo.PasswordsAsked{}.Check())},
		"sudo alias":                {"os: linux\n-- etc/sudoers mode=0440 --\nCmnd_Alias X = /usr/bin/mysql -phunter2\namy ALL=(ALL) X\n", mk(sudo.NotForAll{}.Check())},
		"sudo setting":              {"os: linux\n-- etc/sudoers mode=0440 --\nDefaults badpass_message=\"hunter2\"\n", mk(sudo.Setting{Name: "badpass_message", Accept: setting.Accept{Refuse: []string{"x"}}}.Check())},
		"cron":                      {"os: linux\n-- etc/crontab mode=0644 --\nPATH=/usr/bin:/bin\nPW=/hunter2\n1 1 * * * root /usr/bin/backup -p /hunter2 --k=/hunter2\n-- usr/bin/backup mode=0755 --\n", mk(cron.ProgramsProtected{}.Check())},
	} {
		r, err := checktest.Judge(c.fixture, c.c, nil)
		if err != nil {
			t.Error(name, err)
			continue
		}
		text := fmt.Sprintf("%+v %s", r, r.Evidence)
		if strings.Contains(text, "hunter2") {
			t.Errorf("%s: %s %v %s", name, r.Status, r.Evidence, r.Message)
		} else {
			t.Logf("%s: %s %v %s", name, r.Status, r.Evidence, r.Message)
		}
	}
}
