// Package kernel tells which Linux kernel a system runs and which it has installed,
// and what the running one says of flaws of its processors.
package kernel

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Kernel is what is known of a system's kernels.
type Kernel struct {
	Running   string   // release of the running kernel as uname -r prints it; empty on an image
	Hostname  string   // its host name; empty on an image
	Installed []string // releases with modules below lib/modules, sorted by their bytes
}

// Fact is the kernels of the system, from proc/sys/kernel (proc(5)) on a running one and
// from the module folders. A container or image without kernels has none installed.
var Fact = inventory.NewFact("kernel", func(ctx context.Context, s *inventory.System) (Kernel, error) {
	var k Kernel
	if s.Live() {
		var errs [2]error
		k.Running, errs[0] = text(ctx, s, "proc/sys/kernel/osrelease")
		k.Hostname, errs[1] = text(ctx, s, "proc/sys/kernel/hostname")
		if err := errors.Join(errs[:]...); err != nil {
			return Kernel{}, err
		}
	}
	for _, dir := range [...]string{"usr/lib/modules", "lib/modules"} {
		releases, err := folders(ctx, s, dir)
		if err != nil {
			return Kernel{}, err
		}
		k.Installed = append(k.Installed, releases...)
	}
	slices.Sort(k.Installed)
	k.Installed = slices.Compact(k.Installed)
	return k, nil
})

func text(ctx context.Context, s *inventory.System, name string) (string, error) {
	b, err := s.ReadFile(ctx, name)
	return strings.TrimSpace(string(b)), err
}

func folders(ctx context.Context, s *inventory.System, dir string) ([]string, error) {
	entries, err := s.ReadDir(ctx, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// Flaw is a flaw of the processors that the kernel knows, and what it does about it.
type Flaw struct {
	Name   string // the file's name, such as "spectre_v2"
	State  string // its text, such as "Mitigation: Retpolines"
	Source string
}

// Vulnerable reports whether the kernel says that the flaw can be used, in whole or by a
// part that is left open, such as "Mitigation: Clear CPU buffers; SMT vulnerable".
func (f Flaw) Vulnerable() bool {
	return strings.Contains(strings.ToLower(f.State), "vulnerable")
}

// Known reports whether the text is one of the forms that the kernel's documentation
// names (admin-guide/hw-vuln): not affected, mitigated or vulnerable.
func (f Flaw) Known() bool {
	s := strings.TrimPrefix(f.State, "KVM: ")
	return s == "Not affected" || strings.HasPrefix(s, "Mitigation") || strings.HasPrefix(s, "Vulnerable")
}

const flaws = "sys/devices/system/cpu/vulnerabilities"

// Flaws is what a running kernel says in sys/devices/system/cpu/vulnerabilities, sorted
// by name. Other systems answer [inventory.ErrNotLive]; a kernel or processor without
// the folder [inventory.ErrUnavailable].
var Flaws = inventory.NewFact("processor flaws", func(ctx context.Context, s *inventory.System) ([]Flaw, error) {
	entries, err := s.ReadDir(ctx, flaws)
	if inventory.IsAbsent(err, flaws) {
		return nil, inventory.ErrUnavailable
	}
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, fmt.Errorf("%s is empty: %w", flaws, inventory.ErrUnavailable)
	}
	var all []Flaw
	for _, e := range entries {
		name := flaws + "/" + e.Name()
		b, err := s.ReadFile(ctx, name)
		if err != nil {
			return nil, err
		}
		all = append(all, Flaw{Name: e.Name(), State: strings.TrimSpace(string(b)), Source: name})
	}
	return all, nil
})
