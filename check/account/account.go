// Package account has ready-made checks of local user accounts: superusers, empty and
// weakly hashed passwords, accounts of the system, identifiers that are not unique.
//
// They judge what etc/passwd and etc/shadow hold. Accounts of a directory service are
// not seen. No evidence ever holds a hash.
package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/crypt"
	"github.com/hardening-sdk/hardening/inventory/accounts/logindefs"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/accounts/shadow"
)

// Superusers asks that no account but the allowed ones has the user ID 0.
type Superusers struct {
	Allow []string // names; default root
}

// Check makes the check.
func (a Superusers) Check() (check.Check, error) {
	if a.Allow == nil {
		a.Allow = []string{"root"}
	}
	return check.OldOf(passwd.Fact, func(users []passwd.User) check.Result {
		return check.Each(users, func(u passwd.User) (check.Evidence, bool) {
			return about(u, "a user ID above 0", "0"), u.UID == 0 && !slices.Contains(a.Allow, u.Name)
		})
	}), nil
}

func about(u passwd.User, want, got string) check.Evidence {
	return check.Evidence{Position: u.Position, Subject: u.Name, Want: want, Got: got}
}

// EmptyPassword asks that no account can be opened without a password: neither field is
// empty, that of etc/passwd and, where it refers there, that of etc/shadow.
type EmptyPassword struct{}

// Check makes the check.
func (EmptyPassword) Check() (check.Check, error) {
	const want, got = "a password, or a locked account", "no password is asked for"
	own := check.OldOf(passwd.Fact, func(users []passwd.User) check.Result {
		return check.Each(users, func(u passwd.User) (check.Evidence, bool) {
			return about(u, want, got), u.Password.Empty()
		})
	})
	return check.All(own, ofShadow(func(all []shadow.Entry) check.Result {
		return check.Each(all, func(e shadow.Entry) (check.Evidence, bool) {
			return entry(e, want, got), e.Password.Empty()
		})
	})), nil
}

func entry(e shadow.Entry, want, got string) check.Evidence {
	return check.Evidence{Position: e.Position, Subject: e.Name, Want: want, Got: got}
}

// ofShadow judges the entries of etc/shadow, where an account refers to them.
func ofShadow(judge func([]shadow.Entry) check.Result) check.Check {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		users, err := passwd.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		if !slices.ContainsFunc(users, func(u passwd.User) bool { return u.Password.Shadowed() }) {
			return check.Absent("no account keeps its password in etc/shadow")
		}
		all, err := shadow.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		return judge(all)
	})
}

// Hashing asks that every password that can be used is hashed by one of the schemes,
// named as in crypt(5).
type Hashing struct {
	Allow []crypt.Scheme // default yescrypt, gost-yescrypt, scrypt, bcrypt, sha512crypt
}

// Check makes the check.
func (a Hashing) Check() (check.Check, error) {
	if a.Allow == nil {
		a.Allow = []crypt.Scheme{crypt.Yescrypt, crypt.GostYes, crypt.Scrypt, crypt.Bcrypt, crypt.SHA512}
	}
	want := "one of " + joined(a.Allow)
	weak := func(f crypt.Field) bool { return !f.Empty() && f.Usable() && !slices.Contains(a.Allow, f.Scheme()) }
	own := check.OldOf(passwd.Fact, func(users []passwd.User) check.Result {
		return check.Each(users, func(u passwd.User) (check.Evidence, bool) {
			return about(u, want, u.Password.String()), weak(u.Password)
		})
	})
	return check.All(own, ofShadow(func(all []shadow.Entry) check.Result {
		return check.Each(all, func(e shadow.Entry) (check.Evidence, bool) {
			return entry(e, want, e.Password.String()), weak(e.Password)
		})
	})), nil
}

func joined[S ~string](all []S) string {
	var texts []string
	for _, s := range all {
		texts = append(texts, string(s))
	}
	return strings.Join(texts, ", ")
}

// SystemLocked asks that accounts of the system cannot be logged in to: those with user
// IDs below UID_MIN of login.defs(5), root aside, and nobody have no login shell or no
// password that can be used.
type SystemLocked struct {
	NoLogin []string // shells that let nobody in; default nologin, false, sync in their places
	Allow   []string // names of accounts that may be logged in to; default none
}

// defaultUIDMin is what login.defs(5) states for a file without UID_MIN.
const defaultUIDMin = 1000

// Check makes the check. etc/shadow is read only when an account has a login shell.
func (a SystemLocked) Check() (check.Check, error) {
	if a.NoLogin == nil {
		a.NoLogin = nologin
	}
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		users, err := passwd.Fact.Of(ctx, sys)
		min, errMin := uidMin(ctx, sys)
		if err := errors.Join(err, errMin); err != nil {
			return check.FromError(err)
		}
		users = slices.DeleteFunc(slices.Clone(users), func(u passwd.User) bool {
			return u.UID >= min && u.UID != nobody || u.UID == 0 || slices.Contains(a.Allow, u.Name)
		})
		open := slices.DeleteFunc(slices.Clone(users), func(u passwd.User) bool { return slices.Contains(a.NoLogin, u.Shell) })
		fields := map[string]crypt.Field{}
		if slices.ContainsFunc(open, func(u passwd.User) bool { return u.Password.Shadowed() }) {
			all, err := shadow.Fact.Of(ctx, sys)
			if err != nil {
				return check.FromError(err)
			}
			for _, e := range all {
				if _, twice := fields[e.Name]; !twice { // the C library takes the first
					fields[e.Name] = e.Password
				}
			}
		}
		return check.Each(users, func(u passwd.User) (check.Evidence, bool) {
			f := u.Password
			if f.Shadowed() {
				var ok bool
				if f, ok = fields[u.Name]; !ok {
					return check.Evidence{}, false // no entry: no password matches
				}
			}
			return about(u, "no login shell, or a locked password", "shell "+shell(u)), slices.Contains(open, u) && f.Usable()
		})
	}), nil
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

// Unique asks that no two accounts have the same name or user ID.
type Unique struct{}

// Check makes the check.
func (Unique) Check() (check.Check, error) {
	return check.OldOf(passwd.Fact, func(users []passwd.User) check.Result {
		ids, names := map[uint32]string{}, map[string]bool{}
		return check.Each(users, func(u passwd.User) (check.Evidence, bool) {
			first, twice := ids[u.UID]
			if !twice {
				ids[u.UID] = u.Name
			}
			if names[u.Name] {
				return about(u, "a name of its own", "a name used before"), true
			}
			names[u.Name] = true
			return about(u, "a user ID of its own", fmt.Sprintf("%d, that of %s", u.UID, first)), twice
		})
	}), nil
}
