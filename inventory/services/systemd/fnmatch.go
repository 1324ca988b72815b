package systemd

import "strings"

// fnmatch reports whether s matches a pattern, as fnmatch(3) with FNM_NOESCAPE. "*", "?" and
// "[...]" are special; a bracket expression may begin with "!" or "^" and have classes such as
// [:digit:]. A backslash is ordinary.
func fnmatch(pattern, s string) bool {
	i, j := 0, 0
	star, from := -1, 0 // the last star, and where the text after it begins in the current attempt
	for i < len(s) {
		if j < len(pattern) && pattern[j] == '*' {
			star, from = j, i
			j++
			continue
		}
		if j < len(pattern) {
			if n, ok := matchOne(pattern[j:], s[i]); ok {
				i, j = i+1, j+n
				continue
			}
		}
		if star < 0 {
			return false
		}
		from++
		i, j = from, star+1
	}
	return strings.Trim(pattern[j:], "*") == ""
}

// matchOne matches c with the first element of a pattern. It returns the length of the element.
func matchOne(pattern string, c byte) (int, bool) {
	switch pattern[0] {
	case '?':
		return 1, true
	case '[':
		if n, ok := matchSet(pattern, c); n > 0 {
			return n, ok
		}
	}
	return 1, pattern[0] == c
}

// matchSet matches c with a bracket expression. It returns the length of the expression, 0 where it
// is not closed.
func matchSet(pattern string, c byte) (int, bool) {
	i := 1
	negated := i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^')
	if negated {
		i++
	}
	hit := false
	for first := true; i < len(pattern); first = false {
		p := pattern[i:]
		// A closing bracket in the first place is an ordinary character.
		if p[0] == ']' && !first {
			return i + 1, hit != negated
		}
		if name, _, ok := strings.Cut(strings.TrimPrefix(p, "[:"), ":]"); ok && strings.HasPrefix(p, "[:") {
			hit = hit || inClass(name, c)
			i += len(name) + 4
			continue
		}
		// A character, or a range of them.
		lo, hi := p[0], p[0]
		i++
		if len(p) > 2 && p[1] == '-' && p[2] != ']' {
			hi = p[2]
			i += 2
		}
		hit = hit || lo <= c && c <= hi
	}
	return 0, false
}

// inClass reports whether an ASCII character is in a class of isalpha(3) and the like.
func inClass(name string, c byte) bool {
	lower, upper, digit := 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9'
	alnum := lower || upper || digit
	switch name {
	case "lower":
		return lower
	case "upper":
		return upper
	case "digit":
		return digit
	case "alpha":
		return lower || upper
	case "alnum":
		return alnum
	case "xdigit":
		return digit || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
	case "punct":
		return '!' <= c && c <= '~' && !alnum
	case "graph", "print":
		return '!' <= c && c <= '~'
	}
	return false
}
