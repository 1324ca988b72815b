package version

// compareDotted compares numbers between dots. Missing numbers are 0.
func compareDotted(a, b string) int {
	for a != "" || b != "" {
		var x, y string
		x, a = cutNumber(a)
		y, b = cutNumber(b)
		if c := compareDigits(x, y); c != 0 {
			return c
		}
	}
	return 0
}

// cutNumber cuts the digits and a dot after them off the start of text.
func cutNumber(text string) (digits, rest string) {
	digits, rest = cutDigits(text)
	if rest != "" && rest[0] == '.' {
		rest = rest[1:]
	}
	return digits, rest
}

// cutDotted cuts numbers between dots off the start of text. count is their number.
func cutDotted(text string) (dotted, rest string, count int) {
	end := 0
	for i := 0; i < len(text); {
		digits, _ := cutDigits(text[i:])
		if digits == "" {
			break
		}
		count++
		end = i + len(digits)
		if end == len(text) || text[end] != '.' {
			break
		}
		i = end + 1
	}
	return text[:end], text[end:], count
}
