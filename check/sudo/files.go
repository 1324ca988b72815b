package sudo

import (
	"context"
	"errors"

	"github.com/hardening-sdk/hardening/check"
	owners "github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/sudoers"
)

// FilesProtected is the kind sudo.files-protected. It requires that only root can change the files
// of which sudoers(5) is made, with those that they include, the folders that they include, and every
// folder on the way.
type FilesProtected struct{}

// Check returns the check. The error is always nil.
func (FilesProtected) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		p, err := sudoers.Fact.Of(ctx, sys)
		if errors.Is(err, inventory.ErrAbsent) {
			v.Say("no sudo")
			v.Absent(check.Evidence{Subject: "files of sudo", Got: "none"})
			return nil
		}
		if err != nil {
			return err
		}
		guard := &owners.Guard{}
		for _, name := range p.Files {
			how, _, err := guard.Add(ctx, sys, name)
			ev := check.Evidence{Position: inventory.Position{Source: name}, Subject: name, Want: "only root can change it", Got: how}
			switch {
			case err != nil:
				v.Err(err)
			case how != "":
				v.Bad(ev)
			default:
				ev.Got = "only root can change it"
				v.Good(ev)
			}
		}
		return nil
	}), nil
}
