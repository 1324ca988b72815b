package pam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/group"
	"github.com/hardening-sdk/hardening/inventory/accounts/nsswitch"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
	"github.com/hardening-sdk/hardening/inventory/logins/sshd"
)

// AuthenticationRequired is the kind pam.authentication-required. It requires that nobody gets
// through the stack for logins of a service without a password, a key or the like: no way through
// it succeeds by modules alone that ask for nothing, such as pam_permit, pam_succeed_if or
// pam_wheel with trust. What a module does that is not known cannot be judged, where it decides.
//
// Each file of PAM is a service but for those in Except, and those that other files include are
// judged like one. sshd asks PAM for passwords only where its configuration has it so.
type AuthenticationRequired struct {
	Services []string `doc:"services; none means all that have a file"`
	Except   []string `default:"gdm-launch-environment,lightdm-greeter,sddm-greeter,gdm-autologin,lightdm-autologin,sddm-autologin,lxdm-autologin,systemd-user" doc:"services by which nobody logs in, or by whose programs' configuration"`
}

// Check returns the check.
func (a AuthenticationRequired) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	return waysIn(a.Services, a.Except, intruder{want: "a password, a key or the like is asked for"}), nil
}

// NoEmptyPasswords is the kind pam.no-empty-passwords. It requires that an account with an empty
// password is let in by no way through the stack for logins of a service: nullok of pam_unix does.
// Services are those of [AuthenticationRequired].
type NoEmptyPasswords struct {
	Services []string `doc:"services; none means all that have a file"`
	Except   []string `default:"gdm-launch-environment,lightdm-greeter,sddm-greeter,gdm-autologin,lightdm-autologin,sddm-autologin,lxdm-autologin,systemd-user,sssd-shadowutils" doc:"services by which nobody logs in, or by whose programs' configuration"`
}

// Check returns the check.
func (a NoEmptyPasswords) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	return waysIn(a.Services, a.Except, intruder{want: "an empty password is refused", empty: true}), nil
}

// intruder is somebody who tries to log in and knows nothing.
type intruder struct {
	want  string
	empty bool // as an account with an empty password
}

// waysIn asks that the intruder comes in by none of the services.
func waysIn(services, except []string, who intruder) check.Check {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		names := services
		if len(names) == 0 {
			var err error
			if names, err = serviceNames(ctx, sys); err != nil {
				return err
			}
		}
		var found []piece
		for _, name := range names {
			if slices.Contains(except, name) {
				continue
			}
			c, err := pam.Service.Of(ctx, sys, strings.ToLower(name))
			if err != nil {
				return err
			}
			// An unlisted one without a file is not there.
			if len(services) == 0 && !c.Own {
				continue
			}
			asked, err := asksPAM(ctx, sys, name)
			if err != nil {
				return err
			}
			if !asked {
				continue
			}
			some, err := who.tries(ctx, sys, c)
			if err != nil {
				return err
			}
			found = append(found, some...)
		}
		tell(v, found, "a way to log in")
		return nil
	})
}

// serviceNames returns the services that have a file, or those of etc/pam.conf that let people in.
func serviceNames(ctx context.Context, sys *inventory.System) ([]string, error) {
	names, err := pam.Services.Of(ctx, sys)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 { // etc/pam.conf, or no PAM
		return append([]string{"other"}, loginServices...), nil
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return strings.HasPrefix(name, ".") || slices.ContainsFunc(leftovers, func(end string) bool { return strings.HasSuffix(name, end) })
	}), nil
}

// asksPAM reports whether a service asks PAM for passwords. Of sshd its configuration says so; where
// there is no server, one that comes later would.
func asksPAM(ctx context.Context, sys *inventory.System, name string) (bool, error) {
	if name != "sshd" {
		return true, nil
	}
	c, err := sshd.Fact.Of(ctx, sys)
	if errors.Is(err, inventory.ErrAbsent) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	on := func(directive string) bool {
		all, errOf := c.Values(directive)
		err = errors.Join(err, errOf)
		return slices.ContainsFunc(all, func(s sshd.Value) bool { return s.Value != "no" })
	}
	asked := on("UsePAM")
	passwords, prompts := on("PasswordAuthentication"), on("KbdInteractiveAuthentication")
	return asked && (passwords || prompts), err
}

// The state of an intruder's way through a stack.
const guessed = 1 // a module said yes of which it is not known what it asks for

// tries returns how the intruder comes in by a service, or what stops him.
func (who intruder) tries(ctx context.Context, sys *inventory.System, c *pam.Config) ([]piece, error) {
	stack := c.Stacks[pam.Auth]
	if len(stack) == 0 { // it refuses everybody
		return nil, nil
	}
	try := func(without int) (open, unsure bool, err error) {
		g := gates{}
		var errStep error
		ends, err := stack.Walk(func(e pam.Entry, state uint32) []pam.Move {
			all, err := who.step(ctx, sys, g, e, state)
			errStep = errors.Join(errStep, err)
			if without >= 0 && e.Place() == stack[without].Place() {
				all = slices.DeleteFunc(all, func(m pam.Move) bool { return m.Code == pam.Success })
			}
			return all
		})
		return ended(ends, true, 0), ended(ends, true, guessed), errors.Join(err, errStep)
	}
	open, unsure, err := try(-1)
	if err != nil {
		return nil, err
	}
	if !open && !unsure {
		return []piece{{true, at(first(stack), first(stack).Name()+" of auth", who.want, "no way in without")}}, nil
	}
	// The first module without whose success there is no such way.
	culprit := first(stack)
	for i, e := range stack {
		stillOpen, stillUnsure, err := try(i)
		if err != nil {
			return nil, err
		}
		if open && !stillOpen || !open && !stillUnsure {
			culprit = e
			break
		}
	}
	if !open {
		return nil, fmt.Errorf("%s: what %s asks for is not known, and it decides about auth of %s: %w", culprit.Place(), culprit.Name(), c.Name, inventory.ErrUnavailable)
	}
	return []piece{{false, at(culprit, culprit.Name()+" of auth", who.want, "lets in all the same")}}, nil
}

