package check

import "strings"

// States is the set of the states of a system that a rule judges: what is configured, what runs at
// this moment, or both. A rule that judges only what is configured has the same verdict on a running
// system and on its image. A rule that judges both fails on a running system also where the
// configuration is right and does not show in what runs; on an image the configuration decides.
// Kinds of ready-made checks declare their states. The zero value says nothing.
type States uint8

// The states of a system.
const (
	Configured States = 1 << iota // files of configuration, and what they make of the next boot
	Running                       // processes, the kernel and what is mounted, at this moment
)

var stateNames = [...]string{"configured", "running"}

// Has reports whether s contains all of state.
func (s States) Has(state States) bool { return s&state == state }

// String returns the names of the states, separated by spaces, such as "configured running". It
// returns the empty string for the zero value.
func (s States) String() string {
	var all []string
	for i, name := range stateNames {
		if s&(1<<i) != 0 {
			all = append(all, name)
		}
	}
	return strings.Join(all, " ")
}

// MarshalText returns the same text as [States.String].
func (s States) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText parses names separated by white space: "configured", "running". Any other name is an
// error.
func (s *States) UnmarshalText(b []byte) error {
	var all States
	for _, name := range strings.Fields(string(b)) {
		i, err := indexOf(stateNames[:], name, "state")
		if err != nil {
			return err
		}
		all |= 1 << i
	}
	*s = all
	return nil
}
