package session

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made checks of this package by their names in baselines:
// session.core-dumps-dropped, session.no-core-dumps, session.root-path, session.timeout and
// session.umask.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("session.core-dumps-dropped", CoreDumpsDropped.Check,
			kind.Doc("Systemd-coredump, which gets the images of memory, keeps nothing of them.")),
		kind.New("session.no-core-dumps", NoCoreDumps.Check,
			kind.Doc("A hard limit of every session forbids images of memory.")),
		kind.New("session.root-path", RootPath.Check, kind.Needs(check.NeedsPrivileges),
			kind.Doc("Only root can put a program where root looks for one.")),
		kind.New("session.timeout", Timeout.Check,
			kind.Doc("Idle shells end after some time, and nobody can change that.")),
		kind.New("session.umask", Umask.Check,
			kind.Doc("New files of people are closed to others.")),
	}
}
