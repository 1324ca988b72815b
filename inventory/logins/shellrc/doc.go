// Package profile tells what the start files of login shells set: the mask for new files, the
// time after which an idle shell ends, and where programs are looked for.
//
// It reads etc/profile, and what that takes in, as far as plain commands tell. It is no
// shell: what stands inside of if, case, loops and functions, or after && and ||, is
// conditional, a value that has to be computed is not known, and what eval and programs bring
// is not seen. Files that users have in their home folders are not read, but for root's.
package shellrc

// What is the kind of a statement.
type What uint8

// The kinds of statements.
const (
	Umask    What = iota + 1 // the mask is set: Value is octal
	Assign                   // a variable is set
	Export                   // it is handed on to programs
	Withhold                 // it is no longer
	Protect                  // it cannot be changed any more: readonly
	Unset                    // it is taken away
	Include                  // a file is taken in: Value is its path
	Return                   // the file, or the shell, ends
	Prefix                   // pathmunge, which puts Value into PATH
)

// Statement is one thing that a file says.
type Statement struct {
	What  What
	Name  string // of the variable
	Value Text
	// Conditional says that it may be passed over.
	Conditional bool
	// IfZero says that the mask is set only where it is 0.
	IfZero bool
	// Func is the function it stands in.
	Func   string
	Source string
	Line   int // counted from 1

	loop *loop // the loop over files that it stands in
}

// Text is a word of the shell. An expansion of a variable is its name between two NULs, any
// other one has a question mark there.
type Text string

// Known reports whether nothing has to be computed.
func (t Text) Known() bool {
	for _, c := range []byte(t) {
		if c == 0 {
			return false
		}
	}
	return true
}
