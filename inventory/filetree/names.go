package filetree

import "strings"

// ValidName reports whether name is a name in an [FS]: "." for the root, else
// elements separated by one slash each, of any bytes but NUL and slash, none of
// them empty, "." or "..". Unlike [fs.ValidPath] it does not ask for UTF-8, which
// names on real disks need not be. An FS may refuse more, as Windows does for
// "C:/CON" or "C:/x:stream".
func ValidName(name string) bool {
	if name == "." {
		return true
	}
	if strings.IndexByte(name, 0) >= 0 {
		return false
	}
	for {
		elem, rest, more := strings.Cut(name, "/")
		if elem == "" || elem == "." || elem == ".." {
			return false
		}
		if !more {
			return true
		}
		name = rest
	}
}

// Join returns the name of an element in a folder. It cleans nothing.
func Join(dir, elem string) string {
	if dir == "." {
		return elem
	}
	return dir + "/" + elem
}

// Pseudo reports whether a name lies below proc or sys, which show a running kernel and on an
// image are at best stale.
func Pseudo(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return first == "proc" || first == "sys"
}

func parent(name string) string {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		return name[:i]
	}
	return "."
}
