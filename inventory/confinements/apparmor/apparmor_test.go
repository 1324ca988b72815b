package apparmor_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/confinements/apparmor"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// In the form of several profiles of apparmor 3.0.8 and 4.1.0.
const text = `# vim:syntax=apparmor
abi <abi/3.0>,
#include <tunables/global>
@{exec} = /usr/bin/{a,b}

/usr/sbin/chronyd flags=(attach_disconnected) {
  #include <abstractions/base>
  /etc/chrony/{,**} r, # {
  owner /run/{a,b}{c,d} rw,
  profile helper flags=(complain) {
    /bin/true rix,
  }
  ^hat {
  }
  if $x {
    capability chown,
  } else {
    capability kill,
  }
}
profile named /usr/{,local/}sbin/named
    flags=(complain,
           mediate_deleted) {
}
profile "my app" "/opt/my app" (unconfined) {
}
profile child{
}
profile x @{exec} flags = ( kill ) {
}
`

func parsed(t *testing.T, b []byte) []apparmor.Profile {
	t.Helper()
	all, err := apparmor.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestParse(t *testing.T) {
	var got []string
	for _, p := range parsed(t, []byte(text)) {
		got = append(got, fmt.Sprintf("%d %s %q %s", p.Line, p.Name, p.Modes, p.Program))
	}
	want := []string{
		`6 /usr/sbin/chronyd ["attach_disconnected"] /usr/sbin/chronyd`,
		`10 helper ["complain"] /usr/sbin/chronyd`,
		`13 ^hat [] /usr/sbin/chronyd`,
		`21 named ["complain" "mediate_deleted"] /usr/{,local/}sbin/named`,
		`25 my ["unconfined"] /opt/my`,
		`27 child [] `,
		`29 x ["kill"] @{exec}`,
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Error("got -, want +", d)
	}
}

func TestParseOneLine(t *testing.T) {
	var got []string
	for _, p := range parsed(t, []byte("profile x /bin/{x,y} flags=(complain) { /{a,b}/** rw, }\nprofile y flags=(complain) { ^h { /** r, } }\n/bin/z { }\n/bin/w {}\n/bin/v (complain) {\n}\n")) {
		got = append(got, fmt.Sprintf("%d %s %q %s", p.Line, p.Name, p.Modes, p.Program))
	}
	want := []string{`1 x ["complain"] /bin/{x,y}`, `2 y ["complain"] `, `2 ^h [] `, `3 /bin/z [] /bin/z`, `4 /bin/w [] /bin/w`, `5 /bin/v ["complain"] /bin/v`}
	if d := cmp.Diff(got, want); d != "" {
		t.Error("got -, want +", d)
	}
}

func TestParserConf(t *testing.T) {
	const profile = "-- etc/apparmor.d/x --\n/bin/x {\n}\n-- etc/apparmor/parser.conf --\n"
	for text, want := range map[string]bool{"Complain": true, "\tcomplain # x": true, "Complain=1": true, "#Complain": false, "verbose Complain": false, "write-cache": false} {
		c, err := apparmor.Fact.Of(t.Context(), inventorytest.System(t, profile+text+"\n"))
		if err != nil || len(c.Profiles) != 1 || c.Profiles[0].Complains() != want {
			t.Errorf("%q: got %+v, %v", text, c, err)
		}
	}
	if _, err := apparmor.Fact.Of(t.Context(), inventorytest.System(t, "-- etc/apparmor.d/x --\n/bin/x {\n}\n-- etc/apparmor/parser.conf error=EACCES --\n")); err == nil {
		t.Error("a file that cannot be read is passed over")
	}
}

func TestPaths(t *testing.T) {
	for program, want := range map[string]string{"/usr/sbin/x": "usr/sbin/x", "/{,usr/}{,s}bin/x": "bin/x usr/bin/x sbin/x usr/sbin/x", "/usr/*/x": "none", "@{bin}/x": "none", "": "none", "/{a{b,c}}": "none", "/{a": "none",
		strings.Repeat("/{a,b}", 20): "none"} {
		all, ok := apparmor.Profile{Program: program}.Paths()
		slices.Sort(all)
		w := strings.Fields(want)
		slices.Sort(w)
		if !ok {
			all = []string{"none"}
		}
		if d := cmp.Diff(all, w); d != "" {
			t.Errorf("%s: got -, want + %s", program, d)
		}
	}
}

// The names of profiles must be those that apparmor_parser prints.
func TestAgainstParser(t *testing.T) {
	oracle.Need(t, "apparmor_parser")
	for _, suite := range []string{"bookworm-hardened", "bullseye-hardened", "trixie-hardened"} {
		dir := filepath.Join(oracle.Tree(t, suite), "etc/apparmor.d")
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			file := filepath.Join(dir, e.Name())
			if e.IsDir() {
				continue
			}
			out, code := oracle.Code(t, "apparmor_parser", "--base", dir, "-QKN", file)
			if code != 0 {
				continue
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Fields(string(out))
			for i, name := range want {
				if at := strings.LastIndex(name, "//"); at >= 0 {
					want[i] = name[at+2:]
				}
			}
			var got []string
			for _, p := range parsed(t, b) {
				got = append(got, p.Name)
			}
			slices.Sort(got)
			slices.Sort(want)
			if d := cmp.Diff(got, want); d != "" || len(got) == 0 {
				t.Errorf("%s: got -, apparmor_parser + %s", file, d)
			}
		}
	}
}

func TestFact(t *testing.T) {
	const fixture = "-- etc/apparmor.d/a --\n/bin/a {\n}\n-- etc/apparmor.d/b --\n/bin/b {\n}\n-- etc/apparmor.d/c --\n/bin/c {\n}\n-- etc/apparmor.d/d.dpkg-old --\n/bin/d {\n}\n-- etc/apparmor.d/e link=gone --\n" +
		"-- etc/apparmor.d/tunables/global --\n-- etc/apparmor.d/disable/b link=../b --\n-- etc/apparmor.d/force-complain/c --\n"
	c, err := apparmor.Fact.Of(t.Context(), inventorytest.System(t, fixture))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Profiles) != 2 || c.Profiles[0].Complains() || !c.Profiles[1].Complains() || len(c.Disabled) != 1 || c.Disabled[0].Name != "/bin/b" {
		t.Errorf("got %+v", c)
	}
	for fixture, want := range map[string]error{"": inventory.ErrNotLive, "live: true\n": inventory.ErrUnavailable, "live: true\n-- sys/kernel/x --\n": inventory.ErrAbsent,
		"live: true\n-- sys/module/apparmor/parameters/enabled --\nN\n": inventory.ErrAbsent, "live: true\n-- sys/module/apparmor/parameters/enabled --\nY\n": inventory.ErrUnavailable} {
		if _, err := apparmor.Running.Of(t.Context(), inventorytest.System(t, fixture)); !errors.Is(err, want) {
			t.Errorf("%q: got %v, want %v", fixture, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(text))
	f.Add([]byte("\xef\xbb\xbf/a flags=(complain) {\r\n}\r\n\x00{\n}}}\nprofile \\"))
	f.Add([]byte(strings.Repeat("profile x\n", 1<<12)))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := apparmor.Parse(b)
		if err != nil && all != nil {
			t.Fatal("profiles beside an error")
		}
		for _, p := range all {
			if p.Line < 1 || p.Name == "" {
				t.Fatalf("%+v", p)
			}
			p.Paths()
		}
		apparmor.ParseLoaded(b)
	})
}

func ExampleParse() {
	all, _ := apparmor.Parse([]byte("/usr/sbin/named flags=(complain) {\n}\n"))
	for _, p := range all {
		fmt.Println(p.Name, p.Complains())
	}
	// Output: /usr/sbin/named true
}
