package inventory

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sys/windows"

	"github.com/hardening-sdk/hardening/internal/sys"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Host returns the machine that this process runs on: its drives, its registry, and what
// only the running Windows knows, live. Names of files begin with the drive:
// "C:/Windows/win.ini".
//
// Drives of other machines and removable ones are not touched unless [Limits] allow it.
// Without an administrator's rights some keys and files cannot be seen, which checks
// report as unknown.
func Host() (Config, error) {
	p := Platform{OS: "windows", ID: "windows"}
	// What cannot be read now is asked for again, and told, by System.Platform.
	if values, err := (winRegistry{}).Values(winVersionKey); err == nil {
		p.fillWindows(values)
	}
	f, err := filetree.Host()
	if err != nil {
		return Config{}, err
	}
	return Config{FS: f, Registry: winRegistry{}, Prober: winProber{}, Live: true, Platform: p}, nil
}

// winProber returns what neither files nor registry of Windows show.
type winProber struct{}

// Probe knows "windows/services": the states of services and drivers. Package
// inventory/services/winservice states the form of the document.
func (winProber) Probe(_ context.Context, name string) ([]byte, error) {
	if name != "windows/services" {
		return nil, fmt.Errorf("unknown to Windows: %w", ErrUnavailable)
	}
	all, err := sys.Services()
	if err != nil {
		return nil, err
	}
	type service struct {
		Name  string `json:"name"`
		State string `json:"state"`
	}
	doc := struct {
		Services []service `json:"services"`
	}{[]service{}}
	for _, s := range all {
		state, ok := serviceStates[s.State]
		if !ok {
			return nil, fmt.Errorf("service %s is in the unknown state %d", s.Name, s.State)
		}
		doc.Services = append(doc.Services, service{s.Name, state})
	}
	slices.SortFunc(doc.Services, func(a, b service) int { return strings.Compare(a.Name, b.Name) })
	return json.Marshal(doc)
}

// serviceStates are the states of SERVICE_STATUS_PROCESS, winsvc.h.
var serviceStates = map[uint32]string{
	windows.SERVICE_STOPPED: "stopped", windows.SERVICE_START_PENDING: "start-pending",
	windows.SERVICE_STOP_PENDING: "stop-pending", windows.SERVICE_RUNNING: "running",
	windows.SERVICE_CONTINUE_PENDING: "continue-pending", windows.SERVICE_PAUSE_PENDING: "pause-pending",
	windows.SERVICE_PAUSED: "paused",
}
