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

// plusOne adds one to a number of any length.
func plusOne(digits string) string {
	d := []byte(trimZeros(digits))
	for i := len(d) - 1; i >= 0; i-- {
		if d[i]++; d[i] <= '9' {
			return string(d)
		}
		d[i] = '0'
	}
	return "1" + string(d)
}
