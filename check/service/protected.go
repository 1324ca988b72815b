package service

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/programs"
	"github.com/hardening-sdk/hardening/inventory/services"
)

// Protected is the kind service.protected. It requires that only root can change what is run by
// services that start as root, at boot or through a timer, a socket or another unit. It judges the
// following, with all folders on the way to each, also behind links:
//
//   - the unit file, its drop-ins and the folders of drop-ins; without systemd the init script
//   - the programs of all Exec lines, what interpreters and wrappers among them run, and what is run
//     by texts and scripts of the shell, as far as [programs.Follower] follows them
//   - the folders in which a name without a path is searched for
//   - units of other types that start, such as sockets and timers, and what they run
//   - files of EnvironmentFile=, and what variables such as LD_PRELOAD and PYTHONPATH name
//
// A service whose program is worked out, or that has another root folder, is unknown.
type Protected struct {
	Allow []string `doc:"patterns of units that are judged elsewhere"`
}

// Check returns the check. It returns an error if the arguments are invalid.
func (a Protected) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if err := validatePatterns(a.Allow); err != nil {
		return nil, err
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		all, err := services.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		follower, guard := programs.NewFollower(ctx, sys), &file.Guard{}
		for _, s := range all.Match(func(name string) bool { return strings.HasSuffix(name, ".service") && !matches(name, a.Allow) }) {
			if !s.Starts() {
				continue
			}
			found, err := follower.Service(all.Units(), s)
			ev := check.Evidence{Position: s.Position, Subject: s.Name, Want: "only root can change it"}
			judge(ctx, sys, v, guard, found, err, ev)
		}
		// Units of other types say what starts, and sockets run programs of their own.
		for _, s := range all.Match(func(name string) bool { return isTrigger(name) && !matches(name, a.Allow) }) {
			if !s.Starts() {
				continue
			}
			found, err := follower.Service(all.Units(), s)
			use, how, errG := guard.First(ctx, sys, found.Uses)
			switch {
			case how != "":
				v.Bad(check.Evidence{Position: use.Position, Subject: s.Name, Want: "only root can change it", Got: how})
			case err != nil || errG != nil:
				v.Err(errors.Join(err, errG))
			case len(found.Unknown) > 0:
				v.Err(found.Unknown[0])
			}
		}
		v.Absent(check.Evidence{Subject: "services", Want: "started", Got: "none is"})
		return nil
	}), nil
}

// isTrigger reports whether a unit is of a type that starts others, or runs something itself.
func isTrigger(name string) bool {
	return slices.Contains([]string{".socket", ".timer", ".path", ".mount", ".swap", ".target"}, path.Ext(name))
}

// judge judges what a service runs. What others can change fails also where more is not known.
func judge(ctx context.Context, sys *inventory.System, v *check.Verdict, guard *file.Guard, found programs.Found, err error, ev check.Evidence) {
	use, how, errG := guard.First(ctx, sys, found.Uses)
	switch {
	case how != "":
		ev.Position, ev.Got = use.Position, how
		v.Bad(ev)
	case err != nil || errG != nil:
		v.Err(errors.Join(err, errG))
	case len(found.Unknown) > 0:
		v.Err(found.Unknown[0], ev)
	default:
		ev.Got = fmt.Sprintf("only root can change its files (%d) and the folders above", len(found.Uses))
		v.Good(ev)
	}
}
