package sshd

import (
	"errors"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
)

// Line is one line of a configuration file that says something.
type Line struct {
	Keyword string   // in lower case
	Args    []string // quotes removed
	Line    int      // counted from 1
}

// Parse reads the text of a configuration file. Lines with quotes left open, or without an
// argument, are mistakes, joined; sshd does not start with one of them, so there is no
// answer beside them.
func Parse(b []byte) ([]Line, error) {
	var all []Line
	var bad mistakes.List
	n := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		n++
		s = strings.Trim(s, " \t\r\f")
		if s == "" || s[0] == '#' {
			continue
		}
		keyword, rest := split(s)
		args, err := words(rest)
		switch {
		case strings.IndexByte(s, 0) >= 0:
			bad.Addf("line %d: has a NUL byte", n)
		case err != nil:
			bad.Addf("line %d: %w", n, err)
		case len(args) == 0:
			bad.Addf("line %d: %s has no argument", n, printable(keyword))
		default:
			all = append(all, Line{strings.ToLower(keyword), args, n})
		}
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// printable keeps what is no directive out of messages: a file that was included by mistake
// may hold anything.
func printable(keyword string) string {
	if known(strings.ToLower(keyword)) {
		return keyword
	}
	return "a directive that is not known"
}

// split divides a line after its keyword: blanks, a "=", or both.
func split(s string) (keyword, rest string) {
	i := strings.IndexAny(s, " \t=\"")
	if i < 0 {
		return s, ""
	}
	keyword, rest = s[:i], strings.TrimLeft(s[i:], " \t")
	if r, ok := strings.CutPrefix(rest, "="); ok {
		rest = strings.TrimLeft(r, " \t")
	}
	return keyword, rest
}

// words splits arguments as OpenSSH has since 8.7: single and double quotes may stand
// anywhere, a backslash escapes quotes, itself and blanks outside of quotes, and "#" at the
// start of a word begins a comment.
func words(s string) ([]string, error) {
	var all []string
	for {
		s = strings.TrimLeft(s, " \t")
		if s == "" || s[0] == '#' {
			return all, nil
		}
		w, rest, err := word(s)
		if err != nil {
			return nil, err
		}
		all, s = append(all, w), rest
	}
}

func word(s string) (w, rest string, err error) {
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
