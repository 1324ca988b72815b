package sudoers

import (
	"strings"
	"time"
)

// shapes are the forms of a time without fractions of a second.
var shapes = []string{"20060102150405", "200601021504", "2006010215"}

// Time reads the value of NOTBEFORE and NOTAFTER, a generalized time of RFC 4517, section 3.3.13, whose
// minutes and seconds may be missing. Zoned means that it has a time zone; else it is in that of the
// system, and returned as if that were UTC.
func Time(value string) (t time.Time, zoned, ok bool) {
	digits := value[:len(value)-len(strings.TrimLeft(value, "0123456789"))]
	zone := value[len(digits):]
	if zone != "" && (zone[0] == '.' || zone[0] == ',') { // of a second, minute or hour, which decides nothing
		rest := strings.TrimLeft(zone[1:], "0123456789")
		if len(rest) == len(zone)-1 {
			return t, false, false
		}
		zone = rest
	}
	var offset time.Time
	switch {
	case zone == "" || zone == "Z":
	case zone[0] == '+' || zone[0] == '-':
		var err error
		if offset, err = time.Parse("-0700", zone); err != nil {
			return t, false, false
		}
	default:
		return t, false, false
	}
	for _, shape := range shapes {
		if len(digits) == len(shape) {
			t, err := time.ParseInLocation(shape, digits, offset.Location())
			return t, zone != "", err == nil
		}
	}
	return t, false, false
}
