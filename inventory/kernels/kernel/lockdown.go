package kernel

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

const (
	security = "sys/kernel/security"
	lockdown = security + "/lockdown"
)

// Lockdown is the mode of kernel_lockdown(7) of the running kernel, from
// sys/kernel/security/lockdown: none, integrity or confidentiality, or empty if the kernel has no
// lockdown. The error is [inventory.ErrUnavailable] if securityfs is not mounted or the file names
// no known mode, and [inventory.ErrNotLive] on an image.
var Lockdown = inventory.NewFact("lockdown", collectLockdown)

func collectLockdown(ctx context.Context, s *inventory.System) (inventory.Setting, error) {
	mode := inventory.Setting{Name: "lockdown", Position: inventory.Position{Source: lockdown}}
	b, err := s.ReadText(ctx, lockdown)
	if inventory.IsAbsent(err, lockdown) {
		entries, err := s.ReadDir(ctx, security)
		if err != nil || len(entries) == 0 {
			return mode, errors.Join(err, fmt.Errorf("securityfs is not mounted: %w", inventory.ErrUnavailable))
		}
		return mode, nil
	}
	if err != nil {
		return mode, err
	}
	for _, w := range strings.Fields(string(b)) {
		switch w {
		case "[none]", "[integrity]", "[confidentiality]":
			mode.Value = strings.Trim(w, "[]")
			return mode, nil
		}
	}
	return mode, fmt.Errorf("%s says nothing that is known: %w", lockdown, inventory.ErrUnavailable)
}
