// Package pam has ready-made checks of what Linux-PAM asks of those who log in and of their new
// passwords: which passwords are refused, whether accounts are locked after wrong ones, who may
// become root.
//
// They judge the stacks of services by the ways that a login can take through them, so that a
// module counts only where it is really met. Services that have no file of their own are not
// judged, since the programs that use them are seldom there. A system without PAM has nothing to
// judge, unless a check says otherwise. [Kinds] has the names of the checks in baselines.
package pam

import (
	"context"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
)

// loginServices are the services by which people log in or take on the rights of another account.
var loginServices = []string{"login", "sshd", "su", "su-l", "sudo", "sudo-i", "remote", "cockpit", "polkit-1", "vlock",
	"gdm-password", "lightdm", "sddm", "xrdp-sesman", "vsftpd"}

// passwordModules look a password up; the first keeps the passwords of local accounts.
var passwordModules = []string{"pam_unix", "pam_sss", "pam_ldap", "pam_krb5", "pam_winbind", "pam_systemd_home", "pam_unix2", "pam_tcb"}

// configs returns the stacks of those of the services that have a file of their own.
func configs(ctx context.Context, sys *inventory.System, names []string) ([]*pam.Config, error) {
	var all []*pam.Config
	for _, name := range names {
		c, err := pam.Service.Of(ctx, sys, name)
		if err != nil {
			return nil, err
		}
		if c.Own {
			all = append(all, c)
		}
	}
	return all, nil
}

// piece is a piece of evidence, and whether it is of what is as wanted.
type piece struct {
	good bool
	check.Evidence
}

// judge judges services one by one: of returns what it finds of one. What it cannot find out counts
// before what is wrong.
func judge(ctx context.Context, sys *inventory.System, v *check.Verdict, names []string, of func(*pam.Config) ([]piece, error)) error {
	all, err := configs(ctx, sys, names)
	if err != nil {
		return err
	}
	var found []piece
	for _, c := range all {
		some, err := of(c)
		if err != nil {
			return err
		}
		found = append(found, some...)
	}
	tell(v, found, setting.AnyOf(names))
	return nil
}

// tell says what was found, and else that there is no subject. What was said before is left out:
// services share most of their modules.
func tell(v *check.Verdict, found []piece, subject string) {
	said := map[piece]bool{}
	for _, p := range found {
		if !said[p] {
			said[p] = true
			v.Judge(p.good, p.Evidence)
		}
	}
	if len(found) == 0 {
		v.Say("no service has such a stack")
		v.Absent(check.Evidence{Position: inventory.Position{Source: "etc/pam.d"}, Subject: subject, Got: "no such stack"})
	}
}

// at returns evidence about an entry of a stack.
func at(e pam.Entry, subject, want, got string) check.Evidence {
	return check.Evidence{Position: e.Position, Subject: subject, Want: want, Got: got}
}

// moves returns a move for each code, in the same state.
func moves(state uint32, codes ...pam.Code) []pam.Move {
	all := make([]pam.Move, len(codes))
	for i, c := range codes {
		all[i] = pam.Move{Code: c, State: state}
	}
	return all
}

// denied is what pam_deny returns.
var denied = map[pam.Group]pam.Code{pam.Auth: pam.AuthErr, pam.Account: pam.AuthErr, pam.Password: pam.AuthtokErr, pam.Session: pam.SessionErr}

// known makes the settings of modules known that are not in the stack but once.
type known struct {
	ctx context.Context
	sys *inventory.System
	err error
}

func (k *known) of(e pam.Entry) pam.Settings {
	s, err := e.Settings(k.ctx, k.sys)
	if err != nil && k.err == nil {
		k.err = err
	}
	return s
}
