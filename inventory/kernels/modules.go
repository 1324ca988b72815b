// Package kernels joins what the packages below it read about the kernels of a system, the
// installed ones and the running one: which modules they have or may load, and with which command
// line the running one was started.
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

// Modules is everything that decides which modules the kernels of a system have loaded or may load.
type Modules struct {
	Config    modprobe.Config
	Installed []modprobe.Modules // one for each installed kernel
	// Live says that a kernel runs. The following fields describe that kernel, and are empty on an
	// image.
	Live    bool
	Release string
	Loaded  map[string]inventory.Position
	Refused []string // the modules of module_blacklist= on the command line, as written
}

// Unseen reports whether the running kernel is not one of the installed ones, so that its modules
// are not known.
func (m Modules) Unseen() bool {
	return m.Live && !slices.ContainsFunc(m.Installed, func(i modprobe.Modules) bool { return i.Release == m.Release })
}

// Fact is the modules of the system, from modprobe.d(5) and the lists below lib/modules, and of the
// running kernel from proc/modules and proc/cmdline.
var Fact = inventory.NewFact("modules", collect)

func collect(ctx context.Context, s *inventory.System) (Modules, error) {
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
}

// addRunning adds what is known of the running kernel.
func (m *Modules) addRunning(ctx context.Context, s *inventory.System) (err error) {
	if m.Loaded, err = modprobe.Loaded.Of(ctx, s); err != nil {
		return err
	}
	line, err := kernel.CommandLine.Of(ctx, s)
	if err != nil {
		return err
	}
	if list, ok := line.Lookup("module_blacklist"); ok {
		m.Refused = strings.Split(list, ",") // a name with "-" matches no module
	}
	running, err := kernel.Fact.Of(ctx, s)
	m.Release = running.Running
	return err
}
