package systemdconf

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// kind is the type of a value.
type kind uint8

const (
	text kind = iota
	boolean
	span
	size
	list
)

const infinity = "infinity"

// normalize returns the normal form of a value. It returns false for a value that systemd ignores.
func (k kind) normalize(v string) (string, bool) {
	switch k {
	case boolean:
		b, ok := systemd.Value{Text: v}.Bool()
		if b {
			return "yes", ok
		}
		return "no", ok
	case span:
		if v == infinity {
			return v, true
		}
		d, ok := Span(v)
		return strconv.FormatFloat(d.Seconds(), 'f', -1, 64), ok
	case size:
		if v == infinity {
			return v, true
		}
		n, ok := Size(v)
		return strconv.FormatInt(n, 10), ok
	}
	return v, true
}

// units are those of systemd.time(7). A number without a unit is in seconds.
var units = map[string]time.Duration{
	"": time.Second, "us": time.Microsecond, "µs": time.Microsecond, "μs": time.Microsecond, "usec": time.Microsecond,
	"ms": time.Millisecond, "msec": time.Millisecond,
	"s": time.Second, "sec": time.Second, "second": time.Second, "seconds": time.Second,
	"m": time.Minute, "min": time.Minute, "minute": time.Minute, "minutes": time.Minute,
	"h": time.Hour, "hr": time.Hour, "hour": time.Hour, "hours": time.Hour,
	"d": day, "day": day, "days": day, "w": 7 * day, "week": 7 * day, "weeks": 7 * day,
	"M": month, "month": month, "months": month, "y": year, "year": year, "years": year,
}

const (
	day   = 24 * time.Hour
	month = 2629800 * time.Second  // 30.44 days
	year  = 31557600 * time.Second // 365.25 days
)

// Span parses a time span by systemd.time(7), such as "2min 30s". A number without a unit is in
// seconds. It returns false for anything else, for "infinity", and for more than 292 years.
func Span(value string) (time.Duration, bool) {
	var sum float64
	rest := strings.Trim(value, blanks)
	if rest == "" {
		return 0, false
	}
	for rest != "" {
		n, digits, after, ok := cutNumber(rest)
		if !ok || strings.HasSuffix(digits, ".") {
			return 0, false
		}
		end := strings.IndexFunc(after, func(r rune) bool { return r <= '9' })
		if end < 0 {
			end = len(after)
		}
		unit, ok := units[after[:end]]
		if !ok {
			return 0, false
		}
		sum += n * float64(unit)
		rest = strings.TrimLeft(after[end:], blanks)
	}
	return time.Duration(sum), sum < math.MaxInt64
}

const (
	blanks = " \t\n\r"
	powers = "BKMGTPE" // the units of sizes, powers of 1024
)

// Size parses a size in bytes by systemd.syntax(7), such as "1G 500M" or "64K". Units are powers of
// 1024 and have to become smaller. It returns false for anything else.
func Size(value string) (int64, bool) {
	var sum float64
	last := len(powers) + 1
	rest := strings.Trim(value, blanks)
	if rest == "" {
		return 0, false
	}
	for rest != "" {
		n, digits, after, ok := cutNumber(rest)
		if !ok || digits[0] == '.' {
			return 0, false
		}
		// The unit, which has to be smaller than the one before.
		power := 0
		if after != "" {
			if power = strings.IndexByte(powers, after[0]); power < 0 {
				return 0, false
			}
			after = after[1:]
		}
		if power >= last {
			return 0, false
		}
		last = power
		sum += n * math.Pow(1024, float64(power))
		rest = strings.TrimLeft(after, blanks)
	}
	return int64(sum), sum < math.MaxInt64
}

// cutNumber cuts a decimal number and the blanks after it off s, which is not empty.
func cutNumber(s string) (n float64, digits, rest string, ok bool) {
	end := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if end < 0 {
		end = len(s)
	}
	n, err := strconv.ParseFloat(s[:end], 64)
	return n, s[:end], strings.TrimLeft(s[end:], blanks), err == nil
}
