package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/shadow"
)

// PasswordAge is the kind account.password-age. It requires that every password that can be used
// has to be changed after some days, by the fields of etc/shadow. An entry whose day of the last
// change is empty has no ageing.
type PasswordAge struct {
	MaxDays int      `yaml:"max-days,required" unit:"days" doc:"the longest that a password may be kept"`
	Except  []string `doc:"names of accounts that are not judged"`
}

// Check returns the check.
func (a PasswordAge) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if a.MaxDays < 1 {
		return nil, errors.New("one day or more")
	}
	want := fmt.Sprintf("a new password after %d days at most", a.MaxDays)
	return ofUsable(a.Except, func(v *check.Verdict, e shadow.Entry) {
		if e.Max == shadow.Unset || e.LastChange == shadow.Unset {
			v.Bad(entry(e, want, "none is asked for"))
			return
		}
		v.Judge(e.Max <= a.MaxDays, entry(e, want, fmt.Sprintf("after %d days", e.Max)))
	}), nil
}

// InactiveLocked is the kind account.inactive-locked. It requires that every account whose
// password can be used is locked some days after that password has expired.
type InactiveLocked struct {
	MaxDays int      `yaml:"max-days,required" unit:"days" doc:"the longest that an account may stay open after its password has expired"`
	Except  []string `doc:"names of accounts that are not judged"`
}

// Check returns the check.
func (a InactiveLocked) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if a.MaxDays < 0 {
		return nil, errors.New("no days or more")
	}
	want := fmt.Sprintf("locked %d days after it expires, at most", a.MaxDays)
	return ofUsable(a.Except, func(v *check.Verdict, e shadow.Entry) {
		if e.Inactive == shadow.Unset {
			v.Bad(entry(e, want, "never locked"))
			return
		}
		v.Judge(e.Inactive <= a.MaxDays, entry(e, want, fmt.Sprintf("after %d days", e.Inactive)))
	}), nil
}

// ofUsable judges the entries of etc/shadow with passwords that open an account.
func ofUsable(except []string, judge func(*check.Verdict, shadow.Entry)) check.Check {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		all, err := usable(ctx, sys, v, except)
		for _, e := range all {
			judge(v, e)
		}
		return err
	})
}

// usable returns the entries of etc/shadow with passwords that open an account.
func usable(ctx context.Context, sys *inventory.System, v *check.Verdict, except []string) ([]shadow.Entry, error) {
	all, err := entries(ctx, sys, v)
	var some []shadow.Entry
	for _, e := range all {
		if e.Password.Usable() && !slices.Contains(except, e.Name) {
			some = append(some, e)
		}
	}
	if err == nil && len(all) > 0 && len(some) == 0 {
		v.Absent(none(shadowFile, "passwords that open an account", fmt.Sprintf("none that is judged, of %d entries", len(all))))
	}
	return some, err
}

// ChangedInPast is the kind account.changed-in-past. It requires that no password was changed on a
// day that is still to come: such a password does not age, and the clock or the file was wrong.
type ChangedInPast struct{}

// Check returns the check.
func (ChangedInPast) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		today := int(sys.Now().UTC().Unix() / int64(24*time.Hour/time.Second))
		all, err := usable(ctx, sys, v, nil)
		for _, e := range all {
			v.Judge(e.LastChange <= today, entry(e, "a day that has been", changed(e, today)))
		}
		return err
	}), nil
}

// changed tells when a password was changed, seen from today.
func changed(e shadow.Entry, today int) string {
	switch {
	case e.LastChange == shadow.Unset:
		return "no day"
	case e.LastChange == 0: // shadow(5)
		return "to be changed at the next login"
	case e.LastChange == today:
		return "today"
	case e.LastChange > today:
		return fmt.Sprintf("%d days from now", e.LastChange-today)
	}
	return fmt.Sprintf("%d days ago", today-e.LastChange)
}
