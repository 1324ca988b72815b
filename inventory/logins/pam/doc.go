// Package pam reads how Linux-PAM authenticates the users of a system, from etc/pam.d or
// etc/pam.conf, pam.d(5). It returns the stack of modules of each service for each of the four
// management groups, what the return code of a module does to its stack, and the settings of the
// modules that guard passwords.
//
// [Service] returns the stacks of one service, with includes resolved. [Stack.Walk] follows the
// ways of a login through a stack. [Entry.Settings] returns the settings of a module, from its own
// files and from its line.
package pam

import "strings"

// Group is a management group, pam(8).
type Group string

// The management groups.
const (
	Auth     Group = "auth"
	Account  Group = "account"
	Password Group = "password"
	Session  Group = "session"
)

// parseGroup returns the group of a word in any letter case, and false for any other word.
func parseGroup(word string) (Group, bool) {
	switch g := Group(strings.ToLower(word)); g {
	case Auth, Account, Password, Session:
		return g, true
	}
	return "", false
}
