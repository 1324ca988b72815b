package jsonkeys_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/jsonkeys"
)

func TestCheck(t *testing.T) {
	for text, want := range map[string]string{
		`{"a": 1, "b": {"a": [{"a": 1}, {"a": 2}]}, "c": "a"}`: "",
		`{"a": "\"a\": 1", "b": "a", "c": ["a", "a"]}`:         "",
		`{"a": 1, "a": 2}`:             `the key "a" is there twice`,
		`{"a": 1, "A" : 2}`:            `the key "a" is there twice`,
		"{\"x\": {\"a\":1,\"a\"\n:2}}": `the key "a" is there twice`,
		strings.Repeat("[", 9):         "nested deeper than 8",
		`]}"`:                          "",
		`{"a`:                          "",
		`{"\`:                          "",
	} {
		err := jsonkeys.Check([]byte(text), 8)
		if (want == "") != (err == nil) || err != nil && err.Error() != want {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}
