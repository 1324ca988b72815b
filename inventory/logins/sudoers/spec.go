package sudoers

import (
	"slices"
	"strings"
)

// specification reads "users hosts = commands : hosts = commands".
func (s *scanner) specification() ([]Rule, error) {
	users, err := s.members(",:=() \t")
	if err != nil {
		return nil, err
	}
	var all []Rule
	for {
		hosts, err := s.members(",:=() \t")
		if err != nil {
			return nil, err
		}
		if !s.take('=') {
			return nil, errSyntax
		}
		some, err := s.allowed(Rule{Users: users, Hosts: hosts})
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if !s.take(':') {
			return all, nil
		}
	}
}

// tags are the words that stand before a command with a colon.
var tags = strings.Fields("EXEC NOEXEC FOLLOW NOFOLLOW INTERCEPT NOINTERCEPT LOG_INPUT NOLOG_INPUT LOG_OUTPUT NOLOG_OUTPUT MAIL NOMAIL PASSWD NOPASSWD SETENV NOSETENV")

// options are the words that stand before a command with a value.
var options = strings.Fields("ROLE TYPE PRIVS LIMITPRIVS APPARMOR_PROFILE CWD CHROOT NOTBEFORE NOTAFTER TIMEOUT")

// allowed reads a list of commands with what stands before each: who they run as, options
// and tags. These hold for the commands that follow as well.
func (s *scanner) allowed(r Rule) ([]Rule, error) {
	var all []Rule
	for {
		if s.take('(') {
			if err := s.runAs(&r); err != nil {
				return nil, err
			}
		}
		for s.before(&r) {
		}
		negated := s.negations()
		command, err := s.command()
		if err != nil {
			return nil, err
		}
		one := r
		one.Command, one.Negated, one.Tags = command, negated, slices.Clone(r.Tags)
		all = append(all, one)
		if !s.take(',') {
			return all, nil
		}
	}
}

// runAs reads "users:groups)".
func (s *scanner) runAs(r *Rule) (err error) {
	r.RunAs, r.Groups = nil, nil
	if s.space() && s.s[s.i] != ':' && s.s[s.i] != ')' {
		if r.RunAs, err = s.members(",:=() \t"); err != nil {
			return err
		}
	}
	if s.take(':') && s.space() && s.s[s.i] != ')' {
		if r.Groups, err = s.members(",:=() \t"); err != nil {
			return err
		}
	}
	if !s.take(')') {
		return errSyntax
	}
	return nil
}

// before reads a tag or an option, if one comes next.
func (s *scanner) before(r *Rule) bool {
	if !s.space() {
		return false
	}
	from := s.i
	rest := s.rest()
	name := rest[:len(rest)-len(strings.TrimLeft(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"))]
	s.skip(len(name))
	switch {
	case slices.Contains(tags, name) && s.take(':'):
		if strings.HasSuffix(name, "PASSWD") {
			r.Password = name
		} else {
			r.Tags = append(slices.Clone(r.Tags), name)
		}
		return true
	case slices.Contains(options, name) && s.take('='):
		if _, err := s.word(", \t"); err == nil {
			return true
		}
	}
	s.i = from
	return false
}

// commands reads a list of commands, as an alias has it.
func (s *scanner) commands() ([]Member, error) {
	var all []Member
	for {
		negated := s.negations()
		command, err := s.command()
		if err != nil {
			return nil, err
		}
		all = append(all, Member{command, negated})
		if !s.take(',') {
			return all, nil
		}
	}
}

// digests are the words before a command that state what its file has to hash to.
var digests = []string{"sha224", "sha256", "sha384", "sha512"}

// command reads a command with its arguments, ALL, or an alias.
func (s *scanner) command() (string, error) {
	for {
		if !s.space() {
			return "", errEmpty
		}
		if !slices.ContainsFunc(digests, func(d string) bool { return strings.HasPrefix(s.rest(), d+":") }) {
			break
		}
		if _, err := s.word(", \t"); err != nil {
			return "", err
		}
		s.take(',')
	}
	if strings.HasPrefix(s.rest(), "^") {
		return s.pattern()
	}
	name, err := s.word(",:= \t()")
	if err != nil {
		return "", err
	}
	if name == "ALL" || isAlias(name) {
		return name, nil
	}
	if !strings.HasPrefix(name, "/") && name != "sudoedit" && name != "list" {
		return "", errSyntax
	}
	if !s.space() || strings.IndexByte(",:", s.s[s.i]) >= 0 {
		return name, nil
	}
	args, err := s.arguments()
	return name + " " + args, err
}

// arguments reads to the next comma, colon or comment.
func (s *scanner) arguments() (string, error) {
	if strings.HasPrefix(s.rest(), "^") {
		return s.pattern()
	}
	var b strings.Builder
	for ; s.i < len(s.s); s.i++ {
		c := s.s[s.i]
		if c == '\\' && s.i+1 < len(s.s) {
			s.i++
			if strings.IndexByte(`,:=# `+"\t", s.s[s.i]) < 0 {
				b.WriteByte(c)
			}
			b.WriteByte(s.s[s.i])
			continue
		}
		if c == '\\' {
			return "", errSyntax
		}
		if c == ',' || c == ':' || c == '#' {
			break
		}
		if c == '=' && (b.Len() == 0 || strings.HasSuffix(b.String(), " ")) {
			return "", errSyntax
		}
		b.WriteByte(c)
	}
	return strings.TrimRight(b.String(), " \t"), nil
}

// pattern reads a regular expression, ^...$, and one for arguments after it.
func (s *scanner) pattern() (string, error) {
	rest := s.rest()
	for i := 1; i < len(rest); i++ {
		if rest[i] != '$' || i+1 < len(rest) && strings.IndexByte(" \t,:", rest[i+1]) < 0 {
			continue
		}
		s.skip(i + 1)
		text := rest[:i+1]
		if s.space() && s.s[s.i] != ',' && s.s[s.i] != ':' {
			args, err := s.arguments()
			return text + " " + args, err
		}
		return text, nil
	}
	return "", errSyntax
}
