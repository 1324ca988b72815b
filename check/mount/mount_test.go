package mount_test

import (
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/mount"
)

func TestOptionsAreRefused(t *testing.T) {
	for _, a := range []mount.Options{{}, {Targets: []string{"tmp"}}, {Want: []string{"nodev"}}, {Targets: []string{"/tmp"}, Want: []string{"nodev"}}} {
		if _, err := a.Check(); err == nil {
			t.Errorf("%+v: got no error", a)
		}
	}
}

func TestWhatIsNotCertainOnAnImage(t *testing.T) {
	const good = "-- etc/fstab --\ntmpfs /tmp tmpfs nodev,noexec 0 0\n"
	for name, c := range map[string]struct {
		fixture string
		want    check.Status
	}{
		"one line":       {good, check.Pass},
		"two lines":      {good + "tmpfs /tmp tmpfs nodev,noexec 0 0\n", check.Unknown},
		"a unit":         {good + "-- etc/systemd/system/tmp.mount --\n[Mount]\nWhat=tmpfs\nWhere=/tmp\n", check.Unknown},
		"a masked unit":  {good + "-- etc/systemd/system/tmp.mount link=/dev/null --\n", check.Fail},
		"a vendor's own": {good + "-- usr/lib/systemd/system/tmp.mount --\n[Mount]\nWhat=tmpfs\nWhere=/tmp\n", check.Pass},
		"undone":         {"-- etc/fstab --\ntmpfs /tmp tmpfs nodev,noexec,exec 0 0\n", check.Fail},
	} {
		made, err := mount.Options{Targets: []string{"tmp"}, Want: []string{"nodev", "noexec"}}.Check()
		if r, err := checktest.Judge(c.fixture, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s (%s), %v, want %s", name, r.Status, r.Message, err, c.want)
		}
	}
}

func ExampleOptions() {
	c, err := mount.Options{Targets: []string{"tmp"}, Want: []string{"nodev", "noexec"}}.Check()
	r, err := checktest.Judge("-- etc/fstab --\ntmpfs /tmp tmpfs nodev 0 0\n", c, err)
	fmt.Println(r.Status, r.Evidence[0].Subject, r.Evidence[0].Got, err)
	// Output: fail /tmp without noexec <nil>
}
