package ini_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hardening-sdk/hardening/internal/ini"
)

func TestParse(t *testing.T) {
	got, err := ini.Parse([]byte("# c\n[main]\r\ngpgcheck=1\r\n\n[ a ]\nbaseurl = http://a/\n# c\n\thttp://b/\n;c\nempty =\nlast=x=y"))
	want := []ini.Entry{
		{"main", "gpgcheck", "1", 3}, {"a", "baseurl", "http://a/\nhttp://b/", 6}, {"a", "empty", "", 10}, {"a", "last", "x=y", 11},
	}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Errorf("%v\n%s", err, d)
	}
	for _, text := range []string{"a=b\n", "[a\nb=c\n", "[a]\nb\n", "[a]\n=b\n", "\ufeff[a]\nb=c\n", "[a]\n b=c\n", "[a]\nb=c\n # d\n", "[a] x\nb=c\n", "[a]\nb=c\rd\n"} {
		if got, err := ini.Parse([]byte(text)); err == nil || got != nil {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("[a]\nb=c\n d\n\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := ini.Parse(b)
		if err != nil && all != nil {
			t.Fatal("an answer beside an error")
		}
		for _, e := range all {
			if e.Key == "" || e.Line < 1 {
				t.Fatalf("%+v", e)
			}
		}
	})
}
