package patch_test

import (
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/patch"
)

// Intervals of APT's periodic work, as the comments of its script apt.systemd.daily have them.
func TestIntervals(t *testing.T) {
	for value, want := range map[string]check.Status{
		"1": check.Pass, "1d": check.Pass, "24h": check.Pass, "12h": check.Pass, "always": check.Pass, "600s": check.Pass, "1440m": check.Pass,
		"0": check.Fail, "2": check.Fail, "48h": check.Fail, "": check.Fail, "true": check.Fail, "-1": check.Fail, "1w": check.Fail, "99999999999999999999": check.Fail,
	} {
		c, err := patch.Automatic{}.Check()
		r, err := checktest.Judge("-- usr/bin/unattended-upgrade --\n-- etc/apt/apt.conf --\nAPT::Periodic { Update-Package-Lists \"1\"; Unattended-Upgrade \""+value+"\"; };\nUnattended-Upgrade::Allowed-Origins:: \"x:y-security\";\n", c, err)
		if err != nil || r.Status != want {
			t.Errorf("%q: got %s (%s), %v, want %s", value, r.Status, r.Message, err, want)
		}
	}
}

func TestFreshIsRefused(t *testing.T) {
	if _, err := (patch.Fresh{}).Check(); err == nil {
		t.Error("no age: got no error")
	}
}

func ExampleAutomatic() {
	c, err := patch.Automatic{}.Check()
	r, err := checktest.Judge("-- usr/bin/unattended-upgrade --\n-- etc/apt/apt.conf --\nAPT::Periodic::Unattended-Upgrade \"1\";\n", c, err)
	for _, e := range r.Evidence {
		fmt.Println(r.Status, e.Subject, e.Got, err)
	}
	// Output:
	// fail APT::Periodic::Update-Package-Lists not set <nil>
	// fail Unattended-Upgrade::Origins-Pattern none <nil>
}
