package inventory

import (
	"errors"
	"io/fs"

	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// The sentinels that a collector or a check decides on. Each is found with
// [errors.Is]; the message that wraps it says what was asked.
var (
	// ErrNotLive says that only a running system could tell: the system at hand is an
	// image, or nothing of the running one is reachable. It is that of [filetree].
	ErrNotLive = filetree.ErrNotLive

	// ErrAbsent is what a fact returns when its subject is not on the system at all, such
	// as the configuration of a program that is not installed. It is knowledge, not a
	// failure; a missing file alone never becomes it.
	ErrAbsent = errors.New("subject is absent")

	// ErrUnavailable says that this run has no way to tell: no registry, no prober, a
	// mount that must not be touched, a file that is not a regular one. It is that of
	// [filetree].
	ErrUnavailable = filetree.ErrUnavailable

	// ErrExcluded says that [Config].Exclude leaves out the folder that a name is in. An
	// intercept may wrap it too.
	ErrExcluded = errors.New("left out of the scan")

	// ErrLimit says that one of [Limits] was reached. There is never a prefix of what was
	// asked for beside it. It is that of [filetree].
	ErrLimit = filetree.ErrLimit

	// ErrTimeout says that a fact used up [Limits.FactTime].
	ErrTimeout = errors.New("time limit exceeded")

	// ErrCycle says that facts ask for one another in a ring.
	ErrCycle = errors.New("facts form a cycle")

	// ErrPanic says that a collector or a file tree panicked, or ended its goroutine. It is
	// that of [filetree].
	ErrPanic = filetree.ErrPanic
)

// IsAbsent reports whether err says that exactly the file name is not there. It is false for a
// file that the system has listed or looked at before: one that vanished is
// [filetree.ErrChanged], and its rule is unknown.
//
// It is the only safe way to conclude something from absence: [errors.Is] with
// [fs.ErrNotExist] is also true for a file that name includes, or for one of
// several joined errors.
func IsAbsent(err error, name string) bool {
	for err != nil {
		if pe, ok := err.(*fs.PathError); ok && pe.Path == name {
			return trail.IsAbsence(pe.Err)
		}
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			return false
		}
		err = u.Unwrap()
	}
	return false
}
