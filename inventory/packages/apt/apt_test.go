package apt_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/packages/apt"
)

// odd are configurations with corner cases of the syntax. All names begin with X or Y.
var odd = []string{
	"X::a \"1\";\nX::A \"2\";",
	`X { a "1"; b { "p"; "q"; }; };`,
	"X::l { \"p\"; };\nX::l { \"q\"; };\nX::l:: \"r\";\nX::l \"val\";",
	"X::a \"1\"; #clear X::a;\nX::b \"2\";",
	"X::l {\"p\";\"q\";};\n#clear X::l;\nX::l {\"r\";};",
	"X::a 1", `X::a "1"`, `X::a "1"; }`, `X { a "1"; `,
	"// c\nX::a \"a//b\"; /* m\nx */ X::b \"c#d\"; # e\n",
	`X a { b "1"; };`, `X::a "1" "2";`, `X::a b c;`, `X::a foo;`, "X::a \"multi\nline\";",
	"X::a \"1\";\r\nX::b \"2\";\r\n", `X::a;`, `X::a "";`, `"X::a" "q";`, `X::a "esc \" x";`, `X:: "1";`,
	`X { };Y::z "1";`, `X::a {"1"};`, `X::a "%41b";`, `X::a %41b;`, `X::a %4;`, `X::a %zz;`, `X{a"1";};`, "#foo\nX::a \"2\";",
	`X::a "1"; trailing`, "X::a \"unterminated;\nX::b \"2\";", "X::a\nY::b \"1\";", `Y::d "1" ;;;`, `X::l {a;b;};`,
	"X { #comment { \n a \"1\"; };", `X /* c */ ::a "1";`, `X::a "b /* c */ d";`, `X::a [b c];`, `X::a "p"q;`, `X::a q"p";`,
	`X::a "p"   "q"  "r";`, "X::a\n\"1\"\n;", "X\n{\na\n\"1\"\n;\n}\n;", `X::a "1"; #clear X;`, `X::b::c "1"; #clear X::b::c; X::b::c "2";`,
	"X::a \"1\"; /* never ends", "X::a \"1\";\n\n\n", "", "\n", ";", "{", "}", "X;", `X::l { "a" ; "b" } ;`, "X::a \"\t1 \";", "X::a \"1\"; // x\\\nX::b \"2\";",
	`X { Y { a "1"; }; b "2"; };`, `X { "e" { a "1"; }; };`, `X { ::a "1"; };`, `X::::a "1";`, `X::a yes;X::a "no";`, "#clear;", "#clear X", "#unknown X;",
	"X::a \"1\";\x00X::b \"2\";\n", "#clear X::nothing;",
}

// askAPT returns what APT reads from the files: names and values, or that it refuses them.
func askAPT(t *testing.T, parts, main string) (dump []string, refused bool) {
	t.Helper()
	first := filepath.Join(t.TempDir(), "first") // read before all other files, and names them
	if err := os.WriteFile(first, fmt.Appendf(nil, "Dir::Etc::parts %q;\nDir::Etc::main %q;\n", parts, main),
		0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("APT_CONFIG", first)
	out, code := oracle.Code(t, "apt-config", "dump", "--format", "%f=%v%n")
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimSuffix(line, "\n"); strings.HasPrefix(line, "X") || strings.HasPrefix(line, "Y") {
			dump = append(dump, line)
		}
	}
	return dump, code != 0
}

func TestAgreesWithAPT(t *testing.T) {
	oracle.Need(t, "apt-config")
	for _, text := range append(odd, randomConfigs(300)...) {
		file := filepath.Join(t.TempDir(), "apt.conf")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		want, refused := askAPT(t, "/nowhere", file)
		c, err := apt.Fact.Of(t.Context(), inventorytest.System(t, fixture("etc/apt/apt.conf", text)))
		if strings.Contains(text, "\x00") { // which APT cuts the line at
			if err == nil {
				t.Errorf("%q: a NUL byte is taken", text)
			}
			continue
		}
		if (err != nil) != refused {
			t.Errorf("%q: got %v, APT refuses it is %v", text, err, refused)
		}
		if err != nil {
			continue
		}
		compare(t, text, c, want)
	}
}

// compare looks up each name that APT prints.
func compare(t *testing.T, text string, c *apt.Config, want []string) {
	t.Helper()
	lists := map[string][]string{}
	for _, line := range want {
		name, value, _ := strings.Cut(line, "=")
		if strings.Contains(name, "::::") { // below an element of a list, which has no name to ask by
			continue
		}
		if list, ok := strings.CutSuffix(name, "::"); ok {
			lists[list] = append(lists[list], value)
			continue
		}
		if got, _ := c.Lookup(name); got.Value != value {
			t.Errorf("%q: %s: got %q, want %q", text, name, got.Value, value)
		}
	}
	for list, want := range lists {
		var got []string
		for _, s := range c.List(list) {
			if strings.HasSuffix(s.Name, "::") {
				got = append(got, s.Value)
			}
		}
		if d := cmp.Diff(got, want); d != "" {
			t.Errorf("%q: %s: %s", text, list, d)
		}
	}
}

