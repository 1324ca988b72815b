package kernel_test

import (
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/kernel"
)

func TestSettingsAreRefused(t *testing.T) {
	for _, want := range []map[string][]string{nil, {"": {"1"}}, {"kernel.x": nil}, {"../x": {}}} {
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

func ExampleSettings() {
	c, err := kernel.Settings{Want: map[string][]string{"kernel.kptr_restrict": {"1", "2"}}}.Check()
	r, err := checktest.Judge("-- etc/sysctl.d/10-kernel.conf --\nkernel.kptr_restrict = 0\n", c, err)
	e := r.Evidence[0]
	fmt.Printf("%s %s:%d %s is %s, want %s, %v\n", r.Status, e.Source, e.Line, e.Subject, e.Got, e.Want, err)
	// Output: fail etc/sysctl.d/10-kernel.conf:1 kernel.kptr_restrict is 0, want 1 or 2, <nil>
}
