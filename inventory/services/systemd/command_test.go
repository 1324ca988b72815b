package systemd_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

func TestSplit(t *testing.T) {
	for value, want := range map[string][]string{
		"":                          nil,
		" \t ":                      nil,
		"a  b\tc":                   {"a", "b", "c"},
		`"a b" 'c d' e`:             {"a b", "c d", "e"},
		`a"b c"d`:                   {"ab cd"},
		`"" ''`:                     {"", ""},
		`"a'b" 'a"b' "a\"b"`:        {"a'b", `a"b`, `a"b`},
		`\x41\102\u00e9\U0001F600`:  {"ABé😀"},
		`\a\b\f\n\r\t\v\\\"\'\s`:    {"\a\b\f\n\r\t\v\\\"' "},
		`\q \x4 \xzz \400 \8 \u12`:  {`\q`, `\x4`, `\xzz`, `\400`, `\8`, `\u12`},
		`\x00 \000 \U00110000`:      {`\x00`, `\000`, `\U00110000`},
		`\ud800`:                    {"\xed\xa0\x80"},
		`a\ b`:                      {`a\ b`},
		`a\`:                        {`a\`},
		`\+1 \x+1 \u-123`:           {`\+1`, `\x+1`, `\u-123`},
		`VAR=1 "VAR2=a b" VAR3="c"`: {"VAR=1", "VAR2=a b", "VAR3=c"},
		`é "ü" \é`:                  {"é", "ü", `\é`},
		"\v\f":                      {"\v\f"},
		"%i $x ${y}":                {"%i", "$x", "${y}"},
	} {
		got, err := systemd.Split(value)
		if diff := cmp.Diff(got, want); diff != "" || err != nil {
			t.Errorf("%s: %v, -got +want:\n%s", value, err, diff)
		}
	}
	for value, want := range map[string][]string{`a "b`: {"a"}, `'`: nil, `"a\"`: nil, `x'y`: nil} {
		got, err := systemd.Split(value)
		if diff := cmp.Diff(got, want); diff != "" || err == nil {
			t.Errorf("%s: got %q, %v, want %q and an error", value, got, err, want)
		}
	}
}

func TestParseCommand(t *testing.T) {
	one := func(prefix, path string, args ...string) systemd.Command {
		return systemd.Command{Prefix: prefix, Path: path, Args: args, Argv0: path}
	}
	for value, want := range map[string][]systemd.Command{
		"":                     nil,
		"/bin/a b c":           {one("", "/bin/a", "b", "c")},
		"a b":                  {one("", "a", "b")},
		"-/bin/a":              {one("-", "/bin/a")},
		"+-:/bin/a $x":         {one("+-:", "/bin/a", "$x")},
		"!!/bin/a":             {one("!!", "/bin/a")},
		"!/bin/a":              {one("!", "/bin/a")},
		"|-/bin/a":             {one("|-", "/bin/a")},
		`"-/bin/a b" c`:        {one("-", "/bin/a b", "c")},
		"@/bin/a zero one":     {{Prefix: "@", Path: "/bin/a", Args: []string{"one"}, Argv0: "zero"}},
		"@/bin/a zero":         {{Prefix: "@", Path: "/bin/a", Args: []string{}, Argv0: "zero"}},
		":@-/bin/a '' x":       {{Prefix: ":@-", Path: "/bin/a", Args: []string{"x"}}},
		"/bin/a x ; /bin/b y":  {one("", "/bin/a", "x"), one("", "/bin/b", "y")},
		"/bin/a ;/bin/b":       {one("", "/bin/a", ";/bin/b")},
		`/bin/a \; \;x ";"`:    {one("", "/bin/a", ";", `\;x`, ";")},
		"; /bin/a ; ; b ;":     {one("", "/bin/a"), one("", "b")},
		"/bin/a 'x y' %i":      {one("", "/bin/a", "x y", "%i")},
		`/bin/a "two   lines"`: {one("", "/bin/a", "two   lines")},
	} {
		got, err := systemd.ParseCommand(value)
		if diff := cmp.Diff(got, want); diff != "" || err != nil {
			t.Errorf("%s: %v, -got +want:\n%s", value, err, diff)
		}
	}
	for value, want := range map[string]string{
		"- /bin/a":       "without a path",
		`""`:             "without a path",
		"--/bin/a":       "neither an absolute path",
		"!+/bin/a":       "neither an absolute path",
		"+!/bin/a":       "neither an absolute path",
		"!!!/bin/a":      "neither an absolute path",
		"rel/a":          "neither an absolute path",
		"/bin/a/":        "ends in a slash",
		"@/bin/a":        "prefix @",
		"/bin/a 'x":      "quote is not closed",
		`/bin/a\nb`:      "control character",
		`/bin/a ; rel/b`: "neither an absolute path",
	} {
		got, err := systemd.ParseCommand(value)
		if err == nil || !strings.Contains(err.Error(), want) || len(got) != strings.Count(value, ";") {
			t.Errorf("%s: got %v, %v, want an error with %q", value, got, err, want)
		}
	}
}

func FuzzParseCommand(f *testing.F) {
	for _, s := range []string{"", "/bin/a b", "-@/bin/a x y ; b", `"a b" \x41 \; ;`, "'", `\`, "!!|:+-@x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, err := systemd.ParseCommand(s)
		words, splitErr := systemd.Split(s)
		if splitErr != nil && err == nil {
			t.Fatalf("%q splits with %v, and is a command", s, splitErr)
		}
		n := 0
		for _, c := range list {
			if c.Path == "" || strings.Trim(c.Prefix, "-@:+!|") != "" {
				t.Fatalf("%q: %+v", s, c)
			}
			n += 1 + len(c.Args)
		}
		if err == nil && n > len(words) {
			t.Fatalf("%q has %d words, its commands %d", s, len(words), n)
		}
	})
}
