// Package bytetable holds in tests what a reader makes of bytes that people do not write against
// what the program makes of them for which the text is.
//
// A table is kept in testdata: a line for each odd text, with the program's answer and the
// reader's. The two are the same, or the reader gives an error, so that no verdict rests on what
// the program does not see, or sees otherwise.
package bytetable

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

var update = flag.Bool("update", false, "write the tables of testdata anew")

// Error is the answer to a text that is refused.
const Error = "error"

// Line is a line of a format that sets something.
type Line struct {
	Head, Tail string // what the text needs before and behind the line
	Key, Sep   string // such as "MaxAuthTries", " "
	Value      string // what is set
	Other      string // another value
	Comment    string // what begins a comment; empty: nothing
	Newline    string // what ends a line; empty: a line feed
}

// Texts returns the odd texts that say what the line says, or nearly so.
func (l Line) Texts() map[string]string {
	nl := l.Newline
	if nl == "" {
		nl = "\n"
	}
	of := func(lines ...string) string { return l.Head + strings.Join(lines, nl) + nl + l.Tail }
	line, other := l.Key+l.Sep+l.Value, l.Key+l.Sep+l.Other
	all := map[string]string{
		"plain":                           of(line),
		"no end of the last line":         l.Head + line,
		"CR LF":                           strings.ReplaceAll(of(line), nl, "\r\n"),
		"twice":                           of(line, other),
		"twice, the other way":            of(other, line),
		"key in capitals":                 of(strings.ToUpper(l.Key) + l.Sep + l.Value),
		"value in capitals":               of(l.Key + l.Sep + strings.ToUpper(l.Value)),
		"unknown word before":             of("xyzzy plugh", line),
		"unknown word behind":             of(line, "xyzzy plugh"),
		"unknown key":                     of("xyzzy"+l.Sep+l.Value, line),
		"key alone":                       of(l.Key),
		"key and separator":               of(l.Key + l.Sep),
		"a second value":                  of(line + " " + l.Other),
		"a second value behind a comma":   of(line + "," + l.Other),
		"junk":                            of(line + " xyzzy"),
		"junk behind a tab":               of(line + "\txyzzy"),
		"junk at the value":               of(line + "xyzzy"),
		"value in double quotes":          of(l.Key + l.Sep + `"` + l.Value + `"`),
		"value in single quotes":          of(l.Key + l.Sep + `'` + l.Value + `'`),
		"open quote":                      of(l.Key+l.Sep+`"`+l.Value, other),
		"blank before":                    of(" " + line),
		"tab before":                      of("\t" + line),
		"blanks behind":                   of(line + " \t "),
		"blanks at the separator":         of(l.Key + " " + l.Sep + " " + l.Value),
		"another separator":               of(l.Key + "=" + l.Value),
		"another separator: blank":        of(l.Key + " " + l.Value),
		"another separator: colon":        of(l.Key + ":" + l.Value),
		"overlong comment":                of("# "+strings.Repeat("x", 70_000), line),
		"overlong blanks before a value":  of(l.Key + l.Sep + strings.Repeat(" ", 9_000) + l.Value),
		"overlong blanks, then junk":      of(line + strings.Repeat(" ", 9_000) + "xyzzy"),
		"overlong unknown":                of("xyzzy"+l.Sep+strings.Repeat("x", 9_000), line),
		"overlong unknown, then the line": l.Head + "#" + strings.Repeat("x", 8_190) + line + nl + other + nl + l.Tail,
		"continuation at the end":         l.Head + line + `\`,
		"continuation behind the value":   of(line+`\`, other),
		"continuation behind the key":     of(l.Key+`\`, l.Sep+l.Value),
		"continuation of a comment":       of("# x \\", line),
		"continuation, blank behind":      of(line+"\\ ", other),
		"byte order mark":                 "\ufeff" + of(line),
		"UTF-16":                          string(encode(of(line), true)),
		"UTF-16, no mark, big end first":  string(encode(of(line), false)),
		"Latin-1 in a comment":            of("# \xe9", line),
		"Latin-1 behind the value":        of(line + "\xe9"),
		"nothing":                         "",
		"a blank line":                    " \t\n",
	}
	if l.Comment != "" {
		all["comment behind the value"] = of(line + " " + l.Comment + " x")
		all["comment at the value"] = of(line + l.Comment + "x")
		all["comment sign behind a blank"] = of(" "+l.Comment+" "+other, line)
	}
	for name, b := range map[string]string{"NUL": "\x00", "CR": "\r", "VT": "\v", "FF": "\f", "NBSP": "\u00a0", "DEL": "\x7f", "ESC": "\x1b"} {
		all[name+" before the key"] = of(b + line)
		all[name+" in the key"] = of(l.Key[:1] + b + l.Key[1:] + l.Sep + l.Value)
		all[name+" behind the key"] = of(l.Key + b + l.Sep + l.Value)
		all[name+" for the separator"] = of(l.Key + b + l.Value)
		all[name+" before the value"] = of(l.Key + l.Sep + b + l.Value)
		all[name+" in the value"] = of(l.Key + l.Sep + l.Value[:len(l.Value)/2] + b + l.Value[len(l.Value)/2:])
		all[name+" behind the value"] = of(line + b)
		all[name+", then junk"] = of(line + b + "xyzzy")
		all[name+", then the line again"] = of(line + b + other)
		all[name+" in a comment"] = of("# x"+b+line, other)
		all[name+" on a line"] = of(b, line)
	}
	return all
}

// Tree returns a folder whose files have the texts byte by byte, which no fixture can say.
func Tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func encode(text string, little bool) []byte {
	var b []byte
	units := utf16.Encode([]rune(text))
	if little {
		units = append([]uint16{0xfeff}, units...)
	}
	for _, u := range units {
		if little {
			b = append(b, byte(u), byte(u>>8))
		} else {
			b = append(b, byte(u>>8), byte(u))
		}
	}
	return b
}

// Reader answers what a text sets: the value in a normal form, Error, or "" if it sets nothing.
type Reader func(t *testing.T, text string) string

// Test holds a reader and the program against the table of testdata with a name. A program that is
// nil cannot be asked: its answers in the table are those of its documentation, which a comment of
// the test names. Unlike says for a text why the reader may answer something else.
func Test(t *testing.T, name string, texts map[string]string, ours, program Reader, unlike map[string]string) {
	t.Helper()
	file := filepath.Join("testdata", name+".bytes")
	table, err := read(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	got := map[string]answers{}
	for _, text := range slices.Sorted(maps.Keys(texts)) {
		got[text] = answers{table[text].program, ours(t, texts[text])}
		if !*update && got[text].ours != table[text].ours {
			t.Errorf("%s, %s: got %q, the table has %q", file, text, got[text].ours, table[text].ours)
		}
		if _, ok := table[text]; !ok && !*update {
			t.Errorf("%s has no text %q", file, text)
		}
	}
	for text := range table {
		if _, ok := texts[text]; !ok && !*update {
			t.Errorf("%s has a text that is not tried: %q", file, text)
		}
	}
	// Also where the program is not there, and ends the test.
	defer func() {
		for _, wrong := range judge(got, unlike) {
			t.Errorf("%s: %s", file, wrong)
		}
		if *update {
			if err := write(file, got); err != nil {
				t.Error(err)
			}
		}
	}()
	if program == nil {
		return
	}
	for _, text := range slices.Sorted(maps.Keys(texts)) {
		is := program(t, texts[text])
		if !*update && is != table[text].program {
			t.Errorf("%s, %s: the program says %q, the table has %q", file, text, is, table[text].program)
		}
		got[text] = answers{is, got[text].ours}
	}
}

// judge returns what is wrong about the answers.
func judge(got map[string]answers, unlike map[string]string) (wrong []string) {
	if a := got["plain"]; a.ours == Error || a.ours != a.program {
		wrong = append(wrong, fmt.Sprintf("the plain line: got %q, the program says %q", a.ours, a.program))
	}
	for _, text := range slices.Sorted(maps.Keys(got)) {
		a, why := got[text], unlike[text]
		switch same := a.ours == a.program || a.ours == Error; {
		case !same && why == "":
			wrong = append(wrong, fmt.Sprintf("%s: got %q, the program says %q", text, a.ours, a.program))
		case same && why != "":
			wrong = append(wrong, fmt.Sprintf("%s: the reader says what the program does, or gives an error, and needs no reason", text))
		}
	}
	for _, text := range slices.Sorted(maps.Keys(unlike)) {
		if _, ok := got[text]; !ok {
			wrong = append(wrong, fmt.Sprintf("%s: has a reason, and is not tried", text))
		}
	}
	return wrong
}

type answers struct{ program, ours string }

func read(file string) (map[string]answers, error) {
	b, err := os.ReadFile(file)
	table := map[string]answers{}
	for line := range strings.Lines(string(b)) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), " | ")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if len(cells) != 3 {
			return nil, fmt.Errorf("%s: %q", file, line)
		}
		table[cells[0]] = answers{cells[1], cells[2]}
	}
	return table, err
}

func write(file string, table map[string]answers) error {
	var b strings.Builder
	b.WriteString("# text | the program | the reader\n")
	for _, text := range slices.Sorted(maps.Keys(table)) {
		fmt.Fprintf(&b, "%s | %s | %s\n", text, table[text].program, table[text].ours)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(b.String()), 0o644)
}
