package systemd_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// formatFile writes a file as one line each: "1 Unit Key=value", "2 warning".
func formatFile(f *systemd.File, err error) []string {
	var lines []string
	for _, a := range f.Assignments {
		lines = append(lines, fmt.Sprintf("%d %s %s=%s", a.Line, a.Section, a.Key, a.Value))
	}
	for _, w := range f.Warnings {
		lines = append(lines, fmt.Sprintf("%d %s", w.Line, w.Text))
	}
	if err != nil {
		lines = append(lines, err.Error())
	}
	return lines
}

func TestParse(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"sections and white space": {"[A]\nk=v\n\n [B] \n  k \t=  v w  \n", []string{"2 A k=v", "5 B k=v w"}},
		"nothing":                  {"", nil},
		"no final newline":         {"[A]\nk=v", []string{"2 A k=v"}},
		"comments":                 {"# a\n ; b\n[A]\n#k=v\nk=v # not one\n", []string{"5 A k=v # not one"}},
		"empty value":              {"[A]\nk=\nk=v\n", []string{"2 A k=", "3 A k=v"}},
		"quotes stay":              {"[A]\nk=\"a b\" 'c'\\n\n", []string{`2 A k="a b" 'c'\n`}},
		"more equals signs":        {"[A]\nk=a=b\n", []string{"2 A k=a=b"}},
		"case counts":              {"[a]\nK=v\n", []string{"2 a K=v"}},
		"a section comes back":     {"[A]\nk=1\n[B]\nk=2\n[A]\nk=3\n", []string{"2 A k=1", "4 B k=2", "6 A k=3"}},
		"CRLF":                     {"[A]\r\nk=v\r\n\r\nl=w\r\n", []string{"2 A k=v", "4 A l=w"}},
		"CR":                       {"[A]\rk=v\r", []string{"2 A k=v"}},
		"LF CR":                    {"[A]\n\rk=v\n\r", []string{"2 A k=v"}},
		"NUL ends a line":          {"[A]\x00k=v\x00l=w", []string{"2 A k=v", "3 A l=w"}},
		"NUL ends a row of ends":   {"[A]\n\x00k=v\x00\nl=w", []string{"2 A k=v", "4 A l=w"}},
		"byte order mark":          {"\ufeff[A]\nk=v\n", []string{"2 A k=v"}},
		"only one mark":            {"\ufeff[A]\n\ufeffk=v\n", []string{"2 A \ufeffk=v"}},
		"mark on a later line":     {"[A]\n\ufeffk=v\n", []string{"2 A k=v"}},
		"continued":                {"[A]\nk=a \\\n  b\\\nc\nl=w\n", []string{"2 A k=a    b c", "5 A l=w"}},
		"comment in between":       {"[A]\nk=a\\\n# no \\\n ; no\nb\n", []string{"2 A k=a b"}},
		"blank line ends it":       {"[A]\nk=a\\\n\nl=w\n", []string{"2 A k=a", "4 A l=w"}},
		"continued at the end":     {"[A]\nk=a\\", []string{"2 A k=a"}},
		"escaped backslash":        {"[A]\nk=a\\\\\nl=w\n", []string{`2 A k=a\\`, "3 A l=w"}},
		"three backslashes":        {"[A]\nk=a\\\\\\\nl=w\n", []string{`2 A k=a\\ l=w`}},
		"backslash and blank":      {"[A]\nk=a\\ \nl=w\n", []string{`2 A k=a\`, "3 A l=w"}},
		"no backslash in comments": {"[A]\n# a\\\nk=v\n", []string{"3 A k=v"}},
		"continued section":        {"[A\\\n]\nk=v\n", []string{"3 A  k=v"}},
		"no assignment":            {"[A]\nfoo\nk=v\n", []string{"3 A k=v", "2 no assignment"}},
		"no key":                   {"[A]\n = v\n=\n", []string{"2 no key before the equals sign", "3 no key before the equals sign"}},
		"outside":                  {"k=v\nfoo\n[A]\nk=w\n", []string{"4 A k=w", "1 outside of a section", "2 outside of a section"}},
		"empty section":            {"[]\nk=v\n", []string{"2  k=v"}},
		"open section":             {"[A]\nk=v\n[B\nl=w\n", []string{"2 A k=v", "line 3: section header without a closing bracket"}},
		"text after a section":     {"[A] x\n", []string{"line 1: section header without a closing bracket"}},
		"quote in a section":       {"[A\"]\n", []string{"line 1: a quote, backslash or control character in a section header"}},
		"not UTF-8":                {"[A]\nk=v\nl=\xff\nm=x\n", []string{"2 A k=v", "line 3: not UTF-8"}},
		"not UTF-8, continued":     {"[A]\nk=a\\\n\xff\n", []string{"line 2: not UTF-8"}},
		"not UTF-8 in a comment":   {"[A]\n#\xff\nk=v\n", []string{"3 A k=v"}},
		"1 MiB but one":            {"[A]\n#" + long[2:] + "\nk=v\n", []string{"3 A k=v"}},
		"1 MiB":                    {"[A]\nk=v\n#" + long[1:] + "\nl=w\n", []string{"2 A k=v", "line 3: longer than 1 MiB"}},
		"1 MiB at the end":         {"[A]\nk=" + long[2:], []string{"line 2: longer than 1 MiB"}},
		"1 MiB continued":          {"[A]\n#\nk=" + long[:1<<19] + "\\\n" + long[:1<<19] + "\n", []string{"line 4: longer than 1 MiB"}},
	} {
		t.Run(name, func(t *testing.T) {
			before := c.text
			got := formatFile(systemd.Parse([]byte(c.text)))
			if diff := cmp.Diff(got, c.want); diff != "" || c.text != before {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}

func TestSyntaxErrorNamesTheLine(t *testing.T) {
	_, err := systemd.Parse([]byte("[A]\n\n[B\n"))
	var syntax *systemd.SyntaxError
	if !errors.As(err, &syntax) || syntax.Line != 3 {
		t.Errorf("got %v, want one of line 3", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", unitText, "\ufeff[A]\r\nk=v\\\r\n# x\r\nw\r\n", "[A]\x00k=v", "[A",
		"k=v\n[A]\n=\nx", "[A]\nk=\xff\n", "\\\n\\\n\\"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		before := string(b)
		file, err := systemd.Parse(b)
		if string(b) != before {
			t.Fatal("it writes to its input")
		}
		lines := strings.Count(before, "\n") + strings.Count(before, "\r") + strings.Count(before, "\x00") + 1
		at := 1
		for _, a := range file.Assignments {
			if a.Line < at || a.Line > lines || a.Key == "" {
				t.Fatalf("%+v after line %d of %d", a, at, lines)
			}
			if strings.ContainsAny(a.Key+a.Value+a.Section, "\n\r\x00") {
				t.Fatalf("an end of line in %+v", a)
			}
			at = a.Line
		}
		if err != nil {
			return
		}
		// What was read can be written and read again.
		again, section := "", ""
		for i, a := range file.Assignments {
			if i == 0 || a.Section != section {
				again, section = again+"["+a.Section+"]\n", a.Section
			}
			again += a.Key + "=" + a.Value + "\n"
		}
		second, err := systemd.Parse([]byte(again))
		if len(second.Assignments) > len(file.Assignments) {
			t.Fatalf("%d assignments become %d: %v", len(file.Assignments), len(second.Assignments), err)
		}
	})
}
