package filetree

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/hardening-sdk/hardening/internal/wtf8"
)

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
	if _, ok := wtf8.Units(e); !ok {
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
