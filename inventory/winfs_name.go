package inventory

import (
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Names of Windows have elements of 16-bit units, which need not be valid UTF-16. In
// this package they are WTF-8: UTF-8, and a surrogate without its other half as if it
// were a character. Each list of units has one such text and each text one such list.

// winText answers the WTF-8 of units.
func winText(units []uint16) string {
	b := make([]byte, 0, len(units)+len(units)/4)
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if !utf16.IsSurrogate(r) {
			b = utf8.AppendRune(b, r)
			continue
		}
		if i+1 < len(units) {
			if pair := utf16.DecodeRune(r, rune(units[i+1])); pair != utf8.RuneError {
				b = utf8.AppendRune(b, pair)
				i++
				continue
			}
		}
		b = append(b, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
	}
	return string(b)
}

// winUnits is the inverse of [winText]. It is false for a text that no units have.
func winUnits(text string) ([]uint16, bool) {
	units := make([]uint16, 0, len(text))
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r != utf8.RuneError || n > 1 {
			units = utf16.AppendRune(units, r)
			i += n
			continue
		}
		u, ok := loneSurrogate(text[i:])
		if !ok || u >= lowSurrogate && len(units) > 0 && isHigh(units[len(units)-1]) {
			return nil, false // the two halves are one character
		}
		units = append(units, u)
		i += 3
	}
	return units, true
}

const lowSurrogate = 0xDC00

func isHigh(u uint16) bool { return u >= 0xD800 && u < lowSurrogate }

// loneSurrogate answers the surrogate that the first three bytes of s stand for.
func loneSurrogate(s string) (uint16, bool) {
	if len(s) < 3 || s[0] != 0xED || s[1] < 0xA0 || s[1] > 0xBF || s[2] < 0x80 || s[2] > 0xBF {
		return 0, false
	}
	return 0xD000 | uint16(s[1]&0x3F)<<6 | uint16(s[2]&0x3F), true
}

// winElems splits a name into its elements, none for the root. What does not begin with a
// volume is not there. It refuses what Windows would take for something else than a file of
// that name ("Naming Files, Paths, and Namespaces" of Microsoft Learn): streams, devices,
// wildcards, and what it would strip off the end.
func winElems(name string) ([]string, error) {
	if !ValidName(name) {
		return nil, fs.ErrInvalid
	}
	if name == "." {
		return nil, nil
	}
	elems := strings.Split(name, "/")
	if !isVolume(elems[0]) {
		return nil, fmt.Errorf("%w: %q is no drive", fs.ErrNotExist, elems[0])
	}
	for _, e := range elems[1:] {
		if why := strangeElem(e); why != "" {
			return nil, fmt.Errorf("%w: %q %s", fs.ErrInvalid, e, why)
		}
	}
	return elems, nil
}

// strangeElem says what is wrong with an element, or nothing.
func strangeElem(e string) string {
	if i := strings.IndexAny(e, `<>:"\|?*`); i >= 0 {
		return fmt.Sprintf("has %q", e[i])
	}
	if strings.ContainsFunc(e, func(r rune) bool { return r < ' ' }) {
		return "has a control character"
	}
	if last := e[len(e)-1]; last == '.' || last == ' ' {
		return "ends in a dot or space"
	}
	if isDevice(e) {
		return "is a device"
	}
	if _, ok := winUnits(e); !ok {
		return "is no text"
	}
	return ""
}

// isDevice reports whether an element names a device, which it does with any extension
// and, for older programs, with spaces before it.
func isDevice(e string) bool {
	base, _, _ := strings.Cut(e, ".")
	base = strings.ToUpper(strings.TrimRight(base, " "))
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	if !strings.HasPrefix(base, "COM") && !strings.HasPrefix(base, "LPT") {
		return false
	}
	switch base[3:] {
	case "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³":
		return true
	}
	return false
}

// isVolume reports whether an element is a drive, "C:", or a volume as links to it and the
// mount manager name it, "Volume{...}".
func isVolume(e string) bool {
	if isDrive(e) {
		return true
	}
	guid, ok := strings.CutPrefix(e, "Volume{")
	if !ok || len(guid) != len("00000000-0000-0000-0000-000000000000}") || guid[len(guid)-1] != '}' {
		return false
	}
	return strings.Trim(guid[:len(guid)-1], "0123456789abcdefABCDEF-") == ""
}

func isDrive(e string) bool {
	return len(e) == 2 && e[1] == ':' && ('a' <= e[0]|0x20 && e[0]|0x20 <= 'z')
}
