package account

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/group"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/logins/sshd"
	"github.com/hardening-sdk/hardening/inventory/logins/sshkey"
)

// ways tells which accounts SSH lets in without a password. A password that is locked does not stop
// a key.
type ways struct {
	config *sshd.Config // nil where there is no server
	keys   map[string]sshkey.Key
	groups []group.Group
	// unseen is why it is not known of any account what lets it in.
	unseen error
}

// waysIn reads what lets accounts in by SSH.
func waysIn(ctx context.Context, sys *inventory.System) (*ways, error) {
	c, err := sshd.Fact.Of(ctx, sys)
	if errors.Is(err, inventory.ErrAbsent) {
		return &ways{}, nil
	}
	if err != nil {
		return nil, err
	}
	w := &ways{config: c, keys: map[string]sshkey.Key{}}
	for _, x := range []struct{ directive, none, why string }{
		{"AuthorizedKeysCommand", "none", "a program tells whose keys let in"},
		{"TrustedUserCAKeys", "none", "certificates of an authority let in"},
		{"HostbasedAuthentication", "no", "other hosts may vouch for accounts"},
	} {
		on, err := w.values(x.directive, x.none)
		if err != nil {
			return nil, err
		}
		if len(on) > 0 && w.unseen == nil {
			w.unseen = fmt.Errorf("%s: %s, which no file says: %w", on[0].Place(), x.why, inventory.ErrUnavailable)
		}
	}
	if on, err := w.values("PubkeyAuthentication", "no"); err != nil || len(on) == 0 {
		return w, err
	}
	files, err := sshkey.Authorized.Of(ctx, sys)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if _, known := w.keys[f.User.Name]; !known && len(f.Keys) > 0 {
			w.keys[f.User.Name] = f.Keys[0]
		}
	}
	w.groups, err = group.Fact.Of(ctx, sys)
	if inventory.IsAbsent(err, "etc/group") {
		err = nil
	}
	return w, err
}

// values returns the values of a directive, in general and in Match blocks, that differ from one.
func (w *ways) values(directive, none string) ([]sshd.Value, error) {
	all, err := w.config.Values(directive)
	return slices.DeleteFunc(slices.Clone(all), func(v sshd.Value) bool { return v.Value == none }), err
}

// of returns how an account is let in without its password, or "" if it is not. The error is why
// that is not known.
func (w *ways) of(u passwd.User) (string, error) {
	if w.config == nil {
		return "", nil
	}
	admitted, err := w.admits(u)
	if err != nil || !admitted {
		return "", err
	}
	if k, ok := w.keys[u.Name]; ok {
		return fmt.Sprintf("the key %s in %s lets in", k.Fingerprint, k.Place()), nil
	}
	return "", w.unseen
}

// admits reports whether the server lets in the account at all. Patterns with hosts count as if the
// account came from there.
func (w *ways) admits(u passwd.User) (bool, error) {
	lists := map[string][]string{}
	for _, directive := range []string{"DenyUsers", "AllowUsers", "DenyGroups", "AllowGroups"} {
		all, err := w.config.Values(directive)
		if err != nil {
			return false, err
		}
		// A list of a Match block may hold for others only.
		if len(all) == 1 {
			lists[directive] = strings.Fields(all[0].Value)
		}
	}
	names := []string{}
	for _, g := range w.groups {
		if g.GID == u.GID || slices.Contains(g.Members, u.Name) {
			names = append(names, g.Name)
		}
	}
	switch {
	case slices.ContainsFunc(lists["DenyUsers"], func(p string) bool { return !strings.Contains(p, "@") && matches(p, u.Name) }):
		return false, nil
	case len(lists["AllowUsers"]) > 0 && !slices.ContainsFunc(lists["AllowUsers"], func(p string) bool {
		p, _, _ = strings.Cut(p, "@")
		return matches(p, u.Name)
	}):
		return false, nil
	case slices.ContainsFunc(lists["DenyGroups"], func(p string) bool { return slices.ContainsFunc(names, func(n string) bool { return matches(p, n) }) }):
		return false, nil
	case len(lists["AllowGroups"]) > 0 && !slices.ContainsFunc(lists["AllowGroups"], func(p string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return matches(p, n) })
	}):
		return false, nil
	}
	return true, nil
}

// matches reports whether a pattern of ssh_config(5), with * and ?, matches a name.
func matches(pattern, name string) bool {
	ok, err := path.Match(strings.NewReplacer(`\`, `\\`, "[", `\[`).Replace(pattern), name)
	return ok && err == nil
}
