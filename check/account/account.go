// Package account has ready-made checks of local user accounts: superusers, empty and
// weakly hashed passwords, accounts of the system, identifiers that are not unique.
//
// They judge what etc/passwd and etc/shadow hold. Accounts of a directory service are
// not seen. No evidence ever holds a hash. [Kinds] names the checks.
package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/crypt"
	"github.com/hardening-sdk/hardening/inventory/accounts/logindefs"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/accounts/shadow"
)

// Superusers is the kind account.superusers. It requires that no account but the allowed ones has
// the user ID 0.
type Superusers struct {
	Allow []string `default:"root" doc:"names of accounts that may have it"`
}

// Check returns the check.
func (a Superusers) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	return check.Of(passwd.Fact, func(v *check.Verdict, users []passwd.User) {
		for _, u := range users {
			allowed := slices.Contains(a.Allow, u.Name)
			got := strconv.FormatUint(uint64(u.UID), 10)
			if u.UID == 0 && allowed {
				got = "0, which is allowed"
			}
			v.Judge(u.UID != 0 || allowed, about(u, "a user ID above 0", got))
		}
	}), nil
}

func about(u passwd.User, want, got string) check.Evidence {
	return check.Evidence{Position: u.Position, Subject: u.Name, Want: want, Got: got}
}

// EmptyPassword is the kind account.empty-password. It requires that no account can be opened
// without a password: neither field is empty, that of etc/passwd and, where it refers there, that
// of etc/shadow.
type EmptyPassword struct{}

// Check returns the check.
func (EmptyPassword) Check() (check.Check, error) {
	return ofPasswords("a password, or a locked account", func(f crypt.Field) (string, bool) {
		if f.Empty() {
			return "no password is asked for", false
		}
		return told(f), true
	}), nil
}

// ofPasswords judges the password fields of etc/passwd and, where an account refers to it, those
// of etc/shadow.
func ofPasswords(want string, judge func(crypt.Field) (got string, good bool)) check.Check {
	own := check.Of(passwd.Fact, func(v *check.Verdict, users []passwd.User) {
		for _, u := range users {
			got, good := judge(u.Password)
			v.Judge(good, about(u, want, got))
		}
	})
	return check.All(own, check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		all, err := entries(ctx, sys, v)
		for _, e := range all {
			got, good := judge(e.Password)
			v.Judge(good, entry(e, want, got))
		}
		return err
	}))
}

func entry(e shadow.Entry, want, got string) check.Evidence {
	return check.Evidence{Position: e.Position, Subject: e.Name, Want: want, Got: got}
}

// told says of what kind a field is that is not empty, and nothing of it.
func told(f crypt.Field) string {
	switch {
	case f.Shadowed():
		return "kept in " + shadowFile
	case f.Scheme() == crypt.None:
		return "no password opens it"
	}
	return f.String()
}

// The files that the checks are about.
const (
	passwdFile = "etc/passwd"
	shadowFile = "etc/shadow"
)

// entries returns the entries of etc/shadow, where an account refers to them.
func entries(ctx context.Context, sys *inventory.System, v *check.Verdict) ([]shadow.Entry, error) {
	users, err := passwd.Fact.Of(ctx, sys)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(users, func(u passwd.User) bool { return u.Password.Shadowed() }) {
		v.Say("no account keeps its password in " + shadowFile)
		v.Absent(none(passwdFile, "accounts with a password in "+shadowFile, "none"))
		return nil, nil
	}
	return shadow.Fact.Of(ctx, sys)
}

// none is evidence of subjects of which a file has none.
func none(source, subject, got string) check.Evidence {
	return check.Evidence{Position: inventory.Position{Source: source}, Subject: subject, Got: got}
}

// Hashing is the kind account.hashing. It requires that every password that can be used is hashed
// by one of the schemes, named as in crypt(5).
type Hashing struct {
	Allow []crypt.Scheme `default:"yescrypt,gost-yescrypt,scrypt,bcrypt,sha512crypt" doc:"names of the schemes, as in crypt(5)"`
}

// Check returns the check.
func (a Hashing) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	return ofPasswords("one of "+joined(a.Allow), func(f crypt.Field) (string, bool) {
		switch {
		case f.Empty():
			return "empty, which account.empty-password judges", true
		case f.Usable() && !slices.Contains(a.Allow, f.Scheme()):
			return f.String(), false
		}
		return told(f), true
	}), nil
}

func joined[S ~string](all []S) string {
	var texts []string
	for _, s := range all {
		texts = append(texts, string(s))
	}
	return strings.Join(texts, ", ")
}

