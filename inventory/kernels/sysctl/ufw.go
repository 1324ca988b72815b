package sysctl

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/ufw"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// The files of ufw(8) that say whether it starts, and which file of settings it hands to sysctl(8).
const (
	ufwService = "ufw.service"
	ufwConf    = "etc/ufw/ufw.conf"
	ufwDefault = "etc/default/ufw"
)

// byUFW is the settings that ufw makes when it starts at boot, in the order of its file. They come
// after those of sysctl.d. None means that it does not start, or names no file.
var byUFW = inventory.NewFact("settings by ufw", collectByUFW)

func collectByUFW(ctx context.Context, s *inventory.System) (Settings, error) {
	enabled, err := variable(ctx, s, ufwConf, "ENABLED")
	if err != nil || strings.ToLower(enabled) != "yes" {
		return nil, err
	}
	units, err := systemd.Fact.Of(ctx, s)
	if err != nil || !units.StartsAtBoot(ufwService) {
		return nil, err
	}
	file, err := variable(ctx, s, ufwDefault, "IPT_SYSCTL")
	if err != nil || file == "" {
		return nil, err
	}
	name := strings.TrimPrefix(path.Clean(file), "/")
	b, err := s.ReadText(ctx, name)
	if inventory.IsAbsent(err, name) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var limit budget.Budget
	all, _, err := parse(b, &limit)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", name, err)
	}
	for i := range all {
		all[i].Source = name
	}
	return all, nil
}

// variable returns a variable of a file of ufw, or "" where there is none.
func variable(ctx context.Context, s *inventory.System, file, name string) (string, error) {
	all, err := ufw.Variables.Of(ctx, s, file)
	if errors.Is(err, inventory.ErrAbsent) {
		return "", nil
	}
	return all[name].Value, err
}
