package inventory

// Position is where something was read. Types that may become evidence embed it, so it has no
// methods, which they would have as well.
type Position struct {
	// Source is the file, registry path or probe. It is empty where nothing sets a value, such
	// as for a program's own default.
	Source string `json:"source,omitempty"`
	// Line is counted from 1. It is 0 where Source has no lines, or none of them decides.
	Line int `json:"line,omitempty"`
}
