package account

import (
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Kinds returns the ready-made checks of this package by their names in baselines:
// account.changed-in-past, account.empty-password, account.groups-exist, account.hashing,
// account.homes-private, account.inactive-locked, account.no-legacy-entries,
// account.no-trust-files, account.password-age, account.rescue-password, account.superusers,
// account.system-locked and account.unique.
func Kinds() []kind.Kind {
	privileged := kind.Needs(check.NeedsPrivileges)
	return []kind.Kind{
		kind.New("account.changed-in-past", ChangedInPast.Check, privileged,
			kind.Doc("No password was changed on a day that is still to come.")),
		kind.New("account.empty-password", EmptyPassword.Check, privileged,
			kind.Doc("No account can be opened without a password.")),
		kind.New("account.groups-exist", GroupsExist.Check,
			kind.Doc("The primary group of every account is in etc/group.")),
		kind.New("account.hashing", Hashing.Check, privileged,
			kind.Doc("Every password that can be used is hashed by an allowed scheme.")),
		kind.New("account.homes-private", HomesPrivate.Check,
			kind.Doc("The home folders of people belong to them and have no more than the allowed permission bits.")),
		kind.New("account.inactive-locked", InactiveLocked.Check, privileged,
			kind.Doc("Every account with a password is locked some days after the password has expired.")),
		kind.New("account.no-legacy-entries", NoLegacyEntries.Check, privileged,
			kind.Doc("The lists of accounts and groups have no entries of NIS.")),
		kind.New("account.no-trust-files", NoTrustFiles.Check, privileged,
			kind.Doc("No file makes the system trust other hosts, or keeps passwords for them.")),
		kind.New("account.password-age", PasswordAge.Check, privileged,
			kind.Doc("Every password that can be used has to be changed after some days.")),
		kind.New("account.rescue-password", RescuePassword.Check, privileged,
			kind.Doc("The shells for rescue ask for the password of root.")),
		kind.New("account.superusers", Superusers.Check,
			kind.Doc("Only the allowed accounts have the user ID 0.")),
		kind.New("account.system-locked", SystemLocked.Check, privileged,
			kind.Doc("Nobody can log in to an account of the system with a password.")),
		kind.New("account.unique", Unique.Check,
			kind.Doc("No two accounts have the same name or user ID.")),
	}
}
