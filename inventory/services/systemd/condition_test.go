package systemd_test

import (
	"errors"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// Not enumerated are conditions on hardware, virtualization and pressure, which only the running system
// can tell: they are unknown, as the row of ConditionArchitecture is.
func TestRuns(t *testing.T) {
	const files = "-- etc/there --\nx\n-- etc/empty --\n-- etc/program mode=0755 --\nx\n-- etc/full/a.conf --\n-- etc/none dir --\n-- etc/link link=/etc/there --\n"
	const boots, held, unknown = "boots", "held", "unknown"
	for settings, want := range map[string]string{
		"":                               boots,
		"ConditionPathExists=/etc/there": boots, "ConditionPathExists=/etc/gone": held, "ConditionPathExists=!/etc/there": held, "ConditionPathExists=!/etc/gone": boots,
		"AssertPathExists=/etc/gone": held, "ConditionPathExists=/etc/gone\nConditionPathExists=": boots, "ConditionPathExists=/etc/gone\nConditionFileNotEmpty=": boots,
		"ConditionPathExists=/etc/link": boots, "ConditionPathIsSymbolicLink=/etc/link": boots, "ConditionPathIsSymbolicLink=/etc/there": held,
		"ConditionPathIsDirectory=/etc/full": boots, "ConditionPathIsDirectory=/etc/there": held, "ConditionDirectoryNotEmpty=/etc/full": boots,
		"ConditionDirectoryNotEmpty=/etc/none": held, "ConditionFileNotEmpty=/etc/there": boots, "ConditionFileNotEmpty=/etc/empty": held,
		"ConditionFileIsExecutable=/etc/program": boots, "ConditionFileIsExecutable=/etc/there": held, "ConditionFileIsExecutable=!/etc/program": held,
		"ConditionPathExistsGlob=/etc/full/*.conf": boots, "ConditionPathExistsGlob=/etc/full/*.db": held, "ConditionPathExistsGlob=/etc/*/a": unknown,
		"ConditionPathExists=|/etc/gone\nConditionPathExists=|/etc/there": boots, "ConditionPathExists=|/etc/gone\nConditionPathExists=|!/etc/there": held,
		"ConditionPathExists=|/etc/there\nConditionPathExists=/etc/gone": held, "ConditionPathExists=|/etc/gone\nConditionArchitecture=|arm": unknown,
		"ConditionPathExists=/run/x": unknown, "ConditionPathExists=!/run/x": boots, "ConditionPathExists=/etc/%H": unknown,
		"ConditionCapability=CAP_NET_ADMIN": boots, "ConditionSecurity=apparmor": boots, "ConditionVirtualization=!container": boots,
		"ConditionVirtualization=vm": unknown, "ConditionKernelCommandLine=!audit=0": boots, "ConditionKernelCommandLine=x": unknown,
		"ConditionFirstBoot=yes": held, "ConditionArchitecture=x86-64": unknown,
	} {
		us, err := systemd.Fact.Of(t.Context(), inventorytest.System(t, files+folder+"default.target --\n[Unit]\nWants=a.service\n"+
			folder+"a.service --\n[Unit]\n"+settings+"\n[Service]\nExecStart=/x\n"))
		if err != nil {
			t.Fatal(err)
		}
		got := held
		switch runs, err := us.Runs("a.service"); {
		case errors.Is(err, inventory.ErrUnavailable):
			got = unknown
		case err != nil:
			t.Fatal(err)
		case runs:
			got = boots
		}
		if got != want || !us.StartsAtBoot("a.service") {
			t.Errorf("%s: got %s, want %s", settings, got, want)
		}
	}
}

// A unit of whose settings nothing is left that its type needs is not loaded.
func TestRefused(t *testing.T) {
	for unit, want := range map[string]bool{
		"a.service --\n[Service]\nExecStart=/x": true, "a.service --\n[Service]\nExecStart=/x\nExecStart=": false, "a.service --\n[Service]\nType=oneshot\nExecStart=/x\nExecStart=/y": true,
		"a.service --\n[Service]\nExecStart=/x\nExecStart=/y": false, "a.service --\n[Service]\nExecStart=x/y": false, "a.service --\n[Service]\nExecStart=-x/y\nExecStart=/x": true,
		"a.service --\n[Service]\nType=dbus\nExecStart=/x": false, "a.service --\n[Service]\nType=dbus\nBusName=a.b\nExecStart=/x": true,
		"a.service --\n[Service]\nType=oneshot\nExecStart=/x\nExecStart=\nExecStop=/y": true,
		"a.timer --\n[Timer]\nOnCalendar=daily":                                        true, "a.timer --\n[Timer]\n": false, "a.timer --\n[Timer]\nOnCalendar=dayly": false, "a.timer --\n[Timer]\nOnBootSec=5min": true,
		"a.timer --\n[Timer]\nOnBootSec=5 bananas": false, "a.timer --\n[Timer]\nOnCalendar=daily\nOnBootSec=": false, "a.timer --\n[Timer]\nPersistent=true": false,
		"a.timer --\n[Timer]\nOnClockChange=yes": true, "a.timer --\n[Timer]\nOnClockChange=no": false,
		"a.socket --\n[Socket]\nListenStream=22": true, "a.socket --\n[Socket]\nListenStream=22\nListenStream=": false,
		"a.path --\n[Path]\nPathExists=/x": true, "a.path --\n[Path]\nPathExists=/x\nPathChanged=": false,
	} {
		us, err := systemd.Fact.Of(t.Context(), inventorytest.System(t, folder+"default.target --\n[Unit]\nWants=a.service a.timer a.socket a.path\n"+folder+unit+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		got := us.StartsAtBoot("a.service") || us.StartsAtBoot("a.timer") || us.StartsAtBoot("a.socket") || us.StartsAtBoot("a.path")
		if got != want {
			t.Errorf("%s: starts at boot: %v, want %v", unit, got, want)
		}
	}
}

func TestStartedLater(t *testing.T) {
	const units = folder + "default.target --\n[Unit]\n" + folder + "a.target --\n[Unit]\nWants=b.service\n" + folder + "b.service --\n[Service]\nExecStart=/x\n" + folder + "c@.service --\n[Service]\nExecStart=/x\n"
	for name, c := range map[string]struct {
		fixture string
		want    map[string]bool
	}{
		"none":         {"", map[string]bool{"a.target": false, "b.service": false}},
		"a device":     {"-- usr/lib/udev/rules.d/9.rules --\nSUBSYSTEM==\"x\", ENV{SYSTEMD_WANTS}+=\"a.target\"\n", map[string]bool{"a.target": true, "b.service": true}},
		"set":          {"-- etc/udev/rules.d/9.rules --\n  KERNEL==\"x\", ENV{SYSTEMD_WANTS}=\"x.service b.service\"\n", map[string]bool{"a.target": false, "b.service": true}},
		"compared":     {"-- etc/udev/rules.d/9.rules --\nENV{SYSTEMD_WANTS}==\"b.service\", RUN+=\"x\"\n", map[string]bool{"b.service": false}},
		"a comment":    {"-- etc/udev/rules.d/9.rules --\n# ENV{SYSTEMD_WANTS}=\"b.service\"\n", map[string]bool{"b.service": false}},
		"hidden":       {"-- etc/udev/rules.d/9.rules link=/dev/null --\n-- usr/lib/udev/rules.d/9.rules --\nENV{SYSTEMD_WANTS}=\"b.service\"\n", map[string]bool{"b.service": false}},
		"an instance":  {"-- etc/udev/rules.d/9.rules --\nENV{SYSTEMD_WANTS}=\"c@$kernel.service\"\n", map[string]bool{"c@0.service": true}},
		"D-Bus":        {"-- usr/share/dbus-1/system-services/x.service --\n[D-BUS Service]\nName=x\nSystemdService=b.service\n", map[string]bool{"b.service": true}},
		"D-Bus, other": {"-- usr/share/dbus-1/system-services/x.service --\n[D-BUS Service]\nName=x\nExec=/x\n", map[string]bool{"b.service": false}},
	} {
		us, err := systemd.Fact.Of(t.Context(), inventorytest.System(t, units+c.fixture))
		if err != nil {
			t.Fatal(err)
		}
		for unit, want := range c.want {
			if file, got := us.StartedLater(unit); got != want || got && file == "" {
				t.Errorf("%s: %s is started later: %v (%s), want %v", name, unit, got, file, want)
			}
		}
	}
}
