package version_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/version"
)

// testdata/ascending/<scheme>.txt is for schemes that no program compares: lists of versions in
// ascending order, with an empty line between two that say nothing of one another. Those of
// one line are equal. After a ! is what is no version, after a ? are two that have no order.

// partial are the schemes that do not know an order of all their versions.
var partial = map[string]bool{"generic": true, "kernel": true, "macos": true}

func TestAscending(t *testing.T) {
	files, err := filepath.Glob("testdata/ascending/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) { ascending(t, scheme(t, name), file) })
	}
}

func ascending(t *testing.T, s version.Scheme, file string) {
	type place struct {
		v    string
		line int
	}
	var list []place
	for i, line := range readLines(t, file) {
		vs := words(t, line)
		switch {
		case len(vs) == 0:
			list = nil
		case vs[0] == "!":
			if err := s.Validate(vs[1]); !errors.Is(err, version.ErrInvalid) {
				t.Errorf("%q is valid (%v)", vs[1], err)
			}
		case vs[0] == "?":
			if !partial[s.Name()] || s.Validate(vs[1]) != nil || s.Validate(vs[2]) != nil || ask(s, vs[1], vs[2]) != '!' {
				t.Errorf("%q %c %q, want two versions without an order", vs[1], ask(s, vs[1], vs[2]), vs[2])
			}
		default:
			for _, v := range vs {
				for _, before := range append(list, place{v, i}) {
					want := byte('<')
					if before.line == i {
						want = '='
					}
					if got := ask(s, before.v, v); got != want {
						t.Errorf("%q %c %q, want %c", before.v, got, v, want)
					}
				}
				list = append(list, place{v, i})
			}
		}
	}
}

// words are the versions of a line.
func words(t testing.TB, line string) []string {
	var vs []string
	for line != "" {
		var v string
		v, line = unquote(t, line)
		vs, line = append(vs, v), strings.TrimPrefix(line, " ")
	}
	return vs
}

// examples are versions of a scheme, some of them bad ones.
func examples(t testing.TB, name string) []string {
	file := "testdata/corners/" + name + ".txt"
	if _, err := os.Stat(file); err == nil {
		return readVersions(t, file)
	}
	var vs []string
	for _, line := range readLines(t, "testdata/ascending/"+name+".txt") {
		for _, v := range words(t, line) {
			if v != "!" && v != "?" {
				vs = append(vs, v)
			}
		}
	}
	return vs
}

func FuzzGeneric(f *testing.F) { fuzz(f, "generic") }
func FuzzKernel(f *testing.F)  { fuzz(f, "kernel") }
func FuzzMacOS(f *testing.F)   { fuzz(f, "macos") }
func FuzzOpenSSH(f *testing.F) { fuzz(f, "openssh") }
func FuzzOpenSSL(f *testing.F) { fuzz(f, "openssl") }
func FuzzWindows(f *testing.F) { fuzz(f, "windows") }
