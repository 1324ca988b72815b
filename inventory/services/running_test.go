package services_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services"
)

// Process 1, and what managers of services keep below run.
const (
	bySystemd   = "-- proc/1/comm --\nsystemd\n-- run/systemd/system dir --\n-- run/systemd/units dir --\n-- run/systemd/units/log-level-max:sshd.service link=debug --\n"
	invoked     = "-- run/systemd/units/invocation:sshd.service link=5a1f --\n"
	ofOldOne    = "-- proc/1/comm --\nsystemd\n-- run/systemd/system dir --\n"
	byOpenRC    = "-- proc/1/comm --\ninit\n-- run/openrc/softlevel --\ndefault\n-- run/openrc/started dir --\n"
	byShell     = "-- proc/1/comm --\nsh\n-- proc/17/comm --\nsshd\n"
	inContainer = "-- proc/17/status --\nName:\tsshd\nUid:\t0\t0\t0\t0\nNSpid:\t17\t4\n"
)

func TestNow(t *testing.T) {
	oneshot := strings.Replace(systemd, "[Service]\n", "[Service]\nType=oneshot\n", 1)
	stays := strings.Replace(systemd, "[Service]\n", "[Service]\nType=oneshot\nRemainAfterExit=yes\n", 1)
	for name, c := range map[string]struct{ fixture, service, want string }{
		"an image":                        {systemd, "sshd.service", "untold"},
		"active":                          {systemd + bySystemd + invoked, "sshd.service", "active: active (run/systemd/units/invocation:sshd.service)"},
		"active, by an alias":             {systemd + bySystemd + invoked, "ssh.service", "active: active (run/systemd/units/invocation:sshd.service)"},
		"not active":                      {systemd + bySystemd, "sshd.service", "inactive: not active (run/systemd/units)"},
		"a command that ends":             {oneshot + bySystemd, "sshd.service", "untold"},
		"a command that stays":            {stays + bySystemd, "sshd.service", "inactive: not active (run/systemd/units)"},
		"a command that stayed":           {stays + bySystemd + invoked, "sshd.service", "active: active (run/systemd/units/invocation:sshd.service)"},
		"a unit of another type":          {systemd + bySystemd, "default.target", "untold"},
		"an old systemd":                  {systemd + ofOldOne, "sshd.service", "unavailable"},
		"an old systemd, cgroup":          {systemd + ofOldOne + "-- sys/fs/cgroup/systemd/system.slice/sshd.service dir --\n", "sshd.service", "active: active (sys/fs/cgroup/systemd/system.slice/sshd.service)"},
		"links that cannot be read":       {systemd + "-- proc/1/comm --\nsystemd\n-- run/systemd/system dir --\n-- run/systemd/units dir error=EACCES --\n", "sshd.service", "denied"},
		"OpenRC, started":                 {openrc + byOpenRC + "-- run/openrc/started/chronyd link=/etc/init.d/chronyd --\n", "chronyd.service", "active: active (run/openrc/started/chronyd)"},
		"OpenRC, not started":             {openrc + byOpenRC, "chronyd.service", "inactive: not active (run/openrc/started)"},
		"no processes shown":              {systemd, "sshd.service", "unavailable"},
		"a container":                     {systemd + "-- proc/1/comm --\nsh\n", "sshd.service", "inactive: process 1 is sh, and no process runs /usr/sbin/sshd (proc/1/comm)"},
		"a container, target":             {systemd + "-- proc/1/comm --\nsh\n", "default.target", "inactive: process 1 is sh (proc/1/comm)"},
		"a process":                       {systemd + byShell + "-- proc/17/exe link=/usr/sbin/sshd --\n-- proc/17/status --\nUid:\t0\t0\t0\t0\nNSpid:\t17\n", "sshd.service", "active: process 17 runs /usr/sbin/sshd (proc/17/exe)"},
		"a process, bin and sbin one":     {systemd + byShell + "-- proc/17/exe link=/usr/bin/sshd --\n-- proc/17/status --\nUid:\t0\t0\t0\t0\nNSpid:\t17\n", "sshd.service", "active: process 17 runs /usr/sbin/sshd (proc/17/exe)"},
		"a process of another program":    {systemd + byShell + "-- proc/17/exe link=/home/eve/sshd --\n-- proc/17/status --\nUid:\t0\t0\t0\t0\n", "sshd.service", "inactive: process 1 is sh, and no process runs /usr/sbin/sshd (proc/1/comm)"},
		"a process of a container in it":  {systemd + byShell + "-- proc/17/exe link=/usr/sbin/sshd --\n" + inContainer, "sshd.service", "inactive: process 1 is sh, and no process runs /usr/sbin/sshd (proc/1/comm)"},
		"a process that is not shown":     {systemd + byShell + "-- proc/17/exe link=/usr/sbin/sshd --\n-- proc/17/status error=EACCES --\n", "sshd.service", "denied"},
		"a program that is not known":     {scripts + level2 + "-- proc/1/comm --\ninit\n", "old.service", "unavailable"},
		"systemd of another place":        {systemd + "-- proc/1/comm --\nsystemd\n" + invoked, "sshd.service", "unavailable"},
		"a process of a user":             {systemd + byShell + "-- proc/17/exe link=/usr/sbin/sshd --\n-- proc/17/status --\nUid:\t1000\t0\t0\t0\nNSpid:\t17\n", "sshd.service", "inactive: process 1 is sh, and no process runs /usr/sbin/sshd (proc/1/comm)"},
		"a process of nobody knows whom":  {systemd + byShell + "-- proc/17/exe link=/usr/sbin/sshd --\n-- proc/17/status --\nName:\tsshd\n", "sshd.service", "inactive: process 1 is sh, and no process runs /usr/sbin/sshd (proc/1/comm)"},
		"an interpreter":                  {systemd + byShell + "-- proc/17/exe link=/usr/bin/python3.11 --\n-- proc/17/status --\nUid:\t0\t0\t0\t0\nNSpid:\t17\n", "sshd.service", "unavailable"},
		"a user's interpreter":            {systemd + byShell + "-- proc/17/exe link=/usr/bin/python3.11 --\n-- proc/17/status --\nUid:\t1000\t0\t0\t0\n", "sshd.service", "inactive: process 1 is sh, and no process runs /usr/sbin/sshd (proc/1/comm)"},
		"what another system left in run": {systemd + "-- proc/1/comm --\nsh\n-- run/systemd/system dir --\n" + invoked, "sshd.service", "inactive: process 1 is sh, and no process runs /usr/sbin/sshd (proc/1/comm)"},
	} {
		head := "live: true\n"
		if name == "an image" {
			head = ""
		}
		s := inventorytest.System(t, head+c.fixture)
		all, err := services.Fact.Of(t.Context(), s)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		v, _ := all.Service(c.service)
		a, err := services.Now(t.Context(), s, all, v)
		got := string(a.State)
		switch {
		case errors.Is(err, fs.ErrPermission):
			got = "denied"
		case errors.Is(err, inventory.ErrUnavailable):
			got = "unavailable"
		case err != nil:
			got = err.Error()
		case a.How != "":
			got += fmt.Sprintf(": %s (%s)", a.How, a.Source)
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestActiveUnits(t *testing.T) {
	for name, c := range map[string]struct {
		fixture string
		want    []string
	}{
		"systemd":   {"live: true\n" + systemd + bySystemd + invoked, []string{"sshd.service"}},
		"OpenRC":    {"live: true\n" + openrc + byOpenRC + "-- run/openrc/started/chronyd link=/etc/init.d/chronyd --\n", []string{"chronyd.service"}},
		"an image":  {systemd + invoked, nil},
		"left over": {"live: true\n" + systemd + byShell + invoked, []string{"sshd.service"}},
	} {
		all, err := services.ActiveUnits(t.Context(), inventorytest.System(t, c.fixture))
		if got := slices.Sorted(maps.Keys(all)); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, c.want)
		}
	}
}
