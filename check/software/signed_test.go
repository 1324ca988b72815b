package software_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/software"
)

func TestSigned(t *testing.T) {
	const source = "-- etc/apt/sources.list --\ndeb http://a.example/ stable main\n"
	for name, c := range map[string]struct {
		fixture string
		want    check.Status
	}{
		"signed":              {source, check.Pass},
		"a word for yes":      {source + "-- etc/apt/apt.conf --\nAPT::Get::AllowUnauthenticated \"yes\";\n", check.Fail},
		"a word for no":       {source + "-- etc/apt/apt.conf --\nAcquire::AllowInsecureRepositories \"false\";\n", check.Pass},
		"both, one unsigned":  {source + "-- etc/dnf/dnf.conf --\n[main]\n-- etc/yum.repos.d/a.repo --\n[a]\nbaseurl=https://a.example/\n", check.Fail},
		"both, one denied":    {source + "-- etc/dnf/dnf.conf error=EACCES --\n", check.Unknown},
		"denied and unsigned": {"-- etc/apt/sources.list --\ndeb [trusted=yes] http://a.example/ stable main\n-- etc/dnf/dnf.conf error=EACCES --\n", check.Fail},
		"certificate":         {"-- etc/dnf/dnf.conf --\n[main]\ngpgcheck=1\nsslverify=0\n-- etc/yum.repos.d/a.repo --\n[a]\nbaseurl=https://a.example/\n", check.Fail},
		"neither":             {"", check.Unknown},
	} {
		made, err := software.Signed{}.Check()
		if r, err := checktest.Judge(c.fixture, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s (%s), %v, want %s", name, r.Status, r.Message, err, c.want)
		}
	}
}
