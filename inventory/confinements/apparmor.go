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

// builtin are the distributions whose kernels start with AppArmor unless they are told
// otherwise. Elsewhere the command line has to name it.
var builtin = []string{"linux/debian", "linux/ubuntu", "linux/suse", "linux/opensuse"}

// parsers are what loads profiles.
var parsers = []string{"usr/sbin/apparmor_parser", "sbin/apparmor_parser", "usr/bin/apparmor_parser"}

// AppArmor is whether AppArmor is on and has profiles that confine: those of the running
// kernel, or on an image those in etc/apparmor.d, which its service loads into a kernel that
// starts with it. Where the latter is not known the answer is [inventory.ErrNotLive].
var AppArmor = inventory.NewFact("apparmor on", func(ctx context.Context, s *inventory.System) (State, error) {
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
	if st, err := loads(ctx, s, c); err != nil || st.How != "" {
		return st, err
	}
	off, named, err := commandLine(ctx, s, "apparmor", "apparmor")
	if err != nil {
		return State{}, err
	}
	if off.Source != "" {
		return State{Source: off.Source, Line: off.Line, How: switchedOff}, nil
	}
	if known, err := starts(ctx, s); !named && (err != nil || !known) {
		return State{}, errors.Join(err, fmt.Errorf("whether the kernel starts AppArmor: %w", inventory.ErrNotLive))
	}
	return State{On: true, Source: folder, How: fmt.Sprintf("on, with %d profiles", len(c.Profiles))}, nil
})

const folder = "etc/apparmor.d"

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

// loads returns what keeps profiles of files from being loaded, and no How where nothing does.
func loads(ctx context.Context, s *inventory.System, c *apparmor.Config) (State, error) {
	parser, err := files.FindFirst(ctx, s, parsers...)
	switch {
	case err != nil:
		return State{}, err
	case parser == "":
		return State{Source: folder, How: "nothing that loads profiles is installed"}, nil
	case !slices.ContainsFunc(c.Profiles, confines):
		return State{Source: folder, How: "no profiles"}, nil
	}
	all, err := services.Fact.Of(ctx, s)
	if err != nil {
		return State{}, err
	}
	if v, ok := all.Service("apparmor.service"); !ok || !v.AtBoot {
		return State{Source: v.Source, How: "its service does not start"}, nil
	}
	return State{}, nil
}

func confines(p apparmor.Profile) bool { return !slices.Contains(p.Modes, "unconfined") }

func starts(ctx context.Context, s *inventory.System) (bool, error) {
	p, err := s.Platform(ctx)
	return slices.ContainsFunc(builtin, func(pattern string) bool { match, _ := p.Match(pattern); return match }), err
}

// Profiles is the profiles of AppArmor.
type Profiles struct {
	// Loaded are those that the running kernel has, whether or not their files are the same.
	// What program each goes with its file tells, or its name. On an image there are none.
	Loaded   []apparmor.Profile
	Files    []apparmor.Profile // in etc/apparmor.d
	Disabled []apparmor.Profile // that a link in etc/apparmor.d/disable keeps from being loaded
}

// AppArmorProfiles is the profiles of files and, on a running system, of the kernel. Where
// either has no AppArmor the answer is [inventory.ErrAbsent].
var AppArmorProfiles = inventory.NewFact("apparmor profiles", readProfiles)

func readProfiles(ctx context.Context, s *inventory.System) (Profiles, error) {
	var p Profiles
	if s.Live() {
		now, err := apparmor.Running.Of(ctx, s)
		if err != nil {
			return Profiles{}, err
		}
		p.Loaded = slices.Clone(now)
	}
	c, err := apparmor.Fact.Of(ctx, s)
	if err != nil {
		return Profiles{}, err
	}
	p.Files, p.Disabled = c.Profiles, c.Disabled
	p.addPrograms()
	return p, nil
}

// addPrograms names the programs of loaded profiles.
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
