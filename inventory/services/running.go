package services

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// Activity is whether a service runs at this moment, by [Now].
type Activity struct {
	inventory.Position // what told; empty where nothing was asked

	State State
	How   string // such as "active" or "process 312 runs /usr/sbin/chronyd"
}

// After returns how a service starts, and behind it how it is known to run or not to run.
func (a Activity) After(how string) string {
	if a.How == "" {
		return how
	}
	return how + ", " + a.How
}

// State is whether a service runs.
type State string

// The states of a service.
const (
	Active   State = "active"
	Inactive State = "inactive"
	// Untold is the state of what an image has, which does not run, and of units that run at times
	// or run nothing: a command that ends (Type=oneshot without RemainAfterExit=), a timer, a socket.
	Untold State = "untold"
)

// Now returns whether a service runs at this moment, and how that is known. The program that manages
// services is asked first, by the files that it keeps: systemd by the links of run/systemd/units,
// which are there as long as a unit is active, or by cgroups where its version has no such links;
// OpenRC by the links of run/openrc/started. Where process 1 is neither, as in a container, nothing
// starts what the files describe; then a service runs if a process that is no ordinary user's runs the
// program of its unit.
//
// The error is [inventory.ErrUnavailable] where the running system does not tell.
func Now(ctx context.Context, s *inventory.System, all *Services, v Service) (Activity, error) {
	if !s.Live() {
		return Activity{State: Untold}, nil
	}
	m, err := running.Of(ctx, s)
	if err != nil {
		return Activity{}, err
	}
	var unit *systemd.Unit
	if all.units != nil {
		unit, _ = all.units.Unit(v.Name)
	}
	switch {
	case m.elsewhere:
		return Activity{}, fmt.Errorf("process 1 is systemd, and run/systemd/system is not here: %w", inventory.ErrUnavailable)
	case m.name == "systemd" && !lasts(v, unit):
		return Activity{State: Untold}, nil
	case m.name == "systemd" && m.tells, m.name == "openrc":
		return m.told(ctx, s, v.ID)
	case m.name == "systemd":
		return byCgroup(ctx, s, v, unit)
	}
	return byProcess(ctx, s, m, v, unit)
}

// NowOf is [Now] for the service of a name. On an image it asks nothing.
func NowOf(ctx context.Context, s *inventory.System, name string) (Service, Activity, error) {
	if !s.Live() {
		return Service{}, Activity{State: Untold}, nil
	}
	all, err := Fact.Of(ctx, s)
	if err != nil {
		return Service{}, Activity{}, err
	}
	v, _ := all.Service(name)
	a, err := Now(ctx, s, all, v)
	return v, a, err
}

// ActiveUnits returns the services that a manager of services says to be active, by their names,
// whichever program process 1 is: what is said to run may run. It is empty on an image.
func ActiveUnits(ctx context.Context, s *inventory.System) (map[string]Activity, error) {
	if !s.Live() {
		return nil, nil
	}
	if _, err := running.Of(ctx, s); err != nil {
		return nil, err
	}
	return active.Of(ctx, s)
}

// Where systemd and OpenRC keep a link for each active service, and what its name begins with.
const (
	ofSystemd, invocation = "run/systemd/units", "invocation:"
	ofOpenRC              = "run/openrc/started"
)

var active = inventory.NewFact("active services", readActive)

func readActive(ctx context.Context, s *inventory.System) (map[string]Activity, error) {
	all := map[string]Activity{}
	for _, folder := range []string{ofSystemd, ofOpenRC} {
		list, err := s.ReadDir(ctx, folder)
		if inventory.IsAbsent(err, folder) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			name, is := strings.CutPrefix(e.Name(), invocation)
			if folder == ofOpenRC {
				name, is = e.Name()+service, true
			}
			if is {
				all[name] = Activity{Position: inventory.Position{Source: path.Join(folder, e.Name())}, State: Active, How: "active"}
			}
		}
	}
	return all, nil
}

