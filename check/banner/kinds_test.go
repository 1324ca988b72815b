package banner_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/check/banner"
	"github.com/hardening-sdk/hardening/check/kind"
)

func TestKindsAreDocumented(t *testing.T) {
	for _, k := range banner.Kinds() {
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
