// Package sysv reads the links to init scripts in etc/rc0.d to etc/rc6.d and etc/rcS.d. By them
// System V init starts and stops services, init-d-script(5) and update-rc.d(8).
package sysv

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// Link is one link. In etc/rc2.d the link S50cron starts the script cron in runlevel 2, and K01cron
// stops it.
type Link struct {
	inventory.Position // the link itself

	Level string // "0" to "6", or "S"
	Start bool   // the link starts the script; else it stops it
	Order string // two digits
	Name  string // the name of the script
}

// levels are the runlevels in the order in which a system enters them.
var levels = []string{"S", "0", "1", "2", "3", "4", "5", "6"}

// Fact returns all links, sorted by level and name. Without the folders there are none.
var Fact = inventory.NewFact("sysv", collect)

func collect(ctx context.Context, s *inventory.System) ([]Link, error) {
	var all []Link
	var left budget.Budget
	for _, level := range levels {
		dir := "etc/rc" + level + ".d"
		entries, err := s.ReadDir(ctx, dir)
		if inventory.IsAbsent(err, dir) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if l, ok := Parse(e.Name()); ok {
				if err := left.Items(1); err != nil {
					return nil, fmt.Errorf("%s: %w", dir, err)
				}
				l.Level, l.Source = level, dir+"/"+e.Name()
				all = budget.Append(all, l)
			}
		}
	}
	return all, nil
}

// Parse reads the name of a link. It returns false for a name that init ignores.
func Parse(name string) (l Link, ok bool) {
	if len(name) < 4 || name[0] != 'S' && name[0] != 'K' || strings.Trim(name[1:3], "0123456789") != "" {
		return Link{}, false
	}
	return Link{Start: name[0] == 'S', Order: name[1:3], Name: name[3:]}, true
}
