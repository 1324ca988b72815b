package version

// cutFold is like strings.CutPrefix, but ignores the case of ASCII letters. prefix is in lower
// case.
func cutFold(text, prefix string) (rest string, ok bool) {
	if !foldPrefix(text, prefix) {
		return text, false
	}
	return text[len(prefix):], true
}

// foldPrefix is like strings.HasPrefix, but ignores the case of ASCII letters. prefix is in lower
// case.
func foldPrefix(text, prefix string) bool {
	return len(text) >= len(prefix) && equalFold(text[:len(prefix)], prefix)
}

// equalFold reports whether two texts are the same except for the case of ASCII letters.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lowered(a[i]) != lowered(b[i]) {
			return false
		}
	}
	return true
}

func lowered(c byte) byte {
	if upper(c) {
		c |= 0x20
	}
	return c
}
