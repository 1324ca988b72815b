package mount_test

import (
	"fmt"
	"testing"

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

func ExampleOptions() {
	c, err := mount.Options{Targets: []string{"tmp"}, Want: []string{"nodev", "noexec"}}.Check()
	r, err := checktest.Judge("-- etc/fstab --\ntmpfs /tmp tmpfs nodev 0 0\n", c, err)
	fmt.Println(r.Status, r.Evidence[0].Subject, r.Evidence[0].Got, err)
	// Output: fail /tmp without noexec <nil>
}
