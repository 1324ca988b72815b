package firewalls_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// unit returns the files of a service that starts at boot.
func unit(name, lines string) string {
	return "-- usr/lib/systemd/system/" + name + ".service --\n[Service]\n" + lines + "\n-- etc/systemd/system/multi-user.target.wants/" + name +
		".service link=/usr/lib/systemd/system/" + name + ".service --\n"
}

const (
	target = "-- usr/lib/systemd/system/default.target link=multi-user.target --\n-- usr/lib/systemd/system/multi-user.target --\n[Unit]\n"
	rules  = "-- etc/nftables.conf --\ntable ip f {\n\tchain i {\n\t\ttype filter hook input priority 0; policy drop;\n\t}\n}\n"
)

var (
	nft      = target + unit("nftables", "ExecStart=/usr/sbin/nft -f /etc/nftables.conf") + rules
	iptables = target + unit("iptables", "ExecStart=/bin/true")
	alpine   = "-- sbin/init link=/bin/busybox --\n-- bin/busybox mode=0755 --\n-- etc/inittab --\n::sysinit:/sbin/openrc sysinit\n::wait:/sbin/openrc default\n-- etc/init.d/nftables mode=0755 --\n#!/sbin/openrc-run\n-- etc/runlevels/default/nftables link=/etc/init.d/nftables --\n"
)

func TestFact(t *testing.T) {
	for fixture, want := range map[string]string{
		target: "", nft: "nftables", iptables: "iptables", nft + iptables: "nftables iptables", target + unit("ferm", ""): "ferm",
		target + unit("ufw", ""): "", target + unit("firewalld", ""): "firewalld", alpine: "nftables",
		target + unit("ufw", "") + "-- etc/ufw/ufw.conf --\nENABLED=no\n":                                           "",
		target + unit("netfilter-persistent", ""):                                                                   "",
		target + unit("netfilter-persistent", "") + "-- usr/share/netfilter-persistent/plugins.d/15-ip4tables --\n": "iptables",
	} {
		all, err := firewalls.Fact.Of(t.Context(), inventorytest.System(t, fixture))
		var got []string
		for _, f := range all {
			got = append(got, f.Name)
		}
		if strings.Join(got, " ") != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", fixture, got, err, want)
		}
	}
	for _, fixture := range []string{"", target + unit("ufw", "") + "-- etc/ufw/ufw.conf error=EIO --\n"} {
		if all, err := firewalls.Fact.Of(t.Context(), inventorytest.System(t, fixture)); err == nil {
			t.Errorf("%s: got %v", fixture, all)
		}
	}
}

func TestDefault(t *testing.T) {
	const saved = "-- etc/sysconfig/iptables --\n*filter\n:INPUT DROP [0:0]\nCOMMIT\n"
	for _, c := range []struct {
		fixture, firewall string
		family            int
		want              netfilter.Verdict
		source            string
	}{
		{nft, "nftables", 4, netfilter.Deny, "etc/nftables.conf"},
		{nft, "nftables", 6, netfilter.Accept, "etc/nftables.conf"},
		{iptables + saved, "iptables", 4, netfilter.Deny, "etc/sysconfig/iptables"},
		{iptables + saved, "iptables", 6, netfilter.Accept, ""}, // no service loads a file
		{iptables, "iptables", 4, netfilter.Accept, ""},         // no file to load
		{alpine + strings.Replace(rules, "nftables.conf", "nftables.nft", 1), "nftables", 4, netfilter.Deny, "etc/nftables.nft"},
	} {
		got, err := firewalls.Default.Of(t.Context(), inventorytest.System(t, c.fixture), firewalls.Packet{Firewall: c.firewall, Direction: "input", Family: c.family})
		if got.Verdict != c.want || got.Source != c.source || err != nil {
			t.Errorf("%s: IPv%d: got %+v, %v, want %v", c.fixture, c.family, got, err, c.want)
		}
	}
	for fixture, c := range map[string]struct {
		firewall string
		want     error
	}{
		target + unit("ferm", ""): {"ferm", inventory.ErrUnavailable}, nft: {"ufw", inventory.ErrAbsent},
		strings.Replace(nft, "-f /etc", "-c -f /etc", 1): {"nftables", inventory.ErrUnavailable},
	} {
		got, err := firewalls.Default.Of(t.Context(), inventorytest.System(t, fixture), firewalls.Packet{Firewall: c.firewall, Direction: "input", Family: 4})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %+v, %v, want %v", fixture, got, err, c.want)
		}
	}
	broken := iptables + "-- etc/sysconfig/iptables --\n*filter\n"
	if got, err := firewalls.Default.Of(t.Context(), inventorytest.System(t, broken), firewalls.Packet{Firewall: "iptables", Direction: "input", Family: 4}); err == nil {
		t.Errorf("a table that nothing commits: got %+v", got)
	}
}

func TestWithoutIPv6(t *testing.T) {
	const live = "live: true\n-- proc/cmdline --\nquiet\n-- proc/sys/kernel/x --\n"
	const both = "-- proc/sys/net/ipv6/conf/all/disable_ipv6 --\n1\n-- proc/sys/net/ipv6/conf/default/disable_ipv6 --\n1\n"
	for fixture, want := range map[string]string{
		"": "", live: "proc/sys/net/ipv6/conf/all/disable_ipv6", live + both: "proc/sys/net/ipv6/conf/default/disable_ipv6",
		live + strings.Replace(both, "1", "0", 1): "", live + both + "-- proc/cmdline --\nipv6.disable=1\n": "proc/cmdline",
	} {
		got, err := firewalls.WithoutIPv6.Of(t.Context(), inventorytest.System(t, fixture))
		if got.Source != want || err != nil {
			t.Errorf("%s: got %+v, %v, want %q", fixture, got, err, want)
		}
	}
	if got, err := firewalls.WithoutIPv6.Of(t.Context(), inventorytest.System(t, "live: true\n")); err == nil {
		t.Errorf("without proc: got %+v", got)
	}
}
