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

// letting are the credentials by which agetty(8) and login(1) ask nobody, as of util-linux 2.40.
var letting = []string{"agetty.autologin", "login.noauth"}

// stores are where systemd looks for credentials that a unit imports or loads by their name
// alone, systemd.exec(5).
var stores = []string{"etc/credstore", "etc/credstore.encrypted", "usr/local/lib/credstore", "usr/local/lib/credstore.encrypted",
	"usr/lib/credstore", "usr/lib/credstore.encrypted"}

// judgeCredentials judges what a unit hands to its console beside options. What a credential holds
// is not read.
func judgeCredentials(ctx context.Context, s *inventory.System, v *check.Verdict, u *systemd.Unit) error {
	for _, key := range []string{"SetCredential", "SetCredentialEncrypted", "LoadCredential", "LoadCredentialEncrypted"} {
		for _, set := range u.Values("Service", key) {
			if id, _, _ := strings.Cut(set.Text, ":"); slices.Contains(letting, id) {
				v.Bad(credential(u.Name, set.Position))
			}
		}
	}
	for _, imported := range u.Values("Service", "ImportCredential") {
		pattern, _, _ := strings.Cut(imported.Text, ":")
		for _, id := range letting {
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

// credential is evidence of a unit with one that lets somebody in.
func credential(unit string, at inventory.Position) check.Evidence {
	return check.Evidence{Position: at, Subject: unit, Want: want, Got: "a credential to let somebody in"}
}
