// Package winservice tells which services and drivers a Windows system has, how each is
// started, and on a running one which of them run.
//
// How a service starts stands in the registry, one key for each below
//
//	HKLM\SYSTEM\CurrentControlSet\Services
//
// ("HKLM\SYSTEM\CurrentControlSet\Services Registry Tree" of Microsoft Learn), on an image
// as well. Keys without a Type belong to no service: programs keep counters there.
//
// What runs only the service control manager knows. The probe "windows/services" answers
// it as a JSON document, which [ParseStates] reads:
//
//	{"services": [{"name": "RpcSs", "state": "running"}]}
//
// It has all services and drivers; a state is one of stopped, start-pending, stop-pending,
// running, continue-pending, pause-pending and paused, SERVICE_STATUS_PROCESS of winsvc.h.
package winservice
