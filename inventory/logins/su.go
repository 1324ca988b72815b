// Package logins reads which programs let people log in or become another user. It combines the
// formats in the packages below it.
package logins

import (
	"context"
	"io/fs"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
)

// Switcher is the program su(1). The zero value means that there is none.
type Switcher struct {
	Program string // its path; empty where there is none
	// AsksPAM means that it asks PAM whom to let through. The su of BusyBox does not.
	AsksPAM bool
	// Mode is that of the program behind links. It is 0 where a link leads to nothing.
	Mode fs.FileMode
}

// programs are the paths of su. The first that exists counts.
var programs = [...]string{"usr/bin/su", "bin/su"}

// Su returns the program su: usr/bin/su, else bin/su.
var Su = inventory.NewFact("su", collectSu)

func collectSu(ctx context.Context, s *inventory.System) (Switcher, error) {
	for _, name := range programs {
		f, err := files.Look(ctx, s, name)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return Switcher{}, err
		}
		if !f.IsLink() {
			return Switcher{Program: name, AsksPAM: true, Mode: f.Mode}, nil
		}
		target, err := files.ReadTarget(ctx, s, name)
		if err != nil {
			return Switcher{}, err
		}
		busybox := strings.HasSuffix(target, "busybox") || strings.HasSuffix(target, "bbsuid")
		var mode fs.FileMode
		switch behind, err := s.Stat(ctx, name); {
		case err == nil:
			mode = behind.Mode()
		case !inventory.IsAbsent(err, name):
			return Switcher{}, err
		}
		return Switcher{Program: name, AsksPAM: !busybox, Mode: mode}, nil
	}
	return Switcher{}, nil
}
