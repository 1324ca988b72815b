package version

func lowerByte(c byte) byte {
	if upper(c) {
		return c + 'a' - 'A'
	}
	return c
}

// foldASCII says whether text is a word of lower-case ASCII letters, whatever the case of its own.
func foldASCII(text, word string) bool {
	if len(text) != len(word) {
		return false
	}
	for i := range len(word) {
		if lowerByte(text[i]) != word[i] {
			return false
		}
	}
	return true
}
