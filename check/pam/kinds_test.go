package pam_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/check/pam"
)

func TestDefaultServices(t *testing.T) {
	for _, k := range pam.Kinds() {
		for _, p := range k.Params() {
			if k.Name() != "pam.lockout" || p.Name != "services" {
				continue
			}
			var want []any
			for _, s := range pam.LoginServices {
				want = append(want, s)
			}
			if diff := cmp.Diff(p.Default, any(want)); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		}
	}
}
