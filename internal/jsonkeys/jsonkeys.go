// Package jsonkeys looks into a JSON text for what encoding/json passes over: keys that are there
// twice, of which it takes the last, and keys in other letters, which it takes for the same.
package jsonkeys

import (
	"bytes"
	"fmt"
)

// Check returns an error for an object with a key twice, whatever the case of its letters, and for
// objects and lists that nest deeper than depth. The text may be no JSON otherwise.
func Check(b []byte, depth int) error {
	var open []map[string]bool // the keys of the objects around; nil for a list
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '{', '[':
			if len(open) == depth {
				return fmt.Errorf("nested deeper than %d", depth)
			}
			open = append(open, nil)
		case '}', ']':
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		case '"':
			end := End(b, i)
			if len(open) > 0 && isKey(b, end) {
				key := string(bytes.ToLower(b[min(i+1, end):end]))
				if open[len(open)-1][key] {
					return fmt.Errorf("the key %q is there twice", key)
				}
				if open[len(open)-1] == nil {
					open[len(open)-1] = map[string]bool{}
				}
				open[len(open)-1][key] = true
			}
			i = end
		}
	}
	return nil
}

// End returns where the string ends that begins at i, or the end of the text.
func End(b []byte, i int) int {
	for i++; i < len(b) && b[i] != '"'; i++ {
		if b[i] == '\\' {
			i++
		}
	}
	return min(i, len(b))
}

// isKey reports whether a colon follows the string that ends at end.
func isKey(b []byte, end int) bool {
	for i := end + 1; i < len(b); i++ {
		switch b[i] {
		case ' ', '\t', '\r', '\n':
		default:
			return b[i] == ':'
		}
	}
	return false
}