// manager is the program that runs as process 1, and the services that it says to be active.
type manager struct {
	name   string // "systemd", "openrc", or what the process is called
	folder string // which has a link for each active service
	tells  bool   // whether it is there

	// elsewhere means that the folders of systemd are not here: the processes are those of a host that
	// has another tree, or process 1 only has that name.
	elsewhere bool
}

// told returns what the manager says of a service.
func (m *manager) told(ctx context.Context, s *inventory.System, name string) (Activity, error) {
	all, err := active.Of(ctx, s)
	if err != nil {
		return Activity{}, err
	}
	if a, ok := all[name]; ok && path.Dir(a.Source) == m.folder {
		return a, nil
	}
	return Activity{Position: inventory.Position{Source: m.folder}, State: Inactive, How: "not active"}, nil
}

var running = inventory.NewFact("running services", readRunning)

// readRunning finds the manager, sd_booted(3), and reads what it says.
func readRunning(ctx context.Context, s *inventory.System) (*manager, error) {
	const first = "proc/1/comm"
	b, err := s.ReadText(ctx, first)
	if inventory.IsAbsent(err, first) {
		return nil, fmt.Errorf("the processes of the running system are not shown: %w", inventory.ErrUnavailable)
	}
	if err != nil {
		return nil, err
	}
	m := &manager{name: strings.TrimSuffix(string(b), "\n")}
	sign := "run/openrc/softlevel"
	if m.name == "systemd" {
		sign = "run/systemd/system"
	}
	found, err := files.FindFirst(ctx, s, sign)
	switch {
	case err != nil:
		return nil, err
	case m.name == "systemd":
		m.folder, m.elsewhere = ofSystemd, found == ""
	case found == "":
		return m, nil
	default:
		m.name, m.folder = "openrc", ofOpenRC
	}
	found, err = files.FindFirst(ctx, s, m.folder)
	m.tells = found != ""
	return m, err
}

// lasts reports whether a service that was started is active from then on. A unit of another type is
// no service.
func lasts(v Service, u *systemd.Unit) bool {
	if !strings.HasSuffix(v.ID, service) {
		return false
	}
	if u == nil {
		return true // of an init script
	}
	kind, _ := u.Lookup("Service", "Type")
	if kind.Text != "oneshot" {
		return true
	}
	stays, ok := u.Lookup("Service", "RemainAfterExit")
	yes, _ := stays.Bool()
	return ok && yes
}

// byCgroup returns whether the cgroup of a service is there, which lasts as long as its processes.
func byCgroup(ctx context.Context, s *inventory.System, v Service, u *systemd.Unit) (Activity, error) {
	name, err := files.FindFirst(ctx, s, "sys/fs/cgroup/systemd/system.slice/"+v.ID, "sys/fs/cgroup/system.slice/"+v.ID)
	if err != nil {
		return Activity{}, err
	}
	if name != "" {
		return Activity{Position: inventory.Position{Source: name}, State: Active, How: "active"}, nil
	}
	return Activity{}, fmt.Errorf("this version of systemd does not show whether %s is active: %w", v.Name, inventory.ErrUnavailable)
}

