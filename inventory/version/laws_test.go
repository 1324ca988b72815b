package version_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/version"
)

// slow are the orders once more, written straight from the specifications, with no
// thought of speed. They return < = > or !.
var slow = map[string]func(a, b string) byte{
	"alpm":    slowALPM,
	"apk":     slowAPK,
	"cargo":   slowCargo,
	"deb":     slowDeb,
	"gem":     slowGem,
	"golang":  slowGolang,
	"kernel":  slowKernel,
	"macos":   slowMacOS,
	"maven":   slowMaven,
	"npm":     slowNPM,
	"nuget":   slowNuGet,
	"openssh": byKey(keyOpenSSH),
	"openssl": byKey(keyOpenSSL),
	"opkg":    slowOpkg,
	"pypi":    slowPyPI,
	"rpm":     slowRPM,
	"semver":  slowSemver,
	"windows": byKey(keyWindows),
}

// apart says of which strings an order is not one: those of which this is different
// are not compared with one another when three are looked at.
var apart = map[string]func(v string) string{"alpm": apartALPM}

// torn says of which strings the tool's order is none: they are not compared when three are
// looked at.
var torn = map[string]func(v string) bool{
	"maven": mavenCircles,
	"npm":   npmLoses,
}

func fuzz(f *testing.F, name string) {
	s := scheme(f, name)
	vs := examples(f, name)
	for i := range vs {
		f.Add(vs[i], vs[(i+1)%len(vs)], vs[(i*7+3)%len(vs)])
	}
	f.Fuzz(func(t *testing.T, a, b, c string) { laws(t, s, a, b, c) })
}

// TestLaws holds every scheme of which there are versions at hand against the laws of an
// order, on accidents of real versions.
func TestLaws(t *testing.T) {
	for _, s := range version.Schemes() {
		t.Run(s.Name(), func(t *testing.T) {
			corners := examples(t, s.Name())
			all := corners
			if file := filepath.Join("testdata", "real", s.Name()+".txt"); exists(file) {
				all = append(readVersions(t, file), corners...)
			}
			pieces := piecesOf(s.Name())
			rng := rand.New(rand.NewPCG(3, 4))
			valid := 0
			for range 5000 {
				a, other := all[rng.IntN(len(all))], corners[rng.IntN(len(corners))]
				b, c := mutate(rng, a, pieces), mutate(rng, a, pieces)
				laws(t, s, a, b, c)
				laws(t, s, other, mutate(rng, other, pieces), b)
				if s.Validate(b) == nil {
					valid++
				}
				if t.Failed() {
					return
				}
			}
			if valid < 1000 {
				t.Errorf("only %d of 5000 accidents are valid", valid)
			}
		})
	}
}

// piecesOf are what accidents add to versions of a scheme.
func piecesOf(name string) []string {
	for _, tool := range tools {
		if tool.scheme == name {
			return strings.Fields(tool.pieces)
		}
	}
	return strings.Fields(". - + ~ _ 0 00 1 09 10 a b z A rc1 beta p1 99999999999999999999999 é")
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// laws are those of a total order of what is valid.
func laws(t *testing.T, s version.Scheme, a, b, c string) {
	t.Helper()
	for _, p := range [][2]string{{a, a}, {a, b}, {b, c}, {a, c}} {
		there, back := ask(s, p[0], p[1]), ask(s, p[1], p[0])
		if mirror(there) != back {
			t.Errorf("%q %c %q, but the other way round %c", p[0], there, p[1], back)
		}
		if want := second(s, p[0], p[1]); want != 0 && there != want {
			t.Errorf("%q %c %q, but slowly %c", p[0], there, p[1], want)
		}
		if valid := s.Validate(p[0]) == nil && s.Validate(p[1]) == nil; valid != (there != '!') && !(valid && partial[s.Name()]) {
			t.Errorf("%q %c %q, but valid: %v", p[0], there, p[1], valid)
		}
	}
	for _, v := range []string{a, b, c} {
		err := s.Validate(v)
		if err == nil {
			if ask(s, v, v) != '=' {
				t.Errorf("%q is not itself", v)
			}
			continue
		}
		var e *version.InvalidError
		if !errors.As(err, &e) || !errors.Is(err, version.ErrInvalid) {
			t.Fatalf("%q: %#v", v, err)
		}
		if e.Scheme != s.Name() || e.Offset < 0 || e.Offset > len(v) || e.Expected == "" {
			t.Errorf("%q: %#v", v, e)
		}
	}
	if f := apart[s.Name()]; f != nil && (f(a) != f(b) || f(b) != f(c)) {
		return
	}
	if f := torn[s.Name()]; f != nil && (f(a) || f(b) || f(c)) {
		return
	}
	x, y, z := ask(s, a, b), ask(s, b, c), ask(s, a, c)
	if x == '!' || y == '!' {
		return
	}
	want := y
	if x != '=' {
		want = x
	}
	if x == y || x == '=' || y == '=' {
		if z != want && !(z == '!' && x == '=' && y == '=' && partial[s.Name()]) {
			t.Errorf("%q %c %q %c %q, but %q %c %q", a, x, b, y, c, a, z, c)
		}
	}
}

// second is what the slow implementation says, 0 if there is none.
func second(s version.Scheme, a, b string) byte {
	if f := slow[s.Name()]; f != nil {
		return f(a, b)
	}
	return 0
}
