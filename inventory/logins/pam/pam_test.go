package pam_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
)

func TestParse(t *testing.T) {
	got, err := pam.Parse([]byte("# comment\n\n-AUTH\t[success=1 default=ignore] pam_unix.so nullok [a b\\] c] x=[y # z\n" +
		"session required \\\n  /lib/security/pam_x.so\n@include common-auth\npassword substack other\naccount [required] pam_permit.so\\x\n\tauth include a"))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, l := range got {
		texts = append(texts, fmt.Sprintf("%d %s %v %s|%s %v|%s|%q", l.Line, l.Group, l.Silent, l.Control.Text,
			l.Include, l.Substack, l.Name(), l.Args))
	}
	want := []string{
		`3 auth true [success=1 default=ignore]| false|pam_unix|["nullok" "a b] c" "x=[y"]`,
		`4 session false required| false|pam_x|[]`,
		`6  false |common-auth false||[]`,
		`7 password false substack|other true||[]`,
		`8 account false [required]| false|pam_permit|[]`,
		`9 auth false include|a false||[]`,
	}
	if !slices.Equal(texts, want) {
		t.Errorf("got\n%s", strings.Join(texts, "\n"))
	}
}

func TestMistakes(t *testing.T) {
	for name, text := range map[string]string{
		"group":              "auht required pam_unix.so",
		"no control":         "auth",
		"no module":          "auth required",
		"no module, include": "auth include",
		"no file":            "@include",
		"code":               "auth [succes=ok] pam_unix.so",
		"no equals sign":     "auth [success ok] pam_unix.so",
		"action":             "auth [success=fine] pam_unix.so",
		"no jump":            "auth [success=0] pam_unix.so",
		"large jump":         "auth [success=99999999999] pam_unix.so",
		"word":               "auth requird pam_unix.so",
		"carriage return":    "auth required pam_unix.so\r\n",
		"byte order mark":    "\xef\xbb\xbfauth required pam_unix.so",
		"NUL":                "auth required pam_unix.so\x00",
		"continued to end":   "auth required \\\n",
		"continued nowhere":  "auth required \\\n\npam_unix.so",
		"long":               "auth required pam_unix.so " + strings.Repeat("x", 1<<20),
	} {
		if got, err := pam.Parse([]byte(text)); got != nil || err == nil || !strings.Contains(err.Error(), "line 1") &&
			!strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

func TestControl(t *testing.T) {
	for text, want := range map[string][]pam.Action{ // success, ignore, auth_err
		"required":   {pam.DoOK, pam.DoIgnore, pam.DoBad},
		"REQUISITE":  {pam.DoOK, pam.DoIgnore, pam.DoDie},
		"optional":   {pam.DoOK, pam.DoIgnore, pam.DoIgnore},
		"sufficient": {pam.DoDone, pam.DoIgnore, pam.DoIgnore},
		"[success=2 new_authtok_reqd=ok ignore=ignore user_unknown=bad default=die]": {2, pam.DoIgnore, pam.DoDie},
		"[default=reset default=ok success = done]":                                  {pam.DoDone, pam.DoReset, pam.DoReset},
		"[success=okignore=ok]":                                                      {pam.DoOK, pam.DoOK, pam.DoBad},
		"success=ok":                                                                 {pam.DoOK, pam.DoBad, pam.DoBad},
		"[]":                                                                         {pam.DoBad, pam.DoBad, pam.DoBad},
	} {
		lines, err := pam.Parse([]byte("auth " + text + " pam_unix.so"))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		c := lines[0].Control
		if got := []pam.Action{c.On(pam.Success), c.On(pam.Ignore), c.On(pam.AuthErr)}; !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}

// debian is a shortened common-auth and sshd of Debian 12.
const debian = `
-- etc/pam.d/common-auth --
# here are the per-package modules (the "Primary" block)
auth	[success=1 default=ignore]	pam_unix.so nullok
# here's the fallback if no module succeeds
auth	requisite			pam_deny.so
auth	required			pam_permit.so
-- etc/pam.d/common-session --
session	required	pam_unix.so
-- etc/pam.d/sshd --
@include common-auth
account    required     pam_nologin.so
@include common-session
session [success=ok ignore=ignore module_unknown=ignore default=bad]        pam_selinux.so close
-- etc/pam.d/other --
@include common-auth
password required pam_deny.so
-- usr/lib/pam.d/sshd --
auth required pam_permit.so
-- usr/lib/pam.d/systemd-user --
session optional pam_systemd.so
auth include common-auth
`

func service(t *testing.T, fixture, name string) (*pam.Config, error) {
	t.Helper()
	return pam.Service.Of(t.Context(), inventorytest.System(t, fixture), name)
}

func places(st pam.Stack) (all []string) {
	for _, e := range st {
		all = append(all, strings.TrimSpace(fmt.Sprint(e.Name(), " ", e.Place(), " ", e.Level, " ",
			strings.Join(e.Via, " "))))
	}
	return all
}

func TestService(t *testing.T) {
	c, err := service(t, debian, "sshd")
	if err != nil || !c.Own {
		t.Fatal(c, err)
	}
	for g, want := range map[pam.Group][]string{
		pam.Auth: {"pam_unix etc/pam.d/common-auth:2 0 etc/pam.d/sshd:1", "pam_deny etc/pam.d/common-auth:4 0 etc/pam.d/sshd:1",
			"pam_permit etc/pam.d/common-auth:5 0 etc/pam.d/sshd:1"},
		pam.Account:  {"pam_nologin etc/pam.d/sshd:2 0"},
		pam.Password: {"pam_deny etc/pam.d/other:2 0"},
		pam.Session:  {"pam_unix etc/pam.d/common-session:1 0 etc/pam.d/sshd:3", "pam_selinux etc/pam.d/sshd:4 0"},
	} {
		if got := places(c.Stacks[g]); !slices.Equal(got, want) {
			t.Errorf("%s: got %q", g, got)
		}
	}
	c, err = service(t, debian, "nothing")
	if err != nil || c.Own || len(c.Stacks[pam.Auth]) != 3 {
		t.Errorf("without a file: got %+v, %v", c, err)
	}
	c, err = service(t, debian, "systemd-user")
	if err != nil || !c.Own || c.Stacks[pam.Session][0].Source != "usr/lib/pam.d/systemd-user" ||
		len(c.Stacks[pam.Auth]) != 3 {
		t.Errorf("of the distribution: got %+v, %v", c, err)
	}
	names, err := pam.Services.Of(t.Context(), inventorytest.System(t, debian))
	if want := []string{"common-auth", "common-session", "other", "sshd", "systemd-user"}; err != nil ||
		!slices.Equal(names, want) {
		t.Errorf("got %q, %v", names, err)
	}
}

func TestServiceErrors(t *testing.T) {
	for name, c := range map[string]struct{ fixture, want string }{
		"loop":            {"-- etc/pam.d/x --\nauth include y\n-- etc/pam.d/y --\n\nauth include x\n", "etc/pam.d/y:2: files take in one another"},
		"loop of doubles": {"-- etc/pam.d/x --\n@include x\n@include x\n", "take in one another"},
		"missing":         {"-- etc/pam.d/x --\nauth required pam_permit.so\nauth include y\n", `etc/pam.d/x:2: no file of the name "y"`},
		"missing path":    {"-- etc/pam.d/x --\n@include /etc/y\n", "etc/pam.d/x:1:"},
		"mistake":         {"-- etc/pam.d/x --\n@include y\n-- etc/pam.d/y --\nauth\n", "etc/pam.d/x:1: etc/pam.d/y: line 1: no control"},
		"unreadable":      {"-- etc/pam.d/x error=EACCES --\n", "permission"},
		"folder":          {"-- etc/pam.d/x dir --\n", "etc/pam.d/x"},
		"other is broken": {"-- etc/pam.d/x --\nauth required pam_permit.so\n-- etc/pam.d/other --\nauth\n", "etc/pam.d/other: line 1"},
	} {
		if got, err := service(t, c.fixture, "x"); err == nil || !strings.Contains(err.Error(), c.want) ||
			errors.Is(err, inventory.ErrAbsent) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
	if _, err := service(t, "-- etc/passwd --\n", "x"); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("no PAM: got %v", err)
	}
	for _, name := range []string{"", ".", "../passwd", "a/b"} {
		if _, err := service(t, debian, name); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: got %v", name, err)
		}
	}
}

func TestOldFile(t *testing.T) {
	const fixture = "-- etc/pam.conf --\n# pam.conf\nLogin auth required pam_unix.so\nftp auth broken\nother auth required pam_deny.so\nother session include x\n"
	if c, err := service(t, fixture, "login"); err == nil {
		t.Errorf("an include without a folder: got %v", c)
	}
	c, err := service(t, strings.Replace(fixture, "other session include x", "", 1), "login")
	if err != nil || !c.Own || !slices.Equal(places(c.Stacks[pam.Auth]), []string{"pam_unix etc/pam.conf:2 0"}) {
		t.Errorf("got %+v, %v", c, err)
	}
	c, err = service(t, strings.Replace(fixture, "other session include x", "", 1), "sshd")
	if err != nil || c.Own || c.Stacks[pam.Auth][0].Name() != "pam_deny" {
		t.Errorf("got %+v, %v", c, err)
	}
}

// parseStack parses a stack of one group. A line "sub NAME" begins a substack, and "end" ends it.
func parseStack(t testing.TB, lines ...string) pam.Stack {
	t.Helper()
	var st pam.Stack
	level := 0
	for i, line := range lines {
		if line == "end" {
			level--
			continue
		}
		all, err := pam.Parse([]byte("auth " + line))
		if err != nil {
			t.Fatal(line, err)
		}
		all[0].Source = fmt.Sprint(i)
		st = append(st, pam.Entry{Line: all[0], Level: level})
		if all[0].Substack {
			level++
		}
	}
	return st
}

// walk walks a stack whose modules return the code in their first argument.
func walk(t testing.TB, st pam.Stack) (ok bool, reached string) {
	t.Helper()
	ends, err := st.Walk(func(e pam.Entry, state uint32) []pam.Move {
		reached += e.Name()
		return []pam.Move{{pam.Code(e.Args[0]), state}}
	})
	if err != nil || len(ends) != 1 {
		t.Fatal(ends, err)
	}
	return ends[0].OK, reached
}

func TestWalk(t *testing.T) {
	for name, c := range map[string]struct {
		lines   string
		ok      bool
		reached string
	}{
		"nothing":                  {"", false, ""},
		"ignored only":             {"required a ignore", false, "a"},
		"optional alone":           {"optional a success", true, "a"},
		"optional fails":           {"optional a auth_err", false, "a"},
		"Debian, right":            {"[success=1 default=ignore] a success;requisite b auth_err;required c success", true, "ac"},
		"Debian, wrong":            {"[success=1 default=ignore] a auth_err;requisite b auth_err;required c success", false, "ab"},
		"sufficient":               {"sufficient a success;required b auth_err", true, "a"},
		"sufficient after failure": {"required a auth_err;sufficient b success;required c success", false, "abc"},
		"required goes on":         {"required a auth_err;required b success", false, "ab"},
		"jump too far":             {"[success=2] a success;required b success", false, "a"},
		"jump to the end":          {"required x success;[success=1] a success;required b auth_err", true, "xa"},
		"jump over a substack":     {"[success=1] a success;substack s;required b auth_err;end;required c success", true, "ac"},
		"done in a substack":       {"substack s;sufficient a success;required b auth_err;end;required c success", true, "ac"},
		"die in a substack":        {"substack s;requisite a auth_err;required b success;end;required c success", false, "ac"},
		"reset in a substack":      {"required x success;substack s;required a auth_err;[success=reset] b success;end;required c success", true, "xabc"},
		"reset":                    {"required a auth_err;[success=reset] b success;required c success", true, "abc"},
		"jump out of a substack":   {"substack s;[success=1] a success;end;required c success", false, "ac"},
		"ok of a failure":          {"[default=ok] a auth_err;required b success", false, "ab"},
		"new token":                {"required a new_authtok_reqd;required b success", false, "ab"},
	} {
		var lines []string
		if c.lines != "" {
			lines = strings.Split(c.lines, ";")
		}
		ok, reached := walk(t, parseStack(t, lines...))
		if ok != c.ok || reached != c.reached {
			t.Errorf("%s: got %v by %s, want %v by %s", name, ok, reached, c.ok, c.reached)
		}
	}
}

func TestWalkIsBounded(t *testing.T) {
	var lines []string
	for range 40 {
		lines = append(lines, "[success=ok default=ignore] pam_x.so")
	}
	_, err := parseStack(t, lines...).Walk(func(e pam.Entry, state uint32) []pam.Move {
		return []pam.Move{{pam.Success, state*2 + 1}, {pam.AuthErr, state * 2}}
	})
	if !errors.Is(err, inventory.ErrLimit) {
		t.Errorf("got %v", err)
	}
}

func TestAny(t *testing.T) {
	got := parseStack(t, "[success=1 auth_err=die default=ignore] pam_x.so")[0].Any()
	if want := []pam.Code{pam.Success, "open_err", pam.AuthErr}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{debian, "\xef\xbb\xbfauth x y\r\n", "auth [a=b\\] c\\\n", "auth [success=1", "auth \\",
		"\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := pam.Parse(b)
		if err != nil && all != nil {
			t.Fatal("lines beside an error")
		}
		last := 0
		for _, l := range all {
			if l.Line <= last || (l.Include == "") == (l.Module == "") || l.Group == "" && l.Include == "" {
				t.Fatalf("%+v after line %d", l, last)
			}
			last = l.Line
		}
	})
}

func ExampleParse() {
	lines, err := pam.Parse([]byte("auth [success=1 default=ignore] pam_unix.so nullok\n"))
	fmt.Println(lines[0].Group, lines[0].Name(), lines[0].Has("nullok"), lines[0].Control.On(pam.Success), err)
	// Output: auth pam_unix true 1 <nil>
}
