package cron

import (
	"slices"
	"strings"
)

// field is one of the five of a time.
type field struct {
	min, max uint64
	names    []string // of the numbers from min on
}

// fields are those of crontab(5), in their order.
var fields = [5]field{{0, 59, nil}, {0, 23, nil}, {1, 31, nil},
	{1, 12, strings.Fields("jan feb mar apr may jun jul aug sep oct nov dec")},
	{0, 7, strings.Fields("sun mon tue wed thu fri sat sun")}}

// dates are the words that stand for a time.
var dates = strings.Fields("@reboot @yearly @annually @monthly @weekly @daily @midnight @hourly")

// accepts reports whether a text is a list of numbers, ranges and steps. Cron of Debian passes over
// what stands behind such a list without a blank, and other crons know more forms; none of that is
// accepted.
func (f field) accepts(text string) bool {
	for part := range strings.SplitSeq(text, ",") {
		numbers, step, stepped := strings.Cut(part, "/")
		if n, ok := number(step); stepped && (!ok || n == 0) {
			return false
		}
		if numbers == "*" {
			continue
		}
		from, to, isRange := strings.Cut(numbers, "-")
		if !f.has(from) || isRange && !f.has(to) || stepped && !isRange {
			return false
		}
	}
	return true
}

// has reports whether a text is one of the numbers or names.
func (f field) has(text string) bool {
	n, ok := number(text)
	if !ok {
		return slices.Contains(f.names, strings.ToLower(text))
	}
	return f.min <= n && n <= f.max
}

// number reads digits. Unlike strconv it makes no error of what is none.
func number(text string) (n uint64, ok bool) {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' || n > 6553 {
			return 0, false
		}
		n = n*10 + uint64(text[i]-'0')
	}
	return n, text != ""
}

// maxCommand is how long a line may be. Cron of Debian refuses a file with a command of 1,000 bytes.
const maxCommand = 990

// splitAssignment splits a line NAME = value of a crontab. Name and value may be in quotes, which have to
// be closed, with nothing behind them. A value has to be there.
func splitAssignment(s string) (name, value string, ok bool) {
	var rest string
	if quote := s[0]; quote == '"' || quote == '\'' {
		name, rest, ok = strings.Cut(s[1:], s[:1])
	} else {
		end := strings.IndexAny(s, " \t=")
		ok = end > 0
		name, rest = s[:max(end, 0)], s[max(end, 0):]
	}
	value, equals := strings.CutPrefix(strings.TrimLeft(rest, " \t"), "=")
	value = strings.Trim(value, " \t")
	if !ok || !equals || name == "" || value == "" {
		return "", "", false
	}
	if quote := value[0]; quote == '"' || quote == '\'' {
		inner, behind, closed := strings.Cut(value[1:], value[:1])
		return name, inner, closed && behind == ""
	}
	return name, value, true
}
