// Package kernels tells what the kernels of a system come to have and run with, of those that
// are installed and of the one that runs, across the formats in the packages below it.
package kernels

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
	"github.com/hardening-sdk/hardening/inventory/kernels/modprobe"
)

// Modules is what decides which modules the kernels of a system come to have.
type Modules struct {
	Config    modprobe.Config
	Installed []modprobe.Modules // of each installed kernel
	// Live says that a kernel runs; what follows is of that one, and empty on an image.
	Live    bool
	Release string
	Loaded  map[string]modprobe.Place
	Refused []string // by module_blacklist= of its command line, as written
}

// Unseen reports whether the modules of the running kernel are not among those installed.
func (m Modules) Unseen() bool {
	return m.Live && !slices.ContainsFunc(m.Installed, func(i modprobe.Modules) bool { return i.Release == m.Release })
}

// Fact is the modules of the system: by modprobe.d(5), by the lists below lib/modules, and of a
// running kernel by proc/modules and proc/cmdline.
var Fact = inventory.NewFact("modules", func(ctx context.Context, s *inventory.System) (Modules, error) {
	m := Modules{Live: s.Live()}
	var errs [3]error
	m.Config, errs[0] = modprobe.Fact.Of(ctx, s)
	m.Installed, errs[1] = modprobe.Kernels.Of(ctx, s)
	if m.Live {
		errs[2] = m.addRunning(ctx, s)
	}
	if err := errors.Join(errs[:]...); err != nil {
		return Modules{}, err
	}
	return m, nil
})

func (m *Modules) addRunning(ctx context.Context, s *inventory.System) (err error) {
	if m.Loaded, err = modprobe.Loaded.Of(ctx, s); err != nil {
		return err
	}
	line, err := kernel.CommandLine.Of(ctx, s)
	if err != nil {
		return err
	}
	if list, ok := line.Last("module_blacklist"); ok {
		m.Refused = strings.Split(list, ",") // names with "-" match none
	}
	running, err := kernel.Fact.Of(ctx, s)
	m.Release = running.Running
	return err
}
