package shellvar

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	// plain is an assignment that the shell and systemd read alike.
	plain = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*=([A-Za-z0-9_./:,+@%-]*|"[^"$\x60\\]*"|'[^']*')[ \t]*$`)
	// name is what a key looks like to somebody.
	name = regexp.MustCompile(`^[^A-Za-z0-9_]*([A-Za-z0-9_]*)[^A-Za-z0-9_]*$`)
)

// CheckPlain returns an error, with its line, unless the lines that set one of the keys are such that
// the shell and systemd read them alike, and no other line goes on with the next one. os-release(5)
// is read by both.
func CheckPlain(b []byte, keys ...string) error {
	n := 0
	for line := range strings.SplitSeq(string(b), "\n") {
		n++
		text := strings.Trim(line, " \t")
		if text == "" || text[0] == '#' {
			continue
		}
		key, _, _ := strings.Cut(text, "=")
		m := name.FindStringSubmatch(key)
		switch {
		case plain.MatchString(text):
		case m != nil && slices.Contains(keys, m[1]):
			return fmt.Errorf("line %d: %s is set in a way that programs read otherwise than others", n, m[1])
		case strings.HasSuffix(text, `\`) || strings.Count(text, `"`)%2 != 0 || strings.Count(text, `'`)%2 != 0 && !strings.Contains(text, `"`):
			return fmt.Errorf("line %d: a line that may go on", n)
		}
	}
	return nil
}
