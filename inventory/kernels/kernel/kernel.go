// Package kernel reads which Linux kernel a system runs (proc/sys/kernel, proc_sys_kernel(5)), with
// which command line (proc/cmdline, proc_cmdline(5)) and in which lockdown (kernel_lockdown(7)),
// which kernels are installed (lib/modules), and what the running one reports about flaws of the
// processors (sys/devices/system/cpu/vulnerabilities).
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

// Kernel names the kernels of a system.
type Kernel struct {
	Running   string   // the release of the running kernel as uname -r prints it; empty on an image
	Hostname  string   // its host name; empty on an image
	Installed []string // the releases with a folder below lib/modules, sorted by their bytes
}

// Fact is the kernels of the system: the running one from proc/sys/kernel (proc_sys_kernel(5)), and
// the installed ones from the folders of modules. A container or image may have none.
var Fact = inventory.NewFact("kernel", collect)

func collect(ctx context.Context, s *inventory.System) (Kernel, error) {
	var k Kernel
	if s.Live() {
		var errs [2]error
		k.Running, errs[0] = readText(ctx, s, "proc/sys/kernel/osrelease")
		k.Hostname, errs[1] = readText(ctx, s, "proc/sys/kernel/hostname")
		if err := errors.Join(errs[:]...); err != nil {
			return Kernel{}, err
		}
	}
	for _, dir := range [...]string{"usr/lib/modules", "lib/modules"} {
		releases, err := listFolders(ctx, s, dir)
		if err != nil {
			return Kernel{}, err
		}
		k.Installed = append(k.Installed, releases...)
	}
	slices.Sort(k.Installed)
	k.Installed = slices.Compact(k.Installed)
	return k, nil
}

// readText reads a file without the blanks around its text.
func readText(ctx context.Context, s *inventory.System, name string) (string, error) {
	b, err := s.ReadText(ctx, name)
	return strings.TrimSpace(string(b)), err
}

// listFolders returns the names of the folders in dir, links to folders among them. A missing dir
// has none.
func listFolders(ctx context.Context, s *inventory.System, dir string) ([]string, error) {
	entries, err := s.ReadDir(ctx, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		folder := e.IsDir()
		if e.Type()&fs.ModeSymlink != 0 {
			name := dir + "/" + e.Name()
			info, err := s.Stat(ctx, name)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
			folder = err == nil && info.IsDir()
		}
		if folder {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// Flaw is a flaw of the processors that the kernel knows, and what the kernel does about it.
type Flaw struct {
	inventory.Position

	Name  string // the name of the file, such as "spectre_v2"
	State string // the text of the file, such as "Mitigation: Retpolines"
}

// Vulnerable reports whether the kernel says that the flaw can be exploited, fully or in part, such
// as "Mitigation: Clear CPU buffers; SMT vulnerable".
func (f Flaw) Vulnerable() bool {
	return strings.Contains(strings.ToLower(f.State), "vulnerable")
}

// Known reports whether State has a form that the kernel documents (admin-guide/hw-vuln): not
// affected, mitigated or vulnerable.
func (f Flaw) Known() bool {
	s := strings.TrimPrefix(f.State, "KVM: ")
	return s == "Not affected" || strings.HasPrefix(s, "Mitigation") || strings.HasPrefix(s, "Vulnerable")
}

const flaws = "sys/devices/system/cpu/vulnerabilities"

// Flaws is the list of flaws in sys/devices/system/cpu/vulnerabilities, sorted by name. On an image
// the error is [inventory.ErrNotLive]. It is [inventory.ErrUnavailable] if the folder is missing or
// empty.
var Flaws = inventory.NewFact("processor flaws", collectFlaws)

func collectFlaws(ctx context.Context, s *inventory.System) ([]Flaw, error) {
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
		b, err := s.ReadText(ctx, name)
		if err != nil {
			return nil, err
		}
		all = append(all, Flaw{Name: e.Name(), State: strings.TrimSpace(string(b)),
			Position: inventory.Position{Source: name}})
	}
	return all, nil
}
