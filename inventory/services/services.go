// Package services tells which services start when a system boots, whichever init program it has:
// systemd, OpenRC or System V init. Services have the names of systemd units: what OpenRC and init
// scripts call sshd is sshd.service here.
//
// The init program is the one that sbin/init leads to. Without sbin/init, as in the image of a
// container, it is systemd if there are unit files, else OpenRC if there are runlevels.
package services

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/services/inittab"
	"github.com/hardening-sdk/hardening/inventory/services/openrc"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
	"github.com/hardening-sdk/hardening/inventory/services/sysv"
)

// Service is one service, or a unit of systemd of another type.
type Service struct {
	inventory.Position // the unit file, the link or the script

	Name string // the name of the unit, such as sshd.service
	ID   string // the unit's own name; differs from Name where that is an alias

	// AtBoot means that it starts when the system boots. Perhaps means that it may start, at boot
	// or later: on demand by another unit, because a script of OpenRC needs it, perhaps on a
	// condition, or because it is not known whether systemd runs its script.
	AtBoot  bool
	Perhaps bool
	// Unsure is why it is not known whether a service with AtBoot starts: a condition about what only
	// the running system can tell. Else it is nil.
	Unsure error
	// How says how it starts, or why it does not: "started at boot by multi-user.target", "masked",
	// "in no runlevel".
	How string
}

// Runs reports whether the service starts at boot. The error is Unsure.
func (v Service) Runs() (bool, error) { return v.AtBoot && v.Unsure == nil, v.Unsure }

// Starts reports whether the service starts or may start.
func (v Service) Starts() bool { return v.AtBoot || v.Perhaps }

// Services holds all services of a system.
type Services struct {
	units *systemd.Units // nil without systemd
	added map[string]bool
	all   []Service // all services without systemd; with systemd those of init scripts
	users []Service
}

// Fact returns the services. Where the init program is not known the error is
// [inventory.ErrUnavailable].
var Fact = inventory.NewFact("services", collect)

func collect(ctx context.Context, s *inventory.System) (*Services, error) {
	units, err := systemd.Fact.Of(ctx, s)
	if err != nil && !errors.Is(err, inventory.ErrAbsent) {
		return nil, err
	}
	program, err := findInit(ctx, s)
	if err != nil {
		return nil, err
	}
	if units != nil && (program == "" || program == "systemd") {
		y, err := addScripts(ctx, s, units)
		if err != nil {
			return nil, err
		}
		return y, y.addUserServices(ctx, s)
	}
	if program == "systemd" {
		return nil, fmt.Errorf("systemd starts, and there is no folder of unit files: %w", inventory.ErrUnavailable)
	}
	// Another init program: OpenRC if it has runlevels, else System V init.
	rc, err := openrc.Fact.Of(ctx, s)
	if err == nil {
		return fromOpenRC(rc), nil
	}
	if !errors.Is(err, inventory.ErrAbsent) {
		return nil, err
	}
	return fromSysV(ctx, s)
}

// findInit returns the base name of the program that sbin/init leads to. It is empty without
// sbin/init.
func findInit(ctx context.Context, s *inventory.System) (string, error) {
	name := "sbin/init"
	for range 8 {
		info, err := s.Lstat(ctx, name)
		if inventory.IsAbsent(err, name) {
			if name == "sbin/init" {
				return "", nil
			}
			return path.Base(name), nil // the target of the link is not on this image
		}
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			return path.Base(name), nil
		}
		// Follow the link inside the tree.
		target, err := s.FS(ctx).ReadLink(name)
		if err != nil {
			return "", err
		}
		if !path.IsAbs(target) {
			target = path.Join("/", path.Dir(name), target)
		}
		if name = strings.TrimPrefix(path.Clean(target), "/"); name == "" {
			break
		}
	}
	return "", fmt.Errorf("sbin/init leads nowhere: %w", inventory.ErrUnavailable)
}

// generators are the paths of the program that makes units of init scripts. Releases of systemd
// without it start no scripts.
var generators = []string{
	"usr/lib/systemd/system-generators/systemd-sysv-generator",
	"lib/systemd/system-generators/systemd-sysv-generator",
}

// addScripts adds the services that systemd makes of init scripts, systemd-sysv-generator(8). An
// init script counts only where there is no unit file of its name.
func addScripts(ctx context.Context, s *inventory.System, units *systemd.Units) (*Services, error) {
	y := &Services{units: units, added: map[string]bool{}}
	all, err := startScripts(ctx, s, "2345")
	if err != nil || len(all) == 0 {
		return y, err
	}
	// Without the generator the scripts may be started or not.
	generator, err := files.FindFirst(ctx, s, generators...)
	if err != nil {
		return nil, err
	}
	generated := generator != ""
	for _, v := range all {
		if _, ok := units.Unit(v.Name); !ok {
			v.AtBoot, v.Perhaps = generated, !generated
			y.add(v)
		}
	}
	return y, nil
}

