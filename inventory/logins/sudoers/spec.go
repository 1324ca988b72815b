package sudoers

import (
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
)

// readSpecification reads "users hosts = commands : hosts = commands".
func (s *scanner) readSpecification() ([]Rule, error) {
	users, err := s.readMembers(",:=() \t")
	if err != nil {
		return nil, err
	}
	var all []Rule
	for {
		if err := s.take(); err != nil {
			return nil, err
		}
		hosts, err := s.readMembers(",:=() \t")
		if err != nil {
			return nil, err
		}
		if !s.accept('=') {
			return nil, errSyntax
		}
		if all, err = s.readAllowed(all, Rule{Users: users, Hosts: hosts}); err != nil {
			return nil, err
		}
		if !s.accept(':') {
			return all, nil
		}
	}
}

// tags are the words before a command that end in a colon.
var tags = strings.Fields(`EXEC NOEXEC FOLLOW NOFOLLOW INTERCEPT NOINTERCEPT
	LOG_INPUT NOLOG_INPUT LOG_OUTPUT NOLOG_OUTPUT MAIL NOMAIL PASSWD NOPASSWD SETENV NOSETENV`)

// options are the words before a command that have a value.
var options = strings.Fields("ROLE TYPE PRIVS LIMITPRIVS APPARMOR_PROFILE CWD CHROOT NOTBEFORE NOTAFTER TIMEOUT")

// readAllowed adds the rules of a list of commands. Before a command may be who it runs as, options
// and tags. They apply to the commands after it as well.
func (s *scanner) readAllowed(all []Rule, r Rule) ([]Rule, error) {
	for {
		if err := s.take(); err != nil {
			return nil, err
		}
		if s.accept('(') {
			if err := s.readRunAs(&r); err != nil {
				return nil, err
			}
		}
		for s.readTag(&r) {
			if err := s.take(); err != nil {
				return nil, err
			}
		}
		negated := s.readNegations()
		command, digest, err := s.readCommand()
		if err != nil {
			return nil, err
		}
		one := r
		one.Command, one.Negated, one.Digest, one.Tags = command, negated, digest, slices.Clip(r.Tags)
		all = budget.Append(all, one)
		if !s.accept(',') {
			return all, nil
		}
	}
}

// readRunAs reads "users:groups)".
func (s *scanner) readRunAs(r *Rule) (err error) {
	r.RunAs, r.Groups, r.Self = nil, nil, false
	if s.skipSpace() && s.s[s.i] != ':' && s.s[s.i] != ')' {
		if r.RunAs, err = s.readMembers(",:=() \t"); err != nil {
			return err
		}
	}
	if s.accept(':') && s.skipSpace() && s.s[s.i] != ')' {
		if r.Groups, err = s.readMembers(",:=() \t"); err != nil {
			return err
		}
	}
	if !s.accept(')') {
		return errSyntax
	}
	r.Self = r.RunAs == nil
	return nil
}

