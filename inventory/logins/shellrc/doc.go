// Package shellrc reads what the start files of login shells set: the mask for new files (umask),
// the time after which an idle shell ends (TMOUT), and where programs are searched for (PATH).
//
// [Outcomes] runs etc/profile and the files that it includes, bash(1) and dash(1), as far as the tree
// tells what happens: commands of the shell, tests of files and of variables that are known, functions,
// loops over words that are known. Where something else decides there are several outcomes. What eval
// makes of the output of programs, and what programs do, is not seen. Files in home folders are not run.
//
// [File] returns the statements of a file as plain commands tell them, for root's own files. Commands
// inside of if, case, loops and functions, or after && and ||, are conditional there.
package shellrc

import "github.com/hardening-sdk/hardening/inventory"

// What is the kind of a statement.
type What uint8

// The kinds of statements.
const (
	Umask    What = iota + 1 // the mask is set; Value is octal
	Assign                   // a variable is set
	Export                   // a variable is exported to programs
	Withhold                 // a variable is no longer exported
	Protect                  // a variable becomes read-only
	Unset                    // a variable is removed
	Include                  // a file is included; Value is its path
	Return                   // the file or the shell ends
	Prefix                   // pathmunge puts Value into PATH
)

// Statement is one command of a file that matters.
type Statement struct {
	inventory.Position

	What  What
	Name  string // of the variable
	Value Text
	// Conditional means that the command may not run.
	Conditional bool
	// IfZero means that the mask is set only if it is 0.
	IfZero bool
	// Func is the name of the function around it, or "".
	Func string

	loop *loop // the loop over files around it, or nil
}

// Text is a word of the shell. The expansion of a variable is its name between two NULs. Any other
// expansion is a question mark between two NULs.
type Text string

// Known reports whether the text has no expansions.
func (t Text) Known() bool {
	for _, c := range []byte(t) {
		if c == 0 {
			return false
		}
	}
	return true
}
