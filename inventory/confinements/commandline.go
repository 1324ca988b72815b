package confinements

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/bootloader"
)

// findOnCommandLine returns the first entry of the boot loaders whose command line switches a
// module off (kernel-parameters.txt), or an entry without a Source. The module is off if its own
// parameter or zero is 0. named reports whether the command line of each entry switches it on.
// Entries for recovery are ignored, and a system without a kernel has no entries.
func findOnCommandLine(
	ctx context.Context, s *inventory.System, module string, zero string,
) (off bootloader.Entry, named bool, err error) {
	loaders, err := bootloader.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return off, false, nil
	}
	if err != nil {
		return off, false, err
	}
	named = true
	for _, l := range loaders {
		for _, e := range l.Entries {
			if e.Recovery {
				continue
			}
			here := false
			for _, p := range slices.Concat(e.Parameters, e.Possible) {
				switch {
				case (p.Name == module || p.Name == zero) && p.Value == "0",
					p.Name == "security" && p.Value != module,
					p.Name == "lsm" && !slices.Contains(strings.Split(p.Value, ","), module):
					return e, false, nil
				case p.Name == module && p.Value == "1", p.Name == "security", p.Name == "lsm":
					here = true
				}
			}
			named = named && here
		}
	}
	return off, named, nil
}
