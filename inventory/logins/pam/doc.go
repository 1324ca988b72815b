// Package pam tells how Linux-PAM authenticates the users of a system: the stack of modules
// that each service has in effect for each of the four management groups, pam.d(5), what the
// answer of a module does to the rest of its stack, and the settings of the modules that
// guard passwords.
//
// [Service] answers the stacks of one service, includes resolved. [Stack.Walk] follows the
// ways that a login can take through a stack. [Entry.Settings] tells the settings of a module,
// those of its own files and of its line together.
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

func group(word string) (Group, bool) {
	switch g := Group(strings.ToLower(word)); g {
	case Auth, Account, Password, Session:
		return g, true
	}
	return "", false
}
