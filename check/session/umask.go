package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
	"github.com/hardening-sdk/hardening/inventory/logins/shellrc"
	"github.com/hardening-sdk/hardening/inventory/packages/dpkg"
)

// Umask is the kind session.umask. It requires that new files of people are closed to others: the
// mask of every session with a shell has all bits of Mask. It is what pam_umask sets, by its line,
// login.defs(5) or the account's comment, and relaxes for accounts with a group of their own name
// (usergroups); and what etc/profile sets after that. Where nothing sets it, it is 022. Commands that
// are run without a login shell, as by "su alice -c", ssh and cron, have the mask of pam_umask alone.
// What units of systemd and services without PAM start is not judged.
type Umask struct {
	Mask     *file.Mode `yaml:"mask,required" doc:"the bits that every mask has to have, 0001 to 0777"`
	Services []string   `default:"login,sshd,su-l,remote,cockpit,gdm-password,lightdm,sddm,xrdp-sesman" doc:"names of the services of PAM that begin a session with a shell, where they have a file of their own"`
	Commands []string   `default:"su,sshd,cron,crond" doc:"names of the services of PAM that begin a session of a command without a login shell, where they have a file of their own"`
}

// Check returns the check.
func (a Umask) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if *a.Mask == 0 || *a.Mask > 0o777 {
		return nil, errors.New("a mask of 001 to 777")
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		if there, err := shell(ctx, sys); err != nil {
			return err
		} else if !there {
			return noShell(v)
		}
		begins, err := begin(ctx, sys, a.Services)
		if err != nil {
			return err
		}
		commands, err := beginCommands(ctx, sys, a.Commands)
		if err != nil {
			return err
		}
		all, err := a.sessions(ctx, sys, begins, commands)
		if err != nil {
			return err
		}
		f := newFinder(v)
		for _, s := range all {
			a.judge(f, s.first, s.masks)
		}
		return nil
	}), nil
}

// session is how a session begins, and the masks that it may have at last.
type session struct {
	first
	masks []shellrc.Mask
}

// sessions returns those that shells begin, and those of commands that none of them begins.
func (a Umask) sessions(ctx context.Context, sys *inventory.System, begins, commands []first) ([]session, error) {
	plain, err := plainShells(ctx, sys)
	if err != nil {
		return nil, err
	}
	var all []session
	for _, b := range begins {
		for _, sh := range slices.Concat(logins, plain) {
			ms, err := masks(ctx, sys, sh, b.mask)
			if err != nil {
				return nil, err
			}
			all = append(all, session{b, ms})
		}
	}
	for _, b := range commands {
		b.command = true
		all = append(all, session{b, []shellrc.Mask{b.mask}})
		for _, sh := range others {
			ms, err := masks(ctx, sys, sh, b.mask)
			if err != nil {
				return nil, err
			}
			all = append(all, session{b, ms})
		}
	}
	return all, nil
}

// first is a mask that a session may begin with.
type first struct {
	mask    shellrc.Mask
	unsure  bool   // whether it is set is not certain
	relaxed string // the mask before usergroups
	command bool   // no login shell comes after it
}

const none = "022"

// begin returns the masks that sessions begin with, before the shell starts.
func begin(ctx context.Context, sys *inventory.System, services []string) ([]first, error) {
	stacks, err := opened(ctx, sys, services)
	if err != nil {
		return nil, err
	}
	all, err := ofStacks(ctx, sys, services, stacks)
	if err == nil && len(all) == 0 {
		all = []first{{mask: shellrc.Mask{Text: none}}}
	}
	return all, err
}

// beginCommands is begin for commands, which may begin in no other way than by these services if there is
// PAM.
func beginCommands(ctx context.Context, sys *inventory.System, services []string) ([]first, error) {
	stacks, err := opened(ctx, sys, services)
	if err != nil {
		return nil, err
	}
	if stacks == nil {
		return []first{{mask: shellrc.Mask{Text: none}}}, nil
	}
	return ofStacks(ctx, sys, services, stacks)
}

