// Package sysctl reads the settings of the kernel. On a running system it reads their values below
// proc/sys (proc_sys(5)). On an image it reads the files of sysctl.d(5) that systemd-sysctl(8)
// applies at boot, with the file and line that decide.
package sysctl

import (
	"errors"
	"fmt"
	"path"
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
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		s = strings.Trim(s, " \t\r\n")
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
		a.Key = Path(strings.Trim(a.Key, " \t"))
		all = append(all, a)
	}
	return all, bad, nil
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
	key = Path(key)
	var found Assignment
	var excepted, ok bool
	for _, a := range s {
		if a.Key == key && !a.Pattern() {
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

// matches reports whether a pattern matches a key.
func matches(pattern, key string) bool {
	m, err := path.Match(strings.ReplaceAll(pattern, "[!", "[^"), key)
	return err == nil && m
}