// readTag reads a tag or an option. It reports whether there was one.
func (s *scanner) readTag(r *Rule) bool {
	if !s.skipSpace() {
		return false
	}
	from := s.i
	rest := s.rest()
	name := rest[:len(rest)-len(strings.TrimLeft(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"))]
	s.skip(len(name))
	switch {
	case slices.Contains(tags, name) && s.accept(':'):
		if strings.HasSuffix(name, "PASSWD") {
			r.Password = name
		} else {
			r.Tags = append(r.Tags, name) // rules share what was read before
		}
		return true
	case slices.Contains(options, name) && s.accept('='):
		value, err := s.readWord(", \t")
		_, _, ok := Time(value)
		switch timed := strings.HasPrefix(name, "NOT"); {
		case err != nil || timed && !ok: // a mistake, as what follows is no command
		case timed || name == "CHROOT":
			r.Tags = append(r.Tags, name+"="+value)
			return true
		default:
			return true
		}
	}
	s.i = from
	return false
}

// readCommands reads a list of commands in an alias.
func (s *scanner) readCommands() ([]Member, error) {
	var all []Member
	for {
		if err := s.take(); err != nil {
			return nil, err
		}
		negated := s.readNegations()
		command, digest, err := s.readCommand()
		if err != nil {
			return nil, err
		}
		all = budget.Append(all, Member{command, negated, digest})
		if !s.accept(',') {
			return all, nil
		}
	}
}

// digests are the words before a command that give the hash of its file.
var digests = []string{"sha224:", "sha256:", "sha384:", "sha512:"}

// readCommand reads a command with its arguments, ALL, or an alias. It reports whether digests stand
// before it.
func (s *scanner) readCommand() (command string, digest bool, err error) {
	for ; ; digest = true {
		if !s.skipSpace() {
			return "", false, errEmpty
		}
		if !slices.ContainsFunc(digests, func(d string) bool { return strings.HasPrefix(s.rest(), d) }) {
			break
		}
		if _, err := s.readWord(", \t"); err != nil {
			return "", false, err
		}
		s.accept(',')
	}
	command, err = s.readProgram()
	return command, digest, err
}

// readProgram is readCommand behind the digests.
func (s *scanner) readProgram() (string, error) {
	// A regular expression, an alias, or a path with arguments.
	if strings.HasPrefix(s.rest(), "^") {
		return s.readPattern()
	}
	name, err := s.readWord(",:= \t()")
	if err != nil {
		return "", err
	}
	if name == "ALL" || isAlias(name) {
		return name, nil
	}
	if !strings.HasPrefix(name, "/") && name != "sudoedit" && name != "list" {
		return "", errSyntax
	}
	if strings.HasPrefix(name, "/") && path.Base(name) == "sudoedit" { // as sudo has it since 1.9.12
		return "", errSyntax
	}
	if s.skipSpace(); s.i == len(s.s) && s.cr {
		return "", errSyntax // it belongs to the command
	}
	if s.i == len(s.s) || strings.IndexByte(",:", s.s[s.i]) >= 0 {
		return name, nil
	}
	args, err := s.readArguments()
	if s.i == len(s.s) && s.cr {
		return "", errSyntax
	}
	return name + " " + args, err
}

// readArguments reads up to the next comma, colon or comment.
func (s *scanner) readArguments() (string, error) {
	if strings.HasPrefix(s.rest(), "^") {
		return s.readPattern()
	}
	var b strings.Builder // what is before a backslash that is left out
	begin := s.i
loop:
	for ; s.i < len(s.s); s.i++ {
		switch c := s.s[s.i]; {
		case c == '\\' && s.i+1 < len(s.s):
			// The backslash is kept unless it quotes a special character.
			if strings.IndexByte(`,:=# `+"\t", s.s[s.i+1]) >= 0 {
				b.WriteString(s.s[begin:s.i])
				begin = s.i + 1
			}
			s.i++
		case c == '\\':
			return "", errSyntax
		case c == ',' || c == ':' || c == '#':
			break loop
		case c == '=' && (s.i == begin || s.s[s.i-1] == ' '):
			return "", errSyntax
		}
	}
	text := s.s[begin:s.i]
	if b.Len() > 0 {
		b.WriteString(text)
		text = b.String()
	}
	return strings.TrimRight(text, " \t"), nil
}

// readPattern reads a regular expression, ^...$, and another one for arguments after it.
func (s *scanner) readPattern() (string, error) {
	rest := s.rest()
	for i := 1; i < len(rest); i++ {
		if rest[i] != '$' || i+1 < len(rest) && strings.IndexByte(" \t,:", rest[i+1]) < 0 {
			continue
		}
		s.skip(i + 1)
		text := rest[:i+1]
		if s.skipSpace() && s.s[s.i] != ',' && s.s[s.i] != ':' {
			args, err := s.readArguments()
			return text + " " + args, err
		}
		return text, nil
	}
	return "", errSyntax
}
