package checktest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Undeclared returns an error for each need that the reads of a rule show on a system and that the
// rule does not declare, and one if they show that a rule made by a compiler judges what runs and no
// kind of it says so. [Conform] includes this test. Call Undeclared for a tree that is too large
// for Conform.
func Undeclared(ctx context.Context, rule check.Compiled, cfg inventory.Config) []error {
	e := examine(ctx, cfg, rule)
	if e.err != nil {
		return []error{e.err}
	}
	return undeclared(ctx, rule, cfg, e)
}

// undeclared returns an error for each need that e shows and that the rule does not declare.
func undeclared(ctx context.Context, rule check.Compiled, cfg inventory.Config, e examined) []error {
	sys, err := inventory.New(cfg)
	if err != nil {
		return []error{err}
	}
	var errs []error
	seen := needsSeen(ctx, sys, e)
	for _, n := range []check.Needs{check.NeedsWalk, check.NeedsLive, check.NeedsPrivileges} {
		if why, ok := seen[n]; ok && !rule.Rule.Needs.Has(n) {
			errs = append(errs, fmt.Errorf("it does not declare that it needs %s (%s): by kind.Needs for a ready-made check, by Needs of the rule, or \"needs: %s\" in a baseline", n, why, n))
		}
	}
	if rule.Rule.States != 0 && !rule.Rule.States.Has(check.Running) && sys.Live() {
		for _, r := range e.reads {
			if r.Op != filetree.OpWalk && showsRunning(r.Name) {
				errs = append(errs, fmt.Errorf("it does not declare that it judges what runs (%s): by kind.States", r))
				break
			}
		}
	}
	return errs
}

// showsRunning reports whether a name shows what runs at this moment: of the kernel, its processes or
// their manager.
func showsRunning(name string) bool {
	if name == "proc/sys/kernel/hostname" || name == "proc/sys/kernel/osrelease" {
		return false // what the host is called, and which kernel it is
	}
	return filetree.Pseudo(name) || strings.HasPrefix(name, "run/systemd/units") || strings.HasPrefix(name, "run/openrc")
}

// needsSeen returns the needs that e shows, and for each need the read or message that shows it.
func needsSeen(ctx context.Context, sys *inventory.System, e examined) map[check.Needs]string {
	seen := map[check.Needs]string{}
	if e.out.Result.Reason == reason.NotLive {
		seen[check.NeedsLive] = e.out.Result.Message
	}
	for _, r := range e.reads {
		switch {
		case r.Op == filetree.OpWalk:
			seen[check.NeedsWalk] = r.String()
		case !sys.Live() && (r.Op == inventory.OpProbe || filetree.Pseudo(r.Name)):
			seen[check.NeedsLive] = r.String()
		case !forAnybody(ctx, sys, r):
			seen[check.NeedsPrivileges] = r.String()
		}
	}
	return seen
}

// forAnybody reports whether an unprivileged account could have made the read, according to the
// modes of the file and its parent folders.
func forAnybody(ctx context.Context, sys *inventory.System, r inventory.Read) bool {
	switch r.Op {
	case inventory.OpProbe, inventory.OpKeys, inventory.OpValues, filetree.OpWalk:
		return true
	}
	need := map[string]fs.FileMode{filetree.OpRead: 0o004, filetree.OpList: 0o005}[r.Op]
	for name := r.Name; name != "."; name = path.Dir(name) {
		info, err := sys.Stat(ctx, name)
		if errors.Is(err, fs.ErrPermission) {
			return true // the fixture denies it to everybody
		}
		if err == nil && filetree.SysOf(info).Has&filetree.HasMode != 0 && info.Mode().Perm()&need != need {
			return false
		}
		need = 0o001
	}
	return true
}
