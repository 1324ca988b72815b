package check

import (
	"fmt"
	"slices"
)

// Status is the result of a rule in the terms of XCCDF 1.2. The zero value is
// Unknown, so that a result nobody filled in is no verdict.
type Status uint8

// The results of XCCDF 1.2.
const (
	Unknown       Status = iota // it could not be found out; Reason says why
	Pass                        // all that was asked for is so
	Fail                        // something was seen that is not so
	Error                       // the check itself went wrong
	NotApplicable               // the system has no subject for it
	NotChecked                  // it was not examined; a person has to
	NotSelected                 // the baseline left it out
	Informational               // it reports and judges nothing
	Fixed                       // it failed and was put right
)

var statusNames = [...]string{"unknown", "pass", "fail", "error", "notapplicable",
	"notchecked", "notselected", "informational", "fixed"}

// String is the spelling of XCCDF, such as "notapplicable".
func (s Status) String() string { return nameOf(statusNames[:], int(s)) }

// MarshalText returns the spelling of XCCDF.
func (s Status) MarshalText() ([]byte, error) { return marshalName(statusNames[:], int(s)) }

// UnmarshalText reads the spelling of XCCDF.
func (s *Status) UnmarshalText(b []byte) error {
	i, err := indexOf(statusNames[:], string(b), "status")
	*s = Status(max(i, 0))
	return err
}

// Severity is how much a failure of a rule matters, in the terms of XCCDF 1.2. The
// zero value is "unknown".
type Severity uint8

// The severities of XCCDF 1.2.
const (
	Unrated Severity = iota
	Info
	Low
	Medium
	High
)

var severityNames = [...]string{"unknown", "info", "low", "medium", "high"}

// String is the spelling of XCCDF, such as "high".
func (s Severity) String() string { return nameOf(severityNames[:], int(s)) }

// MarshalText returns the spelling of XCCDF.
func (s Severity) MarshalText() ([]byte, error) { return marshalName(severityNames[:], int(s)) }

// UnmarshalText reads the spelling of XCCDF.
func (s *Severity) UnmarshalText(b []byte) error {
	i, err := indexOf(severityNames[:], string(b), "severity")
	*s = Severity(max(i, 0))
	return err
}

func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprintf("invalid(%d)", i)
}

func marshalName(names []string, i int) ([]byte, error) {
	if i < len(names) {
		return []byte(names[i]), nil
	}
	return nil, fmt.Errorf("no name for %d", i)
}

func indexOf(names []string, name, kind string) (int, error) {
	i := slices.Index(names, name)
	if i < 0 {
		return i, fmt.Errorf("%q is not a %s, want one of %q", name, kind, names)
	}
	return i, nil
}
