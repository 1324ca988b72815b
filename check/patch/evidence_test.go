package patch_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/patch"
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
		"supported":         {patch.Supported{Releases: map[string]patch.Date{"debian/12": date("2028-06-30")}}.Check, "now: 2026-01-01T00:00:00Z\n-- etc/os-release --\nPRETTY_NAME=Debian\nID=debian\nVERSION_ID=12\n", check.Pass, "Debian: supported until 2028-06-30, want support that has not ended (etc/os-release:2)"},
		"supported Windows": {patch.SupportedWindows{Releases: map[string]patch.Date{"server/14393": date("2027-01-12")}}.Check, "now: 2026-01-01T00:00:00Z\n" + version, check.Pass, "Windows Server 2016 Standard (build 14393.0): supported until 2027-01-12, want support that has not ended (HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion)"},
		"APT":               {patch.Automatic{}.Check, "-- usr/bin/unattended-upgrade --\n-- etc/apt/apt.conf --\nAPT::Periodic { Update-Package-Lists \"1\"; Unattended-Upgrade \"1\"; };\nUnattended-Upgrade::Allowed-Origins:: \"x:y-security\";\n", check.Pass, "APT::Periodic::Unattended-Upgrade: 1, want every day or more often (etc/apt/apt.conf:1); APT::Periodic::Update-Package-Lists: 1, want every day or more often (etc/apt/apt.conf:1); Unattended-Upgrade::Allowed-Origins: x:y-security, want an origin of security updates (etc/apt/apt.conf:2); unattended-upgrades: there, want installed (usr/bin/unattended-upgrade)"},
		"lists":             {patch.Fresh{MaxDays: 7}.Check, "live: true\nnow: 2026-06-15T00:00:00Z\n-- etc/apt/apt.conf --\n-- var/lib/apt/lists dir mtime=2026-06-12T00:00:00Z --\n-- var/lib/apt/lists/a_Packages --\n", check.Pass, "lists of packages: of 2026-06-12, want at most 7 days old (var/lib/apt/lists)"},
		"no lists":          {patch.Fresh{MaxDays: 7}.Check, "live: true\nnow: 2026-06-15T00:00:00Z\n-- etc/apt/apt.conf --\n-- var/lib/apt/lists dir mtime=2026-06-12T00:00:00Z --\n", check.Fail, "lists of packages: none, want at most 7 days old (var/lib/apt/lists)"},
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
