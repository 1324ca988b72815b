package version_test

import (
	"errors"
	"fmt"

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

// An order that is not known is an error, never an answer.
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
