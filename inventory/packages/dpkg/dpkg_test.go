package dpkg_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/packages/dpkg"
)

// Shortened stanzas of the status file of bookworm.
const text = `Package: openssh-server
Essential: no
Status: install ok installed
Section: net
Architecture: amd64
Source: openssh (1:9.2p1-2)
Version: 1:9.2p1-2+b1
Conffiles:
 /etc/default/ssh 500e3cf069fe9a7b9936108eb9d9c035
 /etc/pam.d/sshd 8b4c7a12b031424b2a9946881da59812
Description: secure shell (SSH) server
 .
 Package: this is text

package: telnet
STATUS: deinstall ok config-files
version: 0.17

Package: base-files
Essential: yes
Status: hold reinstreq half-configured
Version: 12
`

func TestParse(t *testing.T) {
	got, err := dpkg.Parse([]byte(text))
	want := []dpkg.Package{
		{Name: "openssh-server", Version: "1:9.2p1-2+b1", Arch: "amd64", SourceName: "openssh", SourceVersion: "1:9.2p1-2", Want: "install", Flag: "ok", State: "installed", Section: "net", Position: inventory.Position{Line: 1}},
		{Name: "telnet", Version: "0.17", SourceName: "telnet", SourceVersion: "0.17", Want: "deinstall", Flag: "ok", State: "config-files", Position: inventory.Position{Line: 15}},
		{Name: "base-files", Version: "12", SourceName: "base-files", SourceVersion: "12", Want: "hold", Flag: "reinstreq", State: "half-configured", Essential: true, Position: inventory.Position{Line: 19}},
	}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(d, err)
	}
	for i, want := range [][2]bool{{true, true}, {false, false}, {false, true}} {
		if p := got[i]; p.Installed() != want[0] || p.Present() != want[1] {
			t.Errorf("%s: installed %v, present %v, want %v", p.Name, p.Installed(), p.Present(), want)
		}
	}
	for name, in := range map[string]string{"CRLF": strings.ReplaceAll(text, "\n", "\r\n"),
		"no final newline": strings.TrimSuffix(text, "\n"), "more blank lines": strings.ReplaceAll(text, "\n\n", "\n \n\n")} {
		if got, err := dpkg.Parse([]byte(in)); len(got) != 3 || err != nil {
			t.Errorf("%s: got %d, %v", name, len(got), err)
		}
	}
}

func TestParseReportsEveryMistake(t *testing.T) {
	got, err := dpkg.Parse([]byte(" lost\nPackage: a\nStatus: install ok\nVersion: 1\n\nVersion: 1\n\nPackage: b\n\nPackage: c\nVersion: 1\nversion: 2\nnonsense\n\x00: x\n"))
	if got != nil {
		t.Errorf("got %d packages beside the error", len(got))
	}
	for _, want := range []string{"line 1: a continuation of nothing", "line 3: a status of 2 words",
		"line 6: a stanza without", "line 8: b has no version",
		"line 12: the field version is there twice", "line 13: no field", "line 14: no field"} {
		if !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%q is not among:\n%v", want, err)
		}
	}
}

func TestFact(t *testing.T) {
	got, err := dpkg.Fact.Of(t.Context(),
		inventorytest.System(t, "-- var/lib/dpkg/status.d/base --\nPackage: base-files\nVersion: 12\n-- var/lib/dpkg/status.d/base.md5sums --\nabc  etc/x\n"))
	if err != nil || len(got) != 1 || !got[0].Installed() || got[0].Source != "var/lib/dpkg/status.d/base" {
		t.Errorf("status.d: got %+v, %v", got, err)
	}
	got, err = dpkg.Fact.Of(t.Context(),
		inventorytest.System(t, "-- var/lib/dpkg/status --\nPackage: a\nStatus: install ok installed\nVersion: 1\n\nPackage: b\nStatus: install ok installed\nVersion: 1\n"+
			"-- var/lib/dpkg/updates/0000 --\nPackage: a\nStatus: install reinstreq half-installed\nVersion: 1\n-- var/lib/dpkg/updates/0001 --\nPackage: a\nStatus: install ok unpacked\nVersion: 2\n-- var/lib/dpkg/updates/tmp.i --\nx\n"))
	if err != nil || len(got) != 2 || got[0].State != "unpacked" || got[0].Version != "2" || got[1].State != "installed" {
		t.Errorf("updates: got %+v, %v", got, err)
	}
	if _, err := dpkg.Fact.Of(t.Context(), inventorytest.System(t, "")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("none: got %v, want ErrAbsent", err)
	}
	for name, fixture := range map[string]string{"status": "-- var/lib/dpkg/status error=EIO --\n",
		"status.d": "-- var/lib/dpkg/status --\n-- var/lib/dpkg/status.d dir error=EACCES --\n",
		"broken":   "-- var/lib/dpkg/status --\nx\n"} {
		if _, err := dpkg.Fact.Of(t.Context(), inventorytest.System(t, fixture)); err == nil ||
			errors.Is(err, inventory.ErrAbsent) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// dpkg-query lists the same packages, versions, architectures, states and source packages.
func TestAgreesWithDpkgQuery(t *testing.T) {
	for _, suite := range oracle.Suites {
		tree := oracle.Tree(t, suite)
		all, err := dpkg.Fact.Of(t.Context(), inventorytest.Folder(t, tree))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range all {
			got = append(got, fmt.Sprintf("%s %s %s %s %s %s %s %s",
				p.Name, p.Version, p.Arch, p.Want, p.Flag, p.State, p.SourceName, p.SourceVersion))
		}
		out := oracle.Chroot(t, tree, "dpkg-query", "-W", "-f",
			"${Package} ${Version} ${Architecture} ${Status} ${source:Package} ${source:Version}\n")
		want := strings.Split(strings.TrimSpace(string(out)), "\n")
		slices.Sort(got)
		slices.Sort(want)
		if d := cmp.Diff(got, want); d != "" || len(got) < 100 {
			t.Errorf("%s, %d packages: %s", suite, len(got), d)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(text))
	f.Add([]byte("Package: a\r\n\x00\n :\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := dpkg.Parse(b)
		if err != nil && all != nil {
			t.Fatal("packages beside an error")
		}
		for _, p := range all {
			if p.Name == "" || p.State == "" || p.Line < 1 {
				t.Fatalf("%+v", p)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	in := []byte(strings.Repeat(text+"\n", 500))
	b.ReportAllocs()
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		if _, err := dpkg.Parse(in); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleParse() {
	all, err := dpkg.Parse([]byte("Package: telnet\nStatus: deinstall ok config-files\nVersion: 0.17\n"))
	fmt.Println(all[0].Name, all[0].Installed(), all[0].State, err)
	// Output: telnet false config-files <nil>
}

// The source package by its name and version, as dpkg-query -f '${source:Package} ${source:Version}'
// prints them.
func TestSource(t *testing.T) {
	for field, want := range map[string]string{
		"":                         "a 1-1",
		"Source:\n":                "a 1-1",
		"Source: b\n":              "b 1-1",
		"Source: b (2:3-4)\n":      "b 2:3-4",
		"source:  b  (2:3-4) \r\n": "b 2:3-4",
		"Source: b (2:3-4\n":       "b 2:3-4",
	} {
		got, err := dpkg.Parse([]byte("Package: a\nStatus: install ok installed\n" + field + "Version: 1-1\n"))
		if err != nil || len(got) != 1 || got[0].SourceName+" "+got[0].SourceVersion != want {
			t.Errorf("%q: got %+v, %v, want %s", field, got, err, want)
		}
	}
}
