package confinements

import (
	"context"
	"errors"
	"fmt"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/confinements/selinux"
)

// SELinux says whether SELinux enforces a policy. On a running system the kernel decides. On an
// image SELinux is on if etc/selinux/config says enforcing, a policy is installed, and no command
// line of the boot loader switches it off.
var SELinux = inventory.NewFact("selinux on", collectSELinux)

func collectSELinux(ctx context.Context, s *inventory.System) (State, error) {
	if s.Live() {
		return runningSELinux(ctx, s)
	}
	c, err := selinux.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return State{How: "not there"}, nil
	}
	if err != nil {
		return State{}, err
	}
	st := State{Position: c.Mode.Position, How: c.Mode.Value}
	switch {
	case c.Mode.Value == "":
		st.How = "no mode that is known"
	case c.Mode.Value == "enforcing" && c.Policy == "":
		st.How = "no policy to load"
	case c.Mode.Value == "enforcing":
		off, _, err := findOnCommandLine(ctx, s, "selinux", "enforcing")
		if err != nil {
			return State{}, err
		}
		if off.Source != "" {
			return State{Position: off.Position, How: switchedOff}, nil
		}
		st.On = true
	}
	return st, nil
}

const (
	switchedOff = "switched off by the command line of a kernel"
	runsWithout = "the kernel runs without it"
)

// runningSELinux returns the state of the running kernel.
func runningSELinux(ctx context.Context, s *inventory.System) (State, error) {
	now, err := selinux.Running.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return State{How: runsWithout}, nil
	}
	if err != nil {
		return State{}, err
	}
	how := map[bool]string{true: "enforcing", false: "permissive"}[now.Enforcing]
	return State{On: now.Enforcing, Position: inventory.Position{Source: now.Source}, How: how}, nil
}

// SELinuxNow is the state of SELinux in the running kernel. The error is [inventory.ErrAbsent] on
// an image, and if the kernel runs without SELinux.
var SELinuxNow = inventory.NewFact("selinux now", collectSELinuxNow)

func collectSELinuxNow(ctx context.Context, s *inventory.System) (selinux.Live, error) {
	if !s.Live() {
		return selinux.Live{}, fmt.Errorf("no kernel runs: %w", inventory.ErrAbsent)
	}
	return selinux.Running.Of(ctx, s)
}
