package shellvar_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/internal/shellvar"
)

func TestShell(t *testing.T) {
	for in, want := range map[string]shellvar.Var{
		"A=b\n": {Key: "A", Value: "b", Line: 1}, "# x\n\n A='b c'  # d": {Key: "A", Value: "b c", Line: 3}, "export A=\"b\\\"c\"d\\ e": {Key: "A", Value: "b\"cd e", Line: 1},
		"A=\"b\nc\"": {Key: "A", Value: "b\nc", Line: 1}, "A=": {Key: "A", Line: 1}, "A=b#c": {Key: "A", Value: "b#c", Line: 1},
		// Each of these is an error, with its line.
		"A=b c": {Line: 1}, "\nA=$b": {Line: 2}, "A=b;C=d": {Line: 1}, "A=\"b": {Line: 1}, "A =b": {Line: 1}, "A=b\r\n": {Line: 1}, "\ufeffA=b": {Line: 1}, "A=~": {Line: 1}, "A=`b`": {Line: 1}, "A=b\\": {Line: 1}, "if": {Line: 1},
	} {
		n := 0
		for got, err := range shellvar.Shell([]byte(in)) {
			if n++; got != want || (err != nil) != (want.Key == "") {
				t.Errorf("%q: got %+v, %v", in, got, err)
			}
		}
		if n != 1 {
			t.Errorf("%q: got %d assignments", in, n)
		}
	}
}

func TestGrowthOfShell(t *testing.T) {
	read := func(b []byte) error {
		for range shellvar.Shell(b) {
		}
		return nil
	}
	growth.All(t, 40, read, "a='b'\n", "a=\"b\"\n", "a=b\\c\n")
}
