// Package reason defines the reasons why a check gives no verdict.
package reason

// Reason says why a result is not a verdict. It is empty for a verdict, and for an error that is
// described by its message alone.
type Reason string

// The reasons.
const (
	Unavailable Reason = "unavailable" // the scan has no means to find out
	Excluded    Reason = "excluded"    // the scan excludes the folder
	Permission  Reason = "permission"  // the scan lacks permission to read
	Limit       Reason = "limit"       // a limit of inventory.Limits was reached
	Timeout     Reason = "timeout"     // a time limit was reached
	Canceled    Reason = "canceled"    // the scan was canceled
	Panic       Reason = "panic"       // the check or a collector panicked
	NotLive     Reason = "not-live"    // only a running system can tell
	Platform    Reason = "platform"    // the platform of the system is not known
	Manual      Reason = "manual"      // a person has to judge
)
