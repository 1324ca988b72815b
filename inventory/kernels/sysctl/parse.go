// Package sysctl tells the kernel's settings: their running values on a live host, and on
// an image what systemd-sysctl(8) will set at boot, with the file and line that decide.
package sysctl

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

// Assignment is one line of a sysctl.d file.
type Assignment struct {
	Key    string // in the form of a path, as below proc/sys: net/ipv4/ip_forward; may be a pattern
	Value  string
	Ignore bool // a leading "-": failing to set it is no error
	Except bool // a leading "-" and no value: the key is taken out of patterns
	Source string
	Line   int // in Source, counted from 1
}

// Pattern reports whether the key has to be matched, glob(7).
func (a Assignment) Pattern() bool { return strings.ContainsAny(a.Key, "*?[") }

// Parse reads the text of a sysctl.d file, sysctl.d(5). Lines that are no assignment are
// mistakes, joined; systemd-sysctl passes over them, so the assignments come beside them.
func Parse(b []byte) ([]Assignment, error) {
	var all []Assignment
	var errs []error
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		s = strings.Trim(s, " \t\r\n")
		if s == "" || s[0] == '#' || s[0] == ';' {
			continue
		}
		key, value, ok := strings.Cut(s, "=")
		a := Assignment{Key: key, Value: strings.Trim(value, " \t"), Line: line}
		if rest, minus := strings.CutPrefix(key, "-"); minus {
			a.Key, a.Ignore, a.Except = rest, ok, !ok
		} else if !ok {
			errs = append(errs, fmt.Errorf("line %d: no assignment", line))
			continue
		}
		a.Key = Path(strings.Trim(a.Key, " \t"))
		all = append(all, a)
	}
	return all, errors.Join(errs...)
}

// Path answers a key in the form of a path below proc/sys. Whichever of "/" and "." comes
// first in it is the separator, and the other one then stands for itself, swapped:
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

// Settings is the assignments of all files in the order in which they are read.
type Settings []Assignment

// Lookup answers the assignment that decides key at boot: the last one of the key itself,
// else, unless the key is excepted, the last one of a pattern that matches.
func (s Settings) Lookup(key string) (Assignment, bool) {
	key = Path(key)
	var found Assignment
	var excepted, ok bool
	for _, a := range s {
		if !a.Pattern() && a.Key == key {
			found, ok, excepted = a, !a.Except, a.Except
		}
	}
	if ok || excepted {
		return found, ok
	}
	for _, a := range s {
		if a.Pattern() && !a.Except && matches(a.Key, key) {
			found, ok = a, true
		}
	}
	return found, ok
}

func matches(pattern, key string) bool {
	m, err := path.Match(strings.ReplaceAll(pattern, "[!", "[^"), key)
	return err == nil && m
}
