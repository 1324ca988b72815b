package firewalls

import (
	"context"
	"errors"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
	"github.com/hardening-sdk/hardening/inventory/kernels/sysctl"
)

// WithoutIPv6 is the setting that switches IPv6 off. It is [inventory.Setting.Compiled] if IPv6 is
// on. IPv6 is off if the command line of the running kernel has ipv6.disable=1, or if disable_ipv6
// is 1 for both "all", the present interfaces, and "default", the future ones
// (Documentation/networking/ipv6.rst and ip-sysctl.rst).
var WithoutIPv6 = inventory.NewFact("without IPv6", findWithoutIPv6)

// findWithoutIPv6 looks at the command line first, then at the two settings.
func findWithoutIPv6(ctx context.Context, s *inventory.System) (inventory.Setting, error) {
	if s.Live() {
		parameters, err := kernel.CommandLine.Of(ctx, s)
		if err != nil {
			return inventory.Setting{}, err
		}
		if v, ok := parameters.Lookup("ipv6.disable"); ok && v == "1" {
			return inventory.Setting{Position: inventory.Position{Source: "proc/cmdline"}}, nil
		}
	}
	var last inventory.Setting
	for _, key := range []string{"net.ipv6.conf.all.disable_ipv6", "net.ipv6.conf.default.disable_ipv6"} {
		v, err := sysctl.Fact.Of(ctx, s, key)
		switch {
		case errors.Is(err, inventory.ErrAbsent):
			// A kernel without IPv6.
			return inventory.Setting{Position: inventory.Position{Source: "proc/sys/" + sysctl.Path(key)}}, nil
		case errors.Is(err, inventory.ErrNotLive) || errors.Is(err, inventory.ErrUnavailable):
			return inventory.Setting{}, nil // nothing says so
		case err != nil:
			return inventory.Setting{}, err
		case v.Value != "1":
			return inventory.Setting{}, nil
		}
		last = v
	}
	return last, nil
}
