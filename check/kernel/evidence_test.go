package kernel_test

import (
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/kernel"
)

type maker interface{ Check() (check.Check, error) }

// What passes, and what there is nothing to judge of, shows what was looked at.
func TestEvidence(t *testing.T) {
	const (
		live  = "live: true\n-- proc/sys/kernel/ostype --\nLinux\n"
		built = "-- lib/modules/6/modules.dep --\n-- lib/modules/6/modules.builtin --\n-- boot/config-6 --\n"
	)
	for name, c := range map[string]struct {
		m       maker
		fixture string
		want    check.Status
		piece   string // of evidence
	}{
		"setting": {kernel.Settings{Want: map[string][]string{"kernel.x": {"1", "2"}}}, live + "-- proc/sys/kernel/x --\n2\n", check.Pass,
			"kernel.x: 2, want 1 or 2 (proc/sys/kernel/x)"},
		"no setting": {kernel.Settings{Want: map[string][]string{"kernel.x": {"1"}}}, live, check.NotApplicable,
			"kernel.x: the kernel has no such setting, want 1 (proc/sys/kernel/x)"},
		"no interfaces": {kernel.Settings{Want: map[string][]string{"net.ipv4.conf.*.x": {"1"}}}, live, check.NotApplicable,
			"net.ipv4.conf.*.x: the kernel has no such setting, want 1 (proc/sys/net/ipv4/conf)"},
		"no interfaces, required": {kernel.Settings{Want: map[string][]string{"net.ipv4.conf.*.x": {"1"}}, Required: true}, live, check.Fail,
			"net.ipv4.conf.*.x: the kernel has no such setting, want 1 (proc/sys/net/ipv4/conf)"},
		"flaw": {kernel.Flaws{}, live + "-- sys/devices/system/cpu/vulnerabilities/a --\nMitigation: PTI\n", check.Pass,
			"a: Mitigation: PTI, want not affected, or mitigated (sys/devices/system/cpu/vulnerabilities/a)"},
		"flaw, accepted": {kernel.Flaws{Accept: []string{"a"}}, live + "-- sys/devices/system/cpu/vulnerabilities/a --\nVulnerable\n", check.Pass,
			"a: Vulnerable, which is accepted, want not affected, or mitigated (sys/devices/system/cpu/vulnerabilities/a)"},
		"lockdown": {kernel.Lockdown{}, live + "-- sys/kernel/security/lockdown --\nnone [integrity] confidentiality\n", check.Pass,
			"lockdown: integrity, want integrity or confidentiality (sys/kernel/security/lockdown)"},
		"built": {kernel.Built{Options: []kernel.BuildOption{{Name: "A", Accept: []string{"64", "65"}}}}, built + "CONFIG_A=64\n", check.Pass,
			"CONFIG_A: 64, want 64 or 65 (boot/config-6:1)"},
		"built, another architecture": {kernel.Built{Options: []kernel.BuildOption{{Name: "A", Accept: []string{"y"}, Where: []string{"X86"}}}}, built + "CONFIG_A=y\n", check.NotApplicable,
			"CONFIG_A: a kernel of another architecture, want y (boot/config-6)"},
	} {
		made, err := c.m.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want || !slices.ContainsFunc(r.Evidence, func(e check.Evidence) bool { return e.String() == c.piece }) {
			t.Errorf("%s: got %s %v (%s), %v, want %s %s", name, r.Status, r.Evidence, r.Message, err, c.want, c.piece)
		}
	}
}
