package systemd

import (
	"errors"
	"strings"
)

// Command is one command line of ExecStart= and its like, systemd.service(5).
type Command struct {
	// Prefix holds the special characters before the path, as written: "-" a
	// failure is no failure, "@" the first argument is argv[0], ":" variables
	// are not replaced, "+" full privileges, "!" and "!!" full privileges to
	// change the user with, "|" by a login shell (from systemd 258 on).
	Prefix string
	// Path is the program: absolute, or a name without slashes that the manager
	// looks for in a fixed list of folders.
	Path string
	// Args are the arguments, argv[0] not among them. Variables and specifiers
	// are as written.
	Args []string
	// Argv0 is the name that the program is told it has, Path but for "@".
	Argv0 string
}

var (
	errNoPath = errors.New("a command without a path")
	errPath   = errors.New("neither an absolute path nor a name without slashes")
	errFolder = errors.New("the path of a command ends in a slash")
	errArgv0  = errors.New("the prefix @ without an argument")
)

// ParseCommand answers the command lines of one value, several being separated by
// semicolons that are words of their own. An empty value has none; in a unit file it
// resets the list. An error stands beside the command lines before the one it is
// about: systemd passes over that one where it has the prefix "-" or its first word has
// a quote that is not closed, else it refuses the unit.
func ParseCommand(value string) ([]Command, error) {
	var all []Command
	rest := value
	for {
		rest = strings.TrimLeft(rest, blanks)
		if rest == "" {
			return all, nil
		}
		if lone(rest, ";") {
			rest = rest[1:]
			continue
		}
		c, after, err := nextCommand(rest)
		if err != nil {
			return all, err
		}
		all = append(all, c)
		rest = after
	}
}

// lone reports whether s begins with w as a word of its own.
func lone(s, w string) bool {
	after, ok := strings.CutPrefix(s, w)
	return ok && (after == "" || strings.IndexByte(blanks, after[0]) >= 0)
}

// nextCommand cuts the first command line off s, which begins with a word.
func nextCommand(s string) (c Command, rest string, err error) {
	first, rest, _, err := nextWord(s, execWords)
	if err != nil {
		return c, "", err
	}
	n := prefixes(first)
	c.Prefix, c.Path = first[:n], first[n:]
	if err := validPath(c.Path); err != nil {
		return c, "", err
	}
	args, rest, err := arguments(rest)
	if err != nil {
		return c, "", err
	}
	c.Argv0, c.Args = c.Path, args
	if strings.Contains(c.Prefix, "@") {
		if len(args) == 0 {
			return c, "", errArgv0
		}
		c.Argv0, c.Args = args[0], args[1:]
	}
	return c, rest, nil
}

// prefixes is how many bytes of s are special characters, each of which counts once,
// but for "!!".
func prefixes(s string) int {
	seen := map[byte]int{}
	for i := range len(s) {
		c := s[i]
		switch c {
		case '-', '@', ':', '|':
			if seen[c] > 0 {
				return i
			}
		case '+':
			if seen['+']+seen['!'] > 0 {
				return i
			}
		case '!':
			if seen['+'] > 0 || seen['!'] > 1 {
				return i
			}
		default:
			return i
		}
		seen[c]++
	}
	return len(s)
}

func validPath(p string) error {
	switch {
	case p == "":
		return errNoPath
	case strings.ContainsFunc(p, unsafe):
		return errors.New("a quote, backslash or control character in the path of a command")
	case !strings.Contains(p, "/"):
		return nil
	case p[0] != '/':
		return errPath
	case p[len(p)-1] == '/':
		return errFolder
	}
	return nil
}

// arguments reads words up to a semicolon of its own.
func arguments(s string) (args []string, rest string, err error) {
	for {
		s = strings.TrimLeft(s, blanks)
		switch {
		case lone(s, ";"):
			return args, s[1:], nil
		case lone(s, `\;`):
			args, s = append(args, ";"), s[2:]
			continue
		}
		w, after, ok, err := nextWord(s, execWords)
		if err != nil || !ok {
			return args, "", err
		}
		args, s = append(args, w), after
	}
}
