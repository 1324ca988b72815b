package systemd

import (
	"regexp"
	"slices"
	"strings"
)

// units are those of time spans, systemd.time(7).
var spanUnits = strings.Fields(`us usec µs μs ms msec s sec second seconds m min minute minutes h hr hour hours
	d day days w week weeks M month months y year years`)

var spanPart = regexp.MustCompile(`^([0-9]+(?:\.[0-9]*)?|\.[0-9]+)[ \t]*([A-Za-zµμ]*)[ \t]*`)

// isTimeSpan reports whether a text is a time span that ends.
func isTimeSpan(text string) bool {
	text = strings.Trim(text, " \t")
	if text == "" {
		return false
	}
	for text != "" {
		m := spanPart.FindStringSubmatch(text)
		if m == nil || m[2] != "" && !slices.Contains(spanUnits, m[2]) {
			return false
		}
		text = text[len(m[0]):]
	}
	return true
}

// shorthands are the words for calendar events.
var shorthands = strings.Fields(`minutely hourly daily monthly weekly yearly annually quarterly semiannually semi-annually biannually bi-annually`)

var (
	weekday  = `(?i:mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)`
	weekdays = regexp.MustCompile(`^` + weekday + `(?:(?:\.\.|-|,)` + weekday + `)*,?$`)
	number   = `(?:\*|[0-9]+(?:\.\.[0-9]+)?)(?:/[0-9]+)?`
	numbers  = number + `(?:,` + number + `)*`
	date     = regexp.MustCompile(`^(?:(\*)-)?` + numbers + `[-~]` + numbers + `$`)
	clock    = regexp.MustCompile(`^` + numbers + `:` + numbers + `(?::` + numbers + `(?:\.[0-9]+)?)?$`)
	zone     = regexp.MustCompile(`^(?:UTC|[A-Z][A-Za-z_]+(?:/[A-Za-z_+-]+[0-9]*)+)$`)
)

// isCalendar reports whether a text is a calendar event that comes again. One of a year, or a time
// stamp, comes once or never.
func isCalendar(text string) bool {
	words := strings.Fields(text)
	if len(words) > 1 && zone.MatchString(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	if len(words) == 1 && slices.Contains(shorthands, strings.ToLower(words[0])) {
		return true
	}
	known := len(words)
	for _, form := range []*regexp.Regexp{weekdays, date, clock} {
		if len(words) > 0 && form.MatchString(words[0]) {
			words = words[1:]
		}
	}
	return known > 0 && len(words) == 0
}
