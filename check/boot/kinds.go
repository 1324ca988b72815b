package boot

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made checks of this package by their names in baselines: boot.locked,
// boot.parameters and boot.secrets-private.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("boot.locked", Locked.Check, kind.Needs(check.NeedsPrivileges),
			kind.Doc("Nobody without a password, of which only a hash is kept, can change a command line at the menu of a boot loader.")),
		kind.New("boot.parameters", Parameters.Check, kind.States(check.Configured, check.Running), kind.Needs(check.NeedsPrivileges),
			kind.Doc("The command lines of the kernel have what is wanted and nothing that is forbidden.")),
		kind.New("boot.secrets-private", SecretsPrivate.Check, kind.Needs(check.NeedsPrivileges),
			kind.Doc("Only root can read the files of boot loaders in which passwords stand.")),
	}
}
