// Package winservice reads which services and drivers a Windows system has, how each is started,
// and on a running system which of them run.
//
// The registry has a key for each service, on an image as well. It tells how the service starts.
// The keys are below
//
//	HKLM\SYSTEM\CurrentControlSet\Services
//
// ("HKLM\SYSTEM\CurrentControlSet\Services Registry Tree" of Microsoft Learn). A key without a Type
// belongs to no service: programs keep counters there.
//
// Only the service control manager knows which services run. The probe "windows/services" returns
// this as a JSON document, which [ParseStates] reads:
//
//	{"services": [{"name": "RpcSs", "state": "running"}]}
//
// The document lists all services and drivers. A state is one of stopped, start-pending,
// stop-pending, running, continue-pending, pause-pending and paused, SERVICE_STATUS_PROCESS of
// winsvc.h.
package winservice
