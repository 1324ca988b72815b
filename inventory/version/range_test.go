package version_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hardening-sdk/hardening/inventory/version"
)

func TestRange(t *testing.T) {
	tests := []struct {
		scheme, text, canonical string
		inside, outside         string
	}{
		{"deb", ">= 1.2-3, < 2", "vers:deb/>=1.2-3|<2", "1.2-3 1.2-10 2~rc1", "1.2-2 2 2-0 1:1.5"},
		{"deb", ">=1.2-3,<2", "vers:deb/>=1.2-3|<2", "1.2-3", "2"},
		{"deb", ">> 1, << 3", "vers:deb/>1|<3", "2 1+b1", "1 3 1-0"},
		{"deb", "1.0", "vers:deb/1.0", "1.0 1.00 1.0-0", "1.0-1"},
		{"deb", "== 1.0 || = 3", "vers:deb/1.0|3", "1.0 3", "2"},
		{"deb", "!= 2", "vers:deb/!=2", "1 3", "2 2-0"},
		{"deb", "!= 2, != 1", "vers:deb/!=1|!=2", "0 1.5 3", "1 2"},
		{"deb", ">=1, !=2, <3", "vers:deb/>=1|!=2|<3", "1 2.5", "0 2 3"},
		{"deb", "<1 || >1", "vers:deb/!=1", "0 2", "1"},
		{"deb", "<=1 || >1", "vers:deb/*", "0 1 2", ""},
		{"deb", "*", "vers:deb/*", "0 1~~ 99:9", ""},
		{"deb", "*, <2", "vers:deb/<2", "1", "2"},
		{"deb", ">2,<1", "vers:none/*", "", "0 1 1.5 2 3"},
		{"deb", ">=1,<2 || >=2,<3", "vers:deb/>=1|<3", "1 2 2.9", "3"},
		{"deb", ">=1,<=2 || >=1.5,<=1.7 || 5", "vers:deb/>=1|<=2|5", "1.6 5", "3"},
		{"deb", ">=2 || >=1", "vers:deb/>=1", "1 2", "0"},
		{"deb", "vers:deb/>=1.0|<2", "vers:deb/>=1.0|<2", "1.0 1.5", "2"},
		{"deb", "vers:deb/<1|>=2|<3", "vers:deb/<1|>=2|<3", "0 2", "1 3"},
		{"deb", "vers:deb/<1|!=1.5|2|>=3", "vers:deb/<1|2|>=3", "0 2 3", "1 1.5 2.5"},
		{"deb", "vers:deb/>=1|!=1.5|!=1.7|<2", "vers:deb/>=1|!=1.5|!=1.7|<2", "1 1.6", "1.5 1.7 2"},
		{"deb", "vers:deb/!=1", "vers:deb/!=1", "0 2", "1"},
		{"deb", "vers:deb/1|2|3", "vers:deb/1|2|3", "1 2 3", "1.5"},
		{"deb", "vers:deb/>=1|5", "vers:deb/>=1", "1 2 5 6", "0"},
		{"deb", "vers:all/*", "vers:deb/*", "1", ""},
		{"deb", "vers:deb/*", "vers:deb/*", "1", ""},
		{"deb", "vers:none/*", "vers:none/*", "", "1"},
		{"deb", ">=1:2.0+dfsg~rc1-1", "vers:deb/>=1:2.0+dfsg~rc1-1", "1:2.1-1", "2.0 1:2.0-1"},
		{"rpm", "= 2.0", "vers:rpm/2.0", "2.0 2.0-1 2.0-9.el9", "2.0.1 1:2.0"},
		{"rpm", ">= 2.0-3, < 3", "vers:rpm/>=2.0-3|<3", "2.0 2.0-3 2.0-10 2.9-1", "2.0-2 3 3-1"},
		{"apk", ">=1.2_rc1, <1.2", "vers:apk/>=1.2_rc1|<1.2", "1.2_rc2-r3", "1.2 1.2-r1"},
		{"openssl", ">= 1.0.2zg, < 1.1.1w || >= 3.0.0, < 3.0.13", "vers:openssl/>=1.0.2zg|<1.1.1w|>=3.0.0|<3.0.13", "1.0.2zh 1.1.0 3.0.2", "1.0.2u 1.1.1w 3.0.0-beta1 3.0.13"},
		{"rpm", "vers:rpm/>=1|<2%2A2", "vers:rpm/>=1|<2%2A2", "1.5 2.1", "2.2 3"},
		{"macos", ">= 13.4.1 (c), < 13.5", "vers:macos/>=13.4.1%20(c)|<13.5", "13.4.1%20(c)%2022F82", "13.4.1%20(a)"},
		{"openssh", "<= 9.6", "vers:openssh/<=9.6", "9.6 9.6p1 OpenSSH_9.6p2 9.5p1", "9.7p1"},
		{"openssh", "> 9.6", "vers:openssh/>9.6", "9.7 9.7p1", "9.6 9.6p1"},
		{"openssh", "= 9.6", "vers:openssh/9.6", "9.6 9.6p1", "9.6.1 9.7"},
		{"openssh", ">= 9.6p1", "vers:openssh/>=9.6p1", "9.6p1 9.6p2 9.7", "9.6 9.5p1"},
		{"windows", ">=10.0.19045, <10.0.19045.3803", "vers:windows/>=10.0.19045|<10.0.19045.3803", "19045.1 10.0.19045.99", "10.0.19045.3803 10.0.22000.1"},
		{"generic", "~> 1.2.3", "vers:generic/>=1.2.3|<1.3", "1.2.3 1.2.9", "1.2.2 1.3 1.3-rc1 1.2.4-rc1"},
		{"generic", "~> 1.9", "vers:generic/>=1.9|<2", "1.9 1.10", "2.0"},
		{"generic", "~> 1", "vers:generic/>=1", "1 7", "0.9"},
		{"generic", "~> 9.9.1", "vers:generic/>=9.9.1|<9.10", "9.9.9", "9.10"},
		{"generic", ">= 1.2-rc1", "vers:generic/>=1.2-rc1", "1.2-rc2 1.2 1.3", "1.3-rc1 1.2-beta1"},
		{"generic", ">= A12", "vers:generic/>=A12", "A12 A13", "A11"},
		{"generic", ">= P03 Ver. 02.41, < P03 Ver. 03.00", "vers:generic/>=P03%20Ver.%2002.41|<P03%20Ver.%2003.00", "P03%20Ver.%2002.50", "P03%20Ver.%2003.00"},
	}
	for _, tt := range tests {
		t.Run(tt.scheme+" "+tt.text, func(t *testing.T) {
			s := scheme(t, tt.scheme)
			r, err := version.ParseRange(s, tt.text)
			if tt.canonical == "" {
				if !errors.Is(err, version.ErrInvalid) {
					t.Fatalf("got %v and %v, want an error", r, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := r.String(); got != tt.canonical {
				t.Errorf("got %s, want %s", got, tt.canonical)
			}
			for i, list := range []string{tt.outside, tt.inside} {
				for _, v := range strings.Fields(list) {
					v = strings.ReplaceAll(v, "%20", " ")
					if got, err := r.Contains(v); err != nil || got != (i == 1) {
						t.Errorf("contains %q: %v, %v", v, got, err)
					}
				}
			}
		})
	}
}

func TestRangeErrors(t *testing.T) {
	tests := []struct {
		scheme, text string
		offset       int // negative: the schemes differ
	}{
		{"deb", "", 0},
		{"deb", "  ", 2},
		{"deb", ">=", 2},
		{"deb", ">= 1, ", 6},
		{"deb", ">= 1,, < 2", 5},
		{"deb", ">= 1 ||", 7},
		{"deb", ">= 1, < 2-", 10},
		{"deb", "~> 1", 0},
		{"deb", "1 2", 1},
		{"deb", "> 1 < 2", 4},
		{"rpm", "<< 1", 0},
		{"rpm", "=> 1.2", 1},
		{"rpm", "^1.2", 0},
		{"rpm", "~> 1.2", 0},
		{"rpm", ">= ~1.2", 3},
		{"rpm", "1.*", 2},
		{"rpm", "[1,2)", 0},
		{"rpm", "(,2]", 0},
		{"rpm", "1.0 - 2.0", 3},
		{"rpm", "> 1 < 2", 4},
		{"rpm", "VERS:rpm/1", 0},
		{"alpm", "1|2", 1},
		{"opkg", ">= 1 2", 4},
		{"deb", "^1.2", 0},
		{"deb", "=> 1", 1},
		{"deb", " vers:deb/1", 0},
		{"maven", "\tVers:maven/1", 0},
		{"generic", "^1.2", 0},
		{"generic", "> 1 < 2", 4},
		{"openssl", ">= 1.0", 6},
		{"generic", "1.2 - 2.0", 3},
		{"generic", ">= A12, < 2.0", 10},
		{"generic", "~> A12", 0},
		{"rpm", "=<1.2", 1},
		{"rpm", "=> 1.2", 1},
		{"rpm", ">= 1.0 < 2.0", 7},
		{"rpm", "1.0 - 2.0", 3},
		{"rpm", ">=1.0\t2.0", 5},
		{"rpm", "[1.0,2.0)", 0},
		{"rpm", "1.*", 2},
		{"rpm", "= *", 2},
		{"rpm", ">=1.0|<2.0", 5},
		{"rpm", "VERS:rpm/1.0", 0},
		{"rpm", " vers:rpm/1.0", 0},
		{"rpm", ">=1.0\n2.0", 5},
		{"alpm", ">=1 <2", 4},
		{"alpm", "1 2", 1},
		{"opkg", "1 2", 1},
		{"deb", "^1.2", 0},
		{"deb", "~>1.2", 0},
		{"deb", "~1.2", 0},
		{"deb", "(,1.0]", 0},
		{"deb", "(>=1.0)", 0},
		{"deb", ">= '1.0'", 3},
		{"deb", "<<<1", 2},
		{"deb", "===1", 2},
		{"generic", ">=1.0 <2.0", 6},
		{"npm", "<  >*1.2.3", 3},
		{"npm", " <  >=*0.1.2", 4},
		{"kernel", ">= 5.15.0-1-generic, < 5.15.0-2-aws", 29},
		{"deb", "vers:rpm/1", -1},
		{"deb", "vers:DEB/1", -1},
		{"deb", "vers:deb", 8},
		{"deb", "vers:deb/", 9},
		{"deb", "vers:deb/|1", 9},
		{"deb", "vers:deb/1|", 11},
		{"deb", "vers:deb/1||2", 11},
		{"deb", "vers:deb/=1", 9},
		{"deb", "vers:deb/>= 1", 11},
		{"deb", "vers:deb/>=2|<1", 13},
		{"deb", "vers:deb/1.0|1.00|2", 13},
		{"deb", "vers:deb/1|1", 11},
		{"deb", "vers:deb/>=1|>=2", 9},
		{"deb", "vers:deb/<1|<2", 9},
		{"deb", "vers:deb/1|<2", 9},
		{"deb", "vers:deb/>=1|2|<3", 9},
		{"deb", "vers:deb/*|1", 9},
		{"deb", "vers:deb/1%2", 10},
		{"deb", "vers:deb/1%2b", 10},
		{"deb", "vers:deb/1%zz", 10},
		{"deb", "vers:deb/1é", 10},
		{"deb", "vers:deb/1\x00", 10},
		{"deb", "vers:all/1", -1},
	}
	for _, tt := range tests {
		t.Run(tt.scheme+" "+tt.text, func(t *testing.T) {
			r, err := version.ParseRange(scheme(t, tt.scheme), tt.text)
			if tt.offset < 0 {
				if !errors.Is(err, version.ErrScheme) {
					t.Errorf("got %v and %v, want that the schemes differ", r, err)
				}
				return
			}
			var e *version.InvalidError
			if !errors.As(err, &e) || !errors.Is(err, version.ErrInvalid) {
				t.Fatalf("got %v and %v, want an error", r, err)
			}
			if e.Offset != tt.offset || e.Text != tt.text || e.Expected == "" {
				t.Errorf("got %#v, want offset %d", e, tt.offset)
			}
		})
	}
}

// What is no version is in no range, and outside of none.
func TestContainsNoVersion(t *testing.T) {
	s := scheme(t, "deb")
	for _, text := range []string{"*", "vers:none/*", "<1"} {
		r, err := version.ParseRange(s, text)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []string{"", "1 2", "1\x00", ":"} {
			if in, err := r.Contains(v); in || !errors.Is(err, version.ErrInvalid) {
				t.Errorf("%s contains %q: %v, %v", text, v, in, err)
			}
		}
	}
	r, err := version.ParseRange(scheme(t, "generic"), "< A12")
	if err != nil {
		t.Fatal(err)
	}
	if in, err := r.Contains("1.2"); in || !errors.Is(err, version.ErrInvalid) {
		t.Errorf("< A12 contains 1.2: %v, %v", in, err)
	}
	either, err := version.ParseRange(scheme(t, "kernel"), ">= 5.15.0-1-generic, < 5.16.1 || 5.15.0-2-aws")
	if err != nil {
		t.Fatal(err)
	}
	if in, err := either.Contains("5.15.0-2-aws"); !in || err != nil {
		t.Errorf("%s contains 5.15.0-2-aws: %v, %v", either, in, err)
	}
	if in, err := either.Contains("5.15.0-3-aws"); in || !errors.Is(err, version.ErrInvalid) {
		t.Errorf("%s contains 5.15.0-3-aws: %v, %v", either, in, err)
	}
	if in, err := (version.Range{}).Contains("1"); in || !errors.Is(err, version.ErrScheme) {
		t.Errorf("the zero range contains 1: %v, %v", in, err)
	}
	if got := (version.Range{}).String(); got != "" {
		t.Errorf("the zero range is %q", got)
	}
	if _, err := version.ParseRange(nil, "1"); !errors.Is(err, version.ErrScheme) {
		t.Errorf("a range of no scheme: %v", err)
	}
}

func TestLint(t *testing.T) {
	tests := []struct {
		scheme, text string
		want         []string
	}{
		{"deb", ">= 1, < 2 || 3", nil},
		{"deb", "> 2, < 1", []string{"the range contains no version"}},
		{"deb", "> 1, <= 1", []string{"the range contains no version"}},
		{"deb", "= 1, = 2", []string{"the range contains no version"}},
		{"deb", "= 1, != 1", []string{"the range contains no version"}},
		{"deb", "vers:none/*", []string{"the range contains no version"}},
		{"deb", "> 2, < 1 || 5", []string{"alternative 1 contains no version"}},
		{"deb", "> 2, < 1 || 5, 6", []string{
			"alternative 1 contains no version", "alternative 2 contains no version", "the range contains no version",
		}},
		{"deb", ">= 1 || >= 2", []string{"alternative 2 is within another one"}},
		{"deb", "1.0 || 1.00", []string{"alternative 2 is within another one"}},
		{"deb", "!= 3 || 1", []string{"alternative 2 is within another one"}},
		{"rpm", ">= 1, < 2-3", []string{"some versions of the range have a release and some do not: the canonical form may differ where releases decide"}},
		{"rpm", "= 2.0-1, = 2.0", []string{"some versions of the range have a release and some do not: the canonical form may differ where releases decide"}},
		{"semver", ">=1.0.0-a, 1.2.3 !=1.2", []string{"its canonical form also contains versions of the minor version of 1.2.0, which != does not"}},
		{"generic", "> 1.2.3a, != 1.0, < 1.2.3b", []string{`generic: "1.2.3b" at byte 5: want what is like 1.2.3a: the order of other forms would be a guess`}},
		{"openssh", ">= 9.5, < 9.6p2", []string{"some versions of the range are portable releases and some are not: the canonical form may differ where that decides"}},
		{"generic", "> 1", []string{"pre-releases are in the range only if it names one of the same numbers; its canonical form knows the order alone"}},
	}
	for _, tt := range tests {
		t.Run(tt.scheme+" "+tt.text, func(t *testing.T) {
			r, err := version.ParseRange(scheme(t, tt.scheme), tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, r.Lint()); d != "" {
				t.Error(d)
			}
		})
	}
	if got := (version.Range{}).Lint(); len(got) != 1 {
		t.Errorf("the zero range: %q", got)
	}
}

func TestEvents(t *testing.T) {
	tests := []struct{ scheme, events, want string }{
		{"deb", `[{"introduced":"0"}]`, "vers:deb/*"},
		{"deb", `[{"introduced":"0"},{"fixed":"1.2-3"}]`, "vers:deb/<1.2-3"},
		{"deb", `[{"fixed":"1.2-3"},{"introduced":"0"}]`, "vers:deb/<1.2-3"},
		{"deb", `[{"introduced":"1"},{"last_affected":"2"}]`, "vers:deb/>=1|<=2"},
		{"deb", `[{"introduced":"1"},{"fixed":"2"},{"introduced":"3"},{"fixed":"4"}]`, "vers:deb/>=1|<2|>=3|<4"},
		{"deb", `[{"introduced":"3"},{"introduced":"1"},{"fixed":"4"},{"fixed":"2"}]`, "vers:deb/>=1|<2|>=3|<4"},
		{"deb", `[{"introduced":"1"},{"fixed":"2"},{"introduced":"2"}]`, "vers:deb/>=1"},
		{"deb", `[{"introduced":"1"},{"fixed":"1"}]`, "vers:none/*"},
		{"deb", `[{"introduced":"1"},{"last_affected":"1"}]`, "vers:deb/1"},
		{"deb", `[{"introduced":"0"},{"fixed":"3"},{"limit":"2"}]`, "vers:deb/<2"},
		{"deb", `[{"introduced":"0"},{"limit":"2"},{"limit":"3"}]`, "vers:deb/<3"},
		{"deb", `[{"introduced":"0"},{"limit":"2"},{"limit":"*"}]`, "vers:deb/*"},
		{"deb", `[{"introduced":"1"},{"introduced":"2"},{"fixed":"3"},{"fixed":"4"}]`, "vers:deb/>=1|<3"},
		{"deb", `[]`, ""},
		{"deb", `[{"fixed":"1"}]`, ""},
		{"deb", `[{"introduced":"1","fixed":"2"}]`, ""},
		{"deb", `[{}]`, ""},
		{"deb", `[{"introduced":"0"},{"fixed":"1 2"}]`, ""},
		{"deb", `[{"introduced":"*"}]`, "vers:deb/>=%2A"},
		{"openssl", `[{"introduced":"*"}]`, ""},
		{"openssl", `[{"introduced":"0"},{"fixed":"1.0"}]`, ""},
		{"generic", `[{"introduced":"A1"},{"fixed":"2"}]`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.scheme+" "+tt.events, func(t *testing.T) {
			var events []version.Event
			if err := json.Unmarshal([]byte(tt.events), &events); err != nil {
				t.Fatal(err)
			}
			r, err := version.EventsRange(scheme(t, tt.scheme), events)
			if (err != nil) != (tt.want == "") {
				t.Fatal(err)
			}
			if got := r.String(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// FuzzRange holds that the canonical form is one, and says the same of versions where the
// scheme's ranges follow its order.
func FuzzRange(f *testing.F) {
	for _, s := range version.Schemes() {
		for _, text := range []string{">=1.0.0,<2.0.0", "!=1.0.0", "vers:" + s.Name() + "/>=1.0.0|!=1.5.0|<2.0.0", "1.0.0||2.0.0", "[1,2)"} {
			f.Add(s.Name(), text, "1.0.0")
		}
	}
	f.Fuzz(func(t *testing.T, name, text, v string) {
		if s, ok := version.Lookup(name); ok {
			canonical(t, s, text, v)
		}
	})
}

// TestCanonical is FuzzRange with ranges that make sense more often.
func TestCanonical(t *testing.T) {
	for _, s := range version.Schemes() {
		t.Run(s.Name(), func(t *testing.T) {
			var vs []string
			for _, v := range examples(t, s.Name()) {
				if s.Validate(v) == nil && !isTorn(s, v) && !strings.ContainsAny(v, ",|") && strings.TrimSpace(v) == v {
					vs = append(vs, v)
				}
			}
			rng := rand.New(rand.NewPCG(5, 6))
			for range 1000 {
				var text strings.Builder
				for i := range 1 + rng.IntN(5) {
					if i > 0 {
						text.WriteString([]string{",", " || "}[rng.IntN(2)])
					}
					fmt.Fprintf(&text, "%s %s", []string{"<", ">", "=", "!=", "<=", ">="}[rng.IntN(6)], vs[rng.IntN(len(vs))])
				}
				canonical(t, s, text.String(), vs[rng.IntN(len(vs))])
			}
		})
	}
}

func isTorn(s version.Scheme, v string) bool {
	f := torn[s.Name()]
	return f != nil && f(v)
}

func canonical(t *testing.T, s version.Scheme, text, v string) {
	t.Helper()
	r, err := version.ParseRange(s, text)
	if err != nil {
		return
	}
	c := r.String()
	again, err := version.ParseRange(s, c)
	if err != nil {
		if c == "" && partial[s.Name()] {
			return // versions without an order
		}
		t.Fatalf("%s: %q is %q: %v", s.Name(), text, c, err)
	}
	if got := again.String(); got != c {
		t.Errorf("%s: %q is %q, which is %q", s.Name(), text, c, got)
	}
	lint := r.Lint()
	in, err := r.Contains(v)
	inAgain, errAgain := again.Contains(v)
	if strings.Contains(strings.Join(lint, "\n"), "canonical form") || err != nil || errAgain != nil {
		return
	}
	if in != inAgain && apart[s.Name()] == nil && !isTorn(s, v) {
		t.Errorf("%s: %q contains %q: %v, but %q: %v", s.Name(), text, v, in, c, inAgain)
	}
}
