// Package platforms reads what hosts of any operating system have: a name and a kernel.
package platforms

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
	"github.com/hardening-sdk/hardening/inventory/platforms/regkey"
)

// Host is the name and the kernel of a host. The zero value is a host of which neither is known.
type Host struct {
	Name string // empty where it is not known
	// Kernel is the release of the running Linux kernel, as uname -r prints it.
	Kernel string
}

const (
	hostname = "etc/hostname"
	nameKey  = `HKLM\SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName`
)

// Fact returns the host. On a running Linux it asks the kernel, proc/sys/kernel. On Windows it
// reads the NetBIOS name in the registry ("Computer Names" of Microsoft Learn). On any other system
// or image it reads etc/hostname, hostname(5). A system with none of these has no name.
var Fact = inventory.NewFact("host", collect)

func collect(ctx context.Context, s *inventory.System) (Host, error) {
	p, _ := s.Platform(ctx) // an unknown platform is taken not to be Windows
	switch {
	case p.OS == "windows":
		return readWindows(ctx, s)
	case s.Live() && (p.OS == "linux" || p.OS == ""):
		k, err := kernel.Fact.Of(ctx, s)
		return Host{Name: k.Hostname, Kernel: k.Running}, err
	}
	b, err := s.ReadText(ctx, hostname)
	if errors.Is(err, fs.ErrNotExist) {
		return Host{}, nil
	}
	if err != nil {
		return Host{}, err
	}
	name, err := parseHostname(b)
	return Host{Name: name}, err
}

// hostShape is a host name as hostname(5) and hostname(7) have it.
var hostShape = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$`)

// parseHostname returns the name in the text of etc/hostname: the first line that is neither empty
// nor a comment. What is no host name is not told, since the file may be a link to any other.
func parseHostname(b []byte) (string, error) {
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		if !hostShape.MatchString(line) {
			return "", fmt.Errorf("%s: it holds no host name", hostname)
		}
		return line, nil
	}
	return "", nil
}

// readWindows reads the computer name from the registry.
func readWindows(ctx context.Context, s *inventory.System) (Host, error) {
	values, err := s.Registry(ctx).Values(nameKey)
	if errors.Is(err, fs.ErrNotExist) {
		return Host{}, nil
	}
	v, _ := regkey.Lookup(values, "ComputerName")
	name, _ := v.Text()
	return Host{Name: name}, err
}
