package inventory

import (
	"fmt"
	"io/fs"
	"strings"
)

// regRoots are the roots of registry paths.
var regRoots = [...]string{"HKLM", "HKU", "HKCR"}

// splitRegistry splits a registry path into its root, in upper case, and the rest. An empty
// key in it, a NUL, and what is below no root are [fs.ErrInvalid].
func splitRegistry(path string) (root, rest string, err error) {
	root, rest, more := strings.Cut(path, `\`)
	root = strings.ToUpper(root)
	for _, r := range regRoots {
		if r != root {
			continue
		}
		bad := strings.Contains(`\`+rest+`\`, `\\`) || strings.IndexByte(rest, 0) >= 0
		if more && bad {
			return "", "", fmt.Errorf("%w: a path with an empty key or a NUL", fs.ErrInvalid)
		}
		return root, rest, nil
	}
	return "", "", fmt.Errorf("%w: a path has to begin with one of %q", fs.ErrInvalid, regRoots)
}

// lookupValue returns the value of a name among those of a key. Letter case does not
// matter.
func lookupValue(all []Value, name string) (Value, bool) {
	for _, v := range all {
		if strings.EqualFold(v.Name, name) {
			return v, true
		}
	}
	return Value{}, false
}
