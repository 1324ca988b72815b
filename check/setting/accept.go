// Package setting provides the ready-made check of a single setting of a program. Its type [Accept]
// defines accepted values and is shared by other ready-made checks. [Kinds] has the name of the
// check in baselines.
package setting

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Accept defines the accepted values of a setting. There are three ways: listed values and numbers
// in a range, all values except some, or lists without some elements. The arguments of ready-made
// checks embed it. The zero value is invalid.
type Accept struct {
	Want []string `doc:"accepted values, as the program's manual spells them"`
	Min  *int     `doc:"the least number that is accepted"`
	Max  *int     `doc:"the greatest number that is accepted"`
	// Refuse and Forbid cannot be combined with each other or with the fields above.
	Refuse []string `doc:"values that are not accepted, while all others are; an empty one is that of a setting that is not set"`
	Forbid []string `doc:"patterns, as of glob(7), for what a list separated by commas or blanks must not have"`
}

// Validate returns an error if not exactly one of the three ways is used, if Min is greater than
// Max, or if a pattern is malformed.
func (a Accept) Validate() error {
	ways := 0
	for _, given := range []bool{len(a.Want) > 0 || a.hasRange(), len(a.Refuse) > 0, len(a.Forbid) > 0} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		return errors.New("want one of: accepted values and a minimum or maximum, refused values, forbidden elements")
	}
	if a.Min != nil && a.Max != nil && *a.Min > *a.Max {
		return fmt.Errorf("the minimum %d is more than the maximum %d", *a.Min, *a.Max)
	}
	for _, p := range a.Forbid {
		if _, err := path.Match(p, ""); err != nil {
			return fmt.Errorf("%q: %w", p, err)
		}
	}
	return nil
}

// hasRange reports whether a range of numbers is accepted.
func (a Accept) hasRange() bool { return a.Min != nil || a.Max != nil }

// Accepts reports whether value is accepted. A value that is not a number is not in any range.
func (a Accept) Accepts(value string) bool {
	if len(a.Forbid) > 0 {
		return len(a.forbidden(value)) == 0
	}
	if len(a.Refuse) > 0 {
		return !slices.Contains(a.Refuse, value)
	}
	if slices.Contains(a.Want, value) {
		return true
	}
	n, err := strconv.Atoi(value)
	return a.hasRange() && err == nil && (a.Min == nil || n >= *a.Min) && (a.Max == nil || n <= *a.Max)
}

// Wanted returns the accepted values as text for evidence, such as "yes or no", "1 to 4" or "none
// of *-cbc".
func (a Accept) Wanted() string {
	if len(a.Forbid) > 0 {
		return "none of " + strings.Join(a.Forbid, ",")
	}
	if len(a.Refuse) > 0 {
		named := slices.DeleteFunc(slices.Clone(a.Refuse), func(v string) bool { return v == "" })
		if len(named) == 0 {
			return "set"
		}
		return "set, and not to " + strings.Join(named, " or ")
	}
	all := slices.Clone(a.Want)
	switch {
	case a.Min != nil && a.Max != nil:
		all = append(all, fmt.Sprintf("%d to %d", *a.Min, *a.Max))
	case a.Min != nil:
		all = append(all, fmt.Sprintf("%d or more", *a.Min))
	case a.Max != nil:
		all = append(all, fmt.Sprintf("%d or less", *a.Max))
	}
	return strings.Join(all, " or ")
}

// Got returns the relevant part of value for evidence. If Forbid is used, this is the forbidden
// elements or "none of these", else the value itself.
func (a Accept) Got(value string) string {
	if len(a.Forbid) == 0 {
		return value
	}
	if found := a.forbidden(value); len(found) > 0 {
		return strings.Join(found, ",")
	}
	return "none of these"
}

// forbidden returns the forbidden elements of the list value.
func (a Accept) forbidden(value string) []string {
	var all []string
	for _, e := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		if slices.ContainsFunc(a.Forbid, func(p string) bool { ok, _ := path.Match(p, e); return ok }) {
			all = append(all, e)
		}
	}
	return all
}
