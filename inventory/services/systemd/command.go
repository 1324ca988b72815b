package systemd

import (
	"errors"
	"strings"
)

// Command is one command line of ExecStart= and the like, systemd.service(5).
type Command struct {
	// Prefix holds the special characters before the path, as written: "-" a failure is ignored,
	// "@" the first argument is argv[0], ":" variables are not replaced, "+" full privileges, "!"
	// and "!!" full privileges to change the user with, "|" run by a login shell (since systemd
	// 258).
	Prefix string
	// Path is the program. It is absolute, or a name without slashes that the manager looks up in a
	// fixed list of folders.
	Path string
	// Args are the arguments without argv[0]. Variables and specifiers are as written.
	Args []string
	// Argv0 is argv[0] of the program: Path, or another name with the prefix "@".
	Argv0 string
}

var (
	errNoPath = errors.New("a command without a path")
	errPath   = errors.New("neither an absolute path nor a name without slashes")
	errFolder = errors.New("the path of a command ends in a slash")
	errArgv0  = errors.New("the prefix @ without an argument")
)

// ParseCommand returns the command lines of one value. Semicolons that are words of their own
// separate them. An empty value has none; in a unit file it resets the list. With an error it
// returns the command lines before the wrong one. systemd skips that one if it has the prefix "-"
// or its first word has a quote that is not closed, else it refuses the unit.
func ParseCommand(value string) ([]Command, error) {
	var all []Command
	rest := value
	for {
		rest = strings.TrimLeft(rest, blanks)
		if rest == "" {
			return all, nil
		}
		if startsWithWord(rest, ";") {
			rest = rest[1:]
			continue
		}
		c, after, err := cutCommand(rest)
		if err != nil {
			return all, err
		}
		all = append(all, c)
		rest = after
	}
}

// startsWithWord reports whether s begins with w as a word of its own.
func startsWithWord(s, w string) bool {
	after, ok := strings.CutPrefix(s, w)
	return ok && (after == "" || strings.IndexByte(blanks, after[0]) >= 0)
}

// cutCommand cuts the first command line off s, which begins with a word.
func cutCommand(s string) (c Command, rest string, err error) {
	first, rest, _, err := cutWord(s, execWords)
	if err != nil {
		return c, "", err
	}
	n := countPrefixes(first)
	c.Prefix, c.Path = first[:n], first[n:]
	if err := checkPath(c.Path); err != nil {
		return c, "", err
	}
	args, rest, err := cutArguments(rest)
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

// countPrefixes returns how many bytes at the beginning of s are special characters. Each character
// counts once, except for "!!".
func countPrefixes(s string) int {
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

// checkPath returns an error where systemd does not accept the path of a command.
func checkPath(p string) error {
	switch {
	case p == "":
		return errNoPath
	case strings.ContainsFunc(p, isUnsafe):
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

// cutArguments cuts the words up to a lone semicolon off s.
func cutArguments(s string) (args []string, rest string, err error) {
	for {
		s = strings.TrimLeft(s, blanks)
		switch {
		case startsWithWord(s, ";"):
			return args, s[1:], nil
		case startsWithWord(s, `\;`):
			args, s = append(args, ";"), s[2:]
			continue
		}
		w, after, ok, err := cutWord(s, execWords)
		if err != nil || !ok {
			return args, "", err
		}
		args, s = append(args, w), after
	}
}
