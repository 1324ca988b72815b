package kernel_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/kernel"
)

func TestSettingsAreRefused(t *testing.T) {
	for _, want := range []map[string][]string{nil, {"": {"1"}}, {"kernel.x": nil}, {"../x": {}}, {"net.*.conf.*.x": {"0"}}} {
		if _, err := (kernel.Settings{Want: want}).Check(); err == nil {
			t.Errorf("%v: got no error", want)
		}
	}
}

func TestRequired(t *testing.T) {
	const live = "live: true\n-- proc/sys/kernel/ostype --\nLinux\n"
	for required, want := range map[bool]check.Status{true: check.Fail, false: check.NotApplicable} {
		c, err := kernel.Settings{Want: map[string][]string{"kernel.none": {"1"}}, Required: required}.Check()
		if r, err := checktest.Judge(live, c, err); err != nil || r.Status != want {
			t.Errorf("required %v: got %s, %v, want %s", required, r.Status, err, want)
		}
	}
}

// The kernel takes the greater value of "all" and of an interface for some keys.
func TestGreatest(t *testing.T) {
	const live = "live: true\n-- proc/sys/kernel/ostype --\nLinux\n-- proc/sys/net/ipv4/conf/default/x --\n1\n"
	for fixture, want := range map[string]check.Status{
		live + "-- proc/sys/net/ipv4/conf/all/x --\n0\n":                                                check.Pass,
		live + "-- proc/sys/net/ipv4/conf/all/x --\n0\n-- proc/sys/net/ipv4/conf/eth0/x --\n0\n":        check.Fail,
		live + "-- proc/sys/net/ipv4/conf/all/x --\n1\n-- proc/sys/net/ipv4/conf/eth0.1/x --\n0\n":      check.Pass,
		live + "-- proc/sys/net/ipv4/conf/all/x --\n1\n-- proc/sys/net/ipv4/conf/eth0/x --\n3\n":        check.Fail,
		live + "-- proc/sys/net/ipv4/conf/all/x error=EIO --\n-- proc/sys/net/ipv4/conf/eth0/x --\n1\n": check.Error,
		"-- etc/sysctl.d/a.conf --\nnet.ipv4.conf.default.x=1\n" + applier:                              check.Unknown,
		"-- etc/sysctl.d/a.conf --\nnet.ipv4.conf.all.x=1\nnet.ipv4.conf.default.x=0\n" + applier:       check.Pass,
	} {
		c, err := kernel.Settings{Want: map[string][]string{"net.ipv4.conf.*.x": {"1"}}, Greatest: true}.Check()
		if r, err := checktest.Judge(fixture, c, err); err != nil || r.Status != want {
			t.Errorf("%q: got %s (%s), %v, want %s", fixture, r.Status, r.Message, err, want)
		}
	}
}

const applier = "-- usr/lib/systemd/system/systemd-sysctl.service --\n[Service]\nExecStart=/usr/lib/systemd/systemd-sysctl\n"

func ExampleSettings() {
	c, err := kernel.Settings{Want: map[string][]string{"kernel.kptr_restrict": {"1", "2"}}}.Check()
	r, err := checktest.Judge("live: true\n-- proc/sys/kernel/kptr_restrict --\n0\n", c, err)
	e := r.Evidence[0]
	fmt.Printf("%s %s is %s, want %s (%s), %v\n", r.Status, e.Subject, e.Got, e.Want, e.Source, err)
	// Output: fail kernel.kptr_restrict is 0, want 1 or 2 (proc/sys/kernel/kptr_restrict), <nil>
}

// What is seen to be open fails, although another text is not understood.
func TestFlaws(t *testing.T) {
	const dir = "-- sys/devices/system/cpu/vulnerabilities/"
	for fixture, want := range map[string]check.Status{
		dir + "a --\nMitigation: PTI\n":                                 check.Pass,
		dir + "a --\nMitigation: PTI\n" + dir + "b --\nSomething new\n": check.Unknown,
		dir + "a --\nVulnerable\n" + dir + "b --\nSomething new\n":      check.Fail,
	} {
		c, err := kernel.Flaws{}.Check()
		if r, err := checktest.Judge("live: true\n"+fixture, c, err); err != nil || r.Status != want {
			t.Errorf("%q: got %s, %v, want %s", fixture, r.Status, err, want)
		}
	}
}

