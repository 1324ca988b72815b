package version_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory/version"
)

// Is the package as new as the one that fixes the vulnerability?
func Example() {
	deb, _ := version.Lookup("deb")
	installed, fixed := "1:9.2p1-2+deb12u2", "1:9.2p1-2+deb12u3"
	c, err := deb.Compare(installed, fixed)
	switch {
	case err != nil:
		fmt.Println("unknown:", err)
	case c < 0:
		fmt.Println("patch it")
	default:
		fmt.Println("fixed")
	}
	// Output: patch it
}

// An order that is not known is an error, and not a guess.
func ExampleScheme_unknown() {
	generic, _ := version.Lookup("generic")
	_, err := generic.Compare("A12", "B03")
	fmt.Println(errors.Is(err, version.ErrInvalid))
	fmt.Println(err)
	// Output:
	// true
	// generic: "B03" at byte 0: want what is like A12: the order of other forms would be a guess
}

func ExampleParseRange() {
	rpm, _ := version.Lookup("rpm")
	r, err := version.ParseRange(rpm, ">= 1.1.1k-7, < 1.1.1k-12 || = 3.0.7")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, v := range []string{"1:1.1.1k-9.el8", "1.1.1k-9.el8", "3.0.7-24.el9"} {
		in, err := r.Contains(v)
		fmt.Println(v, in, err)
	}
	fmt.Println(r)
	// Output:
	// 1:1.1.1k-9.el8 false <nil>
	// 1.1.1k-9.el8 true <nil>
	// 3.0.7-24.el9 true <nil>
	// vers:rpm/>=1.1.1k-7|<1.1.1k-12|3.0.7
}

func ExampleRange_Lint() {
	deb, _ := version.Lookup("deb")
	r, _ := version.ParseRange(deb, "> 2, < 1")
	fmt.Println(r, r.Lint())
	// Output: vers:none/* [the range contains no version]
}

func ExampleEventsRange() {
	deb, _ := version.Lookup("deb")
	r, err := version.EventsRange(deb, []version.Event{{Introduced: "0"}, {Fixed: "3.0.11-1~deb12u2"}})
	fmt.Println(r, err)
	// Output: vers:deb/<3.0.11-1~deb12u2 <nil>
}

// Which packages does a record of the Open Source Vulnerability format speak of? Whatever is not
// understood is unknown: it is neither affected nor not.
func ExampleEventsRange_record() {
	var record struct {
		Affected []struct {
			Package struct{ Ecosystem, Name string }
			Ranges  []struct {
				Type   string
				Events []version.Event
			}
			Versions []string
		}
	}
	if err := json.Unmarshal([]byte(`{"id": "EXAMPLE-1", "affected": [
		{"package": {"ecosystem": "Debian:12", "name": "openssl"},
		 "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.0.11-1~deb12u2"}]}]},
		{"package": {"ecosystem": "npm", "name": "left"}, "versions": ["0.9.0"],
		 "ranges": [{"type": "SEMVER", "events": [{"introduced": "1.0.0"}, {"fixed": "1.2.3"},
			{"introduced": "2.0.0-rc.1"}, {"last_affected": "2.1.0"}]}]}
	]}`), &record); err != nil {
		fmt.Println(err)
		return
	}
	schemes := map[string]string{"Debian": "deb", "npm": "npm"} // and so on
	affected := func(ecosystem, name, v string) (bool, error) {
		kind, _, _ := strings.Cut(ecosystem, ":")
		s, ok := version.Lookup(schemes[kind])
		if !ok {
			return false, fmt.Errorf("no scheme for %q", ecosystem)
		}
		if err := s.Validate(v); err != nil {
			return false, err
		}
		for _, a := range record.Affected {
			if a.Package.Ecosystem != ecosystem || a.Package.Name != name {
				continue
			}
			if slices.Contains(a.Versions, v) {
				return true, nil
			}
			for _, of := range a.Ranges {
				if of.Type == "GIT" { // of commits, whose versions are in the list, if anywhere
					if len(a.Versions) == 0 {
						return false, errors.New("commits, but no versions")
					}
					continue
				}
				r, err := version.EventsRange(s, of.Events)
				if err != nil {
					return false, err
				}
				if in, err := r.Contains(v); in || err != nil {
					return in, err
				}
			}
		}
		return false, nil
	}
	for _, p := range [][3]string{
		{"Debian:12", "openssl", "3.0.11-1~deb12u1"},
		{"Debian:12", "openssl", "3.0.11-1~deb12u2"},
		{"npm", "left", "2.0.0"},
		{"npm", "left", "latest"},
		{"Hex", "left", "1.0.0"},
	} {
		switch yes, err := affected(p[0], p[1], p[2]); {
		case err != nil:
			fmt.Println(p[1], p[2], "unknown:", err)
		case yes:
			fmt.Println(p[1], p[2], "affected")
		default:
			fmt.Println(p[1], p[2], "not affected")
		}
	}
	// Output:
	// openssl 3.0.11-1~deb12u1 affected
	// openssl 3.0.11-1~deb12u2 not affected
	// left 2.0.0 affected
	// left latest unknown: npm: "latest" at byte 0: want a number
	// left 1.0.0 unknown: no scheme for "Hex"
}

// What a version and a range lack is said in words, and by offset for programs.
func ExampleInvalidError() {
	npm, _ := version.Lookup("npm")
	for _, text := range []string{"^1.2.3 || 2.y", "vers:npm/>=2.0.0|<1.0.0", "vers:pypi/1.0"} {
		_, err := version.ParseRange(npm, text)
		fmt.Println(err)
		var e *version.InvalidError
		if errors.As(err, &e) {
			fmt.Println(e.Text[:e.Offset], "<- here")
		}
	}
	// Output:
	// npm: "^1.2.3 || 2.y" at byte 12: want a number, x or *
	// ^1.2.3 || 2. <- here
	// npm: "vers:npm/>=2.0.0|<1.0.0" at byte 17: want a version after the one before it: not in ascending order
	// vers:npm/>=2.0.0| <- here
	// "vers:pypi/1.0" is not of scheme npm: schemes differ
}

func ExampleSort() {
	deb, _ := version.Lookup("deb")
	vs := []string{"1.10", "1:0.1", "2.0", "2.0~rc1", "1.9"}
	err := version.Sort(deb, vs)
	fmt.Println(vs, err)
	// Output: [1.9 1.10 2.0~rc1 2.0 1:0.1] <nil>
}

func ExampleParse() {
	deb, _ := version.Lookup("deb")
	v, err := version.Parse(deb, "1:9.2p1-2+deb12u3")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("epoch %s, upstream %s, revision %s\n", v.Epoch(), v.Upstream(), v.Revision())
	// Output: epoch 1, upstream 9.2p1, revision 2+deb12u3
}

func ExampleMax() {
	kernel, _ := version.Lookup("kernel")
	fmt.Println(version.Max(kernel, "6.1.0-9-amd64", "6.1.0-18-amd64", "5.10.0-28-amd64"))
	// Output: 6.1.0-18-amd64 <nil>
}
