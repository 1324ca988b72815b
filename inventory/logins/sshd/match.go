package sshd

import (
	"errors"
	"fmt"
	"strings"
)

var errMatch = errors.New("a Match line with which OpenSSH would not start")

// criteria are the words of a Match line that have a value, with the version since which there are.
var criteria = map[string]Version{
	"user": oldest, "group": oldest, "host": oldest, "address": oldest, "localaddress": oldest, "localport": oldest,
	"rdomain": oldest, "version": {10, 0},
}

// invalidUser is the version since which a Match line may have invalid-user.
var invalidUser = Version{9, 9}

// checkMatch returns an error for a Match line that sshd refuses: "all" stands alone, each other
// criterion has a value.
func checkMatch(args []string, v Version) error {
	if strings.EqualFold(args[0], "all") && len(args) == 1 {
		return nil
	}
	for len(args) > 0 {
		name, value, joined := strings.Cut(strings.ToLower(args[0]), "=")
		args = args[1:]
		if name == "invalid-user" && !joined && !v.less(invalidUser) {
			continue
		}
		if !joined && len(args) > 0 {
			value, args = args[0], args[1:]
		}
		from, ok := criteria[name]
		if !ok || value == "" || value[0] == '=' || from != oldest && v.less(from) {
			return errMatch
		}
		if name == "localport" && !isPort(value) {
			return errMatch
		}
	}
	return nil
}

// checkOldWords returns an error for a line that a version before 8.7 cuts into other words than
// splitWords: there "#" begins a comment wherever it is, only double quotes around a whole word are
// quotes, and a backslash is one.
func checkOldWords(keyword, rest string) error {
	if _, told := directives[canonicalName(keyword)]; !told && keyword != "match" && keyword != "include" {
		return nil
	}
	if keyword == "authorizedkeyscommand" { // takes what there is
		return nil
	}
	words, _, comment := strings.Cut(rest, "#")
	odd := strings.ContainsAny(words, "'\\\r")
	if comment && words != "" && strings.IndexByte(" \t", words[len(words)-1]) < 0 {
		odd = true
	}
	if keyword != "match" && strings.ContainsRune(words, '=') {
		odd = true
	}
	for i := range len(words) {
		if words[i] != '"' {
			continue
		}
		open := strings.Count(words[:i], `"`)%2 == 0
		if open && i > 0 && strings.IndexByte(" \t", words[i-1]) < 0 ||
			!open && i+1 < len(words) && strings.IndexByte(" \t", words[i+1]) < 0 {
			odd = true
		}
	}
	if odd || strings.Count(words, `"`)%2 != 0 {
		return fmt.Errorf("%s has quotes, a comment or other signs that OpenSSH read otherwise before version 8.7", describeKeyword(keyword))
	}
	return nil
}
