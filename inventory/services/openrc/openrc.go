// Package openrc tells which services OpenRC, the init program of Alpine and Gentoo, starts at
// boot. These are the services with a link in a folder of etc/runlevels, rc-update(8), and those
// that their scripts in etc/init.d need or want, openrc-run(8).
//
// It reads files only, so that a running host and an unbooted tree have the same result.
package openrc

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/shellvar"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/services/inittab"
)

// Service is a script in etc/init.d.
type Service struct {
	Name   string
	Script string // the path of the script
	// Level is the runlevel that starts it at boot. It is empty where none does.
	Level string
	Link  string // the path of the link in the folder of the runlevel
	// By is a service that starts at boot and needs or wants this one. It is empty where there is
	// none, and where a runlevel starts this one.
	By string
}

// Starts reports whether the service starts at boot. Scripts are not run, so that a service that is
// needed under a condition counts as needed.
func (s Service) Starts() bool { return s.Level != "" || s.By != "" }

// System holds the services, sorted by name.
type System struct{ Services []Service }

// Service returns the service of a name, and false where there is none.
func (y *System) Service(name string) (Service, bool) {
	i, ok := slices.BinarySearchFunc(y.Services, name,
		func(s Service, name string) int { return strings.Compare(s.Name, name) })
	if !ok {
		return Service{}, false
	}
	return y.Services[i], true
}

const (
	runlevels = "etc/runlevels"
	scripts   = "etc/init.d"
	maxNested = 16 // how deep runlevels are followed that contain others
)

// boot are the runlevels that a system enters at boot, openrc(8).
var boot = []string{"sysinit", "boot", "default"}

// Fact returns the services. It is [inventory.ErrAbsent] without the folder of runlevels, and
// [inventory.ErrUnavailable] where etc/inittab does not start OpenRC, so that nobody can tell
// whether it is started.
var Fact = inventory.NewFact("openrc", collect)

func collect(ctx context.Context, s *inventory.System) (*System, error) {
	entries, err := s.ReadDir(ctx, runlevels)
	if inventory.IsAbsent(err, runlevels) {
		return nil, fmt.Errorf("no %s: %w", runlevels, inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	if err := checkStarted(ctx, s); err != nil {
		return nil, err
	}
	c := collector{ctx, s, map[string]Service{}, map[string][]string{}}
	if err := c.addScripts(); err != nil {
		return nil, err
	}
	for _, level := range boot {
		if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == level }) {
			if err := c.addLevel(runlevels+"/"+level, level, 0); err != nil {
				return nil, err
			}
		}
	}
	if err := c.addNeeded(); err != nil {
		return nil, err
	}
	y := &System{}
	for _, v := range c.all {
		y.Services = append(y.Services, v)
	}
	slices.SortFunc(y.Services, func(a, b Service) int { return strings.Compare(a.Name, b.Name) })
	return y, nil
}

// checkStarted returns an error where etc/inittab exists and does not start OpenRC. Without that
// file openrc-init is taken to start it.
func checkStarted(ctx context.Context, s *inventory.System) error {
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

// collector gathers the services of a system.
type collector struct {
	ctx      context.Context
	s        *inventory.System
	all      map[string]Service  // by name
	provided map[string][]string // names of services by what they provide
}

// addScripts adds the scripts that can be run.
func (c *collector) addScripts() error {
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
			continue // a dangling link
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

// addLevel adds the services in the folder of a runlevel. A folder in it, or a link to one, is
// another runlevel that is started as well.
func (c *collector) addLevel(dir, level string, depth int) error {
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
			continue // the service is gone, and OpenRC ignores the link
		}
		if err != nil {
			return err
		}
		// A folder is a nested runlevel.
		if info.IsDir() {
			nested := runlevels + "/" + e.Name()
			if err := c.addLevel(nested, level, depth+1); err != nil && !inventory.IsAbsent(err, nested) {
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

// Conf returns the variables of a service from etc/conf.d. The last assignment of a name counts. A
// file that does more than set variables is [inventory.ErrUnavailable], since a shell runs it.
// Without a file there are no variables.
func Conf(ctx context.Context, s *inventory.System, service string) (map[string]inventory.Setting, error) {
	file := "etc/conf.d/" + service
	b, err := s.ReadText(ctx, file)
	if inventory.IsAbsent(err, file) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all := map[string]inventory.Setting{}
	var left budget.Budget
	for v, err := range shellvar.Shell(b) {
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %v: %w", file, v.Line, err, inventory.ErrUnavailable)
		}
		if err := left.Items(1); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, v.Line, err)
		}
		all[v.Key] = inventory.Setting{Name: v.Key, Value: v.Value,
			Position: inventory.Position{Source: file, Line: v.Line}}
	}
	return all, nil
}
