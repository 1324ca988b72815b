// Package sysv reads the links to init scripts below etc/rc0.d to etc/rc6.d and etc/rcS.d,
// by which System V init starts and stops services, init-d-script(5) and update-rc.d(8).
package sysv

import (
	"context"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Link is one link. S50cron in etc/rc2.d starts the script cron in the runlevel 2, K01cron
// stops it.
type Link struct {
	Level  string // "0" to "6", "S"
	Start  bool
	Order  string // two digits
	Name   string // of the script
	Source string // the link
}

// levels are the runlevels in the order in which a system comes to them.
var levels = []string{"S", "0", "1", "2", "3", "4", "5", "6"}

// Fact is all links, sorted by level and name. There are none where the folders are not
// there.
var Fact = inventory.NewFact("sysv", func(ctx context.Context, s *inventory.System) ([]Link, error) {
	var all []Link
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
				l.Level, l.Source = level, dir+"/"+e.Name()
				all = append(all, l)
			}
		}
	}
	return all, nil
})

// Parse reads the name of a link. It is not ok where init passes over the name.
func Parse(name string) (l Link, ok bool) {
	if len(name) < 4 || name[0] != 'S' && name[0] != 'K' || strings.Trim(name[1:3], "0123456789") != "" {
		return Link{}, false
	}
	return Link{Start: name[0] == 'S', Order: name[1:3], Name: name[3:]}, true
}
