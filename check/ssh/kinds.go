package ssh

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made checks of this package by their names in baselines: ssh.client,
// ssh.directive, ssh.host-keys, ssh.keys-protected, ssh.keys-strong and ssh.second-factor.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("ssh.client", Client.Check,
			kind.Doc("No line of the SSH client's configuration gives a directive a value that is refused.")),
		kind.New("ssh.directive", Directive.Check,
			kind.Doc("A directive of the SSH server has an accepted value, in general and in each Match block.")),
		kind.New("ssh.host-keys", HostKeys.Check, kind.Needs(check.NeedsPrivileges),
			kind.Doc("The keys of the SSH server are strong, and its own alone.")),
		kind.New("ssh.keys-protected", KeysProtected.Check, kind.Needs(check.NeedsPrivileges),
			kind.Doc("Only the user or root can change the files whose keys let somebody in.")),
		kind.New("ssh.keys-strong", StrongKeys.Check, kind.Needs(check.NeedsPrivileges),
			kind.Doc("Each key that lets somebody in over SSH is strong.")),
		kind.New("ssh.second-factor", SecondFactor.Check, kind.Doc("Nobody gets in over SSH by one factor alone.")),
	}
}
