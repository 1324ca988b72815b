package hostsaccess_test

import (
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/hostsaccess"
)

const library = "-- usr/lib64/libwrap.so.0 --\nx\n"

func TestDefaultDeny(t *testing.T) {
	for name, c := range map[string]struct {
		fixture string
		want    check.Status
	}{
		"no libwrap":      {"", check.NotApplicable},
		"no files":        {library, check.Fail},
		"refused":         {library + "-- etc/hosts.deny --\nALL: ALL\n", check.Pass},
		"let in before":   {library + "-- etc/hosts.allow --\nALL: ALL\n-- etc/hosts.deny --\nALL: ALL\n", check.Fail},
		"refused in both": {library + "-- etc/hosts.allow --\nsshd: 10.\nALL: ALL: deny\n", check.Pass},
		"but some":        {library + "-- etc/hosts.deny --\nALL EXCEPT sshd: ALL\n", check.Fail},
		"but some hosts":  {library + "-- etc/hosts.deny --\nALL: ALL EXCEPT 10.\n", check.Pass},
		"one program":     {library + "-- etc/hosts.deny --\nsshd: ALL\n", check.Fail},
		"denied":          {library + "-- etc/hosts.allow error=EACCES --\n-- etc/hosts.deny --\nALL: ALL\n", check.Unknown},
		"no line":         {library + "-- etc/hosts.deny --\nALL ALL\n", check.Error},
	} {
		made, err := hostsaccess.DefaultDeny{}.Check()
		if r, err := checktest.Judge(c.fixture, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s (%s), %v, want %s", name, r.Status, r.Message, err, c.want)
		}
	}
}

func ExampleDefaultDeny() {
	c, err := hostsaccess.DefaultDeny{}.Check()
	r, err := checktest.Judge(library+"-- etc/hosts.allow --\nALL: ALL\n", c, err)
	fmt.Println(r.Status, r.Evidence[0].Source, r.Evidence[0].Got, err)
	// Output: fail etc/hosts.allow let in <nil>
}
