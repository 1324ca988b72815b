// Package sshclient reads how the SSH client is configured for all users, ssh_config(5). It returns
// each line of etc/ssh/ssh_config and of the files that it includes, with the hosts that the line
// is for. The file of a user comes first for the client, and is not read.
package sshclient

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/internal/vendored"
	"github.com/hardening-sdk/hardening/inventory"
)

// Line is one directive.
type Line struct {
	inventory.Setting        // the name in lower case, the value without quotes
	For               string // the Host or Match line above it; empty for all hosts
}

const (
	main        = "etc/ssh/ssh_config"
	maxIncludes = 16 // how deep files include one another, as in OpenSSH
)

// Fact returns the lines of the configuration in the order in which the client reads them. The
// first line of a name counts for a host. Without the file Fact returns [inventory.ErrAbsent].
var Fact = inventory.NewFact("ssh_config", collect)

func collect(ctx context.Context, s *inventory.System) ([]Line, error) {
	r := &reader{ctx: ctx, s: s, files: map[string][]Line{}, globs: map[string][]string{}}
	_, _, err := vendored.Read(main, func(name string) (struct{}, error) { return struct{}{}, r.read(name, "", 0) }, inventory.IsAbsent)
	if inventory.IsAbsent(err, main) {
		return nil, fmt.Errorf("no %s: %w", main, inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	return r.all, nil
}

// reader collects the lines of files. It reads each file once.
type reader struct {
	ctx   context.Context
	s     *inventory.System
	all   []Line
	left  budget.Budget
	files map[string][]Line
	globs map[string][]string // the names that a pattern matches
}

// open returns the lines of a file. Those of one that was read before are taken of the budget again.
func (r *reader) open(name string) ([]Line, error) {
	if lines, ok := r.files[name]; ok {
		return lines, r.left.Items(len(lines))
	}
	lines, err := inventory.ParseFile(r.ctx, r.s, name, func(b []byte) ([]Line, error) { return parse(b, &r.left) })
	if err == nil {
		r.files[name] = lines
	}
	return lines, err
}

// read adds the lines of a file. An Include is replaced by the lines of the files it names.
// Those are inside the Host or Match line within.
func (r *reader) read(name, within string, depth int) error {
	lines, err := r.open(name)
	if err != nil {
		return err
	}
	last, joined := "", within // of the line before
	for _, l := range lines {
		l.Source = name
		if l.For != last {
			last, joined = l.For, within
			switch {
			case l.For != "" && within != "":
				if err := r.left.Expanded(len(within) + len(", ") + len(l.For)); err != nil {
					return fmt.Errorf("%s:%d: %w", name, l.Line, err)
				}
				joined = within + ", " + l.For
			case l.For != "":
				joined = l.For
			}
		}
		l.For = joined
		if l.Name != "include" {
			r.all = budget.Append(r.all, l)
			continue
		}
		// Include is replaced by the lines of its files.
		if depth == maxIncludes {
			return fmt.Errorf("%s:%d: too many files that include others: %w", name, l.Line, inventory.ErrLimit)
		}
		for pattern := range strings.FieldsSeq(l.Value) {
			if err := r.include(pattern, l, depth); err != nil {
				return fmt.Errorf("%s:%d: %w", name, l.Line, err)
			}
		}
	}
	return nil
}

// include adds the lines of the files that match a pattern of an Include.
func (r *reader) include(pattern string, l Line, depth int) error {
	// Each user has files of their own.
	if strings.HasPrefix(pattern, "~") {
		return nil
	}
	if err := r.left.Include(); err != nil {
		return err
	}
	if !strings.HasPrefix(pattern, "/") {
		pattern = "/etc/ssh/" + pattern
	}
	pattern = strings.TrimPrefix(path.Clean(pattern), "/")
	names, ok := r.globs[pattern]
	if !ok {
		var err error
		if names, err = r.s.Glob(r.ctx, pattern); err != nil {
			return err
		}
		r.globs[pattern] = names
	}
	for _, n := range names {
		if err := r.left.Include(); err != nil {
			return err
		}
		if err := r.read(n, l.For, depth+1); err != nil && !inventory.IsAbsent(err, n) { // a dangling link
			return err
		}
	}
	return nil
}

// errOption is of a name that ssh knows none like, and then does not run.
var errOption = errors.New("no name of an option")

var errValue = errors.New("a value that ssh does not know, with which it does not run")

// answers are the values of StrictHostKeyChecking. Nothing else is taken.
var answers = map[string]bool{"yes": true, "true": true, "no": true, "false": true, "off": true, "ask": true, "accept-new": true}

const blanks = " \t"

// trimLine removes the blanks around a line. A form feed is one behind other text only.
func trimLine(s string) string {
	s = strings.TrimLeft(s, " \t\r")
	if s == "" {
		return s
	}
	return s[:1] + strings.TrimRight(s[1:], " \t\r\f")
}

var errWord = errors.New("a name without a value, or a quote that is not closed")

// Parse reads the text of a file. The error joins all mistakes, each with its line.
func Parse(b []byte) ([]Line, error) { return parse(b, &budget.Budget{}) }

// parse is Parse with the lines that may still be kept.
func parse(b []byte, left *budget.Budget) ([]Line, error) {
	var all []Line
	var errs mistakes.List
	within, line := "", 0
	for text := range strings.SplitSeq(string(b), "\n") {
		line++
		text = trimLine(text)
		if text == "" || text[0] == '#' {
			continue
		}
		word, value, ok := cutKeyword(text)
		if !ok {
			errs.Addf("line %d: %w", line, errWord)
			continue
		}
		name := strings.ToLower(word)
		if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			errs.Addf("line %d: %w", line, errOption)
			continue
		}
		value = strings.TrimPrefix(strings.TrimLeft(value, " \t\r"), "=")
		value, ok = unquote(strings.TrimLeft(value, " \t\r"))
		if !ok || value == "" {
			errs.Addf("line %d: %w", line, errWord)
			continue
		}
		if name == "stricthostkeychecking" && !answers[strings.ToLower(value)] {
			errs.Addf("line %d: %w", line, errValue)
			continue
		}
		if err := left.Items(1); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		// Host and Match begin a block. "Host *" is for all hosts.
		if name == "host" || name == "match" {
			if within = value; name == "match" || value != "*" {
				within = word + " " + value
			} else {
				within = ""
			}
			continue
		}
		all = budget.Append(all, Line{inventory.Setting{Name: name, Value: value,
			Position: inventory.Position{Line: line}}, within})
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// cutKeyword cuts off the name of a directive, which may be in quotes.
func cutKeyword(text string) (name, rest string, ok bool) {
	if inner, quoted := strings.CutPrefix(text, `"`); quoted {
		name, rest, ok = strings.Cut(inner, `"`)
		return name, rest, ok && name != ""
	}
	i := strings.IndexAny(text, " \t=")
	if i <= 0 {
		return "", "", false
	}
	return text[:i], text[i:], true
}

// unquote removes the quotes in a value, double or single, and a comment after it. They may be
// around words or parts of words. A backslash quotes a quote or a backslash. unquote returns false
// for a quote that is not closed.
func unquote(s string) (string, bool) {
	if !strings.ContainsAny(s, "\"'\\#") {
		return strings.TrimRight(s, blanks), true
	}
	var b strings.Builder
	var quote byte // the quote that is open, or 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && strings.IndexByte(`"'\`, s[i+1]) >= 0:
			i++
			b.WriteByte(s[i])
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote != 0 && c == quote:
			quote = 0
		case c == '#' && quote == 0 && (i == 0 || s[i-1] == ' ' || s[i-1] == '\t'):
			return strings.TrimRight(b.String(), blanks), true
		default:
			b.WriteByte(c)
		}
	}
	return strings.TrimRight(b.String(), blanks), quote == 0
}
