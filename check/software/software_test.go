package software_test

import (
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/software"
)

const packages = `
-- var/lib/dpkg/status --
Package: bash
Status: install ok installed
Version: 5.2

Package: telnetd
Status: hold ok installed
Version: 0.17

Package: nis
Status: deinstall ok config-files
Version: 4.5

Package: openssl
Status: install reinstreq half-configured
Version: 3.0
`

func TestChecks(t *testing.T) {
	for subject, make := range map[string]func() (check.Check, error){
		"telnetd": software.Absent{Names: []string{"nis", "telnet*"}}.Check,
		"nis":     software.NoLeftovers{}.Check,
		"openssl": software.Complete{}.Check,
	} {
		c, err := make()
		r, err := checktest.Judge(packages, c, err)
		if err != nil || r.Status != check.Fail || len(r.Evidence) != 1 || r.Evidence[0].Subject != subject {
			t.Errorf("got %s %v, %v, want %s to fail", r.Status, r.Evidence, err, subject)
		}
	}
	for _, names := range [][]string{nil, {"["}} {
		if _, err := (software.Absent{Names: names}).Check(); err == nil {
			t.Errorf("%q: got no error", names)
		}
	}
}

func ExampleNoHolds() {
	c, err := software.NoHolds{}.Check()
	r, err := checktest.Judge(packages, c, err)
	fmt.Println(r.Status, r.Evidence[0].Subject, r.Evidence[0].Got, err)
	// Output: fail telnetd on hold at 0.17 <nil>
}
