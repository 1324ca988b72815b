package sudo

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made checks of this package by their names in baselines:
// sudo.files-protected, sudo.no-exceptions, sudo.no-variables, sudo.not-for-all, sudo.passwords-asked and
// sudo.setting.
func Kinds() []kind.Kind {
	privileged := kind.Needs(check.NeedsPrivileges)
	return []kind.Kind{
		kind.New("sudo.files-protected", FilesProtected.Check, privileged,
			kind.Doc("Only root can change the files of sudo, those that they include, and the folders on the way.")),
		kind.New("sudo.no-exceptions", NoExceptions.Check, privileged,
			kind.Doc("No rule of sudo allows all commands but some.")),
		kind.New("sudo.no-variables", NoVariables.Check, privileged,
			kind.Doc("No rule and no setting of sudo lets others than root set any variable of the environment.")),
		kind.New("sudo.not-for-all", NotForAll.Check, privileged,
			kind.Doc("Only named users and groups may run everything by sudo.")),
		kind.New("sudo.passwords-asked", PasswordsAsked.Check, privileged,
			kind.Doc("Sudo asks everybody but root and the allowed users for a password.")),
		kind.New("sudo.setting", Setting.Check, privileged,
			kind.Doc("A setting of sudo has an accepted value wherever it is set.")),
	}
}