// first returns the first module that is asked for who somebody is, or else the first one.
func first(stack pam.Stack) pam.Entry {
	for _, e := range stack {
		if slices.Contains(passwordModules, e.Name()) || slices.Contains(factors, e.Name()) {
			return e
		}
	}
	for _, e := range stack {
		if e.Name() == "pam_deny" {
			return e
		}
	}
	return stack[0]
}

// factors are modules that ask for something else than a password.
var factors = strings.Fields(`pam_google_authenticator pam_oath pam_u2f pam_yubico pam_pkcs11 pam_p11 pam_fprintd
	pam_ssh_agent_auth pam_rssh pam_duo pam_radius_auth pam_tacplus pam_krb5 pam_sss_gss pam_cockpit_cert
	pam_poldi pam_otpw pam_barada pam_howdy pam_timestamp pam_privacyidea pam_mysql pam_pgsql pam_userdb`)

// always are modules that succeed, or do not count, whoever asks.
var always = strings.Fields(`pam_env pam_faildelay pam_warn pam_echo pam_group pam_issue pam_cap pam_keyinit pam_motd pam_mail
	pam_lastlog pam_lastlog2 pam_umask pam_limits pam_loginuid pam_setquota pam_namespace pam_mkhomedir pam_oddjob_mkhomedir`)

// judging are modules that let some accounts through and others not, and ask for nothing.
var judging = strings.Fields(`pam_access pam_time pam_listfile pam_nologin pam_securetty pam_shells pam_tally pam_tally2
	pam_sepermit pam_selinux pam_ftp pam_rhosts pam_rhosts_auth pam_console pam_geoip pam_abl
	pam_gnome_keyring pam_kwallet pam_kwallet5 pam_ecryptfs pam_mount pam_encfs pam_systemd pam_xauth
	pam_slurm pam_slurm_adopt pam_tmpdir pam_chroot pam_tty_audit`)

// step returns what a module may say to the intruder.
func (who intruder) step(ctx context.Context, sys *inventory.System, g gates, e pam.Entry, state uint32) ([]pam.Move, error) {
	name := e.Name()
	switch {
	case slices.Contains(passwordModules, name):
		if who.empty && slices.ContainsFunc(e.Args, func(arg string) bool { return strings.HasPrefix(arg, "nullok") }) {
			return moves(state, pam.Success), nil
		}
		return moves(state, pam.AuthErr, pam.UserUnknown, pam.InfoUnavail, pam.MaxTries), nil
	case slices.Contains(factors, name):
		refusals := slices.DeleteFunc(e.Any(), func(c pam.Code) bool { return c == pam.Success || c == pam.Ignore })
		all := moves(state, append(refusals, pam.AuthErr)...)
		if slices.ContainsFunc(e.Args, func(arg string) bool { return strings.HasPrefix(arg, "nullok") }) {
			all = append(all, moves(state, pam.Ignore, pam.Success)...) // an account without the factor
		}
		return all, nil
	case slices.Contains(faillock, name):
		if e.Has("authfail") {
			return moves(state, pam.Ignore, pam.AuthErr), nil
		}
		return moves(state, pam.Success, pam.Ignore, pam.AuthErr), nil
	case name == "pam_wheel":
		if e.Has("trust") && !e.Has("deny") {
			return moves(state, pam.Success, pam.Ignore, pam.PermDenied), nil
		}
		return moves(state, pam.Ignore, pam.PermDenied), nil
	case name == "pam_debug":
		code, ok := e.Arg("auth")
		if !ok {
			code = string(pam.Success)
		}
		return moves(state, pam.Code(code)), nil
	case name == "pam_succeed_if":
		empty, err := nobodyIn(ctx, sys, e)
		if empty || err != nil {
			return moves(state, pam.AuthErr), err
		}
	case slices.Contains(always, name):
		return moves(state, pam.Success, pam.Ignore), nil
	}
	all := g.plain(e, state)
	switch name {
	case "pam_permit", "pam_deny", "pam_rootok", local, "pam_usertype", "pam_succeed_if":
		return all, nil
	}
	if !slices.Contains(judging, name) {
		for i := range all {
			if all[i].Code == pam.Success {
				all[i].State |= guessed
			}
		}
	}
	return all, nil
}

// nobodyIn reports whether a pam_succeed_if asks for a member of a group that has none, as the
// display managers come with one.
func nobodyIn(ctx context.Context, sys *inventory.System, e pam.Entry) (bool, error) {
	i := slices.Index(e.Args, "ingroup")
	if i < 1 || i+1 >= len(e.Args) || e.Args[i-1] != "user" {
		return false, nil
	}
	sources, err := nsswitch.Fact.Of(ctx, sys)
	if err != nil {
		return false, err
	}
	for _, s := range sources["group"] {
		if s != "files" && s != "systemd" && s != "compat" {
			return false, nil
		}
	}
	groups, err := group.Fact.Of(ctx, sys)
	if inventory.IsAbsent(err, "etc/group") {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	users, err := passwd.Fact.Of(ctx, sys)
	if err != nil {
		return false, err
	}
	for _, name := range strings.Split(e.Args[i+1], ":") {
		for _, g := range groups {
			if g.Name == name && (len(g.Members) > 0 || slices.ContainsFunc(users, func(u passwd.User) bool { return u.GID == g.GID })) {
				return false, nil
			}
		}
	}
	return true, nil
}
