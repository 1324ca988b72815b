package auditrules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
)

// file is a file of rules.
type file struct {
	name string
	text []byte
}

// line is a line of rules and the place where it begins.
type line struct {
	text   string
	source string // the file
	number int    // in source, counted from 1
}

// splitLines splits files into lines, empty ones and comments left out. As augenrules joins files
// without anything between them, the last line of a file without a newline at its end goes on in the
// next file.
func splitLines(files []file) ([]line, error) {
	var all []line
	var limit budget.Budget
	var open []byte // of the last line
	var at line
	take := func(l line) error {
		if !isNothing(l.text) {
			if err := limit.Items(1); err != nil {
				return fmt.Errorf("%s:%d: %w", l.source, l.number, err)
			}
			all = append(all, l)
		}
		return nil
	}
	for _, f := range files {
		text, n := string(f.text), 0
		for len(text) > 0 {
			one, rest, ended := strings.Cut(text, "\n")
			text = rest
			n++
			if len(open) == 0 {
				at = line{"", f.name, n}
			}
			switch {
			case !ended:
				open = append(open, one...)
				continue
			case len(open) > 0:
				one, open = string(append(open, one...)), nil
			}
			at.text = one
			if err := take(at); err != nil {
				return nil, err
			}
		}
	}
	at.text = string(open)
	return all, take(at)
}

// isNothing reports whether a line is empty or a comment, however auditctl and augenrules read it.
func isNothing(text string) bool {
	return text == "" || len(text) < maxLine && isComment(text)
}

func isComment(text string) bool { return strings.HasPrefix(strings.TrimLeft(text, " "), "#") }

// errBlanks is the text of the error of a doubtful line.
const errBlanks = "blanks around an option that augenrules moves, which it takes in different ways"

// merge returns the lines that augenrules writes: first -D, then -b and -f, and -e at the end, the
// last one of each. Comments and empty lines are left out.
func merge(all []line) ([]line, error) {
	var first, backlog, failure, enabled []line
	var rest []line
	for _, l := range all {
		switch {
		case l.text == "" || isComment(l.text):
		case strings.HasSuffix(l.text, "\r"):
			return nil, fmt.Errorf("%s:%d: a carriage return, which releases of augenrules leave or remove", l.source, l.number)
		case isDoubtful(l.text):
			return nil, fmt.Errorf("%s:%d: "+errBlanks, l.source, l.number)
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

// isDoubtful reports whether it depends on the awk of the system whether augenrules moves a line.
func isDoubtful(text string) bool {
	inner := strings.Trim(text, " \t\v\f")
	if inner == text || inner == "" {
		return false
	}
	if inner == "-D" {
		return true
	}
	return inner[0] != text[0] && len(inner) > 1 && inner[0] == '-' && strings.IndexByte("efb", inner[1]) >= 0
}

// compareVersions compares names in the order of ls -v: numbers by their value, letters before
// other characters, and "~" before everything. Extensions count last.
func compareVersions(a, b string) int {
	if c := compareParts(trimExtensions(a), trimExtensions(b)); c != 0 {
		return c
	}
	return cmp.Or(compareParts(a, b), cmp.Compare(a, b))
}

// trimExtensions cuts off the extensions that begin with a letter or "~".
func trimExtensions(name string) string {
	for {
		i := strings.LastIndexByte(name, '.')
		if i <= 0 || i+1 >= len(name) || !isLetter(name[i+1]) && name[i+1] != '~' ||
			strings.ContainsFunc(name[i+1:], isNotOfExtension) {
			return name
		}
		name = name[:i]
	}
}

// isNotOfExtension reports whether a character may not be part of an extension.
func isNotOfExtension(r rune) bool {
	return r > 0x7f || !isLetter(byte(r)) && !isDigit(byte(r)) && r != '~'
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

// weigh returns the rank of the character at i. Digits and the end of the name have the rank 0.
func weigh(s string, i int) int {
	switch {
	case i >= len(s) || isDigit(s[i]):
		return 0
	case isLetter(s[i]):
		return int(s[i])
	case s[i] == '~':
		return -1
	}
	return int(s[i]) + 256
}

// compareParts compares texts and numbers in turns.
func compareParts(a, b string) int {
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		for i < len(a) && !isDigit(a[i]) || j < len(b) && !isDigit(b[j]) {
			if c := cmp.Compare(weigh(a, i), weigh(b, j)); c != 0 {
				return c
			}
			i, j = i+1, j+1
		}
		x, y := cutNumber(a, &i), cutNumber(b, &j)
		if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
			return c
		}
	}
	return 0
}

// cutNumber returns the digits from *i on without leading zeros, and moves *i behind them.
func cutNumber(s string, i *int) string {
	start := *i
	if start > len(s) {
		return ""
	}
	for *i < len(s) && isDigit(s[*i]) {
		*i++
	}
	return strings.TrimLeft(s[start:*i], "0")
}
