package console

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// loginCredentials are the credentials that make agetty(8) and login(1) skip the login, as of
// util-linux 2.40.
var loginCredentials = []string{"agetty.autologin", "login.noauth"}

// stores are the folders where systemd searches for credentials that a unit names without a path,
// systemd.exec(5).
var stores = []string{"etc/credstore", "etc/credstore.encrypted", "usr/local/lib/credstore", "usr/local/lib/credstore.encrypted",
	"usr/lib/credstore", "usr/lib/credstore.encrypted"}

// judgeCredentials judges the credentials that a unit passes to its console. It does not read their
// contents.
func judgeCredentials(ctx context.Context, s *inventory.System, v *check.Verdict, u *systemd.Unit) error {
	for _, key := range []string{"SetCredential", "SetCredentialEncrypted", "LoadCredential", "LoadCredentialEncrypted"} {
		for _, set := range u.Values("Service", key) {
			if id, _, _ := strings.Cut(set.Text, ":"); slices.Contains(loginCredentials, id) {
				v.Bad(credential(u.Name, set.Position))
			}
		}
	}
	for _, imported := range u.Values("Service", "ImportCredential") {
		pattern, _, _ := strings.Cut(imported.Text, ":")
		for _, id := range loginCredentials {
			if m, err := path.Match(pattern, id); err == nil && !m {
				continue
			}
			for _, dir := range stores {
				name := dir + "/" + id
				if _, err := files.Look(ctx, s, name); err == nil {
					v.Bad(credential(u.Name, inventory.Position{Source: name}))
				} else if !inventory.IsAbsent(err, name) {
					return err
				}
			}
		}
	}
	return nil
}

// credential returns evidence of a unit with a credential that skips the login.
func credential(unit string, at inventory.Position) check.Evidence {
	return check.Evidence{Position: at, Subject: unit, Want: want, Got: "a credential to let somebody in"}
}
