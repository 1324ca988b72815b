// Package confinement provides ready-made checks of mandatory access control by SELinux and
// AppArmor. On a running system they judge the state of the kernel. On an image they judge what is
// configured to start, including the kernel command lines of the boot loader. [Kinds] lists the
// names of the checks in baselines.
package confinement

import (
	"context"
	"errors"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/confinements"
)

// On is the kind confinement.on. It requires that SELinux enforces a policy, or that AppArmor is
// enabled and has profiles.
type On struct{}

// Check returns the check. The error is always nil.
func (On) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		var off []check.Evidence
		var errs []error
		for _, one := range []struct {
			name, want string
			fact       *inventory.Fact[confinements.State]
		}{{"SELinux", "enforcing", confinements.SELinux}, {"AppArmor", "on, with profiles", confinements.AppArmor}} {
			st, err := one.fact.Of(ctx, sys)
			ev := check.Evidence{Position: st.Position, Subject: one.name, Want: one.want, Got: st.How}
			switch {
			case err != nil:
				errs = append(errs, err)
			case st.On:
				v.Good(ev)
				return errors.Join(errs...)
			default:
				off = append(off, ev)
			}
		}
		if err := errors.Join(errs...); err != nil {
			return err
		}
		for _, ev := range off {
			v.Bad(ev)
		}
		return nil
	}), nil
}
