package sshd

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// Version is a release of OpenSSH: 9.2p1 is {9, 2}. The zero value means that it is not known.
type Version struct{ Major, Minor int }

// String returns the version as text, such as "9.2".
func (v Version) String() string { return strconv.Itoa(v.Major) + "." + strconv.Itoa(v.Minor) }

// less reports whether v is an earlier release than o.
func (v Version) less(o Version) bool {
	return v.Major < o.Major || v.Major == o.Major && v.Minor < o.Minor
}

// shape is the form of a version.
var shape = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})(p\d+)?([^\d.]|$)`)

// ParseVersion reads the beginning of s, such as "9.2p1" or "9.2p1-2+deb12u10". It returns false
// where s does not begin with a version.
func ParseVersion(s string) (Version, bool) {
	m := shape.FindStringSubmatch(s)
	if m == nil {
		return Version{}, false
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	return Version{major, minor}, true
}

// banner is the text before the version in the server's program.
var banner = []byte("OpenSSH_")

// findVersion returns the version in the text of the server's program. The program has several
// texts such as OpenSSH_9.2p1. Only its own version has a portable release; versions in its list of
// quirks do not.
func findVersion(b []byte) (Version, bool) {
	for {
		i := bytes.Index(b, banner)
		if i < 0 {
			return Version{}, false
		}
		b = b[i+len(banner):]
		text, _, _ := strings.Cut(string(b[:min(len(b), 32)]), "\x00")
		if m := shape.FindStringSubmatch(text); m != nil && m[3] != "" {
			return ParseVersion(text)
		}
	}
}
