package sudoers

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
)

// Parse reads the text of a file. A line that is not understood is a mistake. The error joins all
// mistakes, each with its line; on an error there is no file, since sudo may skip the line or the
// file.
func Parse(b []byte) (*File, error) { return parse(b, &budget.Budget{}) }

// parse is Parse with what may still be kept.
func parse(b []byte, left *budget.Budget) (*File, error) {
	f := &File{}
	var errs mistakes.List
	s := &scanner{left: left}
	for line, text := range joinLines(string(b)) {
		text, s.cr = strings.CutSuffix(text, "\r")
		if err := checkLine(text); err != nil {
			errs.Addf("line %d: %w", line, err)
			continue
		}
		s.s, s.i = text, 0
		st, err := s.readStatement()
		if err == nil && s.skipSpace() {
			err = errSyntax
		}
		if errors.Is(err, budget.ErrLimit) {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		if err != nil {
			if !errs.Full() {
				err = fmt.Errorf("line %d: %w", line, err)
			}
			errs.Add(err)
			continue
		}
		if st.isEmpty() {
			continue
		}
		st.setLine(line)
		f.Statements = budget.Append(f.Statements, st)
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	f.items = s.n
	return f, nil
}

var (
	errZero      = errors.New("a zero byte")
	errCR        = errors.New("a carriage return")
	errBackslash = errors.New("a backslash with blanks behind it, or at the end of the file")
)

// checkLine returns an error for signs that sudo takes for others than people do.
func checkLine(text string) error {
	switch text = strings.Trim(text, " \t"); {
	case strings.IndexByte(text, 0) >= 0:
		return errZero
	case strings.IndexByte(text, '\r') >= 0:
		return errCR
	case strings.HasSuffix(text, `\`) && text[0] != '#':
		return errBackslash
	}
	return nil
}

// isEmpty reports whether a statement is that of an empty line or a comment.
func (st *Statement) isEmpty() bool {
	return st.Include == "" && st.Defaults == nil && st.Rules == nil && st.Aliases == nil
}

// setLine sets the line of all parts of a statement.
func (st *Statement) setLine(line int) {
	st.Line = line
	for i := range st.Defaults {
		st.Defaults[i].Line = line
	}
	for i := range st.Rules {
		st.Rules[i].Line = line
	}
}

// aliasKinds maps the keywords of aliases to their kinds.
var aliasKinds = map[string]string{
	"User_Alias": "User", "Runas_Alias": "Runas", "Host_Alias": "Host",
	"Cmnd_Alias": "Cmnd", "Cmd_Alias": "Cmnd",
}

const keywordChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"

// readStatement reads a whole line.
func (s *scanner) readStatement() (st Statement, err error) {
	text := strings.TrimLeft(s.s, " \t")
	s.i = len(s.s) - len(text)
	// An include. A "#" before it does not begin a comment.
	if text != "" && (text[0] == '@' || text[0] == '#') {
		for _, word := range []string{"include", "includedir"} {
			if rest, ok := strings.CutPrefix(text[1:], word); ok && rest != "" && (rest[0] == ' ' || rest[0] == '\t') {
				s.skip(1 + len(word))
				st.Folder = word == "includedir"
				if err := s.take(); err != nil {
					return st, err
				}
				st.Include, err = s.readWord(" \t")
				return st, err
			}
		}
	}
	if !s.skipSpace() {
		return st, nil
	}
	// Defaults and aliases begin with a keyword, user specifications do not.
	keyword := text[:len(text)-len(strings.TrimLeft(text, keywordChars))]
	after := strings.TrimPrefix(text, keyword)
	switch {
	case keyword == "Defaults" && after != "" && strings.IndexByte(" \t@:!>", after[0]) >= 0:
		s.skip(len(keyword))
		st.Defaults, err = s.readDefaults()
	case aliasKinds[keyword] != "" && after != "" && (after[0] == ' ' || after[0] == '\t'):
		s.skip(len(keyword))
		st.Aliases, err = s.readAliases(aliasKinds[keyword])
	default:
		st.Rules, err = s.readSpecification()
	}
	return st, err
}

// readDefaults reads what follows "Defaults".
func (s *scanner) readDefaults() ([]Default, error) {
	var d Default
	// A character right after the keyword begins a scope.
	if c := s.s[s.i]; c != ' ' && c != '\t' {
		d.Scope = string(c)
		s.i++
		var err error
		if d.For, err = s.readMembers(", \t="); err != nil {
			return nil, err
		}
	}
	var all []Default
	for {
		if err := s.take(); err != nil {
			return nil, err
		}
		d.Off = s.readNegations()
		quoted := s.skipSpace() && s.s[s.i] == '"'
		name, err := s.readWord(",=+- \t!")
		if err != nil {
			return nil, err
		}
		if quoted || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") != "" {
			return nil, errSyntax
		}
		d.Name = name
		if d.Op, d.Value, err = s.readValue(); err != nil {
			return nil, err
		}
		if d.Off && d.Op != "" {
			return nil, errSyntax
		}
		if err := d.check(); err != nil {
			return nil, err
		}
		all = budget.Append(all, d)
		if !s.accept(',') {
			return all, nil
		}
	}
}

var (
	errNumber = errors.New("a value that is no number, so that sudo passes over it")
	errPath   = errors.New("a value that is no absolute path, so that sudo passes over it")
)

// check returns an error for a value that sudo passes over.
func (d Default) check() error {
	switch {
	case d.Op == "":
	case d.Name == "timestamp_timeout" || d.Name == "passwd_timeout":
		whole, fraction, dot := strings.Cut(strings.TrimPrefix(d.Value, "-"), ".")
		zeros := len(whole) > 1 && whole[0] == '0'
		if whole == "" || zeros || len(whole) > 9 || dot && fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
			return errNumber
		}
	case d.Name == "logfile" && !strings.HasPrefix(d.Value, "/"):
		return errPath
	}
	return nil
}

// readValue reads an operator with its value. Both are empty for a flag.
func (s *scanner) readValue() (op, value string, err error) {
	if !s.skipSpace() {
		return "", "", nil
	}
	for _, op := range []string{"+=", "-=", "="} {
		if strings.HasPrefix(s.rest(), op) {
			s.skip(len(op))
			quoted := s.skipSpace() && s.s[s.i] == '"'
			from := s.i
			value, err = s.readWord(", \t")
			if !quoted && strings.IndexByte(s.s[from:s.i], '=') >= 0 {
				err = errSyntax
			}
			return op, value, err
		}
	}
	return "", "", nil
}

// readAliases reads "NAME = list : NAME = list".
func (s *scanner) readAliases(kind string) ([]Alias, error) {
	var all []Alias
	for {
		if err := s.take(); err != nil {
			return nil, err
		}
		name, err := s.readWord("= \t,:")
		if err != nil {
			return nil, err
		}
		if !isAlias(name) || name == "ALL" || !s.accept('=') {
			return nil, errSyntax
		}
		a := Alias{Kind: kind, Name: name}
		if kind == "Cmnd" {
			a.Members, err = s.readCommands()
		} else {
			a.Members, err = s.readMembers(",:=() \t")
		}
		if err != nil {
			return nil, err
		}
		all = budget.Append(all, a)
		if !s.accept(':') {
			return all, nil
		}
	}
}

// isAlias reports whether a name can be an alias: a capital, then capitals, digits and underscores.
func isAlias(name string) bool {
	return name != "" && 'A' <= name[0] && name[0] <= 'Z' &&
		strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}
