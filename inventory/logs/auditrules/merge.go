package auditrules

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// file is a file of rules.
type file struct {
	name string
	text []byte
}

// line is a line of rules and where it begins.
type line struct {
	text   string
	source string
	number int
}

// lines cuts files that were joined without anything between them, as augenrules joins
// them: a file without a newline at its end goes on in the next one.
func lines(files []file) []line {
	var all []line
	open := false
	for _, f := range files {
		text, n := f.text, 0
		for len(text) > 0 {
			one, rest, ended := bytes.Cut(text, []byte{'\n'})
			text = rest
			n++
			if open {
				all[len(all)-1].text += string(one)
			} else {
				all = append(all, line{string(one), f.name, n})
			}
			open = !ended
		}
	}
	return all
}

// merge answers the lines that augenrules writes: -D first, then -b and -f, and -e
// last, of each the last one; comments and empty lines are left out.
func merge(all []line) ([]line, error) {
	var first, backlog, failure, enabled []line
	var rest []line
	for _, l := range all {
		l.text = strings.TrimSuffix(l.text, "\r")
		switch {
		case l.text == "" || strings.HasPrefix(strings.TrimLeft(l.text, " "), "#"):
		case doubtful(l.text):
			return nil, fmt.Errorf("%s:%d: blanks around an option that augenrules moves, which it takes in different ways", l.source, l.number)
		case strings.HasPrefix(l.text, "-e"):
			enabled = []line{l}
		case l.text == "-D":
			first = []line{l}
		case strings.HasPrefix(l.text, "-f"):
			failure = []line{l}
		case strings.HasPrefix(l.text, "-b"):
			backlog = []line{l}
		default:
			rest = append(rest, l)
		}
	}
	return slices.Concat(first, backlog, failure, rest, enabled), nil
}

// doubtful reports whether it depends on the system's awk if augenrules moves a line.
func doubtful(text string) bool {
	inner := strings.Trim(text, " \t\v\f")
	if inner == text || inner == "" {
		return false
	}
	if inner == "-D" {
		return true
	}
	return inner[0] != text[0] && len(inner) > 1 && inner[0] == '-' && strings.IndexByte("efb", inner[1]) >= 0
}

// versionOrder compares names as ls -v does: digits by their number, letters before other
// characters, "~" before all, the extension last.
func versionOrder(a, b string) int {
	if c := reversion(stem(a), stem(b)); c != 0 {
		return c
	}
	return cmp.Or(reversion(a, b), cmp.Compare(a, b))
}

// stem cuts the extensions that begin with a letter or "~".
func stem(name string) string {
	for {
		i := strings.LastIndexByte(name, '.')
		if i <= 0 || i+1 >= len(name) || !letter(name[i+1]) && name[i+1] != '~' ||
			strings.ContainsFunc(name[i+1:], func(r rune) bool { return r > 0x7f || !letter(byte(r)) && !digit(byte(r)) && r != '~' }) {
			return name
		}
		name = name[:i]
	}
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

func weight(s string, i int) int {
	switch {
	case i >= len(s) || digit(s[i]):
		return 0
	case letter(s[i]):
		return int(s[i])
	case s[i] == '~':
		return -1
	}
	return int(s[i]) + 256
}

func reversion(a, b string) int {
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		for i < len(a) && !digit(a[i]) || j < len(b) && !digit(b[j]) {
			if c := cmp.Compare(weight(a, i), weight(b, j)); c != 0 {
				return c
			}
			i, j = i+1, j+1
		}
		x, y := number(a, &i), number(b, &j)
		if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
			return c
		}
	}
	return 0
}

// number answers the digits from *i on without zeros before them, and moves *i behind them.
func number(s string, i *int) string {
	start := *i
	if start > len(s) {
		return ""
	}
	for *i < len(s) && digit(s[*i]) {
		*i++
	}
	return strings.TrimLeft(s[start:*i], "0")
}
