package firewalls

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/ufw"
	"github.com/hardening-sdk/hardening/inventory/services"
	"github.com/hardening-sdk/hardening/inventory/services/openrc"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// find returns a firewall where a service of it starts and it is not switched off, else nil.
type find func(context.Context, *inventory.System, *services.Services) (*Firewall, error)

// findByService finds a firewall that starts wherever its service does.
func findByService(name string) find {
	return func(_ context.Context, _ *inventory.System, boot *services.Services) (*Firewall, error) {
		v, ok := boot.Service(name + ".service")
		if !ok || !v.AtBoot {
			return nil, nil
		}
		return &Firewall{Name: name, Service: v}, nil
	}
}

// rulesFile returns the file that nftables.service loads: the one of its unit, or on OpenRC of
// etc/conf.d/nftables.
func rulesFile(ctx context.Context, s *inventory.System, boot *services.Services) (string, error) {
	if boot.Units() == nil {
		return confFile(ctx, s, "nftables", "rules_file", "etc/nftables.nft")
	}
	u, ok := boot.Units().Unit("nftables.service")
	if !ok {
		return "", fmt.Errorf("no nftables.service: %w", inventory.ErrUnavailable)
	}
	values := append(u.Values("Service", "ExecStart"), u.Values("Service", "ExecStartPost")...)
	if len(values) == 1 {
		commands, err := systemd.ParseCommand(values[0].Text)
		if err == nil && len(commands) == 1 && path.Base(commands[0].Path) == "nft" {
			if w := commands[0].Args; len(w) == 2 && (w[0] == "-f" || w[0] == "--file") && path.IsAbs(w[1]) {
				return strings.TrimPrefix(path.Clean(w[1]), "/"), nil
			}
		}
	}
	return "", fmt.Errorf("nftables.service does not just load one file: %w", inventory.ErrUnavailable)
}

// confFile returns the file that a variable of etc/conf.d names, or else.
func confFile(ctx context.Context, s *inventory.System, service, variable, otherwise string) (string, error) {
	conf, err := openrc.Conf(ctx, s, service)
	if err != nil {
		return "", err
	}
	if v, ok := conf[variable]; ok {
		if !path.IsAbs(v.Value) {
			return "", fmt.Errorf("%s:%d: not a whole name of a file: %w", v.Source, v.Line, inventory.ErrUnavailable)
		}
		return strings.TrimPrefix(path.Clean(v.Value), "/"), nil
	}
	return otherwise, nil
}

const persistent = "netfilter-persistent.service"

// plugins are what netfilter-persistent loads files by, from the package
// iptables-persistent.
var plugins = map[int]string{
	4: "usr/share/netfilter-persistent/plugins.d/15-ip4tables",
	6: "usr/share/netfilter-persistent/plugins.d/25-ip6tables",
}

// findIptables finds iptables where a service starts that loads files of it: those of
// Debian's netfilter-persistent, or iptables and ip6tables of Red Hat and of Alpine.
func findIptables(ctx context.Context, s *inventory.System, boot *services.Services) (*Firewall, error) {
	files := map[int]string{}
	var first *services.Service
	for _, family := range []int{4, 6} {
		name := map[int]string{4: "iptables", 6: "ip6tables"}[family]
		v, ok := boot.Service(name + ".service")
		if p, is := boot.Service(persistent); is && (p.AtBoot || !ok) {
			v, ok = p, true
		}
		if !ok || !v.AtBoot {
			continue
		}
		file, err := tablesFile(ctx, s, boot, v, family)
		if err != nil {
			return nil, err
		}
		if file == "" {
			continue
		}
		files[family] = file
		if first == nil {
			first = &v
		}
	}
	if first == nil {
		return nil, nil
	}
	return &Firewall{Name: "iptables", Service: *first, Files: files}, nil
}

// tablesFile returns the file that a service loads for a family, or nothing.
func tablesFile(
	ctx context.Context, s *inventory.System, boot *services.Services, v services.Service, family int,
) (string, error) {
	v4 := family == 4
	switch {
	case v.ID == persistent:
		plugin := plugins[family]
		if _, err := s.Stat(ctx, plugin); inventory.IsAbsent(err, plugin) {
			return "", nil
		} else if err != nil {
			return "", err
		}
		return map[bool]string{true: "etc/iptables/rules.v4", false: "etc/iptables/rules.v6"}[v4], nil
	case boot.Units() == nil && v4:
		return confFile(ctx, s, "iptables", "IPTABLES_SAVE", "etc/iptables/rules-save")
	case boot.Units() == nil:
		return confFile(ctx, s, "ip6tables", "IP6TABLES_SAVE", "etc/iptables/rules6-save")
	case v4:
		return "etc/sysconfig/iptables", nil
	}
	return "etc/sysconfig/ip6tables", nil
}

// findUFW finds ufw where its service starts and it is enabled.
func findUFW(ctx context.Context, s *inventory.System, boot *services.Services) (*Firewall, error) {
	v, ok := boot.Service("ufw.service")
	if !ok || !v.AtBoot {
		return nil, nil
	}
	c, err := ufw.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) || err == nil && !c.On() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &Firewall{Name: "ufw", Service: v}, nil
}
