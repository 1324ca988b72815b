package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/shadow"
)

// PasswordAge asks that every password that can be used has to be changed after some days,
// by the fields of etc/shadow. An entry whose day of the last change is empty has no ageing.
type PasswordAge struct {
	MaxDays int      `yaml:"max-days,required"`
	Except  []string // names of accounts that are not judged
}

// Check makes the check.
func (a PasswordAge) Check() (check.Check, error) {
	if a.MaxDays < 1 {
		return nil, errors.New("one day or more")
	}
	want := fmt.Sprintf("a new password after %d days at most", a.MaxDays)
	return usable(a.Except, func(e shadow.Entry) (check.Evidence, bool) {
		got := "none is asked for"
		if e.Max != shadow.Unset && e.LastChange != shadow.Unset {
			got = fmt.Sprintf("after %d days", e.Max)
		}
		return entry(e, want, got), e.Max == shadow.Unset || e.LastChange == shadow.Unset || e.Max > a.MaxDays
	}), nil
}

// InactiveLocked asks that every account whose password can be used is locked some days after
// that password has expired.
type InactiveLocked struct {
	MaxDays int      `yaml:"max-days,required"`
	Except  []string // names of accounts that are not judged
}

// Check makes the check.
func (a InactiveLocked) Check() (check.Check, error) {
	if a.MaxDays < 0 {
		return nil, errors.New("no days or more")
	}
	want := fmt.Sprintf("locked %d days after it expires, at most", a.MaxDays)
	return usable(a.Except, func(e shadow.Entry) (check.Evidence, bool) {
		got := "never locked"
		if e.Inactive != shadow.Unset {
			got = fmt.Sprintf("after %d days", e.Inactive)
		}
		return entry(e, want, got), e.Inactive == shadow.Unset || e.Inactive > a.MaxDays
	}), nil
}

// usable judges the entries of etc/shadow with passwords that open an account.
func usable(except []string, bad func(shadow.Entry) (check.Evidence, bool)) check.Check {
	return ofShadow(func(all []shadow.Entry) check.Result {
		all = slices.DeleteFunc(slices.Clone(all), func(e shadow.Entry) bool { return !e.Password.Usable() || slices.Contains(except, e.Name) })
		return check.Each(all, bad)
	})
}

// ChangedInPast asks that no password was changed on a day that is still to come: such a
// password does not age, and the clock or the file was wrong.
type ChangedInPast struct{}

// Check makes the check.
func (ChangedInPast) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		today := int(sys.Now().UTC().Unix() / int64(24*time.Hour/time.Second))
		return usable(nil, func(e shadow.Entry) (check.Evidence, bool) {
			return entry(e, "a day that has been", fmt.Sprintf("%d days from now", e.LastChange-today)), e.LastChange > today
		}).Examine(ctx, sys)
	}), nil
}
