// Package glob matches names with the patterns of path.Match where there are many of both.
package glob

import (
	"path"
	"strings"
)

// Match reports what path.Match does of a pattern that is well formed. Most names differ from a
// pattern before its first star or behind its last one.
func Match(pattern, name string) bool {
	if strings.ContainsAny(pattern, `?[\`) {
		ok, err := path.Match(pattern, name)
		return ok && err == nil
	}
	before, rest, some := strings.Cut(pattern, "*")
	if !some {
		return pattern == name
	}
	name, ok := strings.CutPrefix(name, before)
	if !ok {
		return false
	}
	last := strings.LastIndexByte(rest, '*')
	name, ok = strings.CutSuffix(name, rest[last+1:])
	if !ok {
		return false
	}
	for part := range strings.SplitSeq(rest[:last+1], "*") {
		// A star matches no slash, so that what is behind it has to begin before the next one.
		at := strings.Index(name, part)
		if at < 0 || strings.IndexByte(name[:at], '/') >= 0 {
			return false
		}
		name = name[at+len(part):]
	}
	return strings.IndexByte(name, '/') < 0
}
