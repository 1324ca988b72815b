package winservice_test

import (
	"testing"

	"golang.org/x/sys/windows"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/winservice"
)

// The service control manager, asked for each service alone, reports the same state and type.
func TestAgreesWithTheControlManager(t *testing.T) {
	cfg, err := inventory.Host()
	if err != nil {
		t.Fatal(err)
	}
	all, err := winservice.Fact.Of(t.Context(), inventorytest.Open(t, cfg))
	if err != nil {
		t.Fatal(err)
	}
	m, err := windows.OpenSCManager(nil, nil, windows.SC_MANAGER_CONNECT)
	if err != nil {
		t.Fatal(err)
	}
	defer windows.CloseServiceHandle(m)
	running := map[winservice.State]uint32{winservice.Running: windows.SERVICE_RUNNING,
		winservice.Stopped: windows.SERVICE_STOPPED}
	compared := 0
	for _, s := range all {
		name, err := windows.UTF16PtrFromString(s.Name)
		if err != nil {
			t.Fatal(err)
		}
		h, err := windows.OpenService(m, name, windows.SERVICE_QUERY_STATUS|windows.SERVICE_QUERY_CONFIG)
		if err != nil {
			if s.State != "" {
				t.Errorf("%s: %v", s.Name, err)
			}
			continue
		}
		defer windows.CloseServiceHandle(h)
		var status windows.SERVICE_STATUS
		if err := windows.QueryServiceStatus(h, &status); err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		if want, ok := running[s.State]; ok {
			compared++
			if status.CurrentState != want || winservice.Type(status.ServiceType) != s.Type {
				t.Errorf("%s: got %s and type %#x, want state %d and type %#x", s.Name, s.State, s.Type, status.CurrentState,
					status.ServiceType)
			}
		}
	}
	if compared < 5 {
		t.Errorf("got %d services to compare of %d", compared, len(all))
	}
}
