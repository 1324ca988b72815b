package colon_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hardening-sdk/hardening/internal/colon"
)

type entry struct {
	Line   int
	Fields []string
}

func split(text string, fields int) (all []entry, err error) {
	err = colon.Each(text, fields, func(line int, f []string) { all = append(all, entry{line, slices.Clone(f)}) })
	return all, err
}

func TestEach(t *testing.T) {
	got, err := split("a:b\n\n \t\n#c:d\n x:y\nlast:", 2)
	want := []entry{{Line: 1, Fields: []string{"a", "b"}}, {Line: 5, Fields: []string{" x", "y"}}, {Line: 6, Fields: []string{"last", ""}}}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(d, err)
	}
}

func TestMistakesComeBesideTheGood(t *testing.T) {
	got, err := split("a:b:c\n+x:y\n-:\nn\x00:x\ngood:1\n", 2)
	if len(got) != 1 || got[0].Line != 5 || err == nil {
		t.Fatal(got, err)
	}
	for _, want := range []string{"line 1: 3 fields, want 2", "line 2: an entry of the NIS", "line 3: an entry of the NIS", "line 4: has a NUL"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	if _, err := split(strings.Repeat("x\n", 1000), 2); len(strings.Split(err.Error(), "\n")) != 21 {
		t.Errorf("got %d mistakes of 1000, want 20 and a count", len(strings.Split(err.Error(), "\n")))
	}
}
