package pam

import "github.com/hardening-sdk/hardening/check/kind"

// Kinds returns the ready-made checks of this package by their names in baselines:
// pam.authentication-required, pam.dictionary, pam.hashing, pam.history, pam.lockout,
// pam.minimum-length, pam.no-empty-passwords, pam.option-absent and pam.su-restricted.
func Kinds() []kind.Kind {
	return []kind.Kind{
		kind.New("pam.authentication-required", AuthenticationRequired.Check, kind.Doc("Nobody gets through PAM without being asked for anything.")),
		kind.New("pam.dictionary", Dictionary.Check, kind.Doc("A new password that is easily guessed is refused.")),
		kind.New("pam.hashing", Hashing.Check, kind.Doc("New passwords are hashed by one of some methods.")),
		kind.New("pam.history", History.Check, kind.Doc("The last passwords of an account are refused.")),
		kind.New("pam.lockout", Lockout.Check, kind.Doc("An account is locked after wrong passwords.")),
		kind.New("pam.minimum-length", MinimumLength.Check, kind.Doc("Nobody can choose a password that is too short.")),
		kind.New("pam.no-empty-passwords", NoEmptyPasswords.Check, kind.Doc("PAM lets in nobody by an empty password.")),
		kind.New("pam.option-absent", OptionAbsent.Check, kind.Doc("A module of PAM has none of some arguments.")),
		kind.New("pam.su-restricted", SuRestricted.Check, kind.Doc("su lets only members of a group become root.")),
	}
}
