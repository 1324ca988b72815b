package patch_test

import (
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/patch"
)

func date(s string) patch.Date {
	var d patch.Date
	if err := d.UnmarshalText([]byte(s)); err != nil {
		panic(err)
	}
	return d
}

func TestSupportedIsRefused(t *testing.T) {
	if _, err := (patch.Supported{}).Check(); err == nil {
		t.Error("without releases: got no error")
	}
	for _, s := range []string{"", "2026", "2026-13-01", "01.02.2026"} {
		if err := new(patch.Date).UnmarshalText([]byte(s)); err == nil {
			t.Errorf("%q: got no error", s)
		}
	}
}

func TestTheLastDayCounts(t *testing.T) {
	for now, want := range map[string]check.Status{
		"2026-08-30T00:00:00Z": check.Pass, "2026-08-31T23:59:59Z": check.Pass, "2026-09-01T00:00:00Z": check.Fail,
	} {
		c, err := patch.Supported{Releases: map[string]patch.Date{"debian/11": date("2026-08-31")}}.Check()
		r, err := checktest.Judge("now: "+now+"\n-- etc/os-release --\nID=debian\nVERSION_ID=11\n", c, err)
		if err != nil || r.Status != want {
			t.Errorf("%s: got %s, %v, want %s", now, r.Status, err, want)
		}
	}
}

func ExampleSupported() {
	c, err := patch.Supported{Releases: map[string]patch.Date{"debian/10": date("2024-06-30")}}.Check()
	r, err := checktest.Judge("-- etc/os-release --\nID=debian\nVERSION_ID=10\n", c, err)
	fmt.Println(r.Status, r.Message, err)
	// Output: fail support ended 2024-06-30 <nil>
}
