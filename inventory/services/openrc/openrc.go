// Package openrc tells which services OpenRC starts when the system boots: those with a
// link in a folder of etc/runlevels, rc-update(8), and those that their scripts in
// etc/init.d need or want, openrc-run(8). Alpine and Gentoo start by it.
//
// It reads files only, and so answers alike for a running host and an unbooted tree.
package openrc

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/shellvar"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/services/inittab"
)

// Service is a script in etc/init.d.
type Service struct {
	Name   string
	Script string // the file
	// Level is the runlevel that starts it when the system boots, empty where none does.
	Level string
	Link  string // in the folder of the runlevel
	// By is a service that starts at boot and needs or wants it, empty where there is none
	// or where a runlevel starts it.
	By string
}

// Starts reports whether the service starts when the system boots. As scripts are not run,
// what one needs on a condition only counts as needed.
func (s Service) Starts() bool { return s.Level != "" || s.By != "" }

// System is the services, sorted by name.
type System struct{ Services []Service }

// Service answers the service of a name.
func (y *System) Service(name string) (Service, bool) {
	i, ok := slices.BinarySearchFunc(y.Services, name, func(s Service, name string) int { return strings.Compare(s.Name, name) })
	if !ok {
		return Service{}, false
	}
	return y.Services[i], true
}

const (
	runlevels = "etc/runlevels"
	scripts   = "etc/init.d"
	maxNested = 16
)

// boot are the runlevels that a system comes through, openrc(8).
var boot = []string{"sysinit", "boot", "default"}

// Fact is the services. It is [inventory.ErrAbsent] where there is no folder of runlevels,
// and [inventory.ErrUnavailable] where etc/inittab is there and does not start OpenRC, so
// that it is not known whether anything does.
var Fact = inventory.NewFact("openrc", collect)

func collect(ctx context.Context, s *inventory.System) (*System, error) {
	entries, err := s.ReadDir(ctx, runlevels)
	if inventory.IsAbsent(err, runlevels) {
		return nil, fmt.Errorf("no %s: %w", runlevels, inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	if err := started(ctx, s); err != nil {
		return nil, err
	}
	c := collector{ctx, s, map[string]Service{}, map[string][]string{}}
	if err := c.scripts(); err != nil {
		return nil, err
	}
	for _, level := range boot {
		if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == level }) {
			if err := c.level(runlevels+"/"+level, level, 0); err != nil {
				return nil, err
			}
		}
	}
	if err := c.needed(); err != nil {
		return nil, err
	}
	y := &System{}
	for _, v := range c.all {
		y.Services = append(y.Services, v)
	}
	slices.SortFunc(y.Services, func(a, b Service) int { return strings.Compare(a.Name, b.Name) })
	return y, nil
}

// started says where nothing is known to start OpenRC: neither a line of etc/inittab nor,
// where that is not there, openrc-init.
func started(ctx context.Context, s *inventory.System) error {
	lines, err := inittab.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, l := range lines {
		// Debian's package has a script rc that calls OpenRC.
		if l.Program() == "openrc" || slices.Contains(l.Command(), "/etc/init.d/rc") {
			return nil
		}
	}
	return fmt.Errorf("%s does not start OpenRC: %w", inittab.File, inventory.ErrUnavailable)
}

type collector struct {
	ctx      context.Context
	s        *inventory.System
	all      map[string]Service
	provided map[string][]string // services by what they provide
}

// scripts notes the scripts that can be run.
func (c *collector) scripts() error {
	entries, err := c.s.ReadDir(c.ctx, scripts)
	if inventory.IsAbsent(err, scripts) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := scripts + "/" + e.Name()
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		info, err := c.s.Stat(c.ctx, name)
		if errors.Is(err, fs.ErrNotExist) && e.Type()&fs.ModeSymlink != 0 {
			continue // a link that leads nowhere
		}
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() || filetree.SysOf(info).Has&filetree.HasMode != 0 && info.Mode()&0o111 == 0 {
			continue
		}
		c.all[e.Name()] = Service{Name: e.Name(), Script: name}
	}
	return nil
}

// level notes what a folder of a runlevel starts. A folder in it, or a link to one, is
// another runlevel that goes with it.
func (c *collector) level(dir, level string, depth int) error {
	if depth > maxNested {
		return fmt.Errorf("%s: too many runlevels in one another: %w", runlevels, inventory.ErrLimit)
	}
	entries, err := c.s.ReadDir(c.ctx, dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		link := dir + "/" + e.Name()
		info, err := c.s.Stat(c.ctx, link)
		if errors.Is(err, fs.ErrNotExist) && e.Type()&fs.ModeSymlink != 0 {
			continue // the service is gone, and OpenRC passes over it
		}
		if err != nil {
			return err
		}
		if info.IsDir() {
			if err := c.level(runlevels+"/"+e.Name(), level, depth+1); err != nil && !inventory.IsAbsent(err, runlevels+"/"+e.Name()) {
				return err
			}
			continue
		}
		if v, ok := c.all[e.Name()]; ok && v.Level == "" {
			v.Level, v.Link = level, link
			c.all[e.Name()] = v
		}
	}
	return nil
}

// Conf answers the variables of a service: those of etc/conf.d, the last of each name. A
// file that does more than set variables is [inventory.ErrUnavailable], since the shell
// runs it.
func Conf(ctx context.Context, s *inventory.System, service string) (map[string]inventory.Setting, error) {
	file := "etc/conf.d/" + service
	b, err := s.ReadFile(ctx, file)
	if inventory.IsAbsent(err, file) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	vars, errs := shellvar.Parse(b)
	if len(errs) > 0 {
		return nil, fmt.Errorf("%s: more than variables: %w", file, inventory.ErrUnavailable)
	}
	all := map[string]inventory.Setting{}
	for _, v := range vars {
		if strings.ContainsAny(v.Value, "$`") {
			return nil, fmt.Errorf("%s:%d: a value that has to be worked out: %w", file, v.Line, inventory.ErrUnavailable)
		}
		all[v.Key] = inventory.Setting{Name: v.Key, Value: v.Value, Source: file, Line: v.Line}
	}
	return all, nil
}
