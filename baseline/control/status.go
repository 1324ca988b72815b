package control

import (
	"fmt"
	"slices"
)

// Status is the result of a rule, as defined by XCCDF 1.2 (NIST IR 7275r4, table 26). Its values
// and names are the same as in package check, which documents them. The zero value is Unknown.
type Status uint8

// The results of XCCDF 1.2.
const (
	Unknown Status = iota
	Pass
	Fail
	Error
	NotApplicable
	NotChecked
	NotSelected
	Informational
	Fixed
)

var statusNames = []string{"unknown", "pass", "fail", "error", "notapplicable",
	"notchecked", "notselected", "informational", "fixed"}

// String returns the XCCDF name of the status, such as "notapplicable", or "invalid(N)".
func (s Status) String() string { return nameOf(statusNames, int(s)) }

// MarshalText returns the XCCDF name of the status. An invalid status is an error.
func (s Status) MarshalText() ([]byte, error) { return marshal(statusNames, int(s)) }

// UnmarshalText parses the XCCDF name of a status. For any other text it sets Unknown and returns
// an error.
func (s *Status) UnmarshalText(b []byte) error {
	i, err := unmarshal(statusNames, b, "status")
	*s = Status(i)
	return err
}

// Severity says how much a failure of a rule matters, as defined by XCCDF 1.2. Its values and names
// are the same as in package check. The zero value is Unrated, which XCCDF calls "unknown".
type Severity uint8

// The severities of XCCDF 1.2.
const (
	Unrated Severity = iota
	Info
	Low
	Medium
	High
)

var severityNames = []string{"unknown", "info", "low", "medium", "high"}

// String returns the XCCDF name of the severity, such as "high", or "invalid(N)".
func (s Severity) String() string { return nameOf(severityNames, int(s)) }

// MarshalText returns the XCCDF name of the severity. An invalid severity is an error.
func (s Severity) MarshalText() ([]byte, error) { return marshal(severityNames, int(s)) }

// UnmarshalText parses the XCCDF name of a severity. For any other text it sets Unrated and returns
// an error.
func (s *Severity) UnmarshalText(b []byte) error {
	i, err := unmarshal(severityNames, b, "severity")
	*s = Severity(i)
	return err
}

func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprintf("invalid(%d)", i)
}

func marshal(names []string, i int) ([]byte, error) {
	if i < len(names) {
		return []byte(names[i]), nil
	}
	return nil, fmt.Errorf("no name for %d", i)
}

func unmarshal(names []string, b []byte, kind string) (int, error) {
	i := slices.Index(names, string(b))
	if i < 0 {
		return 0, fmt.Errorf("%q is not a %s, want one of %q", b, kind, names)
	}
	return i, nil
}
