package sys

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// ServiceState is a service or driver that the service control manager knows.
type ServiceState struct {
	Name  string
	State uint32 // SERVICE_STOPPED and so on, winsvc.h
}

// Services asks the service control manager for all services and drivers, with no more
// rights than to list them.
func Services() ([]ServiceState, error) {
	const types = windows.SERVICE_WIN32 | windows.SERVICE_DRIVER
	m, err := windows.OpenSCManager(nil, nil, windows.SC_MANAGER_CONNECT|windows.SC_MANAGER_ENUMERATE_SERVICE)
	if err != nil {
		return nil, err
	}
	defer windows.CloseServiceHandle(m)
	// Words, for the alignment of what is written there.
	for buf := make([]uint64, 8<<10); ; {
		var more, count uint32
		p := unsafe.Pointer(&buf[0])
		err := windows.EnumServicesStatusEx(m, windows.SC_ENUM_PROCESS_INFO, types, windows.SERVICE_STATE_ALL,
			(*byte)(p), uint32(8*len(buf)), &more, &count, nil, nil)
		if err == windows.ERROR_MORE_DATA && len(buf) < 4<<20 {
			buf = make([]uint64, 2*len(buf)+int(more)/8)
			continue
		}
		if err != nil {
			return nil, err
		}
		all := make([]ServiceState, count)
		for i, s := range unsafe.Slice((*windows.ENUM_SERVICE_STATUS_PROCESS)(p), count) {
			all[i] = ServiceState{windows.UTF16PtrToString(s.ServiceName), s.ServiceStatusProcess.CurrentState}
		}
		return all, nil
	}
}
