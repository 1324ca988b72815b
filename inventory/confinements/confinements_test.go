package confinements_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/confinements"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

const (
	config  = "-- etc/selinux/config --\nSELINUX=enforcing\nSELINUXTYPE=targeted\n"
	policy  = "-- etc/selinux/targeted/policy/policy.33 --\n"
	live    = "live: true\n-- sys/kernel/x --\n"
	enforce = live + "-- sys/fs/selinux/enforce --\n"
	enabled = live + "-- sys/module/apparmor/parameters/enabled --\nY\n"
	loaded  = "-- sys/kernel/security/apparmor/profiles --\n"
	debian  = "-- etc/os-release --\nID=debian\n"
	profile = "-- etc/apparmor.d/p --\nprofile p /bin/p {\n}\n"
	parser  = "-- sbin/apparmor_parser --\n"
	service = "-- usr/lib/systemd/system/default.target link=multi-user.target --\n-- usr/lib/systemd/system/multi-user.target --\n[Unit]\n" +
		"-- usr/lib/systemd/system/apparmor.service --\n[Service]\n" +
		"-- etc/systemd/system/multi-user.target.wants/apparmor.service link=/usr/lib/systemd/system/apparmor.service --\n"
)

func grub(parameters string) string {
	return "-- boot/vmlinuz-6 --\n-- boot/grub/grub.cfg --\nmenuentry 'Linux' {\n\tlinux /boot/vmlinuz-6 root=/dev/sda1 " + parameters + "\n}\n"
}

func TestSELinux(t *testing.T) {
	for fixture, want := range map[string]confinements.State{
		"":              {How: "not there"},
		config:          {Position: inventory.Position{Source: "etc/selinux/config", Line: 1}, How: "no policy to load"},
		config + policy: {On: true, Position: inventory.Position{Source: "etc/selinux/config", Line: 1}, How: "enforcing"},
		strings.Replace(config, "=enforcing", "=permissive", 1): {Position: inventory.Position{Source: "etc/selinux/config", Line: 1}, How: "permissive"},
		strings.Replace(config, "=enforcing", "=on", 1):         {Position: inventory.Position{Source: "etc/selinux/config"}, How: "no mode that is known"},
		config + policy + grub("selinux=0"):                     {Position: inventory.Position{Source: "boot/grub/grub.cfg", Line: 2}, How: "switched off by the command line of a kernel"},
		config + policy + grub("security=selinux"):              {On: true, Position: inventory.Position{Source: "etc/selinux/config", Line: 1}, How: "enforcing"},
		config + policy + grub("lsm=lockdown,yama"):             {Position: inventory.Position{Source: "boot/grub/grub.cfg", Line: 2}, How: "switched off by the command line of a kernel"},
		enforce + "1\n":                   {On: true, Position: inventory.Position{Source: "sys/fs/selinux/enforce"}, How: "enforcing"},
		enforce + "0\n" + config + policy: {Position: inventory.Position{Source: "sys/fs/selinux/enforce"}, How: "permissive"},
		live:                              {How: "the kernel runs without it"},
		strings.Replace(enforce, "live: true\n", "", 1) + "1\n": {How: "not there"},
	} {
		if got, err := confinements.SELinux.Of(t.Context(), inventorytest.System(t, fixture)); got != want || err != nil {
			t.Errorf("%s: got %+v, %v, want %+v", fixture, got, err, want)
		}
	}
	for _, fixture := range []string{"live: true\n", "-- etc/selinux/config error=EIO --\n", config + policy + "-- boot/vmlinuz-6 --\n-- boot/grub/grub.cfg error=EIO --\n"} {
		if got, err := confinements.SELinux.Of(t.Context(), inventorytest.System(t, fixture)); err == nil {
			t.Errorf("%s: got %+v", fixture, got)
		}
	}
}

func TestSELinuxNow(t *testing.T) {
	if got, err := confinements.SELinuxNow.Of(t.Context(), inventorytest.System(t, enforce+"1\n")); !got.Enforcing || err != nil {
		t.Errorf("got %+v, %v", got, err)
	}
	for fixture, absent := range map[string]bool{"": true, live: true, "live: true\n": false} {
		if got, err := confinements.SELinuxNow.Of(t.Context(), inventorytest.System(t, fixture)); err == nil || errors.Is(err, inventory.ErrAbsent) != absent {
			t.Errorf("%s: got %+v, %v", fixture, got, err)
		}
	}
}

func TestAppArmor(t *testing.T) {
	on := confinements.State{On: true, Position: inventory.Position{Source: "etc/apparmor.d"}, How: "on, with 1 profiles"}
	for fixture, want := range map[string]confinements.State{
		"": {How: "not there"}, profile: {Position: inventory.Position{Source: "etc/apparmor.d"}, How: "nothing that loads profiles is installed"},
		parser + "-- etc/apparmor.d dir --\n": {Position: inventory.Position{Source: "etc/apparmor.d"}, How: "no profiles"},
		parser + profile + strings.ReplaceAll(service, "wants/apparmor.service", "wants/other.service"): {Position: inventory.Position{Source: "usr/lib/systemd/system/apparmor.service"}, How: "its service does not start"},
		debian + parser + profile + service:                      on,
		parser + profile + service + grub("apparmor=1"):          on,
		debian + parser + profile + service + grub("apparmor=0"): {Position: inventory.Position{Source: "boot/grub/grub.cfg", Line: 2}, How: "switched off by the command line of a kernel"},
		enabled + loaded + "p (enforce)\n":                       {On: true, How: "on, with 1 profiles"},
		enabled + loaded + "p (unconfined)\n":                    {How: "on, with 1 profiles"},
		live:                                                     {How: "the kernel runs without it"},
	} {
		if got, err := confinements.AppArmor.Of(t.Context(), inventorytest.System(t, fixture)); got != want || err != nil {
			t.Errorf("%s: got %+v, %v, want %+v", fixture, got, err, want)
		}
	}
	for fixture, want := range map[string]error{parser + profile + service: inventory.ErrNotLive, enabled: inventory.ErrUnavailable, parser + profile: inventory.ErrUnavailable} {
		if got, err := confinements.AppArmor.Of(t.Context(), inventorytest.System(t, fixture)); !errors.Is(err, want) {
			t.Errorf("%s: got %+v, %v, want %v", fixture, got, err, want)
		}
	}
}

func TestAppArmorProfiles(t *testing.T) {
	p, err := confinements.AppArmorProfiles.Of(t.Context(), inventorytest.System(t, enabled+loaded+"p//q (enforce)\n/bin/z (complain)\nz (complain)\n"+profile+
		"-- etc/apparmor.d/o --\nprofile o /bin/o {\n}\n-- etc/apparmor.d/disable/o link=../o --\n"))
	if err != nil || len(p.Loaded) != 3 || len(p.Files) != 1 || len(p.Disabled) != 1 {
		t.Fatalf("got %+v, %v", p, err)
	}
	for i, want := range []string{"/bin/p", "/bin/z", ""} {
		if got := p.Loaded[i].Program; got != want {
			t.Errorf("%s: got the program %q, want %q", p.Loaded[i].Name, got, want)
		}
	}
	for fixture, absent := range map[string]bool{"": true, live: true, enabled: false, enabled + loaded: true} {
		if got, err := confinements.AppArmorProfiles.Of(t.Context(), inventorytest.System(t, fixture)); err == nil || errors.Is(err, inventory.ErrAbsent) != absent {
			t.Errorf("%s: got %+v, %v", fixture, got, err)
		}
	}
}
