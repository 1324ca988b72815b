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

// find is a function that looks for one firewall. It returns nil if no service of the firewall
// starts, or if the firewall is switched off.
type find func(context.Context, *inventory.System, *services.Services) (*Firewall, error)

// findByService returns a find for a firewall that starts whenever its service starts.
func findByService(name string) find {
	return func(_ context.Context, _ *inventory.System, boot *services.Services) (*Firewall, error) {
		v, _ := boot.Service(name + ".service")
		if on, err := v.Runs(); !on {
			return nil, err
		}
		return &Firewall{Name: name, Service: v}, nil
	}
}

// rulesFile returns the file that nftables.service loads. Its unit names it, or on OpenRC
// etc/conf.d/nftables.
func rulesFile(ctx context.Context, s *inventory.System, boot *services.Services) (string, error) {
	if boot.Units() == nil {
		return confFile(ctx, s, "nftables", "rules_file", "etc/nftables.nft")
	}
	u, ok := boot.Units().Unit("nftables.service")
	if !ok {
		return "", fmt.Errorf("no nftables.service: %w", inventory.ErrUnavailable)
	}
	// The unit must have one command, and that command must be "nft -f FILE".
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

// confFile returns the file that a variable in etc/conf.d/SERVICE names. It returns otherwise if
// the variable is not set.
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

// persistent is the service of Debian that loads the saved rules of iptables.
const persistent = "netfilter-persistent.service"

// plugins are the scripts by which netfilter-persistent loads the files of each family. They come
// with the package iptables-persistent.
var plugins = map[int]string{
	4: "usr/share/netfilter-persistent/plugins.d/15-ip4tables",
	6: "usr/share/netfilter-persistent/plugins.d/25-ip6tables",
}

// findIptables finds iptables if a service starts that loads its files. The service is
// netfilter-persistent on Debian, and iptables and ip6tables on Red Hat and Alpine.
func findIptables(ctx context.Context, s *inventory.System, boot *services.Services) (*Firewall, error) {
	files := map[int]string{}
	var first *services.Service
	for _, family := range []int{4, 6} {
		name := map[int]string{4: "iptables", 6: "ip6tables"}[family]
		v, ok := boot.Service(name + ".service")
		if p, is := boot.Service(persistent); is && (p.AtBoot || !ok) {
			v, ok = p, true
		}
		if on, err := v.Runs(); err != nil {
			return nil, err
		} else if !on {
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

// tablesFile returns the file that a service loads for a family, or "" if it loads none.
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

// findUFW finds ufw if its service starts and ufw is enabled.
func findUFW(ctx context.Context, s *inventory.System, boot *services.Services) (*Firewall, error) {
	v, _ := boot.Service("ufw.service")
	if on, err := v.Runs(); !on {
		return nil, err
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
