package systemd

import (
	"regexp"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
)

// Those that systemd-analyze takes, and those that it refuses. A year makes an event that ends.
var calendars = map[string]bool{
	"daily": true, "Hourly": true, "semi-annually": true, "*-*-* 6:00": true, "*-*-* 6,18:00": true, "Mon..Fri *-*-* 04:30:00": true,
	"Sat,Sun 3:15": true, "Mon": true, "*:0/15": true, "*-*-01": true, "*-02~01": true, "01-01": true, "*-*-1..7 18:00:00": true,
	"Mon *-*~07/1": true, "05:40": true, "*-*-* 00:00:00 UTC": true, "*-*-* 02:00 Europe/Berlin": true, "Wed, 17:48": true,
	"*-*-* *:*:*": true, "Sun *-*-* 01:00:00.5": true, "biannually": true,
	"": false, "dayly": false, "banana": false, "25:00 x": false, "Mon Tue": false, "daily 3:00": false, "* *": false, "6": false, "6h": false,
	"every day": false, "0 4 * * *": false, "@daily": false,
}

var spans = map[string]bool{
	"5min": true, "1h 30m": true, "2d": true, "10": true, "1.5h": true, "1 day": true, "3weeks2days": true, "500ms": true, "1M": true, "1y": true,
	"": false, "x": false, "5 bananas": false, "h": false, "-5min": false, "1h x": false, "5min,": false,
}

func TestTimes(t *testing.T) {
	for text, want := range calendars {
		if got := isCalendar(text); got != want {
			t.Errorf("calendar %q: got %v", text, got)
		}
	}
	for _, text := range []string{"2020-01-01", "2099-12-31 10:00", "Mon 2021-*-*", "@1700000000"} {
		if isCalendar(text) {
			t.Errorf("calendar %q comes again", text)
		}
	}
	for text, want := range spans {
		if got := isTimeSpan(text); got != want {
			t.Errorf("span %q: got %v", text, got)
		}
	}
}

func TestTimesAgainstSystemd(t *testing.T) {
	oracle.Need(t, "systemd-analyze")
	for command, texts := range map[string]map[string]bool{"calendar": calendars, "timespan": spans} {
		for text, want := range texts {
			if text == "" || regexp.MustCompile(`^-`).MatchString(text) {
				continue
			}
			if _, code := oracle.Code(t, "systemd-analyze", command, text); (code == 0) != want {
				t.Errorf("%s %q: systemd ends with %d, the table has %v", command, text, code, want)
			}
		}
	}
}
