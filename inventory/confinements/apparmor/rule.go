package apparmor

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// maxStatement is how long a statement of several lines may be.
const maxStatement = 10_000

// check reads one piece of a line, and returns what is wrong about the statement that it ends, or "".
func (p *parser) check(s string) (wrong string) {
	if len(p.statement) == 0 && isWhole(s) {
		return ""
	}
	if len(p.statement) > 0 {
		p.statement = append(p.statement, ' ')
	}
	p.statement = append(p.statement, s...)
	inside := bytes.Count(p.statement, []byte{'('}) > bytes.Count(p.statement, []byte{')'})
	switch last := s[len(s)-1]; {
	case s == "}" || last == ',' && !inside || last == '{':
	case len(p.statement) > maxStatement || last == '\\':
		return "a rule that does not end"
	default:
		return "" // it goes on
	}
	text := string(p.statement)
	p.statement = p.statement[:0]
	switch {
	case s == "}":
		if p.depth--; p.depth < 0 || text != s {
			return "a rule that does not end, or a brace too many"
		}
	case s[len(s)-1] == ',':
		return p.checkRules(text)
	case strings.HasPrefix(text, "} else"):
		if p.depth < 1 {
			return "a brace too many"
		}
	case !isHeader(text):
		return "the head of a block that is not understood"
	default:
		p.depth++
	}
	return ""
}

var (
	// quoted is a text in quotes, which is one word.
	quoted = regexp.MustCompile(`"[^"]*"`)
	// include and variable are statements of one line that no comma ends.
	include  = regexp.MustCompile(`^#?include(?:[ \t]+if[ \t]+exists)?[ \t]*(?:<[^<>]+>|"[^"]+"|/[^ \t]+)$`)
	variable = regexp.MustCompile(`^(?:@\{[A-Za-z][A-Za-z0-9_]*\}|\$\{?[A-Za-z][A-Za-z0-9_]*\}?)[ \t]*\+?=.*$`)
	// head is that of a profile: name, what it is attached to, extended attributes and flags.
	head = regexp.MustCompile(`^(?:(?:profile|hat)[ \t]+)?[^ \t=()]+(?:[ \t]+[^ \t=()]+)?(?:[ \t]+xattrs[ \t]*=[ \t]*\([^()]*\))?[ \t]*(?:(?:flags[ \t]*=[ \t]*)?\([^()]*\))?[ \t]*\{$`)
	// condition is the head of a block of rules.
	condition = regexp.MustCompile(`^(?:if|else)[ \t({]`)
	perms     = regexp.MustCompile(`^[rwaxmlkiupcRWAXMLKIUPC]+$`)
)

// isHeader reports whether a text is the head of a block.
func isHeader(text string) bool {
	if condition.MatchString(text) {
		return true
	}
	text = quoted.ReplaceAllString(text, "/q")
	named := strings.HasPrefix(text, "profile") || strings.HasPrefix(text, "hat") || strings.IndexByte("/@^", text[0]) >= 0
	return named && head.MatchString(text)
}

// isWhole reports whether a text is a statement that no comma ends.
func isWhole(text string) bool {
	return include.MatchString(text) || variable.MatchString(text)
}

// checkRules looks at rules, each of which a comma ends.
func (p *parser) checkRules(text string) (wrong string) {
	for part := range splitRules(quoted.ReplaceAllString(text, "/q")) {
		words := strings.Fields(part)
		if len(words) == 0 || p.depth == 0 && words[0] != "abi" && words[0] != "alias" {
			return "no rule"
		}
		if !isRule(words) {
			return "a rule that is not understood"
		}
	}
	return ""
}

// splitRules yields the rules of a text, at commas outside of braces and parentheses.
func splitRules(text string) func(func(string) bool) {
	return func(yield func(string) bool) {
		depth, from := 0, 0
		for i := range len(text) {
			switch c := text[i]; {
			case c == '\\':
			case strings.IndexByte("{([", c) >= 0:
				depth++
			case strings.IndexByte("})]", c) >= 0:
				depth--
			case c == ',' && depth == 0:
				if !yield(text[from:i]) {
					return
				}
				from = i + 1
			}
		}
		if from < len(text) {
			yield(text[from:])
		}
	}
}

var (
	qualifiers = strings.Fields("audit deny allow quiet owner other prompt kill complain")
	keywords   = strings.Fields(`abi alias all capability network mount remount umount unmount pivot_root ptrace
		signal dbus unix change_profile change_hat rlimit set link userns mqueue io_uring xattrs`)
)

// isRule reports whether words are a rule: one that begins with a keyword, or one of a file.
func isRule(words []string) bool {
	for len(words) > 0 && (slices.Contains(qualifiers, words[0]) || strings.HasPrefix(words[0], "priority=")) {
		words = words[1:]
	}
	file := len(words) > 0 && words[0] == "file"
	if file {
		words = words[1:]
	}
	switch {
	case len(words) == 0:
		return file
	case !file && slices.Contains(keywords, words[0]):
		return true
	case len(words) == 1 || strings.IndexByte("/@", words[0][0]) < 0:
		return len(words) > 1 && perms.MatchString(words[0]) && strings.IndexByte("/@", words[1][0]) >= 0 && isTarget(words[2:])
	}
	return perms.MatchString(words[1]) && isTarget(words[2:])
}

// isTarget reports whether words are nothing, or the profile that a program gets.
func isTarget(words []string) bool { return len(words) == 0 || len(words) == 2 && words[0] == "->" }
