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

// Lockdown is the mode of kernel_lockdown(7) that the running kernel is in: none, integrity or
// confidentiality, from sys/kernel/security/lockdown, and empty where the kernel has no
// lockdown. Where that folder is not mounted, or the file says none of these, the answer is
// [inventory.ErrUnavailable]; on an image it is [inventory.ErrNotLive].
var Lockdown = inventory.NewFact("lockdown", func(ctx context.Context, s *inventory.System) (inventory.Setting, error) {
	mode := inventory.Setting{Name: "lockdown", Source: lockdown}
	b, err := s.ReadFile(ctx, lockdown)
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
})
