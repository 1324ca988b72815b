package check

import (
	"fmt"
	"slices"
)

// Status is the result of a rule, as defined by XCCDF 1.2. The zero value is Unknown, so an empty
// result is not a verdict.
type Status uint8

// The results of XCCDF 1.2.
const (
	Unknown       Status = iota // could not be determined; the Reason says why
	Pass                        // everything is as required
	Fail                        // something was seen that is not as required
	Error                       // the check itself failed
	NotApplicable               // the system has nothing to check
	NotChecked                  // not examined; a person has to judge
	NotSelected                 // excluded by the baseline
	Informational               // reports something and judges nothing
	Fixed                       // failed and was fixed
)

var statusNames = [...]string{"unknown", "pass", "fail", "error", "notapplicable",
	"notchecked", "notselected", "informational", "fixed"}

// String returns the XCCDF name of the status, such as "notapplicable", or "invalid(N)".
func (s Status) String() string { return nameOf(statusNames[:], int(s)) }

// MarshalText returns the XCCDF name of the status. An invalid status is an error.
func (s Status) MarshalText() ([]byte, error) { return marshalName(statusNames[:], int(s)) }

// UnmarshalText parses the XCCDF name of a status. For any other text it sets Unknown and returns
// an error.
func (s *Status) UnmarshalText(b []byte) error {
	i, err := indexOf(statusNames[:], string(b), "status")
	*s = Status(max(i, 0))
	return err
}

// Severity says how much a failure of a rule matters, as defined by XCCDF 1.2. The zero value is
// Unrated, which XCCDF calls "unknown".
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

// String returns the XCCDF name of the severity, such as "high", or "invalid(N)".
func (s Severity) String() string { return nameOf(severityNames[:], int(s)) }

// MarshalText returns the XCCDF name of the severity. An invalid severity is an error.
func (s Severity) MarshalText() ([]byte, error) { return marshalName(severityNames[:], int(s)) }

// UnmarshalText parses the XCCDF name of a severity. For any other text it sets Unrated and returns
// an error.
func (s *Severity) UnmarshalText(b []byte) error {
	i, err := indexOf(severityNames[:], string(b), "severity")
	*s = Severity(max(i, 0))
	return err
}

// nameOf returns the name of index i, or "invalid(i)".
func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprintf("invalid(%d)", i)
}

// marshalName returns the name of index i, or an error if there is none.
func marshalName(names []string, i int) ([]byte, error) {
	if i < len(names) {
		return []byte(names[i]), nil
	}
	return nil, fmt.Errorf("no name for %d", i)
}

// indexOf returns the index of name in names, or -1 and an error that calls it a kind.
func indexOf(names []string, name, kind string) (int, error) {
	i := slices.Index(names, name)
	if i < 0 {
		return i, fmt.Errorf("%q is not a %s, want one of %q", name, kind, names)
	}
	return i, nil
}
