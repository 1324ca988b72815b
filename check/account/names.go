package account

import (
	"context"
	"errors"
	"strings"

	"github.com/hardening-sdk/hardening/check/pseudonym"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/platforms"
)

// Names returns what names the host and the people on it, for pseudonym.Maker.Apply: the host
// name, the accounts that are not the system's own, by UID_MIN of login.defs(5), and every
// superuser but root.
func Names(ctx context.Context, sys *inventory.System) ([]pseudonym.Name, error) {
	users, errU := passwd.Fact.Of(ctx, sys)
	min, errM := uidMin(ctx, sys)
	host, errH := platforms.Fact.Of(ctx, sys)
	if err := errors.Join(errU, errM, errH); err != nil {
		return nil, err
	}
	var all []pseudonym.Name
	if host.Name != "" {
		all = append(all, pseudonym.Name{Kind: "host", Value: host.Name})
		if short, _, ok := strings.Cut(host.Name, "."); ok && short != "" {
			all = append(all, pseudonym.Name{Kind: "host", Value: short})
		}
	}
	for _, u := range users {
		if u.UID >= min && u.UID != nobody || u.UID == 0 && u.Name != "root" {
			all = append(all, pseudonym.Name{Kind: "user", Value: u.Name})
		}
	}
	return all, nil
}

// nobody is the user ID of an account that is nobody's, 2^16-2.
const nobody = 65534
