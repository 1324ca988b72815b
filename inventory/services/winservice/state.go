package winservice

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// State is the state of a service by the service control manager.
type State string

// The states of winsvc.h.
const (
	Stopped         State = "stopped"
	StartPending    State = "start-pending"
	StopPending     State = "stop-pending"
	Running         State = "running"
	ContinuePending State = "continue-pending"
	PausePending    State = "pause-pending"
	Paused          State = "paused"
)

var states = [...]State{Stopped, StartPending, StopPending, Running, ContinuePending, PausePending, Paused}

// Active reports whether a service in this state is in memory.
func (s State) Active() bool { return s != "" && s != Stopped }

// Status is the state of one service.
type Status struct {
	Name  string
	State State
}

// Probe is the name of the document that [States] reads.
const Probe = "windows/services"

// States returns the services and drivers that the service control manager knows, sorted by name
// without regard to letter case. On an image it is [inventory.ErrNotLive].
var States = inventory.NewFact("windows service states", probeStates)

func probeStates(ctx context.Context, s *inventory.System) ([]Status, error) {
	doc, err := s.Probe(ctx, Probe)
	if err != nil {
		return nil, err
	}
	all, err := ParseStates(doc)
	if err != nil {
		return nil, fmt.Errorf("probe %s: %w", Probe, err)
	}
	return all, nil
}

// ParseStates reads the document of the probe, described in the package documentation. The error
// joins all mistakes; on an error there are no states.
func ParseStates(doc []byte) ([]Status, error) {
	var d struct{ Services *[]Status }
	dec := json.NewDecoder(bytes.NewReader(doc))
	if err := dec.Decode(&d); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("there is more after the document")
	}
	if d.Services == nil {
		return nil, errors.New("services are missing")
	}
	all := *d.Services
	// Sorted, so that repeated names are neighbors.
	slices.SortStableFunc(all, func(a, b Status) int { return compareNames(a.Name, b.Name) })
	var errs []error
	for i, s := range all {
		switch {
		case s.Name == "":
			errs = append(errs, errors.New("a service has no name"))
		case i > 0 && compareNames(s.Name, all[i-1].Name) == 0:
			errs = append(errs, fmt.Errorf("%s is there twice", s.Name))
		case !slices.Contains(states[:], s.State):
			errs = append(errs, fmt.Errorf("%s is in the unknown state %q", s.Name, s.State))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return all, nil
}

// compareNames compares names without regard to letter case, as Windows does.
func compareNames(a, b string) int { return strings.Compare(strings.ToUpper(a), strings.ToUpper(b)) }
