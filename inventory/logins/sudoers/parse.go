package sudoers

import (
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
)

// Parse reads the text of a file. Every line that is not understood is a mistake, and then
// there is no answer: sudo may pass over the line, or over the file.
func Parse(b []byte) (*File, error) {
	f := &File{}
	var errs mistakes.List
	for _, l := range logicals(string(b)) {
		if strings.IndexByte(l.text, 0) >= 0 {
			errs.Addf("line %d: a zero byte", l.line)
			continue
		}
		s := &scanner{s: l.text}
		st, err := s.statement()
		if err == nil && s.space() {
			err = errSyntax
		}
		if err != nil {
			errs.Addf("line %d: %w", l.line, err)
			continue
		}
		st.at(l.line)
		f.Statements = append(f.Statements, st)
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return f, nil
}

// at notes the line of all that a statement holds.
func (st *Statement) at(line int) {
	st.Line = line
	for i := range st.Defaults {
		st.Defaults[i].Line = line
	}
	for i := range st.Rules {
		st.Rules[i].Line = line
	}
}

// aliasKinds are the keywords of aliases.
var aliasKinds = map[string]string{"User_Alias": "User", "Runas_Alias": "Runas", "Host_Alias": "Host", "Cmnd_Alias": "Cmnd", "Cmd_Alias": "Cmnd"}

func (s *scanner) statement() (st Statement, err error) {
	text := strings.TrimLeft(s.s, " \t")
	s.i = len(s.s) - len(text)
	for _, word := range []string{"include", "includedir"} {
		for _, mark := range []string{"@", "#"} {
			if rest, ok := strings.CutPrefix(text, mark+word); ok && rest != "" && (rest[0] == ' ' || rest[0] == '\t') {
				s.skip(len(mark) + len(word))
				st.Folder = word == "includedir"
				st.Include, err = s.word(" \t")
				return st, err
			}
		}
	}
	if !s.space() {
		return st, nil
	}
	keyword := text[:len(text)-len(strings.TrimLeft(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"))]
	after := strings.TrimPrefix(text, keyword)
	switch {
	case keyword == "Defaults" && after != "" && strings.IndexByte(" \t@:!>", after[0]) >= 0:
		s.skip(len(keyword))
		st.Defaults, err = s.defaults()
	case aliasKinds[keyword] != "" && after != "" && (after[0] == ' ' || after[0] == '\t'):
		s.skip(len(keyword))
		st.Aliases, err = s.aliases(aliasKinds[keyword])
	default:
		st.Rules, err = s.specification()
	}
	return st, err
}

// defaults reads what follows "Defaults".
func (s *scanner) defaults() ([]Default, error) {
	var d Default
	if c := s.s[s.i]; c != ' ' && c != '\t' {
		d.Scope = string(c)
		s.i++
		var err error
		if d.For, err = s.members(", \t="); err != nil {
			return nil, err
		}
	}
	var all []Default
	for {
		d.Off = s.negations()
		quoted := s.space() && s.s[s.i] == '"'
		name, err := s.word(",=+- \t!")
		if err != nil {
			return nil, err
		}
		if quoted || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			return nil, errSyntax
		}
		d.Name, d.Op, d.Value = name, "", ""
		if s.space() {
			for _, op := range []string{"+=", "-=", "="} {
				if !strings.HasPrefix(s.rest(), op) {
					continue
				}
				s.skip(len(op))
				d.Op = op
				if d.Value, err = s.word(", \t"); err != nil {
					return nil, err
				}
				break
			}
		}
		if d.Off && d.Op != "" {
			return nil, errSyntax
		}
		all = append(all, d)
		if !s.take(',') {
			return all, nil
		}
	}
}

// aliases reads "NAME = list : NAME = list".
func (s *scanner) aliases(kind string) ([]Alias, error) {
	var all []Alias
	for {
		name, err := s.word("= \t,:")
		if err != nil {
			return nil, err
		}
		if !isAlias(name) || !s.take('=') {
			return nil, errSyntax
		}
		a := Alias{Kind: kind, Name: name}
		if kind == "Cmnd" {
			a.Members, err = s.commands()
		} else {
			a.Members, err = s.members(",:=() \t")
		}
		if err != nil {
			return nil, err
		}
		all = append(all, a)
		if !s.take(':') {
			return all, nil
		}
	}
}

// isAlias reports whether a name has the form of an alias: a capital, then capitals, digits
// and underscores.
func isAlias(name string) bool {
	return name != "" && 'A' <= name[0] && name[0] <= 'Z' && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}
