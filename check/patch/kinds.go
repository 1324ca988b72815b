package patch

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made checks of this package by their names in baselines:
// patch.automatic, patch.fresh, patch.no-restart, patch.supported and patch.supported-windows.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("patch.automatic", Automatic.Check, kind.Doc("Updates are installed without a person.")),
		kind.New("patch.fresh", Fresh.Check, kind.Needs(check.NeedsLive),
			kind.Doc("The lists of available packages were fetched within some days.")),
		kind.New("patch.no-restart", NoRestart.Check, kind.States(check.Running), kind.Needs(check.NeedsLive), kind.Doc("No update waits for a restart.")),
		kind.New("patch.supported", Supported.Check,
			kind.Doc("The release of the operating system still gets security updates.")),
		kind.New("patch.supported-windows", SupportedWindows.Check, kind.Doc("The release of Windows still gets security updates.")),
	}
}
