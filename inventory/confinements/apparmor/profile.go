package apparmor

import (
	"fmt"
	"iter"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// Profile is the header of a profile in a file, or a profile of the running kernel.
type Profile struct {
	inventory.Position

	Name string
	// Modes are the flags that say what happens on a breach: complain, kill, unconfined and so on.
	// Without flags the profile is enforced.
	Modes []string
	// Program is the path, or pattern of paths, that the profile is attached to, or empty. A
	// profile inside another one has the program of the outer one.
	Program string
}

// Complains reports whether breaches of the profile are allowed and only logged.
func (p Profile) Complains() bool {
	for _, m := range p.Modes {
		if m == "complain" || m == "default_allow" || m == "allow" || strings.Contains(m, "@") {
			return true
		}
	}
	return false
}

var (
	// header matches the text up to the brace of a profile: its name, what it is attached to, and
	// flags in parentheses.
	header = regexp.MustCompile(`^(?:profile\s+)?(.*?)\s*((?:flags\s*=\s*)?\([^()]*\))?\s*\{$`)
)

// Parse reads the headers of the profiles in the text of a file, apparmor.d(5). The Source of the
// profiles is left empty. Of rules the form is checked, since apparmor_parser loads nothing of a
// file that it does not understand. Too many blocks are [inventory.ErrLimit].
func Parse(b []byte) ([]Profile, error) { return parse(b, new(budget.Budget)) }

// parse is Parse within a budget.
func parse(b []byte, limit *budget.Budget) ([]Profile, error) {
	p := parser{limit: limit}
	line := 0
	for text := range strings.SplitSeq(string(b), "\n") {
		line++
		s := cutComment(strings.TrimSuffix(text, "\r"))
		if s == "" && len(text) <= maxLine {
			continue
		}
		if len(text) > maxLine {
			return nil, fmt.Errorf("line %d: longer than %d bytes", line, maxLine)
		}
		if strings.ContainsFunc(s, isSpecial) {
			return nil, fmt.Errorf("line %d: a special character", line)
		}
		for s := range splitBlocks(s) {
			if wrong := p.check(s); wrong != "" {
				return nil, fmt.Errorf("line %d: %s", line, wrong)
			}
			if p.read(s, line); p.over != nil {
				return nil, fmt.Errorf("line %d: %w", line, p.over)
			}
		}
	}
	if len(p.statement) > 0 || p.depth > 0 {
		return nil, fmt.Errorf("line %d: a rule or a block does not end", line)
	}
	return p.all, nil
}

// maxLine is how long a line may be; apparmor_parser does not read a long comment.
const maxLine = 8_000

// isSpecial reports whether a character is none that people write in profiles.
func isSpecial(r rune) bool {
	return r < ' ' && r != '\t' || r == 0x7f || r == '\u00a0' || r == '\ufeff' || r == utf8.RuneError
}

// parser is the state of Parse.
type parser struct {
	all     []Profile
	nested  []string // the programs of the open blocks
	pending []byte   // the beginning of a header that goes on in the next line
	open    int      // the parentheses of pending that are open
	began   int      // the line where the header begins
	limit   *budget.Budget
	over    error // the budget is used up

	depth     int    // of blocks
	statement []byte // what was read of the statement that goes on
}

// maxHeader is how long a header of several lines may be.
const maxHeader = 2_000

// read reads one piece of a line.
func (p *parser) read(s string, line int) {
	before := p.pending
	if len(before) == 0 {
		p.began, p.open = line, 0
	}
	p.pending = before[:0]
	p.open += strings.Count(s, "(") - strings.Count(s, ")")
	unfinished := !strings.HasSuffix(s, ",") || p.open > 0
	switch {
	case strings.HasSuffix(s, "{"):
		if len(before) > 0 {
			s = string(before) + " " + s
		}
		p.openBlock(s)
	case s == "}" || strings.HasPrefix(s, "} "):
		p.closeBlock()
	case !unfinished || len(before)+1+len(s) > maxHeader:
	case len(before) == 0 && begins(s):
		p.pending = append(before, s...)
	case len(before) > 0 && (before[0] != '@' || strings.IndexByte(s, '=') < 0):
		p.pending = append(append(before, ' '), s...)
	}
}

// begins reports whether a header of several lines may begin with a line.
func begins(s string) bool {
	for _, word := range []string{"profile", "hat"} {
		if rest, ok := strings.CutPrefix(s, word); ok && rest != "" && strings.IndexByte(" \t\n\f\r", rest[0]) >= 0 {
			return true
		}
	}
	if rest, ok := strings.CutPrefix(s, "@{"); ok {
		name, _, closed := strings.Cut(rest, "}")
		isLetter := func(r rune) bool { return r == '_' || r|0x20 >= 'a' && r|0x20 <= 'z' }
		return closed && name != "" && strings.TrimFunc(name, isLetter) == "" && !strings.Contains(rest, "=")
	}
	return strings.IndexByte("/\"^(", s[0]) >= 0 || strings.HasPrefix(s, "flags")
}

// openBlock opens the block of a profile or of a condition.
func (p *parser) openBlock(text string) {
	if p.over = p.limit.Items(1); p.over != nil {
		return
	}
	// A condition, which may end another one: "} else {".
	if word, _, _ := strings.Cut(text, " "); word == "if" || word == "else" || word == "}" {
		if word == "}" {
			p.closeBlock()
		}
		p.nested = append(p.nested, last(p.nested))
		return
	}
	profile := parseHeader(text)
	if profile.Program == "" {
		profile.Program = last(p.nested)
	}
	profile.Line = p.began
	if profile.Name != "" {
		p.all = append(p.all, profile)
	}
	p.nested = append(p.nested, profile.Program)
}

// closeBlock closes the innermost block.
func (p *parser) closeBlock() {
	if len(p.nested) > 0 {
		p.nested = p.nested[:len(p.nested)-1]
	}
}

// inside matches a brace that opens a block, with more of the block behind it on the same line.
var inside = regexp.MustCompile(`(?:^|[\s)])\{[ \t]+`)

// splitBlocks splits a line behind each brace that opens a block, and before the braces at its end
// that close blocks. The braces of alternatives have no blanks around them and are left alone.
func splitBlocks(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for at := inside.FindStringIndex(s); at != nil; at = inside.FindStringIndex(s) {
			if !yield(strings.Trim(s[:at[1]], " \t")) {
				return
			}
			s = s[at[1]:]
		}
		closing := 0
		for strings.HasSuffix(s, " }") || strings.HasSuffix(s, " {}") {
			s = strings.TrimSpace(strings.TrimSuffix(s, "}"))
			closing++
		}
		if s != "" && !yield(s) {
			return
		}
		for range closing {
			if !yield("}") {
				return
			}
		}
	}
}

