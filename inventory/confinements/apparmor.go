package confinements

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/confinements/apparmor"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/services"
)

// builtin are the distributions whose kernels start AppArmor unless the command line says
// otherwise. Elsewhere the command line has to name it.
var builtin = []string{"linux/debian", "linux/ubuntu", "linux/suse", "linux/opensuse"}

// parsers are the programs that load profiles.
var parsers = []string{"usr/sbin/apparmor_parser", "sbin/apparmor_parser", "usr/bin/apparmor_parser"}

// AppArmor says whether AppArmor is on and has profiles that confine programs. On a running system
// the profiles of the kernel count. On an image those in etc/apparmor.d count, if its service loads
// them and the kernel starts AppArmor. The error is [inventory.ErrNotLive] if it is not known
// whether the kernel of an image does.
var AppArmor = inventory.NewFact("apparmor on", collectAppArmor)

func collectAppArmor(ctx context.Context, s *inventory.System) (State, error) {
	if s.Live() {
		return runningAppArmor(ctx, s)
	}
	c, err := apparmor.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return State{How: "not there"}, nil
	}
	if err != nil {
		return State{}, err
	}
	if st, err := checkLoading(ctx, s, c); err != nil || st.How != "" {
		return st, err
	}
	// The kernel starts AppArmor if the command line or the distribution says so.
	off, named, err := findOnCommandLine(ctx, s, "apparmor", "apparmor")
	if err != nil {
		return State{}, err
	}
	if off.Source != "" {
		return State{Position: off.Position, How: switchedOff}, nil
	}
	if known, err := isBuiltin(ctx, s); !named && (err != nil || !known) {
		return State{}, errors.Join(err, fmt.Errorf("whether the kernel starts AppArmor: %w", inventory.ErrNotLive))
	}
	return State{On: true,
		Position: inventory.Position{Source: folder}, How: fmt.Sprintf("on, with %d profiles", len(c.Profiles))}, nil
}

const folder = "etc/apparmor.d"

// runningAppArmor returns the state of the running kernel.
func runningAppArmor(ctx context.Context, s *inventory.System) (State, error) {
	loaded, err := apparmor.Running.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return State{How: runsWithout}, nil
	}
	if err != nil {
		return State{}, err
	}
	return State{On: slices.ContainsFunc(loaded, confines), How: fmt.Sprintf("on, with %d profiles", len(loaded))}, nil
}

// checkLoading returns a state that says what keeps the profiles of files from being loaded. Its
// How is empty if nothing does.
func checkLoading(ctx context.Context, s *inventory.System, c *apparmor.Config) (State, error) {
	parser, err := files.FindFirst(ctx, s, parsers...)
	switch {
	case err != nil:
		return State{}, err
	case parser == "":
		return State{Position: inventory.Position{Source: folder}, How: "nothing that loads profiles is installed"}, nil
	case !slices.ContainsFunc(c.Profiles, confines):
		return State{Position: inventory.Position{Source: folder}, How: "no profiles"}, nil
	}
	all, err := services.Fact.Of(ctx, s)
	if err != nil {
		return State{}, err
	}
	v, _ := all.Service("apparmor.service")
	on, err := v.Runs()
	if err != nil {
		return State{}, err
	}
	if !on {
		return State{Position: inventory.Position{Source: v.Source}, How: "its service does not start"}, nil
	}
	return State{}, nil
}

// confines reports whether a profile confines its program.
func confines(p apparmor.Profile) bool { return !slices.Contains(p.Modes, "unconfined") }

// isBuiltin reports whether the kernels of the distribution start AppArmor by themselves.
func isBuiltin(ctx context.Context, s *inventory.System) (bool, error) {
	p, err := s.Platform(ctx)
	return slices.ContainsFunc(builtin, func(pattern string) bool { match, _ := p.Match(pattern); return match }), err
}

// Profiles is the profiles of AppArmor.
type Profiles struct {
	// Loaded are the profiles of the running kernel, which may differ from their files. The Program
	// of each comes from its file, or from its name if that is a path. On an image there are none.
	Loaded   []apparmor.Profile
	Running  bool               // a kernel was asked, so that none in Loaded means that it has none
	Files    []apparmor.Profile // those in etc/apparmor.d
	Disabled []apparmor.Profile // those that a link in etc/apparmor.d/disable keeps from being loaded
}

// AppArmorProfiles is the profiles of files and, on a running system, of the kernel. The error is
// [inventory.ErrAbsent] if etc/apparmor.d is missing or the kernel runs without AppArmor.
var AppArmorProfiles = inventory.NewFact("apparmor profiles", readProfiles)

// readProfiles reads the profiles of the kernel, then those of files.
func readProfiles(ctx context.Context, s *inventory.System) (Profiles, error) {
	var p Profiles
	if s.Live() {
		now, err := apparmor.Running.Of(ctx, s)
		if err != nil {
			return Profiles{}, err
		}
		p.Loaded, p.Running = slices.Clone(now), true
	}
	c, err := apparmor.Fact.Of(ctx, s)
	if err != nil {
		return Profiles{}, err
	}
	p.Files, p.Disabled = c.Profiles, c.Disabled
	p.addPrograms()
	return p, nil
}

// addPrograms sets the programs of loaded profiles. A profile inside another one has the program of
// the outer one.
func (p *Profiles) addPrograms() {
	programs := map[string]string{}
	for _, f := range slices.Concat(p.Files, p.Disabled) {
		programs[f.Name] = f.Program
	}
	for i, l := range p.Loaded {
		outer, _, _ := strings.Cut(l.Name, "//")
		if p.Loaded[i].Program = programs[outer]; programs[outer] == "" && strings.HasPrefix(outer, "/") {
			p.Loaded[i].Program = outer
		}
	}
}
