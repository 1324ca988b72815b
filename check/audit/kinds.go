package audit

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made checks of this package by their names in baselines: audit.complete,
// audit.control, audit.log-kept, audit.log-private, audit.syscalls and audit.watch.
func Kinds() []kind.Kind {
	needs := kind.Needs(check.NeedsPrivileges)
	return []kind.Kind{
		kind.New("audit.complete", Complete.Check, needs, kind.Doc("Every line of the audit rules is loaded.")),
		kind.New("audit.control", Control.Check, needs, kind.Doc("A setting of the kernel's audit system has an accepted value.")),
		kind.New("audit.log-kept", Kept.Check, needs, kind.Doc("The audit daemon writes its log and keeps enough of it.")),
		kind.New("audit.log-private", Private.Check, needs, kind.Doc("Only root and some groups can read the audit daemon's log.")),
		kind.New("audit.syscalls", Calls.Check, needs, kind.Doc("System calls are recorded.")),
		kind.New("audit.watch", Watch.Check, needs, kind.Doc("Access to files is recorded.")),
	}
}
