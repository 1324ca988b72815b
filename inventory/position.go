package inventory

import "strconv"

// Position is where something was read. Types that may become evidence embed it.
type Position struct {
	// Source is the file, registry path or probe. It is empty where nothing sets what was read,
	// such as for a program's own default.
	Source string `json:"source,omitempty"`
	// Line is the line in Source, counted from 1. It is 0 where Source has no lines or none of
	// them decides.
	Line int `json:"line,omitempty"`
}

// Place returns the source and the line as "etc/passwd:3", the source alone where there is no line,
// and nothing where there is no source. It is not named String, as types that embed a position
// would then print as nothing else.
func (p Position) Place() string {
	if p.Source == "" || p.Line == 0 {
		return p.Source
	}
	return p.Source + ":" + strconv.Itoa(p.Line)
}