// SystemLocked is the kind account.system-locked. It requires that accounts of the system cannot be
// logged in to: those with user IDs below UID_MIN of login.defs(5), root aside, and nobody have no
// login shell, or neither a password that can be used nor a key with which sshd lets them in, from
// wherever AuthorizedKeysFile leads. With a program that tells the keys, certificates, or hosts that
// vouch for accounts it is unknown. What sudo, cron and Kerberos let others do as the account is not
// judged.
type SystemLocked struct {
	NoLogin []string `default:"/usr/sbin/nologin,/sbin/nologin,/usr/bin/nologin,/bin/false,/usr/bin/false,/bin/sync,/sbin/shutdown,/sbin/halt,/dev/null" doc:"shells that let nobody in"`
	Allow   []string `doc:"names of accounts that may be logged in to"`
}

// defaultUIDMin is what login.defs(5) states for a file without UID_MIN.
const defaultUIDMin = 1000

// Check returns the check. etc/shadow and keys are read only when an account has a login shell.
func (a SystemLocked) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		users, err := passwd.Fact.Of(ctx, sys)
		min, errMin := uidMin(ctx, sys)
		if err := errors.Join(err, errMin); err != nil {
			return err
		}
		users = slices.DeleteFunc(slices.Clone(users), func(u passwd.User) bool {
			return u.UID >= min && u.UID != nobody || u.UID == 0 || slices.Contains(a.Allow, u.Name)
		})
		fields, in := map[string]crypt.Field{}, &ways{}
		if slices.ContainsFunc(users, func(u passwd.User) bool { return a.opens(u) && u.Password.Shadowed() }) {
			if fields, err = shadowed(ctx, sys); err != nil {
				return err
			}
		}
		if slices.ContainsFunc(users, a.opens) {
			if in, err = waysIn(ctx, sys); err != nil {
				return err
			}
		}
		for _, u := range users {
			a.judge(v, u, fields, in)
		}
		if len(users) == 0 {
			v.Absent(none(passwdFile, "accounts of the system", "none that is judged"))
		}
		return nil
	}), nil
}

// opens reports whether an account has a shell that lets people in.
func (a SystemLocked) opens(u passwd.User) bool { return !slices.Contains(a.NoLogin, u.Shell) }

// shadowed returns the password fields of etc/shadow by account.
func shadowed(ctx context.Context, sys *inventory.System) (map[string]crypt.Field, error) {
	all, err := shadow.Fact.Of(ctx, sys)
	fields := map[string]crypt.Field{}
	for _, e := range all {
		if _, twice := fields[e.Name]; !twice { // the C library takes the first
			fields[e.Name] = e.Password
		}
	}
	return fields, err
}

// judge judges an account by its shell, its password and its keys.
func (a SystemLocked) judge(v *check.Verdict, u passwd.User, fields map[string]crypt.Field, in *ways) {
	const want = "no login shell, or neither a password nor a key"
	got := "shell " + shell(u)
	f, there := u.Password, true
	if f.Shadowed() {
		f, there = fields[u.Name]
	}
	if !a.opens(u) {
		v.Good(about(u, want, got))
		return
	}
	switch {
	case !there: // no password matches
		got += ", and no entry in " + shadowFile
	case f.Usable():
		v.Bad(about(u, want, got))
		return
	default:
		got += ", " + told(f)
	}
	how, err := in.of(u)
	switch {
	case err != nil:
		v.Err(fmt.Errorf("%s: %w", u.Place(), err))
	case how != "":
		v.Bad(about(u, want, got+", but "+how))
	default:
		v.Good(about(u, want, got))
	}
}

func shell(u passwd.User) string {
	if u.Shell == "" {
		return "/bin/sh"
	}
	return u.Shell
}

func uidMin(ctx context.Context, sys *inventory.System) (uint32, error) {
	defs, err := logindefs.Fact.Of(ctx, sys)
	if errors.Is(err, inventory.ErrAbsent) {
		return defaultUIDMin, nil
	}
	if err != nil {
		return 0, err
	}
	s, ok := defs["UID_MIN"]
	if !ok {
		return defaultUIDMin, nil
	}
	n, err := strconv.ParseUint(s.Value, 0, 32)
	if err != nil {
		return 0, fmt.Errorf("%s:%d: UID_MIN is no number", s.Source, s.Line)
	}
	return uint32(n), nil
}

// Unique is the kind account.unique. It requires that no two accounts have the same name or user
// ID.
type Unique struct{}

// Check returns the check.
func (Unique) Check() (check.Check, error) {
	return check.Of(passwd.Fact, func(v *check.Verdict, users []passwd.User) {
		ids, names := map[uint32]string{}, map[string]bool{}
		for _, u := range users {
			first, twice := ids[u.UID]
			if !twice {
				ids[u.UID] = u.Name
			}
			switch {
			case names[u.Name]:
				v.Bad(about(u, "a name of its own", "a name used before"))
			case twice:
				v.Bad(about(u, "a user ID of its own", fmt.Sprintf("%d, that of %s", u.UID, first)))
			default:
				v.Good(about(u, "a name and a user ID of its own", fmt.Sprintf("%d, of this account alone", u.UID)))
			}
			names[u.Name] = true
		}
	}), nil
}
