package version_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/version"
)

func TestVersionsAsText(t *testing.T) {
	deb, _ := version.Lookup("deb")
	v, err := version.Parse(deb, "1:9.2p1-2+deb12u3")
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	var back version.Version
	if string(b) != `"deb:1:9.2p1-2+deb12u3"` || err != nil || json.Unmarshal(b, &back) != nil || back != v || back.Epoch() != "1" {
		t.Errorf("got %s, %v and back %v", b, err, back)
	}
	if b, err = json.Marshal(version.Version{}); string(b) != `""` || err != nil || json.Unmarshal(b, &back) != nil || back != (version.Version{}) {
		t.Errorf("of the zero version: got %s, %v and back %v", b, err, back)
	}
	for _, s := range []string{`"1.0"`, `"none:1.0"`, `"deb:"`, `"deb:a:1"`} {
		back = v
		if err := json.Unmarshal([]byte(s), &back); !errors.Is(err, version.ErrInvalid) || back != v {
			t.Errorf("%s: got %v, %v", s, back, err)
		}
	}
}
