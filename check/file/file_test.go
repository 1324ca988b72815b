package file_test

import (
	"fmt"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func mode(octal string) *file.Mode {
	var m file.Mode
	if err := m.UnmarshalText([]byte(octal)); err != nil {
		panic(err)
	}
	return &m
}

func TestMode(t *testing.T) {
	for _, bad := range []string{"", "0800", "17777", "rw", "-1", "0x1f"} {
		if err := new(file.Mode).UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q: got no error", bad)
		}
	}
	for m, want := range map[fs.FileMode]string{
		0o640: "0640", fs.ModeSetuid | 0o755: "4755", fs.ModeSetgid | fs.ModeDir | 0o775: "2775", fs.ModeSticky | fs.ModeDir | 0o777: "1777",
	} {
		if got := file.ModeOf(m).String(); got != want || *mode(want) != file.ModeOf(m) {
			t.Errorf("%v: got %s, want %s", m, got, want)
		}
	}
}

func TestArgumentsAreRefused(t *testing.T) {
	for name, make := range map[string]func() (check.Check, error){
		"no files":              file.Permissions{}.Check,
		"an empty list":         file.Permissions{Files: []string{}}.Check,
		"nothing to be there":   file.Present{}.Check,
		"nothing expected":      file.Setuid{}.Check,
		"an absolute name":      file.Permissions{Files: []string{"/etc/passwd"}}.Check,
		"a name that leaves":    file.Permissions{Files: []string{"../etc/passwd"}}.Check,
		"an absolute exception": file.WorldWritable{Except: []string{"/srv"}}.Check,
		"an absolute folder":    file.Sticky{Except: []string{"/srv"}}.Check,
		"a broken pattern":      file.Setuid{Allow: []string{"bin/["}}.Check,
		"an absolute pattern":   file.Capabilities{Allow: []string{"/bin/ping"}}.Check,
		"an empty exception":    file.Unowned{Except: []string{""}}.Check,
	} {
		if _, err := make(); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

// A tree that knows neither owners nor modes, such as an archive made without, gives no
// verdict on them.
func TestTreeWithoutOwners(t *testing.T) {
	sys, err := inventory.New(inventory.Config{FS: fstest.MapFS{"etc/shadow": {Mode: 0o600}, "etc/passwd": {Data: []byte("root:x:0:0:::\n")}, "etc/group": {Data: []byte("root:x:0:\n")}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, make := range map[string]func() (check.Check, error){
		"permissions":    file.Permissions{Files: []string{"etc/shadow"}, MaxMode: mode("0640")}.Check,
		"unowned":        file.Unowned{}.Check,
		"world-writable": file.WorldWritable{}.Check,
		"sticky":         file.Sticky{}.Check,
		"setuid":         file.Setuid{Allow: []string{"bin/su"}}.Check,
	} {
		c, err := make()
		if err != nil {
			t.Fatal(err)
		}
		out, err := check.Run(t.Context(), sys, []check.Compiled{{Rule: check.Rule{ID: "test.rule.one"}, Check: c}}, check.Options{})
		if err != nil || out[0].Result.Status != check.Unknown {
			t.Errorf("%s: got %s (%s), %v, want unknown", name, out[0].Result.Status, out[0].Result.Message, err)
		}
	}
}

// A vendor's tree that shows no attributes gives no verdict on capabilities, and all the
// verdicts on modes.
func TestTreeWithoutAttributes(t *testing.T) {
	cfg := inventorytest.Config(t, "-- usr/bin/python3 mode=0755 xattr.security.capability=0100000200800000000000000000000000000000 --\n")
	cfg.FS = struct{ filetree.FS }{cfg.FS}
	for want, make := range map[check.Status]func() (check.Check, error){
		check.Unknown: file.Capabilities{}.Check, check.Pass: file.WorldWritable{}.Check,
	} {
		c, err := make()
		if err != nil {
			t.Fatal(err)
		}
		out, err := check.Run(t.Context(), inventorytest.Open(t, cfg), []check.Compiled{{Rule: check.Rule{ID: "test.rule.one"}, Check: c}}, check.Options{})
		if err != nil || out[0].Result.Status != want {
			t.Errorf("got %s (%s), %v, want %s", out[0].Result.Status, out[0].Result.Message, err, want)
		}
	}
}

// What passes, and what there is nothing to judge of, shows what was looked at.
func TestEvidence(t *testing.T) {
	const accounts = "-- etc/passwd --\nroot:x:0:0:::\n-- etc/group --\nroot:x:0:\nshadow:x:42:\n-- etc/nsswitch.conf --\n"
	const capability = "-- usr/bin/ping mode=0755 xattr.security.capability=0100000200200000000000000000000000000000 --\n"
	for name, c := range map[string]struct {
		make    func() (check.Check, error)
		fixture string
		want    check.Status
		last    string // piece of evidence
	}{
		"permissions": {file.Permissions{Files: []string{"etc/shadow"}, MaxMode: mode("0640"), Groups: []string{"shadow"}, Private: true}.Check,
			accounts + "-- etc/shadow mode=0600 owner=0:42 --\n", check.Pass,
			`etc/shadow: mode 0600, user 0, group 42, want mode 0640 or less, owned by one of ["root"], of one of the groups ["shadow"], a group without members`},
		"permissions, none":     {file.Permissions{Files: []string{"etc/shadow", "etc/x*"}}.Check, "", check.NotApplicable, "etc/shadow: not there"},
		"below":                 {file.Below{Folders: []string{"srv"}, MaxMode: mode("0640")}.Check, "-- srv/a mode=0600 owner=5:6 --\n", check.Pass, "srv/a: mode 0600, user 5, group 6, want mode 0640 or less"},
		"below, none":           {file.Below{Folders: []string{"srv"}, MaxMode: mode("0640")}.Check, "", check.NotApplicable, "srv: not there"},
		"present":               {file.Present{AnyOf: []string{"a", "b"}}.Check, "-- b --\n", check.Pass, "b: there, want there"},
		"present, not":          {file.Present{AnyOf: []string{"a", "b*"}}.Check, "", check.Fail, "a or b*: not there, want there"},
		"world-writable":        {file.WorldWritable{}.Check, "-- a --\n", check.Pass, "regular files: none of 1 may be written to by everybody, want not writable by everybody (.)"},
		"world-writable, but":   {file.WorldWritable{Except: []string{"srv"}}.Check, "-- srv/a mode=0666 --\n", check.Pass, "srv/a: mode 0666, which is excepted, want not writable by everybody"},
		"world-writable, empty": {file.WorldWritable{}.Check, "", check.NotApplicable, "regular files: not there (.)"},
		"sticky":                {file.Sticky{}.Check, "-- srv dir mode=1777 --\n", check.Pass, "folders: none of 2 may be written to by everybody without the sticky bit, want the sticky bit, or not writable by everybody (.)"},
		"setuid":                {file.Setuid{Allow: []string{"bin/su"}}.Check, "-- usr/bin/su mode=4755 --\n", check.Pass, "usr/bin/su: mode 4755, which is expected, want no setuid or setgid bit, or a place among the expected"},
		"capabilities":          {file.Capabilities{Allow: []string{"bin/ping"}}.Check, capability, check.Pass, "usr/bin/ping: capabilities 0x2000, which is expected, want no capabilities, or a place among the expected"},
		"unowned": {file.Unowned{}.Check, accounts, check.Pass,
			"files and folders: none of 5 belongs to a user or group that does not exist, want an owner and a group that exist (.)"},
		"unowned, but": {file.Unowned{Except: []string{"srv"}}.Check, accounts + "-- srv/a owner=7:0 --\n", check.Pass, "srv/a: user 7, which is excepted, want an owner and a group that exist"},
	} {
		made, err := c.make()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want || len(r.Evidence) == 0 || r.Evidence[len(r.Evidence)-1].String() != c.last {
			t.Errorf("%s: got %s %v (%s), %v, want %s %s", name, r.Status, r.Evidence, r.Message, err, c.want, c.last)
		}
	}
}

func ExamplePermissions() {
	c, err := file.Permissions{Files: []string{"etc/shadow"}, MaxMode: mode("0640")}.Check()
	r, err := checktest.Judge("-- etc/shadow mode=0644 --\n", c, err)
	fmt.Println(r.Status, r.Evidence[0].Want, "got", r.Evidence[0].Got, err)
	// Output: fail mode 0640 or less got 0644 <nil>
}

func ExampleSetuid() {
	c, err := file.Setuid{Allow: []string{"bin/su"}}.Check()
	r, err := checktest.Judge("-- usr/bin/su mode=4755 --\n-- tmp/sh mode=4755 --\n", c, err)
	fmt.Println(r.Status, r.Evidence[0].Subject, r.Message, err)
	// Output: fail tmp/sh 1 of 2 <nil>
}