// last returns the last element, or "".
func last(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}

// parseHeader reads the header of a profile. The Name is empty if text is none.
func parseHeader(text string) Profile {
	m := header.FindStringSubmatch(text)
	if m == nil {
		return Profile{}
	}
	var p Profile
	if i := strings.IndexByte(m[2], '('); i >= 0 {
		p.Modes = strings.FieldsFunc(strings.Trim(m[2][i:], "()"), func(r rune) bool {
			return strings.ContainsRune(", \t\n", r)
		})
	}
	words := strings.Fields(m[1])
	for i, w := range words {
		w = strings.Trim(w, `"`)
		if i == 0 {
			p.Name = w
		}
		if p.Program == "" && (strings.HasPrefix(w, "/") || strings.HasPrefix(w, "@{")) {
			p.Program = w
		}
	}
	return p
}

// cutComment cuts a comment and the blanks around the rest off. "#include" is no comment.
func cutComment(s string) string {
	for i := 0; i < len(s); i++ {
		starts := s[i] == '#' && (i == 0 || strings.IndexByte(" \t,{", s[i-1]) >= 0)
		if starts && !strings.HasPrefix(s[i:], "#include") {
			s = s[:i]
			break
		}
	}
	return strings.Trim(s, " \t")
}

// maxAlternatives bounds the paths of a program.
const (
	maxAlternatives = 64
	maxBraces       = 16
	maxProgram      = 4096 // a longer path is none, path_resolution(7)
)

// Paths returns the names in the tree that Program stands for, one for each of its alternatives in
// braces. It reports false if Program is empty, has a pattern or variable, or too many
// alternatives.
func (p Profile) Paths() (all []string, ok bool) {
	if len(p.Program) > maxProgram || strings.Count(p.Program, "{") > maxBraces {
		return nil, false
	}
	if !strings.HasPrefix(p.Program, "/") || strings.ContainsAny(p.Program, "*?[@\\") {
		return nil, false
	}
	all = []string{p.Program}
	for i := 0; i < len(all); i++ {
		for {
			before, rest, found := strings.Cut(all[i], "{")
			if !found {
				break
			}
			inside, after, closed := strings.Cut(rest, "}")
			if !closed || strings.Contains(inside, "{") || len(all) > maxAlternatives {
				return nil, false
			}
			some := strings.Split(inside, ",")
			all[i] = before + some[0] + after
			for _, s := range some[1:] {
				all = append(all, before+s+after)
			}
		}
	}
	for i := range all {
		all[i] = strings.TrimPrefix(all[i], "/")
	}
	return all, true
}
