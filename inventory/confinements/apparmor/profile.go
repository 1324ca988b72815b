package apparmor

import (
	"regexp"
	"slices"
	"strings"
)

// Profile is a profile, as a file or the running kernel has it.
type Profile struct {
	Name string
	// Modes are the flags that say what becomes of a breach: complain, kill, unconfined
	// and so on. None is enforce.
	Modes []string
	// Program is the path that the profile goes with, empty where it names none; of a
	// profile inside another one the other's.
	Program string
	Source  string
	Line    int // in Source, counted from 1
}

// Complains reports whether breaches of the profile are allowed and told.
func (p Profile) Complains() bool {
	for _, m := range p.Modes {
		if m == "complain" || m == "default_allow" || m == "allow" || strings.Contains(m, "@") {
			return true
		}
	}
	return false
}

var (
	// header is what stands before the brace of a profile: its name, what it is attached
	// to, and flags in parentheses.
	header = regexp.MustCompile(`^(?:profile\s+)?(.*?)\s*((?:flags\s*=\s*)?\([^()]*\))?\s*\{$`)
	// begins says of a line that is not at its end whether a header may begin with it.
	begins = regexp.MustCompile(`^(profile\s|/|"|\^|hat\s|@\{[A-Za-z_]+\}[^=]*$|flags|\()`)
)

// Parse reads the text of a file of profiles, apparmor.d(5), for their headers. Rules are
// passed over; what else is in it apparmor_parser judges.
func Parse(b []byte) []Profile {
	var all []Profile
	var nested []string // programs of the profiles that are open
	pending, began, line := "", 0, 0
	for s := range strings.SplitSeq(strings.TrimPrefix(string(b), "\ufeff"), "\n") {
		line++
		for _, s := range pieces(uncomment(s)) {
			if pending == "" {
				began = line
			}
			text := strings.TrimSpace(pending + " " + s)
			pending = ""
			switch {
			case strings.HasSuffix(text, "{"):
				if word, _, _ := strings.Cut(text, " "); word == "if" || word == "else" || word == "}" { // conditions, apparmor.d(5)
					if word == "}" && len(nested) > 0 {
						nested = nested[:len(nested)-1]
					}
					nested = append(nested, last(nested))
					continue
				}
				p := ofHeader(text)
				if p.Program == "" {
					p.Program = last(nested)
				}
				p.Line = began
				if p.Name != "" {
					all = append(all, p)
				}
				nested = append(nested, p.Program)
			case s == "}" || strings.HasPrefix(s, "} "):
				if len(nested) > 0 {
					nested = nested[:len(nested)-1]
				}
			case (!strings.HasSuffix(s, ",") || strings.Count(text, "(") > strings.Count(text, ")")) && begins.MatchString(text) && len(text) < 2_000:
				pending = text
			}
		}
	}
	return all
}

// inside is a brace that opens a block, with more of the block behind it in the same line.
var inside = regexp.MustCompile(`(?:^|[\s)])\{[ \t]+`)

// pieces answers what stands in a line, cut behind each brace that opens a block and before those
// that close it at the end of the line. Braces of alternatives have no blanks around them.
func pieces(s string) []string {
	var all []string
	for at := inside.FindStringIndex(s); at != nil; at = inside.FindStringIndex(s) {
		all = append(all, strings.TrimSpace(s[:at[1]]))
		s = s[at[1]:]
	}
	closing := 0
	for strings.HasSuffix(s, " }") || strings.HasSuffix(s, " {}") {
		s = strings.TrimSpace(strings.TrimSuffix(s, "}"))
		closing++
	}
	if s != "" {
		all = append(all, s)
	}
	return append(all, slices.Repeat([]string{"}"}, closing)...)
}

func last(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}

func ofHeader(text string) Profile {
	m := header.FindStringSubmatch(text)
	if m == nil {
		return Profile{}
	}
	var p Profile
	if i := strings.IndexByte(m[2], '('); i >= 0 {
		p.Modes = strings.FieldsFunc(strings.Trim(m[2][i:], "()"), func(r rune) bool { return strings.ContainsRune(", \t\n", r) })
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

// uncomment cuts off a comment and blanks. "#include" is none.
func uncomment(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] == '#' && (i == 0 || s[i-1] == ' ' || s[i-1] == '\t' || s[i-1] == ',' || s[i-1] == '{') && !strings.HasPrefix(s[i:], "#include") {
			s = s[:i]
			break
		}
	}
	return strings.TrimSpace(s)
}

const maxAlternatives = 64

// Paths answers the names in the tree that a program stands for, its alternatives in
// braces written out. It is not ok where it is a pattern or has a variable.
func (p Profile) Paths() (all []string, ok bool) {
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
