package systemdconf

import (
	"fmt"
	"math"
	"math/bits"
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
	sizeOrInfinity // a size, or the word
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
		us, ok := parseSpan(v)
		whole, rest := strconv.FormatUint(us/1e6, 10), strings.TrimRight(fmt.Sprintf("%06d", us%1e6), "0")
		return strings.TrimSuffix(whole+"."+rest, "."), ok
	case size, sizeOrInfinity:
		if v == infinity {
			return v, k == sizeOrInfinity
		}
		n, ok := parseSize(v)
		return strconv.FormatUint(n, 10), ok
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
	us, ok := parseSpan(value)
	if !ok || us > math.MaxInt64/1000 {
		return 0, false
	}
	return time.Duration(us) * time.Microsecond, true
}

// parseSpan returns a span in microseconds, which systemd counts. Of a fraction it cuts off what is
// less.
func parseSpan(value string) (uint64, bool) {
	var sum uint64
	rest := strings.Trim(value, blanks)
	if rest == "" {
		return 0, false
	}
	for rest != "" {
		n, ok := cutNumber(&rest)
		if !ok || strings.HasSuffix(n, ".") {
			return 0, false
		}
		after := strings.TrimLeft(rest, blanks)
		end := strings.IndexFunc(after, func(r rune) bool { return r <= '9' })
		if end < 0 {
			end = len(after)
		}
		unit, ok := units[after[:end]]
		// A number without a unit ends at a blank.
		if !ok || end == 0 && after != "" && after == rest || !addSpan(&sum, n, uint64(unit/time.Microsecond)) {
			return 0, false
		}
		rest = strings.TrimLeft(after[end:], blanks)
	}
	return sum, true
}

// addSpan adds a decimal number times a unit, as systemd does. It returns false where that is too large.
func addSpan(sum *uint64, number string, unit uint64) bool {
	whole, fraction, _ := strings.Cut(number, ".")
	n, err := strconv.ParseUint("0"+whole, 10, 63)
	high, low := bits.Mul64(n, unit)
	if err != nil || high > 0 {
		return false
	}
	for _, digit := range []byte(fraction) {
		unit /= 10
		low += uint64(digit-'0') * unit // less than a unit in all
	}
	total, carry := bits.Add64(*sum, low, 0)
	*sum = total
	return carry == 0
}

const (
	blanks = " \t\n\r"
	powers = "BKMGTPE" // the units of sizes, powers of 1024
)

// Size parses a size in bytes by systemd.syntax(7), such as "1G 500M" or "64K". Units are powers of
// 1024 and have to become smaller. It returns false for anything else, and for 8E and more.
func Size(value string) (int64, bool) {
	n, ok := parseSize(value)
	if !ok || n > math.MaxInt64 {
		return 0, false
	}
	return int64(n), true
}

func parseSize(value string) (uint64, bool) {
	var sum uint64
	last := len(powers) + 1
	rest := strings.Trim(value, blanks)
	if rest == "" {
		return 0, false
	}
	for rest != "" {
		n, ok := cutNumber(&rest)
		if !ok || n[0] == '.' {
			return 0, false
		}
		rest = strings.TrimLeft(rest, blanks)
		// The unit, which has to be smaller than the one before.
		power := 0
		if rest != "" {
			if power = strings.IndexByte(powers, rest[0]); power < 0 {
				return 0, false
			}
			rest = rest[1:]
		}
		if power >= last || !addSize(&sum, n, 1<<(10*power)) {
			return 0, false
		}
		last = power
		rest = strings.TrimLeft(rest, blanks)
	}
	return sum, true
}

// addSize adds a decimal number times a unit, as systemd does. It returns false where that is too large.
func addSize(sum *uint64, number string, unit uint64) bool {
	whole, fraction, _ := strings.Cut(number, ".")
	n, err := strconv.ParseUint(whole, 10, 64)
	part, bad := strconv.ParseFloat("0."+fraction+"0", 64)
	high, low := bits.Mul64(n, unit)
	low, carry := bits.Add64(low, uint64(part*float64(unit)), 0)
	total, over := bits.Add64(*sum, low, 0)
	*sum = total
	return err == nil && bad == nil && high+carry+over == 0
}

// cutNumber cuts a decimal number off a text. Before its digits may stand what strtoll(3) skips.
func cutNumber(rest *string) (number string, ok bool) {
	s := strings.TrimPrefix(strings.TrimLeft(*rest, blanks+"\v\f"), "+")
	if s == "" || s[0] == '.' && s != *rest {
		return "", false
	}
	end := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if end < 0 {
		end = len(s)
	}
	number, *rest = s[:end], s[end:]
	return number, number != "" && number != "." && strings.Count(number, ".") <= 1
}
