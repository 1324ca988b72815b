// Package sysctl reads the settings of the kernel. On a running system it reads their values below
// proc/sys (proc_sys(5)). On an image it reads the files of sysctl.d(5) that systemd-sysctl(8)
// applies at boot, with the file and line that decide.
package sysctl

import (
	"errors"
	"fmt"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Assignment is one line of a sysctl.d file.
type Assignment struct {
	inventory.Position

	Key    string // as a path below proc/sys, net/ipv4/ip_forward, or a pattern of such paths
	Value  string
	Ignore bool // the line begins with "-": a failure to set the key is ignored
	Except bool // the line begins with "-" and has no value: patterns do not match the key
}

// Pattern reports whether the key is a pattern of glob(7).
func (a Assignment) Pattern() bool { return strings.ContainsAny(a.Key, "*?[") }

// Parse reads the text of a file of sysctl.d(5). The Source of the assignments is left empty. Lines
// that are no assignment are errors, joined with their lines. All other assignments are returned
// even then, as systemd-sysctl ignores such lines.
func Parse(b []byte) ([]Assignment, error) {
	var limit budget.Budget
	all, bad, err := parse(b, &limit)
	return all, errors.Join(err, bad.Err())
}

// parse is Parse within a budget, which the error is about.
func parse(b []byte, limit *budget.Budget) ([]Assignment, mistakes.List, error) {
	var all []Assignment
	var bad mistakes.List
	for line, s := range lines(string(b)) {
		s = strings.Trim(s, " \t")
		if s == "" || s[0] == '#' || s[0] == ';' {
			continue
		}
		key, value, ok := strings.Cut(s, "=")
		a := Assignment{Key: key, Value: strings.Trim(value, " \t"), Position: inventory.Position{Line: line}}
		if rest, minus := strings.CutPrefix(key, "-"); minus {
			a.Key, a.Ignore, a.Except = rest, ok, !ok
		} else if !ok {
			bad.Addf("line %d: no assignment", line)
			continue
		}
		if err := limit.Items(1); err != nil {
			return nil, bad, fmt.Errorf("%d: %w", line, err)
		}
		if slices.Contains(strings.FieldsFunc(a.Key, func(r rune) bool { return r == '/' }), "..") {
			return nil, bad, fmt.Errorf("%d: a key with .., which releases of systemd follow or refuse", line)
		}
		key = Path(strings.Trim(a.Key, " \t"))
		if !a.Pattern() { // braces alone are no pattern
			a.Key = key
			all = append(all, a)
			continue
		}
		for _, a.Key = range braces(key) {
			if err := errors.Join(limit.Items(1), limit.Expanded(len(a.Key))); err != nil {
				return nil, bad, fmt.Errorf("%d: %w", line, err)
			}
			all = append(all, a)
		}
	}
	return all, bad, nil
}

// lines yields the lines of a text with their numbers. A carriage return ends a line as a line feed
// does, and both together end one (read_line_full of systemd). Numbers count line feeds, as editors
// do.
func lines(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for n := 1; text != ""; {
			i := strings.IndexAny(text, "\r\n")
			if i < 0 {
				yield(n, text)
				return
			}
			if !yield(n, text[:i]) {
				return
			}
			if text[i] == '\n' {
				n++
			}
			text = text[i+1:]
		}
	}
}

// maxBraces is how many patterns one pattern with braces may be.
const maxBraces = 1000

// braces returns the patterns that one with braces stands for, as GLOB_BRACE of glob(3) has it:
// a{b,c}d is abd and acd. What has no comma, or is not closed, is left as it is. With too many of
// them the pattern matches everything, so that nothing passes because of it.
func braces(pattern string) []string {
	all := []string{pattern}
	for i := 0; i < len(all); i++ {
		for before, parts, after, ok := alternatives(all[i]); ok; before, parts, after, ok = alternatives(all[i]) {
			if len(all)+len(parts) > maxBraces {
				return []string{"*", "*/*", "*/*/*", "*/*/*/*", "*/*/*/*/*"}
			}
			for _, p := range parts[1:] {
				all = append(all, before+p+after)
			}
			all[i] = before + parts[0] + after
		}
	}
	return all
}

