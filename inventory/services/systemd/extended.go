package systemd

import (
	"context"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// extending are the folders that are searched for folders of drop-ins.
var extending = []string{configDir, "run/systemd/system", "usr/local/lib/systemd/system", mergedDir, splitDir}

// Extended returns the sorted names of the units that have a folder of drop-ins, systemd.unit(5),
// such as getty@tty1.service. They include instances that have settings of their own, but no unit
// file and no link.
var Extended = inventory.NewFact("units with drop-ins", listExtended)

func listExtended(ctx context.Context, s *inventory.System) ([]string, error) {
	var all []string
	for _, dir := range extending {
		entries, err := s.ReadDir(ctx, dir)
		if inventory.IsAbsent(err, dir) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if name, ok := strings.CutSuffix(e.Name(), ".d"); ok {
				all = append(all, name)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}