func fixture(name, text string) string { return "-- " + name + " --\n" + text + "\n" }

// randomConfigs returns n configurations of random pieces.
func randomConfigs(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"X::a", "X::b", "X", "Y", "a", "b", `"1"`, `"2 3"`, "v", ";", ";\n", "; ", "{", "};", "}",
		"\n", " ", " ", "::", "#clear ", "// c\n", "/* c */", "%20", `"`}
	var all []string
	for range n {
		var b strings.Builder
		for range 3 + r.IntN(14) {
			b.WriteString(pieces[r.IntN(len(pieces))])
			if r.IntN(2) == 0 {
				b.WriteByte(' ')
			}
		}
		all = append(all, b.String())
	}
	return all
}

func TestOrder(t *testing.T) {
	files := map[string]string{
		"apt.conf.d/10a": `X::a "10"; X::l { "10"; };`, "apt.conf.d/20b.conf": `X::a "20"; X::l { "20"; };`,
		"apt.conf.d/30c.dpkg-old": `X::a "30";`, "apt.conf.d/.hidden": `X::a "hidden";`, "apt.conf.d/40d~": `X::a "40";`,
		"apt.conf.d/50e.conf.disabled": `X::a "50";`, "apt.conf.d/9z": `X::b "9";`, "apt.conf.d/A": `X::b "A";`, "apt.conf": `X::c "main"; X::a "main";`,
	}
	dir := t.TempDir()
	var b strings.Builder
	for name, text := range files {
		if err := os.MkdirAll(filepath.Join(dir, "apt.conf.d"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		b.WriteString(fixture("etc/apt/"+name, text))
	}
	c, err := apt.Fact.Of(t.Context(), inventorytest.System(t, b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := c.Lookup("x::C"); got != (inventory.Setting{Name: "X::c", Value: "main", Position: inventory.Position{Source: "etc/apt/apt.conf", Line: 1}}) {
		t.Errorf("got %+v", got)
	}
	want, _ := askAPT(t, filepath.Join(dir, "apt.conf.d"), filepath.Join(dir, "apt.conf"))
	if len(want) < 5 {
		t.Fatalf("APT tells %q", want)
	}
	compare(t, "files", c, want)
}

func TestFactErrors(t *testing.T) {
	for name, c := range map[string]struct{ fixture, want string }{
		"unreadable": {"-- etc/apt/apt.conf.d/10a error=EACCES --\n", "permission"},
		"folder":     {"-- etc/apt/apt.conf.d error=EIO --\n", "apt.conf.d"},
		"loop":       {fixture("etc/apt/apt.conf", `#include "/etc/apt/apt.conf";`), "cannot be followed"},
		"relative":   {fixture("etc/apt/apt.conf", `#include "other";`), "cannot be followed"},
		"missing":    {fixture("etc/apt/apt.conf", `#include "/etc/other";`), "etc/other"},
		"other main": {fixture("etc/apt/apt.conf.d/10a", `Dir::Etc::main "/srv/apt.conf";`), "names other folders"},
		"mistake":    {fixture("etc/apt/apt.conf.d/10a", "\nX::a b c;"), "etc/apt/apt.conf.d/10a: line 2: more than one value"},
	} {
		if _, err := apt.Fact.Of(t.Context(), inventorytest.System(t, c.fixture)); err == nil ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, c.want)
		}
	}
	if _, err := apt.Fact.Of(t.Context(), inventorytest.System(t, "")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("no folder: got %v", err)
	}
	c, err := apt.Fact.Of(t.Context(),
		inventorytest.System(t, fixture("etc/apt/apt.conf", `#include "/etc/o";`)+fixture("etc/o",
			`X::a "1";`)+"-- etc/apt/apt.conf.d/5 link=/dev/null --\n-- etc/apt/apt.conf.d/6 link=gone --\n-- etc/apt/apt.conf.d/7/inner --\n-- dev/null --\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := c.Lookup("X::a"); got.Source != "etc/o" {
		t.Errorf("got %+v", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range odd {
		f.Add([]byte(text))
	}
	f.Add([]byte("\xef\xbb\xbfX::a \"1\";"))
	f.Add([]byte("X::a \"" + strings.Repeat("x", 1<<20) + "\";"))
	f.Add([]byte(strings.Repeat("X{", 100)))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := apt.Parse(b)
		if err != nil && all != nil {
			t.Fatal("statements beside an error")
		}
		lines := strings.Count(string(b), "\n") + 1
		for _, s := range all {
			if s.Line < 1 || s.Line > lines {
				t.Fatalf("%+v of %d lines", s, lines)
			}
		}
	})
}

func ExampleParse() {
	all, err := apt.Parse([]byte("APT::Periodic {\n  Unattended-Upgrade \"1\"; // daily\n};\n"))
	fmt.Println(all[0].Name, all[0].Value, all[0].Line, err)
	// Output: APT::Periodic::Unattended-Upgrade 1 2 <nil>
}
