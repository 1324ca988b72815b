package inventory

// Setting is one named value of a configuration and the place that decides it. Facts that
// tell the settings of a program return it, each with the names of its own format.
type Setting struct {
	Position

	Name  string
	Value string
}

// Compiled reports whether nothing sets the value: it is the program's own.
func (s Setting) Compiled() bool { return s.Source == "" }