// alternatives splits a pattern at its first pair of braces with a comma.
func alternatives(s string) (before string, parts []string, after string, ok bool) {
	for open := strings.IndexByte(s, '{'); open >= 0; {
		depth, last := 0, open+1
		parts = parts[:0]
		for i := open; i < len(s); i++ {
			switch {
			case s[i] == '{':
				depth++
			case s[i] == ',' && depth == 1:
				parts, last = append(parts, s[last:i]), i+1
			case s[i] == '}':
				if depth--; depth == 0 && len(parts) > 0 {
					return s[:open], append(parts, s[last:i]), s[i+1:], true
				}
			}
			if depth == 0 {
				break
			}
		}
		next := strings.IndexByte(s[open+1:], '{')
		if next < 0 {
			break
		}
		open += 1 + next
	}
	return "", nil, "", false
}

// Path returns a key in the form of a path below proc/sys. The separator is "/" or ".", whichever
// comes first in the key. In a key with dots, "/" stands for a dot: the path of
// net.ipv4.conf.eth0/1.forwarding is net/ipv4/conf/eth0.1/forwarding.
func Path(key string) string {
	i := strings.IndexAny(key, "/.")
	if i < 0 || key[i] == '/' {
		return strings.Trim(path.Clean("/"+key), "/")
	}
	swapped := strings.Map(func(r rune) rune {
		switch r {
		case '.':
			return '/'
		case '/':
			return '.'
		}
		return r
	}, key)
	return strings.Trim(path.Clean("/"+swapped), "/")
}

// Settings is the list of the assignments of all files, in the order in which they are read.
type Settings []Assignment

// Lookup returns the assignment that decides about a key at boot, and reports whether there is one.
// The last assignment of the key itself decides. Without one, the last pattern that matches
// decides, unless the key is excepted.
func (s Settings) Lookup(key string) (Assignment, bool) {
	if i := s.find(Path(key)); i >= 0 {
		return s[i], true
	}
	return Assignment{}, false
}

// last is Lookup of a key and of those that set it as well: the last one decides.
func (s Settings) last(key string) (Assignment, bool) {
	i := s.find(Path(key))
	for _, k := range setters(Path(key)) {
		i = max(i, s.find(k))
	}
	if i < 0 {
		return Assignment{}, false
	}
	return s[i], true
}

// find returns which assignment decides about a key, -1 if none does.
func (s Settings) find(key string) int {
	found, excepted := -1, false
	for i, a := range s {
		if a.Key == key && !a.Pattern() {
			found, excepted = i, a.Except
		}
	}
	if excepted {
		return -1
	}
	if found >= 0 {
		return found
	}
	for i, a := range s {
		if a.Pattern() && !a.Except && matches(a.Key, key) {
			found = i
		}
	}
	return found
}

// setters returns the keys that set a key as well (inet_forward_change, addrconf_fixup_forwarding
// and addrconf_disable_change of the kernel): those for "all" set each interface, and "default".
func setters(key string) []string {
	dir, name := path.Split(key)
	folder, iface := path.Split(strings.TrimSuffix(dir, "/"))
	switch {
	case key == "net/ipv4/ip_forward":
		return []string{"net/ipv4/conf/all/forwarding"}
	case folder == "net/ipv4/conf/" && name == "forwarding":
		return []string{"net/ipv4/ip_forward", "net/ipv4/conf/all/forwarding"}
	case folder == "net/ipv6/conf/" && (name == "forwarding" || name == "disable_ipv6") && iface != "all":
		return []string{"net/ipv6/conf/all/" + name}
	}
	return nil
}

// matches reports whether a pattern matches a key.
func matches(pattern, key string) bool {
	m, err := path.Match(classes.Replace(pattern), key)
	return err == nil && m
}

// classes rewrites what glob(7) has and path.Match has not: the negation of a bracket, and the
// classes of characters within one.
var classes = strings.NewReplacer("[!", "[^", "[:alpha:]", "a-zA-Z", "[:digit:]", "0-9", "[:alnum:]", "a-zA-Z0-9",
	"[:lower:]", "a-z", "[:upper:]", "A-Z", "[:xdigit:]", "0-9A-Fa-f", "[:punct:]", "!-.:-@\\[-`{-~",
	"[:graph:]", "!-.0-~", "[:print:]", " -.0-~", "[:blank:]", " \t", "[:space:]", " \t-\r", "[:cntrl:]", "\x01-\x1f\x7f")
