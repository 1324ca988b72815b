package sysctl_test

import (
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/sysctl"
)

const (
	applied = "-- usr/lib/systemd/system/systemd-sysctl.service --\n[Service]\nExecStart=/x\n" +
		"-- usr/lib/systemd/system/default.target link=multi-user.target --\n-- usr/lib/systemd/system/multi-user.target --\n[Unit]\n"
	ufwStarts = "-- usr/lib/systemd/system/ufw.service --\n[Service]\nExecStart=/x\n" +
		"-- etc/systemd/system/multi-user.target.wants/ufw.service link=/usr/lib/systemd/system/ufw.service --\n"
	ufwFiles = "-- etc/ufw/ufw.conf --\nENABLED=yes\n-- etc/default/ufw --\nIPT_SYSCTL=/opt/own.conf\n-- opt/own.conf --\nnet/ipv4/ip_forward=1\n"
)

func TestKeysThatSetOthers(t *testing.T) {
	for name, c := range map[string]struct{ files, key, want string }{
		"all sets the old key":        {"net.ipv4.ip_forward=0\nnet.ipv4.conf.all.forwarding=1\n", "net.ipv4.ip_forward", "1"},
		"the last one counts":         {"net.ipv4.conf.all.forwarding=1\nnet.ipv4.ip_forward=0\n", "net.ipv4.ip_forward", "0"},
		"all sets an interface":       {"net.ipv4.conf.eth0.forwarding=0\nnet.ipv4.conf.all.forwarding=1\n", "net.ipv4.conf.eth0.forwarding", "1"},
		"an interface after all":      {"net.ipv6.conf.all.forwarding=1\nnet.ipv6.conf.eth0.forwarding=0\n", "net.ipv6.conf.eth0.forwarding", "0"},
		"the default":                 {"net.ipv6.conf.all.disable_ipv6=1\n", "net.ipv6.conf.default.disable_ipv6", "1"},
		"other keys are not set":      {"net.ipv6.conf.default.accept_ra=0\nnet.ipv6.conf.all.accept_ra=1\n", "net.ipv6.conf.default.accept_ra", "0"},
		"hexadecimal":                 {"kernel.sysrq=0x10\n", "kernel.sysrq", "16"},
		"octal":                       {"kernel.sysrq=020\n", "kernel.sysrq", "16"},
		"several numbers":             {"kernel.printk=0x3 4\t1 7\n", "kernel.printk", "3 4 1 7"},
		"no number":                   {"kernel.core_pattern=|/x 0x10\n", "kernel.core_pattern", "|/x 0x10"},
		"no number of the kernel's":   {"kernel.sysrq=0b1\n", "kernel.sysrq", "0b1"},
		"no octal":                    {"kernel.sysrq=08\n", "kernel.sysrq", "08"},
		"with a sign":                 {"kernel.perf_event_paranoid=-1\n", "kernel.perf_event_paranoid", "-1"},
		"ufw, which does not start":   {"net.ipv4.ip_forward=0\n" + ufwFiles, "net.ipv4.ip_forward", "0"},
		"ufw, whose file comes after": {"net.ipv4.ip_forward=0\n" + ufwFiles + ufwStarts, "net.ipv4.ip_forward", "1"},
	} {
		s, err := sysctl.Fact.Of(t.Context(), inventorytest.System(t, applied+"-- etc/sysctl.d/1.conf --\n"+c.files), c.key)
		if err != nil || s.Value != c.want {
			t.Errorf("%s: got %q, %v, want %q", name, s.Value, err, c.want)
		}
	}
}

func TestInterfacesThatFilesName(t *testing.T) {
	const files = applied + "-- etc/sysctl.d/1.conf --\nnet.ipv6.conf.eth0.accept_ra=2\nnet.ipv6.conf.lo.accept_ra=1\nnet.ipv6.conf.wl*.accept_ra=1\n" +
		"net.ipv6.conf.en[ps]?.accept_ra=1\n-net.ipv6.conf.out.accept_ra\nnet.ipv6.conf.eth1.forwarding=1\nnet/ipv6/conf/eth2.7/accept_ra=1\n"
	got, err := sysctl.Interfaces.Of(t.Context(), inventorytest.System(t, files), "net.ipv6.conf.*.accept_ra")
	want := []string{"net.ipv6.conf.all.accept_ra", "net.ipv6.conf.default.accept_ra", "net.ipv6.conf.eth0.accept_ra", "net.ipv6.conf.wl0.accept_ra",
		"net.ipv6.conf.enp0.accept_ra", "net/ipv6/conf/eth2.7/accept_ra"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

func TestIPv6Off(t *testing.T) {
	for files, want := range map[string]string{
		"net.ipv6.conf.all.disable_ipv6=1\n":                                        "1",
		"net.ipv6.conf.default.disable_ipv6=1\n":                                    "",
		"net.ipv6.conf.all.disable_ipv6=1\nnet.ipv6.conf.eth0.disable_ipv6=0\n":     "",
		"net.ipv6.conf.all.disable_ipv6=1\nnet.ipv6.conf.lo.disable_ipv6=0\n":       "1",
		"net.ipv6.conf.all.disable_ipv6=1\nnet.ipv6.conf.default.disable_ipv6=0\n":  "",
		"net.ipv6.conf.all.disable_ipv6=0x1\nnet.ipv6.conf.eth*.disable_ipv6 = 1\n": "1",
		"x=1\n": "",
	} {
		s, err := sysctl.IPv6Off.Of(t.Context(), inventorytest.System(t, applied+"-- etc/sysctl.d/1.conf --\n"+files))
		if err != nil || s.Value != want {
			t.Errorf("%q: got %q, %v, want %q", files, s.Value, err, want)
		}
	}
	live := "live: true\n-- proc/sys/kernel/x --\n1\n-- proc/sys/net/ipv6/conf/all/disable_ipv6 --\n1\n-- proc/sys/net/ipv6/conf/default/disable_ipv6 --\n1\n-- proc/sys/net/ipv6/conf/lo/disable_ipv6 --\n0\n"
	if s, err := sysctl.IPv6Off.Of(t.Context(), inventorytest.System(t, live)); err != nil || s.Value != "1" {
		t.Errorf("live: got %q, %v", s.Value, err)
	}
}
