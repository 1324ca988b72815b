package software_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/check/software"
)

func TestKindsAreDocumented(t *testing.T) {
	for _, k := range software.Kinds() {
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
