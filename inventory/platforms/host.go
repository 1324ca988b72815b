// Package platforms tells what is the same of hosts of any operating system: how one is called, and
// what kernel it runs.
package platforms

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
)

// Host is how a host is called, as far as it tells.
type Host struct {
	Name string // empty where nothing says
	// Kernel is the release of the running kernel as uname -r prints it; of Linux only.
	Kernel string
}

const (
	hostname = "etc/hostname"
	nameKey  = `HKLM\SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName`
)

// Fact is the host: of a running Linux what its kernel says, proc/sys/kernel, of Windows the
// NetBIOS name in the registry ("Computer Names" of Microsoft Learn), and of any other system
// or image what is in etc/hostname, hostname(5). A system that has none of these has no name.
var Fact = inventory.NewFact("host", func(ctx context.Context, s *inventory.System) (Host, error) {
	p, _ := s.Platform(ctx) // one that cannot be told is not Windows, as far as is known
	switch {
	case p.OS == "windows":
		return readWindows(ctx, s)
	case s.Live() && (p.OS == "linux" || p.OS == ""):
		k, err := kernel.Fact.Of(ctx, s)
		return Host{Name: k.Hostname, Kernel: k.Running}, err
	}
	b, err := s.ReadFile(ctx, hostname)
	if errors.Is(err, fs.ErrNotExist) {
		return Host{}, nil
	}
	return Host{Name: strings.TrimSpace(string(b))}, err
})

func readWindows(ctx context.Context, s *inventory.System) (Host, error) {
	values, err := s.Registry(ctx).Values(nameKey)
	if errors.Is(err, fs.ErrNotExist) {
		return Host{}, nil
	}
	v, _ := inventory.LookupValue(values, "ComputerName")
	name, _ := v.Text()
	return Host{Name: name}, err
}
