package bytetable

import (
	"slices"
	"testing"
)

func TestJudge(t *testing.T) {
	for name, c := range map[string]struct {
		got    map[string]answers
		unlike map[string]string
		want   []string
	}{
		"the same":           {map[string]answers{"plain": {"3", "3"}, "CR": {"4", "4"}}, nil, nil},
		"an error":           {map[string]answers{"plain": {"3", "3"}, "CR": {"4", Error}}, nil, nil},
		"another value":      {map[string]answers{"plain": {"3", "3"}, "CR": {"4", "3"}}, nil, []string{`CR: got "3", the program says "4"`}},
		"refused":            {map[string]answers{"plain": {"3", "3"}, "CR": {Error, "3"}}, nil, []string{`CR: got "3", the program says "error"`}},
		"with a reason":      {map[string]answers{"plain": {"3", "3"}, "CR": {"4", "3"}}, map[string]string{"CR": "why"}, nil},
		"a reason too many":  {map[string]answers{"plain": {"3", "3"}}, map[string]string{"plain": "why"}, []string{"plain: the reader says what the program does, or gives an error, and needs no reason"}},
		"a reason for none":  {map[string]answers{"plain": {"3", "3"}}, map[string]string{"CR": "why"}, []string{"CR: has a reason, and is not tried"}},
		"all texts refused":  {map[string]answers{"plain": {Error, Error}}, nil, []string{`the plain line: got "error", the program says "error"`}},
		"the reader refuses": {map[string]answers{"plain": {"3", Error}}, nil, []string{`the plain line: got "error", the program says "3"`}},
	} {
		if got := judge(c.got, c.unlike); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestTextsDiffer(t *testing.T) {
	texts := Line{Key: "Port", Sep: " ", Value: "yes", Other: "no", Comment: "#"}.Texts()
	if len(texts) < 100 {
		t.Errorf("got %d texts", len(texts))
	}
	plain := texts["plain"]
	for name, text := range texts {
		if name != "plain" && name != "another separator: blank" && text == plain {
			t.Errorf("%s: is the plain text", name)
		}
	}
}
