package version

import (
	"strings"
	"unicode"
)

// parseRange parses ranges like VersionRange of NuGet.Versioning: [1.0,2.0) and such intervals, of
// which one end may be empty; [1.0] for just one version; 1.0 for it and all after it.
// Pre-releases have no rule of their own.
//
// A floating version, 1.* or 1.0.0-rc.*, says which of several versions NuGet prefers. Of what
// satisfies it, it says the lower end only: 1.* has 2.0 too, as VersionRange.Satisfies says.
func (s nuget) parseRange(text string) ([]clause, error) {
	trimmed := strings.TrimSpace(text)
	at := len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace))
	if trimmed == "" {
		return nil, s.wrong(text, 0, "a version, or an interval such as [1.0,2.0)")
	}
	first, last := trimmed[0], trimmed[len(trimmed)-1]
	if first != '[' && first != '(' {
		t, err := s.bound(text, at, trimmed, ge, true)
		return []clause{{tests: t}}, err
	}
	if len(trimmed) == 1 || last != ']' && last != ')' {
		return nil, s.wrong(text, at+len(trimmed), "] or ) at the end")
	}
	return s.interval(text, at+1, trimmed[1:len(trimmed)-1], first == '[', last == ']')
}

// interval parses what is between brackets, inner, which starts at a byte of text. The ends
// are closed if they are square ones.
func (s nuget) interval(text string, at int, inner string, from, to bool) ([]clause, error) {
	low, high, two := strings.Cut(inner, ",")
	switch {
	case low == "" && high == "":
		return nil, s.wrong(text, at, "a version")
	case !two && !(from && to):
		return nil, s.wrong(text, at+len(low), "a comma, or [ and ] around one version")
	case !two && strings.TrimSpace(low) == "":
		return []clause{{}}, nil
	case !two:
		t, err := s.bound(text, at, low, eq, false)
		return []clause{{tests: t}}, err
	}
	lower, upper := gt, lt
	if from {
		lower = ge
	}
	if to {
		upper = le
	}
	tests, err := s.bound(text, at, low, lower, true)
	if err != nil {
		return nil, err
	}
	more, err := s.bound(text, at+len(low)+len(","), high, upper, false)
	if err != nil {
		return nil, err
	}
	if len(tests) > 0 && len(more) > 0 {
		c, err := s.Compare(tests[0].version, more[0].version)
		if err != nil {
			return nil, err
		}
		if c > 0 || c == 0 && from != to {
			return nil, s.wrong(text, at+len(low)+len(","), "a later version than the one before the comma")
		}
	}
	return []clause{{tests: append(tests, more...)}}, nil
}

func (s nuget) match(c *clause, v string) (bool, error) { return c.all(s, v) }

// bound makes a test of one end of an interval, or none of white space.
func (s nuget) bound(text string, at int, v string, o op, floats bool) ([]test, error) {
	if strings.TrimFunc(v, unicode.IsSpace) == "" {
		return nil, nil
	}
	if floats && strings.IndexByte(v, '*') >= 0 {
		lowest, ok := unfloat(v)
		if ok = ok && s.Validate(lowest) == nil; !ok {
			return nil, s.wrong(text, at, "a version with a star at the end, or before and after its first hyphen")
		}
		return []test{{op: o, version: strings.TrimSpace(lowest)}}, nil
	}
	if err := s.Validate(v); err != nil {
		return nil, within(err, text, at)
	}
	return []test{{op: o, version: strings.TrimSpace(v)}}, nil
}

// unfloat returns the lowest version that a floating one means.
func unfloat(v string) (lowest string, ok bool) {
	head, last := v[:len(v)-1], v[len(v)-1]
	star := strings.IndexByte(head, '*')
	if last != '*' || strings.IndexByte(v, '+') >= 0 {
		return "", false
	}
	if v == "*-*" {
		return "0.0.0-0", true
	}
	numbers, labels, dash := strings.Cut(head, "-")
	if star >= 0 {
		if !dash || star != len(numbers)-1 {
			return "", false
		}
		numbers = numbers[:star] + "0"
	} else if !dash {
		return head + "0", true
	}
	if labels == "" || labels[len(labels)-1] == '.' && (star >= 0 || strings.IndexByte(labels, '-') < 0) {
		labels += "0"
	}
	return numbers + "-" + labels, true
}

func (nuget) wrong(text string, at int, expected string) error {
	return invalid("nuget", text, at, expected)
}
