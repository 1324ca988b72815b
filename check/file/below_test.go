package file_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/file"
)

func TestBelow(t *testing.T) {
	logs := file.Below{Folders: []string{"var/log"}, MaxMode: mode("0640"), MaxFolderMode: mode("0755"), Owners: []string{"root"}, Except: []string{"var/log/wtmp", "var/log/apps"}}
	for name, c := range map[string]struct {
		fixture string
		want    check.Status
		subject string
	}{
		"good":               {"-- var/log/a mode=0640 --\n-- var/log/b/c mode=0600 --\n", check.Pass, ""},
		"a file":             {"-- var/log/b/c mode=0644 --\n", check.Fail, "var/log/b/c"},
		"a folder":           {"-- var/log/b dir mode=0775 --\n", check.Fail, "var/log/b"},
		"the folder itself":  {"-- var/log dir mode=0777 --\n", check.Fail, "var/log"},
		"another owner":      {"-- var/log/a mode=0640 owner=5:0 --\n", check.Fail, "var/log/a"},
		"an exception":       {"-- var/log/wtmp mode=0664 --\n-- var/log/apps/x mode=0666 --\n", check.Pass, ""},
		"a link":             {"-- var/log/a link=/etc/passwd --\n-- etc/passwd --\n", check.Pass, ""},
		"a link to a folder": {"-- var/log link=/srv/log --\n-- srv/log/a mode=0666 --\n", check.Fail, "var/log/a"},
		"nothing":            {"-- etc/passwd --\n", check.NotApplicable, ""},
		"too deep":           {"-- var/log/" + strings.Repeat("d/", 70) + "a mode=0600 --\n", check.Unknown, ""},
	} {
		made, err := logs.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want || c.subject != "" && (len(r.Evidence) != 1 || r.Evidence[0].Subject != c.subject) {
			t.Errorf("%s: got %s %v (%s), %v, want %s", name, r.Status, r.Evidence, r.Message, err, c.want)
		}
	}
	for name, a := range map[string]file.Below{"no folders": {MaxMode: mode("0640")}, "nothing asked": {Folders: []string{"var"}},
		"absolute": {Folders: []string{"/var"}, MaxMode: mode("0640")}, "a broken pattern": {Folders: []string{"var"}, MaxMode: mode("0640"), Except: []string{"["}}} {
		if _, err := a.Check(); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func ExampleBelow() {
	c, err := file.Below{Folders: []string{"etc/audit"}, MaxMode: mode("0640")}.Check()
	r, err := checktest.Judge("-- etc/audit/auditd.conf mode=0644 --\n", c, err)
	fmt.Println(r.Status, r.Evidence[0].Subject, r.Evidence[0].Got, err)
	// Output: fail etc/audit/auditd.conf mode 0644 <nil>
}
