package pam_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/check/pam"
)

func TestKindsAreDocumented(t *testing.T) {
	for _, k := range pam.Kinds() {
		if k.Err() != nil || k.Doc() == "" {
			t.Errorf("%s: got %v and the doc %q", k.Name(), k.Err(), k.Doc())
		}
		documented(t, k.Name(), k.Params())
	}
}

func documented(t *testing.T, of string, params []kind.Param) {
	t.Helper()
	for _, p := range params {
		if p.Doc == "" {
			t.Errorf("%s: %s has no doc", of, p.Name)
		}
		documented(t, of+" "+p.Name, p.Params)
	}
}

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