// byProcess looks for a process that runs the program of a service.
func byProcess(ctx context.Context, s *inventory.System, m *manager, v Service, u *systemd.Unit) (Activity, error) {
	a := Activity{Position: inventory.Position{Source: "proc/1/comm"}, State: Inactive, How: "process 1 is " + m.name}
	if u == nil {
		return Activity{}, fmt.Errorf("it is not known which program %s runs: %w", v.Name, inventory.ErrUnavailable)
	}
	if !strings.HasSuffix(v.ID, service) || !lasts(v, u) {
		return a, nil
	}
	table, err := processes.Of(ctx, s)
	if err != nil {
		return Activity{}, err
	}
	var unsure error
	for _, line := range u.Values("Service", "ExecStart") {
		commands, err := systemd.ParseCommand(line.Text)
		if err != nil {
			return Activity{}, err
		}
		for _, c := range commands {
			for _, p := range table {
				if p.comm != shortened(path.Base(c.Path)) {
					continue
				}
				on, err := p.runs(ctx, s, c.Path)
				switch {
				case errors.Is(err, errInterpreted):
					unsure = fmt.Errorf("whether process %s is %s: %w", path.Base(p.folder), v.Name, err)
				case err != nil:
					return Activity{}, err
				case on:
					return Activity{Position: inventory.Position{Source: path.Join(p.folder, "exe")}, State: Active,
						How: "process " + path.Base(p.folder) + " runs " + c.Path}, nil
				}
			}
			a.How = "process 1 is " + m.name + ", and no process runs " + c.Path
		}
	}
	if unsure != nil {
		return Activity{}, unsure
	}
	return a, nil
}

// process is a process by its folder in proc and its name, proc_pid_comm(5).
type process struct{ folder, comm string }

// shortened returns what the kernel keeps of the name of a program.
func shortened(name string) string { return name[:min(len(name), 15)] }

var processes = inventory.NewFact("processes", readProcesses)

func readProcesses(ctx context.Context, s *inventory.System) ([]process, error) {
	list, err := s.ReadDir(ctx, "proc")
	if err != nil {
		return nil, err
	}
	var all []process
	for _, e := range list {
		if _, err := strconv.ParseUint(e.Name(), 10, 32); err != nil {
			continue
		}
		p := process{folder: path.Join("proc", e.Name())}
		name := path.Join(p.folder, "comm")
		b, err := s.ReadText(ctx, name)
		if ended(s, name, err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		p.comm = strings.TrimSuffix(string(b), "\n")
		all = append(all, p)
	}
	return all, nil
}

// errInterpreted says that a process with the name of a program runs another: an interpreter, if the
// program is a script.
var errInterpreted = fmt.Errorf("another program runs under its name: %w", inventory.ErrUnavailable)

// firstOrdinary is the least user ID of people, and of what they start, on all distributions that are
// known here (UID_MIN, login.defs(5)).
const firstOrdinary = 1000

// runs reports whether a process runs a program, by proc_pid_exe(5). It is not one of an ordinary user,
// and none of a container, which has a number in another namespace too (Uid and NSpid,
// proc_pid_status(5)).
func (p process) runs(ctx context.Context, s *inventory.System, program string) (bool, error) {
	name := path.Join(p.folder, "exe")
	exe, err := s.FS(ctx).ReadLink(name)
	if ended(s, name, err) {
		return false, nil // or a thread of the kernel
	}
	if err != nil {
		return false, err
	}
	exe = strings.TrimSuffix(exe, " (deleted)")
	name = path.Join(p.folder, "status")
	status, err := s.ReadText(ctx, name)
	if ended(s, name, err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	system := false
	for line := range strings.Lines(string(status)) {
		name, rest, _ := strings.Cut(line, ":")
		numbers := strings.Fields(rest)
		switch {
		case name == "NSpid" && len(numbers) > 1: // kernels before 4.1 do not have it
			return false, nil
		case name == "Uid" && len(numbers) > 0:
			uid, err := strconv.ParseUint(numbers[0], 10, 32)
			system = err == nil && uid < firstOrdinary
		}
	}
	switch {
	case !system:
		return false, nil
	case path.Base(exe) != path.Base(program):
		return false, errInterpreted
	}
	return merged(exe) == merged(program), nil
}

// merged returns the path of a program as if usr were merged, and sbin with bin.
func merged(name string) string {
	dir, base := path.Split(path.Clean(name))
	dir = strings.Replace(strings.TrimPrefix(dir, "/usr"), "/sbin/", "/bin/", 1)
	return dir + base
}

// ended reports whether a read failed since the process is gone, which harms no verdict.
func ended(s *inventory.System, name string, err error) bool {
	if !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	s.Excuse(name)
	return true
}
