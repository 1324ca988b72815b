package sshd

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Line is one line of a configuration file that is neither empty nor a comment.
type Line struct {
	inventory.Position

	Keyword string   // in lower case
	Args    []string // without quotes
}

// Parse reads the text of a configuration file. A line with an open quote or without an argument is
// a mistake, with which sshd does not start. The error joins all mistakes, each with its line; on
// an error there are no lines.
func Parse(b []byte) ([]Line, error) { return parse(b, &budget.Budget{}, false) }

// parse is Parse with the arguments that may still be kept. Old is true for a server that is older than
// 8.7, or may be.
func parse(b []byte, left *budget.Budget, old bool) ([]Line, error) {
	var all []Line
	var bad mistakes.List
	n := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		n++
		s = trimLine(s)
		if s == "" || s[0] == '#' {
			continue
		}
		keyword, rest := cutKeyword(s)
		args, err := splitWords(rest, left)
		if errors.Is(err, budget.ErrLimit) {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		switch {
		case bad.Full() && (err != nil || len(args) == 0):
			bad.Add(errArgument)
		case strings.IndexByte(s, 0) >= 0:
			bad.Addf("line %d: has a NUL byte", n)
		case err != nil:
			bad.Addf("line %d: %w", n, err)
		case old && checkOldWords(strings.ToLower(keyword), rest) != nil:
			bad.Addf("line %d: %w", n, checkOldWords(strings.ToLower(keyword), rest))
		case len(args) == 0:
			bad.Addf("line %d: %s has no argument", n, describeKeyword(keyword))
		default:
			all = budget.Append(all, Line{inventory.Position{Line: n}, strings.ToLower(keyword), args})
		}
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

var errArgument = errors.New("has no argument")

// trimLine removes the blanks around a line. A form feed is one behind other text only.
func trimLine(s string) string {
	s = strings.TrimLeft(s, " \t\r")
	if s == "" {
		return s
	}
	return s[:1] + strings.TrimRight(s[1:], " \t\r\f")
}

// describeKeyword returns a keyword for a message if it is a directive. Any other text is not
// shown, since a file that is included by mistake may have anything in it.
func describeKeyword(keyword string) string {
	if isKnown(strings.ToLower(keyword)) {
		return keyword
	}
	return "a directive that is not known"
}

// cutKeyword cuts the keyword off a line. Blanks, "=", or both follow it.
func cutKeyword(s string) (keyword, rest string) {
	i := strings.IndexAny(s, " \t=\"")
	if i < 0 {
		return s, ""
	}
	keyword, rest = s[:i], strings.TrimLeft(s[i:], " \t\r")
	if r, ok := strings.CutPrefix(rest, "="); ok {
		rest = strings.TrimLeft(r, " \t\r")
	}
	return keyword, rest
}

// splitWords splits arguments as OpenSSH does since 8.7. Single and double quotes may be anywhere.
// A backslash escapes quotes, itself, and blanks outside of quotes. "#" at the start of a word
// begins a comment.
func splitWords(s string, left *budget.Budget) ([]string, error) {
	var all []string
	for {
		s = strings.TrimLeft(s, " \t")
		if s == "" || s[0] == '#' {
			return all, nil
		}
		w, rest, err := cutWord(s)
		if err == nil {
			err = left.Items(1)
		}
		if err != nil {
			return nil, err
		}
		all, s = append(all, w), rest
	}
}

// cutWord cuts the first word off s.
func cutWord(s string) (w, rest string, err error) {
	// Most words are as written.
	if end := strings.IndexAny(s, " \t\"'\\"); end < 0 {
		return s, "", nil
	} else if s[end] == ' ' || s[end] == '\t' {
		return s[:end], s[end:], nil
	}
	var b strings.Builder
	var quote byte
	i := 0
	for ; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s) && (strings.IndexByte(`'"\`, s[i+1]) >= 0 || quote == 0 && s[i+1] == ' '):
			i++
			b.WriteByte(s[i])
		case quote == 0 && (c == ' ' || c == '\t'):
			return b.String(), s[i:], nil
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote != 0 && c == quote:
			quote = 0
		default:
			b.WriteByte(c)
		}
	}
	if quote != 0 {
		return "", "", errors.New("a quote is left open")
	}
	return b.String(), "", nil
}
