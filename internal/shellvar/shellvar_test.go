package shellvar_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/shellvar"
)

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		in, key, value string
		line           int
		bad            bool
	}{
		"plain":               {in: "A=b\n", key: "A", value: "b", line: 1},
		"no final newline":    {in: "A=b", key: "A", value: "b", line: 1},
		"double quotes":       {in: `A="b c"`, key: "A", value: "b c", line: 1},
		"single quotes":       {in: `A='b\n"c"'`, key: "A", value: `b\n"c"`, line: 1},
		"escaped in double":   {in: `A="b\"c\$d\e"`, key: "A", value: `b"c$d\e`, line: 1},
		"byte order mark":     {in: "\xef\xbb\xbfA=b", key: "A", value: "b", line: 1},
		"carriage return":     {in: "A=b\r\nB=c\r\n", key: "A", value: "b", line: 1},
		"comment before":      {in: "# x\n; y\n\n A=b # not a comment", key: "A", value: "b # not a comment", line: 4},
		"trailing space":      {in: "A=b  \n", key: "A", value: "b", line: 1},
		"quoted space stays":  {in: "A=\"b  \"\n", key: "A", value: "b  ", line: 1},
		"value over lines":    {in: "A=\"b\nc\"\n", key: "A", value: "b\nc", line: 1},
		"continued":           {in: "A=b \\\nc\n", key: "A", value: "b c", line: 1},
		"joined parts":        {in: `A=b"c d"'e'`, key: "A", value: "bc de", line: 1},
		"no assignment":       {in: "hello\nA=b", key: "A", value: "b", line: 2, bad: true},
		"key with a dash":     {in: "A-B=c\nA=b", key: "A", value: "b", line: 2, bad: true},
		"empty value":         {in: "A=\n", key: "A", value: "", line: 1},
		"bytes not in UTF-8":  {in: "A=\xff\n", key: "A", value: "\xff", line: 1},
		"open quote is error": {in: "A=b\nB=\"c\n", key: "A", value: "b", line: 1, bad: true},
	} {
		t.Run(name, func(t *testing.T) {
			vars, errs := shellvar.Parse([]byte(c.in))
			if len(vars) == 0 || vars[0] != (shellvar.Var{Key: c.key, Value: c.value, Line: c.line}) {
				t.Errorf("got %+v, want %q = %q in line %d", vars, c.key, c.value, c.line)
			}
			if (len(errs) > 0) != c.bad {
				t.Errorf("got errors %v, want some: %v", errs, c.bad)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("A=\"b\\\nc\" d\n"))
	f.Add([]byte("\xef\xbb\xbfNAME='x'\r\n#\nB=\\"))
	f.Fuzz(func(t *testing.T, b []byte) {
		vars, _ := shellvar.Parse(b)
		lines := strings.Count(string(b), "\n") + 1
		last := 0
		for _, v := range vars {
			if v.Key == "" || v.Line <= last || v.Line > lines {
				t.Fatalf("%+v after line %d of %d", v, last, lines)
			}
			last = v.Line
		}
	})
}