// ofStacks returns the masks that sessions of services begin with.
func ofStacks(ctx context.Context, sys *inventory.System, services []string, stacks map[string]pam.Stack) ([]first, error) {
	var all []first
	for _, name := range services {
		st, ok := stacks[name]
		if !ok {
			continue
		}
		entries, always, opens, err := met(st, "pam_umask")
		if err != nil {
			return nil, err
		}
		if !opens {
			continue
		}
		for _, e := range entries {
			more, err := ofModule(ctx, sys, e)
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
		if !always || len(entries) == 0 {
			all = append(all, first{mask: shellrc.Mask{Text: none}, unsure: len(entries) > 0})
		}
	}
	return all, nil
}

// ofModule returns the masks that an entry of pam_umask sets.
func ofModule(ctx context.Context, sys *inventory.System, e pam.Entry) ([]first, error) {
	m, err := configured(ctx, sys, e)
	if err != nil {
		return nil, err
	}
	all := []first{{mask: m}}
	on, err := usergroups(ctx, sys, e)
	if err != nil {
		return nil, err
	}
	if n, err := strconv.ParseUint(string(m.Text), 8, 32); err == nil && on {
		relaxed := m
		relaxed.Text = shellrc.Text(fmt.Sprintf("%03o", n&^0o070|n>>3&0o070))
		all = append(all, first{mask: relaxed, relaxed: string(m.Text)})
	}
	users, err := passwd.Fact.Of(ctx, sys)
	if err != nil {
		return nil, err
	}
	for _, u := range users {
		for part := range strings.SplitSeq(u.Comment, ",") {
			if len(part) > 6 && strings.EqualFold(part[:6], "umask=") {
				all = append(all, first{mask: shellrc.Mask{Text: shellrc.Text(octal(part[6:])), Position: u.Position}})
			}
		}
	}
	return all, nil
}

// configured returns the mask of the module's line, else of the files that it looks into.
func configured(ctx context.Context, sys *inventory.System, e pam.Entry) (shellrc.Mask, error) {
	value, source, line := "", e.Source, e.Line.Line
	for _, a := range e.Args {
		if len(a) > 6 && strings.EqualFold(a[:6], "umask=") {
			value = a[6:]
		}
	}
	for _, name := range []string{"etc/login.defs", "etc/default/login"} {
		if value != "" {
			break
		}
		x, err := pam.Searched.Of(ctx, sys, pam.Key{File: name, Name: "UMASK"})
		if err != nil {
			return shellrc.Mask{}, err
		}
		if !x.Compiled() {
			value, source, line = x.Value, x.Source, x.Line
			break
		}
	}
	if text := octal(value); text != "" {
		return shellrc.Mask{Text: shellrc.Text(text), Position: inventory.Position{Source: source, Line: line}}, nil
	}
	return shellrc.Mask{Text: none}, nil
}

// octal returns the octal digits that a text begins with; what follows does not matter.
func octal(text string) string {
	text = strings.TrimLeft(text, " \t")
	return text[:len(text)-len(strings.TrimLeft(text, "01234567"))]
}

// usergroups reports whether the module gives groups of accounts the rights of the owner:
// by its line, else as it was built: so by Debian from 1.5.3 on (its NEWS file), and by Ubuntu
// as USERGROUPS_ENAB of login.defs(5) says. Where the distribution is not known it may be so.
func usergroups(ctx context.Context, sys *inventory.System, e pam.Entry) (bool, error) {
	platform, err := sys.Platform(ctx)
	if err != nil {
		return false, err
	}
	on := false
	if ubuntu, _ := platform.Match("linux/ubuntu"); ubuntu {
		x, err := pam.Searched.Of(ctx, sys, pam.Key{File: "etc/login.defs", Name: "USERGROUPS_ENAB"})
		if err != nil {
			return false, err
		}
		on = strings.EqualFold(strings.TrimSpace(x.Value), "yes")
	} else if debian, known := platform.Match("linux/debian"); debian || !known {
		if on, err = newModules(ctx, sys); err != nil {
			return false, err
		}
	}
	for _, a := range e.Args {
		switch strings.ToLower(a) {
		case "usergroups":
			on = true
		case "nousergroups":
			on = false
		}
	}
	return on, nil
}

func newModules(ctx context.Context, sys *inventory.System) (bool, error) {
	pkgs, err := dpkg.Fact.Of(ctx, sys)
	if err != nil && !errors.Is(err, inventory.ErrAbsent) {
		return false, err
	}
	i := slices.IndexFunc(pkgs, func(p dpkg.Package) bool { return p.Name == "libpam-modules" && p.Present() })
	if i < 0 {
		return true, nil // which it is is not known: the less strict one
	}
	var a, b, c int
	if _, err := fmt.Sscanf(pkgs[i].Version, "%d.%d.%d", &a, &b, &c); err != nil {
		return true, nil
	}
	return a > 1 || a == 1 && (b > 5 || b == 5 && c >= 3), nil
}

// judge judges the masks that a session which begins with one may end with. Where some are as
// wanted it is not certain that the others count.
func (a Umask) judge(f finder, b first, masks []shellrc.Mask) {
	certain := !b.unsure && !slices.ContainsFunc(masks, func(m shellrc.Mask) bool { _, known := octalOf(m); return !known || a.accepts(m) })
	for _, m := range masks {
		got := string(m.Text)
		if _, known := octalOf(m); !known {
			got = "a mask that is worked out"
		}
		subject := "umask"
		if b.command {
			subject = "umask without a login shell"
		}
		ev := check.Evidence{Position: m.Position, Subject: subject, Want: fmt.Sprintf("%03o or stricter", uint32(*a.Mask)), Got: got}
		switch {
		case m == b.mask && b.relaxed != "":
			ev.Got += ", from " + b.relaxed + " by usergroups"
		case m.Source == "":
			ev.Got += ", which nothing sets"
		}
		switch {
		case a.accepts(m):
			f.good(ev)
		case certain:
			f.bad(ev)
		default:
			f.unsure(ev)
		}
	}
}

// octalOf returns the number of a mask, which is not known where the shell works it out.
func octalOf(m shellrc.Mask) (file.Mode, bool) {
	n, err := strconv.ParseUint(string(m.Text), 8, 32)
	return file.Mode(n), err == nil
}

func (a Umask) accepts(m shellrc.Mask) bool {
	n, known := octalOf(m)
	return known && n&*a.Mask == *a.Mask
}
