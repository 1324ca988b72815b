package file

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made checks of this package by their names in baselines: file.below,
// file.capabilities, file.hooks-protected, file.libraries-protected, file.permissions, file.present,
// file.protected, file.setuid, file.sticky, file.unowned and file.world-writable.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("file.below", Below.Check, kind.Needs(check.NeedsPrivileges),
			kind.Doc("All that is in some folders has no more than the allowed permission bits, and an allowed owner and group.")),
		kind.New("file.capabilities", Capabilities.Check, kind.Needs(check.NeedsWalk, check.NeedsPrivileges),
			kind.Doc("Only the expected files have capabilities of their own.")),
		kind.New("file.hooks-protected", Hooks.Check, kind.States(check.Configured, check.Running), kind.Needs(check.NeedsPrivileges),
			kind.Doc("Only root can change what the system runs as root at boot, at logins and when something happens.")),
		kind.New("file.libraries-protected", Libraries.Check, kind.Needs(check.NeedsPrivileges),
			kind.Doc("Only root can change the libraries and modules that programs of root load.")),
		kind.New("file.permissions", Permissions.Check,
			kind.Doc("The files that are there have no more than the allowed permission bits, and an allowed owner and group.")),
		kind.New("file.present", Present.Check,
			kind.Doc("One of the files is there.")),
		kind.New("file.protected", Protected.Check, kind.Needs(check.NeedsPrivileges),
			kind.Doc("Only root can change or replace the files, by themselves or by a folder on the way.")),
		kind.New("file.setuid", Setuid.Check, kind.Needs(check.NeedsWalk, check.NeedsPrivileges),
			kind.Doc("Only the expected files run with the rights of their owner or group.")),
		kind.New("file.sticky", Sticky.Check, kind.Needs(check.NeedsWalk, check.NeedsPrivileges),
			kind.Doc("Every folder that everybody may write to has the sticky bit.")),
		kind.New("file.unowned", Unowned.Check, kind.Needs(check.NeedsWalk, check.NeedsPrivileges),
			kind.Doc("Every file belongs to a user and a group that exist.")),
		kind.New("file.world-writable", WorldWritable.Check, kind.Needs(check.NeedsWalk, check.NeedsPrivileges),
			kind.Doc("No regular file may be written to by everybody.")),
	}
}
