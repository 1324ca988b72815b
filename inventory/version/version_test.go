package version_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hardening-sdk/hardening/inventory/version"
)

func TestLookup(t *testing.T) {
	var names []string
	for _, s := range version.Schemes() {
		names = append(names, s.Name())
		if found, ok := version.Lookup(s.Name()); !ok || found != s {
			t.Errorf("%s is not found by its name", s.Name())
		}
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("names are not sorted: %q", names)
	}
	for _, name := range []string{"", "Deb", "deb ", "DEB", "debian", "\x00"} {
		if s, ok := version.Lookup(name); ok || s != nil {
			t.Errorf("%q is %v", name, s)
		}
	}
	version.Schemes()[0] = nil
	if version.Schemes()[0] == nil {
		t.Error("callers can change the schemes")
	}
}

func TestSort(t *testing.T) {
	s := scheme(t, "deb")
	vs := []string{"2", "1.00", "1.0~rc1", "1.0", "1:0"}
	if err := version.Sort(s, vs); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"1.0~rc1", "1.00", "1.0", "2", "1:0"}, vs); d != "" {
		t.Error(d)
	}
	for _, bad := range []struct {
		scheme string
		vs     []string
	}{
		{"deb", []string{"2", "1 0", "1"}},
		{"generic", []string{"A12", "A11", "2.0", "1.0"}}, // valid, but without an order
	} {
		vs := slices.Clone(bad.vs)
		if err := version.Sort(scheme(t, bad.scheme), vs); !errors.Is(err, version.ErrInvalid) {
			t.Errorf("%q: %v", bad.vs, err)
		}
		if d := cmp.Diff(bad.vs, vs); d != "" {
			t.Errorf("changed in spite of the error: %s", d)
		}
		if top, err := version.Max(scheme(t, bad.scheme), vs...); !errors.Is(err, version.ErrInvalid) || top != "" {
			t.Errorf("the highest of %q: %q, %v", vs, top, err)
		}
	}
	if err := version.Sort(s, nil); err != nil {
		t.Error(err)
	}
	err := version.Sort(s, []string{"2", "1 0"})
	if want := `version 2 of 2: deb: "1 0" at byte 1: want no white space`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestMax(t *testing.T) {
	s := scheme(t, "deb")
	if top, err := version.Max(s, "1.0", "2.0", "2.00", "1.9"); err != nil || top != "2.0" {
		t.Errorf("got %q, %v", top, err)
	}
	if top, err := version.Max(s); err == nil || top != "" {
		t.Errorf("the highest of none is %q, %v", top, err)
	}
}