// startScripts returns the services that the links of some runlevels start. Their scripts exist and
// are executable.
func startScripts(ctx context.Context, s *inventory.System, levels string) ([]Service, error) {
	links, err := sysv.Fact.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	var all []Service
	for _, l := range links {
		if !l.Start || !strings.Contains(levels, l.Level) {
			continue
		}
		info, err := s.Stat(ctx, l.Source)
		if errors.Is(err, fs.ErrNotExist) && !errors.Is(err, filetree.ErrChanged) {
			continue // the script is gone
		}
		if err != nil {
			return nil, err
		}
		if filetree.SysOf(info).Has&filetree.HasMode != 0 && info.Mode()&0o111 == 0 {
			continue
		}
		name := strings.TrimSuffix(l.Name, ".sh") + service
		all = append(all, Service{Name: name, ID: name, Position: inventory.Position{Source: l.Source}, AtBoot: true,
			How: "started at boot by an init script"})
	}
	return all, nil
}

const service = ".service"

// add adds a service unless there is one of its name.
func (y *Services) add(v Service) {
	if !y.added[v.Name] {
		y.added[v.Name] = true
		y.all = append(y.all, v)
	}
}

// fromOpenRC returns the services of OpenRC.
func fromOpenRC(rc *openrc.System) *Services {
	y := &Services{}
	for _, v := range rc.Services {
		o := Service{Name: v.Name + service, ID: v.Name + service, Position: inventory.Position{Source: v.Script},
			AtBoot: v.Level != "", Perhaps: v.By != "", How: "in no runlevel"}
		switch {
		case v.Level != "":
			o.Source, o.How = v.Link, "started at boot by the runlevel "+v.Level
		case v.By != "":
			o.How = "started at boot by " + v.By
		}
		y.all = append(y.all, o)
	}
	return y
}

// fromSysV returns the services of two runlevels: the default one by etc/inittab, and S.
func fromSysV(ctx context.Context, s *inventory.System) (*Services, error) {
	lines, err := inittab.Fact.Of(ctx, s)
	if err != nil && !errors.Is(err, inventory.ErrAbsent) {
		return nil, err
	}
	level := ""
	for _, l := range lines {
		if l.Action == "initdefault" && level == "" {
			level = l.Levels
		}
	}
	if len(level) != 1 || !strings.Contains("2345", level) {
		return nil, fmt.Errorf("neither systemd nor OpenRC, nor a runlevel in %s, says what starts: %w",
			inittab.File, inventory.ErrUnavailable)
	}
	all, err := startScripts(ctx, s, "S"+level)
	if err != nil {
		return nil, err
	}
	y := &Services{added: map[string]bool{}}
	for _, v := range all {
		y.add(v)
	}
	return y, nil
}

// Units returns the units of systemd. It is nil where another program starts the system.
func (y *Services) Units() *systemd.Units { return y.units }

// Service returns the service of a name, such as cups.service. It returns false where there is
// none.
func (y *Services) Service(name string) (v Service, ok bool) {
	if y.units != nil {
		if u, ok := y.units.Unit(name); ok {
			return fromUnit(y.units, u, name), true
		}
	}
	i := slices.IndexFunc(y.all, func(v Service) bool { return v.Name == name })
	if i < 0 {
		return Service{}, false
	}
	return y.all[i], true
}

// Starts reports whether the service of that name starts at boot.
func (y *Services) Starts(name string) bool {
	v, ok := y.Service(name)
	return ok && v.AtBoot
}

// OfUsers returns the units that start at boot as a user who lingers, loginctl(1).
func (y *Services) OfUsers() []Service { return slices.Clone(y.users) }

// Match returns the services whose names are wanted. A unit with several names is returned once.
func (y *Services) Match(wanted func(name string) bool) []Service {
	var all []Service
	if y.units != nil {
		seen := map[string]bool{}
		for _, u := range y.units.All {
			if wanted(u.Name) && !seen[u.ID] {
				seen[u.ID] = true
				all = append(all, fromUnit(y.units, u, u.Name))
			}
		}
	}
	for _, v := range y.all {
		if wanted(v.Name) {
			all = append(all, v)
		}
	}
	return all
}

// fromUnit returns a unit of systemd as the service of one of its names.
func fromUnit(us *systemd.Units, u *systemd.Unit, name string) Service {
	v := Service{Name: name, ID: u.ID, Position: inventory.Position{Source: u.Path}, How: string(us.State(name))}
	if v.AtBoot = us.StartsAtBoot(name); v.AtBoot {
		v.How = "started at boot"
		if by := us.BootedBy(name); by != "" {
			v.How += " by " + by
		}
		if h, held := us.Hold(name); held && h.Known {
			v.AtBoot, v.Perhaps, v.How = false, true, "not started as long as "+h.Key+" in "+h.Place()+" does not hold"
		} else if held {
			_, v.Unsure = us.Runs(name)
		}
		return v
	}
	if by := us.ActivatedBy(name); len(by) > 0 {
		v.Perhaps, v.How = true, "started on demand by "+strings.Join(by, ", ")
	} else if file, ok := us.StartedLater(name); ok {
		v.Perhaps, v.How = true, "started on demand by "+file
	}
	return v
}
