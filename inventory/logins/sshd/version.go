package sshd

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// Version is a release of OpenSSH: 9.2p1 is {9, 2}. The zero value is one that is not
// known.
type Version struct{ Major, Minor int }

// String is "9.2".
func (v Version) String() string { return strconv.Itoa(v.Major) + "." + strconv.Itoa(v.Minor) }

func (v Version) less(o Version) bool {
	return v.Major < o.Major || v.Major == o.Major && v.Minor < o.Minor
}

var shape = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})(p\d+)?([^\d.]|$)`)

// ParseVersion reads the beginning of s, such as "9.2p1", or "9.2p1-2+deb12u10".
func ParseVersion(s string) (Version, bool) {
	m := shape.FindStringSubmatch(s)
	if m == nil {
		return Version{}, false
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	return Version{major, minor}, true
}

// banner is how the server's file names its version.
var banner = []byte("OpenSSH_")

// findVersion answers the version that the server's file names: of all texts of the form
// OpenSSH_9.2p1 the one with a portable release, which its list of other versions, for
// quirks, does not have.
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
