package software

import "github.com/hardening-sdk/hardening/check/kind"

// Kinds returns the ready-made checks of this package by their names in baselines:
// software.absent, software.complete, software.no-holds, software.no-leftovers, software.present
// and software.signed.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("software.absent", Absent.Check, kind.Doc("No package with one of the names is installed.")),
		kind.New("software.complete", Complete.Check, kind.Doc("Every package of dpkg is fully installed and set up.")),
		kind.New("software.no-holds", NoHolds.Check, kind.Doc("No installed package of dpkg is on hold.")),
		kind.New("software.no-leftovers", NoLeftovers.Check, kind.Doc("dpkg holds no configuration of removed packages.")),
		kind.New("software.present", Present.Check, kind.Doc("A package with one of the names is installed.")),
		kind.New("software.signed", Signed.Check, kind.Doc("Nothing is installed whose origin is not proven by a signature.")),
	}
}
