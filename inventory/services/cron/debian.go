package cron

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/shellvar"
	"github.com/hardening-sdk/hardening/inventory"
)

// LeftToSystemd reports whether a script ends where systemd runs, as those of Debian's packages do that
// have a timer as well.
var LeftToSystemd = inventory.NewKeyed("script left to systemd", findLeft)

func findLeft(ctx context.Context, s *inventory.System, name string) (bool, error) {
	b, err := s.ReadOnce(ctx, name)
	if err != nil {
		return false, err
	}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if strings.Contains(line, "-d /run/systemd/system") && !strings.HasPrefix(line, "#") && !strings.Contains(line, "!") {
			return true, nil
		}
	}
	return false, nil
}

// WithoutAIDE reports whether etc/default/aide keeps the daily job of Debian's package aide-common from
// its work, by CRON_DAILY_RUN. The error is [inventory.ErrUnavailable] where the file does more than set
// variables.
var WithoutAIDE = inventory.NewFact("daily run of AIDE", findAIDE)

func findAIDE(ctx context.Context, s *inventory.System) (bool, error) {
	const name = "etc/default/aide"
	b, err := s.ReadOnce(ctx, name)
	if inventory.IsAbsent(err, name) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	value := "yes"
	for v, err := range shellvar.Shell(b) {
		if err != nil {
			return false, fmt.Errorf("%s:%d: %v: %w", name, v.Line, err, inventory.ErrUnavailable)
		}
		if v.Key == "CRON_DAILY_RUN" {
			value = v.Value
		}
	}
	return value != "yes" && value != "", nil
}
