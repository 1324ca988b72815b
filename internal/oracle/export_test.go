package oracle

import (
	"maps"
	"slices"
	"time"
)

// Programs are the names in the table of probes.
func Programs() []string { return slices.Sorted(maps.Keys(probes)) }

// SetPatience sets how long a probe may take, and returns what sets it back.
func SetPatience(d time.Duration) (back func()) {
	old := patience
	patience = d
	return func() { patience = old }
}
