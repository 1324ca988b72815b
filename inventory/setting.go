package inventory

// Setting is one named value of a configuration and the place that decides it. Facts that
// tell the settings of a program return it, each with the names of its own format.
type Setting struct {
	Name  string
	Value string
	// Source is the file that sets the value, empty where none does and the value is the
	// one that the program has of its own.
	Source string
	Line   int // in Source, counted from 1; 0 where the source has no lines
}

// Compiled reports whether no file sets the value: it is the program's own.
func (s Setting) Compiled() bool { return s.Source == "" }
