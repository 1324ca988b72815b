package software_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/software"
)

const (
	first   = "-- var/lib/dpkg/status --\nPackage: bash\nStatus: install ok installed\nVersion: 5.2\n"
	nothing = "-- var/lib/dpkg/status --\nPackage: nis\nStatus: deinstall ok config-files\nVersion: 4.5\n"
)

// What a pass was seen by, and what was looked for where there is nothing to judge. Of several
// pieces the texts are joined.
func TestEvidence(t *testing.T) {
	for name, c := range map[string]struct {
		make    func() (check.Check, error)
		fixture string
		want    check.Status
		shown   string
	}{
		"absent":                    {software.Absent{Names: []string{"rsh-*"}}.Check, packages, check.Pass, "rsh-*: not installed (packages looked at: 3), want not installed (var/lib/dpkg/status)"},
		"absent from nothing":       {software.Absent{Names: []string{"rsh-*"}}.Check, nothing, check.NotApplicable, "rsh-*: not installed (packages looked at: 0), want not installed"},
		"present":                   {software.Present{AnyOf: []string{"aide", "bash"}}.Check, packages, check.Pass, "bash: 5.2, want installed (var/lib/dpkg/status:1)"},
		"complete":                  {software.Complete{}.Check, first, check.Pass, "bash: installed, want installed (var/lib/dpkg/status:1)"},
		"complete without dpkg":     {software.Complete{}.Check, "", check.NotApplicable, "var/lib/dpkg/status: not there; var/lib/dpkg/status.d: not there"},
		"no holds":                  {software.NoHolds{}.Check, first, check.Pass, "bash: not on hold, want free to be updated (var/lib/dpkg/status:1)"},
		"no holds without dpkg":     {software.NoHolds{}.Check, "", check.NotApplicable, "var/lib/dpkg/status: not there; var/lib/dpkg/status.d: not there"},
		"no leftovers":              {software.NoLeftovers{}.Check, first, check.Pass, "bash: installed, want purged, or there (var/lib/dpkg/status:1)"},
		"no leftovers without dpkg": {software.NoLeftovers{}.Check, "", check.NotApplicable, "var/lib/dpkg/status: not there; var/lib/dpkg/status.d: not there"},
		"signed":                    {software.Signed{}.Check, "-- etc/apt/sources.list --\ndeb http://a.example/ stable main\n", check.Pass, "APT::Get::AllowUnauthenticated: not set, want a signature is asked for (etc/apt/apt.conf.d); APT::Get::Force-Yes: not set, want a signature is asked for (etc/apt/apt.conf.d); Acquire::AllowDowngradeToInsecureRepositories: not set, want a signature is asked for (etc/apt/apt.conf.d); Acquire::AllowInsecureRepositories: not set, want a signature is asked for (etc/apt/apt.conf.d); Acquire::AllowWeakRepositories: not set, want a signature is asked for (etc/apt/apt.conf.d)"},
		"signed by DNF":             {software.Signed{}.Check, "-- etc/dnf/dnf.conf --\n[main]\ngpgcheck=1\n-- etc/yum.repos.d/a.repo --\n[a]\nbaseurl=https://a.example/\n[b]\nbaseurl=https://b.example/\nenabled=0\n", check.Pass, "a: gpgcheck is 1, want a signature is asked for (etc/dnf/dnf.conf:2); a: sslverify is 1, the default, want the server's certificate is checked (etc/yum.repos.d/a.repo:2); b: off, want a signature is asked for (etc/yum.repos.d/a.repo:4)"},
		"no repository":             {software.Signed{}.Check, "-- etc/dnf/dnf.conf --\n[main]\ngpgcheck=1\n", check.Pass, "repositories of DNF: none, want a signature is asked for"},
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
