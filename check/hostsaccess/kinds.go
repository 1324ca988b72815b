package hostsaccess

import "github.com/hardening-sdk/hardening/check/kind"

// Kinds returns the ready-made check of this package by its name in baselines:
// hostsaccess.default-deny.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("hostsaccess.default-deny", DefaultDeny.Check,
			kind.Doc("Programs that ask libwrap refuse the clients that no line of hosts.allow names.")),
	}
}
