// Package sudoers tells what sudo(8) lets whom do, by etc/sudoers and what it includes,
// sudoers(5): the settings of its Defaults lines and the commands of its user
// specifications.
package sudoers

// Default is one setting of a Defaults line.
type Default struct {
	// Scope is what the line is for: "" for all, "@" hosts, ":" users, "!" commands, ">" users
	// that commands run as.
	Scope string
	For   []Member // of the scope
	Name  string
	Op    string // "=", "+=", "-=", or "" for a flag
	Value string // without quotes
	Off   bool   // a flag with "!"
	File  string
	Line  int // counted from 1
}

// Member is an element of a list.
type Member struct {
	Name    string // as written, without quotes: alice, %wheel, #1000, +netgroup, ALL, an alias
	Negated bool
}

// Rule is one command of a user specification, with all that holds for it.
type Rule struct {
	Users, Hosts []Member
	RunAs        []Member // users, empty where the specification states none
	Groups       []Member
	Command      string // with its arguments; ALL, or an alias
	Negated      bool   // taken out of what is allowed
	// Password is PASSWD or NOPASSWD, or "" where neither is stated.
	Password string
	Tags     []string // further tags, such as NOEXEC and SETENV
	File     string
	Line     int // counted from 1
}

// File is one file as it is written.
type File struct{ Statements []Statement }

// Statement is a line of a file: one of the kinds is set.
type Statement struct {
	Defaults []Default
	Rules    []Rule
	Aliases  []Alias
	Include  string // a file, or a folder where Folder is set
	Folder   bool
	Line     int
}

// Alias is a name for a list.
type Alias struct {
	Kind    string // User, Runas, Host or Cmnd
	Name    string
	Members []Member
}
