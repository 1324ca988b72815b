// Package sudoers reads what sudo(8) allows to whom, from etc/sudoers and the files that it
// includes, sudoers(5). It returns the settings of the Defaults lines and the commands of the user
// specifications.
package sudoers

import "github.com/hardening-sdk/hardening/inventory"

// Default is one setting of a Defaults line.
type Default struct {
	inventory.Position

	// Scope is the character that says what the line is for: "" all, "@" hosts, ":" users, "!"
	// commands, ">" users that commands run as.
	Scope string
	For   []Member // the names of the scope
	Name  string
	Op    string // "=", "+=", "-=", or "" for a flag
	Value string // without quotes
	Off   bool   // a flag with "!"
}

// Member is an element of a list. A "!" before it negates it.
type Member struct {
	Name    string // as written, without quotes, such as alice, %wheel, #1000, +netgroup, ALL or an alias
	Negated bool
	// Digest means that a command counts only while its file has one of the given hashes.
	Digest bool
}

// Rule is one command of a user specification, with all that applies to it.
type Rule struct {
	inventory.Position

	Users, Hosts []Member
	RunAs        []Member // users; empty where the specification has none
	Groups       []Member
	// Self means that there are parentheses with no user in them, by which the command runs as who
	// asks.
	Self    bool
	Command string // with its arguments; or ALL, or an alias
	Negated bool   // it is excluded from what is allowed
	Digest  bool   // it counts only while its file has one of the given hashes
	// Password is PASSWD, NOPASSWD, or "" where neither is given.
	Password string
	// Tags are other tags, such as NOEXEC and SETENV, and options that can keep the rule from what its
	// command says, with their values: NOTBEFORE=, NOTAFTER= and CHROOT=. Of two that contradict the
	// last counts.
	Tags []string
}

// File is the content of one file.
type File struct {
	Statements []Statement
	items      int // what it took of a budget
}

// Statement is a line of a file. One of Defaults, Rules, Aliases and Include is set.
type Statement struct {
	inventory.Position

	Defaults []Default
	Rules    []Rule
	Aliases  []Alias
	Include  string // the file, or the folder if Folder is set
	Folder   bool
}

// Alias is a name for a list.
type Alias struct {
	Kind    string // User, Runas, Host or Cmnd
	Name    string
	Members []Member
}
