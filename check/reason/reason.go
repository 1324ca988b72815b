// Package reason names why a result of a check is no verdict.
package reason

// Reason says why a result is no verdict. It is empty for a verdict, and for an
// error with no more to say than its message.
type Reason string

// The reasons.
const (
	Unavailable Reason = "unavailable" // this run has no way to ask
	Excluded    Reason = "excluded"    // it lies in a folder that the scan leaves out
	Permission  Reason = "permission"  // the scan may not read it
	Limit       Reason = "limit"       // a bound of inventory.Limits was reached
	Timeout     Reason = "timeout"     // a time limit was used up
	Canceled    Reason = "canceled"    // the run was ended
	Panic       Reason = "panic"       // the check or a collector panicked
	NotLive     Reason = "not-live"    // only the running system knows
	Platform    Reason = "platform"    // it is not known what the system runs
	Manual      Reason = "manual"      // a person has to judge
)
