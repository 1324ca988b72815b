// Package logins tells what programs let people log in, or become somebody else, across the
// formats in the packages below it.
package logins

import (
	"context"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
)

// Switcher is the program su(1).
type Switcher struct {
	Program string // its name in the tree; empty where there is none
	// AsksPAM says that it asks PAM whom it lets through. That of BusyBox does not.
	AsksPAM bool
}

// programs are where su may be.
var programs = [...]string{"usr/bin/su", "bin/su"}

// Su is the program su: usr/bin/su, else bin/su.
var Su = inventory.NewFact("su", func(ctx context.Context, s *inventory.System) (Switcher, error) {
	for _, name := range programs {
		f, err := files.Look(ctx, s, name)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return Switcher{}, err
		}
		if !f.IsLink() {
			return Switcher{Program: name, AsksPAM: true}, nil
		}
		target, err := files.ReadTarget(ctx, s, name)
		if err != nil {
			return Switcher{}, err
		}
		busybox := strings.HasSuffix(target, "busybox") || strings.HasSuffix(target, "bbsuid")
		return Switcher{Program: name, AsksPAM: !busybox}, nil
	}
	return Switcher{}, nil
})