func TestParse(t *testing.T) {
	tests := []struct {
		scheme, v                 string
		epoch, upstream, revision string
		prerelease                bool
	}{
		{"deb", "1:2.3-4", "1", "2.3", "4", false},
		{"deb", "2.3~rc1", "", "2.3~rc1", "", false},
		{"deb", "1:2-3-4", "1", "2-3", "4", false},
		{"opkg", "2.3-r4", "", "2.3", "r4", false},
		{"rpm", "1:2.3-4.el9", "1", "2.3", "4.el9", false},
		{"rpm", "2.3", "", "2.3", "", false},
		{"alpm", "1:2.3-4", "1", "2.3", "4", false},
		{"apk", "2.3_rc1-r4", "", "2.3_rc1", "r4", true},
		{"apk", "2.3_p1", "", "2.3_p1", "", false},
		{"windows", "10.0.19045.3803", "", "10.0.19045", "3803", false},
		{"windows", "19045.3803", "", "19045", "3803", false},
		{"windows", "10.0.19045", "", "10.0.19045", "", false},
		{"macos", "13.4.1 (c) (22F770820d)", "", "13.4.1", "22F770820d", false},
		{"macos", "22F5037d", "", "", "22F5037d", true},
		{"kernel", "5.15.0-91-generic", "", "5.15.0", "91-generic", false},
		{"kernel", "6.7.0-rc8", "", "6.7.0-rc8", "", true},
		{"openssl", "3.0.0-beta1", "", "3.0.0-beta1", "", true},
		{"openssl", "1.0.2zg", "", "1.0.2zg", "", false},
		{"openssh", "OpenSSH_9.6p1", "", "9.6", "p1", false},
		{"opkg", "1:2.3-r4", "1", "2.3", "r4", false},
		{"generic", "1.2-rc1", "", "1.2-rc1", "", true},
		{"generic", "A12", "", "A12", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.scheme+" "+tt.v, func(t *testing.T) {
			v, err := version.Parse(scheme(t, tt.scheme), tt.v)
			if err != nil {
				t.Fatal(err)
			}
			got := []any{v.Epoch(), v.Upstream(), v.Revision(), v.IsPrerelease(), v.String(), v.Scheme().Name()}
			want := []any{tt.epoch, tt.upstream, tt.revision, tt.prerelease, tt.v, tt.scheme}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
	if v, err := version.Parse(scheme(t, "deb"), "1 0"); !errors.Is(err, version.ErrInvalid) || v != (version.Version{}) {
		t.Errorf("got %v, %v", v, err)
	}
}

// Versions of two schemes have no order, and no range of one contains one of the other.
func TestSchemesDiffer(t *testing.T) {
	d, _ := version.Parse(scheme(t, "deb"), "1.0")
	r, _ := version.Parse(scheme(t, "rpm"), "1.0")
	for _, p := range [][2]version.Version{{d, r}, {r, d}, {d, {}}, {{}, d}, {{}, {}}} {
		if c, err := p[0].Compare(p[1]); !errors.Is(err, version.ErrScheme) || c != 0 {
			t.Errorf("%v and %v: %d, %v", p[0], p[1], c, err)
		}
	}
	if c, err := d.Compare(d); err != nil || c != 0 {
		t.Errorf("%d, %v", c, err)
	}
	in, err := version.ParseRange(scheme(t, "deb"), "*")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := in.ContainsVersion(d); err != nil || !ok {
		t.Errorf("%v, %v", ok, err)
	}
	for _, v := range []version.Version{r, {}} {
		if ok, err := in.ContainsVersion(v); !errors.Is(err, version.ErrScheme) || ok {
			t.Errorf("%v: %v, %v", v, ok, err)
		}
	}
}

// TestHostile gives every scheme strings of which anything but linear time would never end.
func TestHostile(t *testing.T) {
	const size = 1 << 20
	for _, s := range version.Schemes() {
		t.Run(s.Name(), func(t *testing.T) {
			v := strings.Repeat("1.a", 10<<20/3)
			s.Compare(v, v+"1")
			for _, piece := range []string{"1", "0", "a", ".", "-", "~", "1.", "1.a", "-1", "a1", "1-", "(", " ", "+", "_p", "\x00", "\xff", "é", "9"} {
				for _, prefix := range []string{"", "1.0.0-"} {
					v := prefix + strings.Repeat(piece, size/len(piece))
					s.Compare(v, v[:len(v)-1])
					if err := s.Validate(v + "1"); err != nil && len(err.Error()) > 1000 {
						t.Errorf("an error of %d bytes", len(err.Error()))
					}
				}
			}
		})
	}
}

// TestHostileRanges gives every scheme long ranges.
func TestHostileRanges(t *testing.T) {
	const size = 1 << 18
	for _, s := range version.Schemes() {
		t.Run(s.Name(), func(t *testing.T) {
			for _, piece := range []string{"1", "1.0.0||", "!=1.0.0,", ">=1.0.0,", "<1.0.0 ", " ", "(", "[1,2),", "|", ",", "*", "^", "~", "1.x ", "!=1.*,", "-", "\x00"} {
				text := strings.Repeat(piece, size/len(piece)) + "1.0.0"
				for _, text := range []string{text, "vers:" + s.Name() + "/" + text} {
					r, err := version.ParseRange(s, text)
					if err != nil {
						if len(err.Error()) > 1000 {
							t.Errorf("an error of %d bytes", len(err.Error()))
						}
						continue
					}
					r.Contains("1.0.0")
					_ = r.String()
					r.Lint()
				}
			}
		})
	}
}

// Nothing is allocated where no error is.
func TestAllocations(t *testing.T) {
	for _, s := range version.Schemes() {
		vs := valid(t, s)
		r, err := version.ParseRange(s, "vers:"+s.Name()+"/"+vs[0])
		if err != nil {
			t.Fatal(err)
		}
		ordered := map[[2]string]bool{} // pairs that make no error
		for _, v := range vs {
			for _, w := range vs {
				ordered[[2]string{v, w}] = ask(s, v, w) != '!'
			}
		}
		pairs := 0
		if n := testing.AllocsPerRun(3, func() {
			pairs = 0
			for i, v := range vs {
				s.Validate(v)
				for _, before := range vs[max(0, i-10):i] {
					if ordered[[2]string{before, v}] {
						s.Compare(before, v)
						pairs++
					}
				}
			}
		}); n != 0 || pairs < 20 {
			t.Errorf("%s: comparing %d pairs allocates %v times", s.Name(), pairs, n)
		}
		if n := testing.AllocsPerRun(3, func() {
			for _, v := range vs {
				if ordered[[2]string{vs[0], v}] {
					r.Contains(v)
				}
			}
		}); n != 0 {
			t.Errorf("%s: Contains allocates %v times", s.Name(), n)
		}
		if n := testing.AllocsPerRun(3, func() {
			version.Lookup(s.Name())
			first, _ := version.Parse(s, vs[0])
			for _, v := range vs {
				if p, _ := version.Parse(s, v); ordered[[2]string{vs[0], v}] {
					p.Compare(first)
					r.ContainsVersion(p)
					version.Max(s, vs[0], v)
				}
			}
		}); n != 0 {
			t.Errorf("%s: Parse, Max and the methods of Version allocate %v times", s.Name(), n)
		}
	}
}

// valid are the examples that are versions; the first is one that a range can name.
func valid(t testing.TB, s version.Scheme) []string {
	var vs []string
	for _, v := range examples(t, s.Name()) {
		if s.Validate(v) == nil && (len(vs) > 0 || strings.Trim(v, "0123456789.") == "") {
			vs = append(vs, v)
		}
	}
	return vs
}