func TestInterfaces(t *testing.T) {
	const live = "live: true\n-- proc/sys/kernel/ostype --\nLinux\n-- proc/sys/net/ipv4/conf/all/x --\n0\n-- proc/sys/net/ipv4/conf/default/x --\n0\n-- proc/sys/net/ipv4/conf/eth0/x --\n"
	for fixture, want := range map[string]check.Status{
		live + "0\n": check.Pass, live + "1\n": check.Fail, "live: true\n-- proc/sys/kernel/ostype --\nLinux\n": check.NotApplicable,
	} {
		c, err := kernel.Settings{Want: map[string][]string{"net.ipv4.conf.*.x": {"0"}}}.Check()
		if r, err := checktest.Judge(fixture, c, err); err != nil || r.Status != want {
			t.Errorf("got %s %v, %v, want %s", r.Status, r.Evidence, err, want)
		}
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	const secret = "00112233-44556677-8899aabb-ccddeeff"
	c, err := kernel.Settings{Want: map[string][]string{"net.ipv4.tcp_fastopen_key": {"x"}}}.Check()
	r, err := checktest.Judge("live: true\n-- proc/sys/net/ipv4/tcp_fastopen_key --\n"+secret+"\n", c, err)
	if err != nil || r.Status != check.Fail || strings.Contains(fmt.Sprintf("%+v", r), "0011") {
		t.Errorf("got %+v, %v", r, err)
	}
	for value, want := range map[string]string{"1": "1", "-1": "-1", "4096 131072 6291456": "4096 131072 6291456", "12-34": "something else", "fe80::1": "something else"} {
		c, err := kernel.Settings{Want: map[string][]string{"kernel.x": {"no"}}}.Check()
		if r, err := checktest.Judge("live: true\n-- proc/sys/kernel/x --\n"+value+"\n", c, err); err != nil || r.Evidence[0].Got != want {
			t.Errorf("%s: got %q, %v, want %q", value, r.Evidence[0].Got, err, want)
		}
	}
}

func TestBuilt(t *testing.T) {
	const lists = "-- lib/modules/6/modules.dep --\n-- lib/modules/6/modules.builtin --\n-- boot/config-6 --\n"
	for text, want := range map[string]check.Status{
		"CONFIG_A=y\n": check.Pass, "CONFIG_A=m\n": check.Fail, "# CONFIG_A is not set\n": check.Fail, "CONFIG_B=y\n": check.Fail,
		"CONFIG_A=y\nCONFIG_HAVE_C=y\n": check.Fail, "CONFIG_A=y\nCONFIG_HAVE_C=y\nCONFIG_C=4\n": check.Pass, "CONFIG_A=y\n# CONFIG_HAVE_C is not set\n": check.Pass, "A\n": check.Error,
	} {
		made, err := kernel.Built{Options: []kernel.BuildOption{{Name: "A", Accept: []string{"y"}}, {Name: "C", Accept: []string{"4", "5"}, Where: []string{"HAVE_C"}}}}.Check()
		r, err := checktest.Judge(lists+text, made, err)
		if err != nil || r.Status != want {
			t.Errorf("%q: got %+v, %v, want %v", text, r, err, want)
		}
	}
	for _, a := range []kernel.Built{{}, {Options: []kernel.BuildOption{{Name: "A"}}}, {Options: []kernel.BuildOption{{Name: "CONFIG_A", Accept: []string{"y"}}}}} {
		if _, err := a.Check(); err == nil {
			t.Errorf("%+v: no error", a)
		}
	}
}

func TestLockdown(t *testing.T) {
	const file = "live: true\n-- sys/kernel/security/lockdown --\n"
	for fixture, want := range map[string]check.Status{
		file + "[none] integrity confidentiality\n": check.Fail, file + "none [integrity] confidentiality\n": check.Pass, file + "none integrity [confidentiality]\n": check.Pass,
		file + "other\n": check.Unknown, "live: true\n-- sys/kernel/security/lsm --\nyama\n": check.Fail, "live: true\n-- sys/kernel/security dir --\n": check.Unknown, "": check.Unknown,
	} {
		made, err := kernel.Lockdown{}.Check()
		r, err := checktest.Judge(fixture, made, err)
		if err != nil || r.Status != want {
			t.Errorf("%q: got %+v, %v, want %v", fixture, r, err, want)
		}
	}
}
