// Package firewalld tells what firewalld lets in: its default zone, firewalld.conf(5), the
// zones and policies that interfaces and senders are bound to, firewalld.zone(5) and
// firewalld.policies(5), by its own files and by the connections of NetworkManager.
package firewalld

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

// Zone is a zone.
type Zone struct {
	Name   string
	Target string // as written: ACCEPT, DROP, %%REJECT%%, default or nothing
	// Interfaces and Senders are bound to the zone by its file.
	Interfaces, Senders []string
	// Open says that ports or rich rules let in everything whatever the target.
	Open   bool
	Source string
}

// Accepts reports whether the zone lets in what nothing chooses.
func (z Zone) Accepts() bool { return z.Target == "ACCEPT" || z.Open }

// Policy is a policy between zones.
type Policy struct {
	Name, Target    string
	Ingress, Egress []string // names of zones, ANY, HOST
	// Open says that ports, protocols or rich rules let through everything whatever the target.
	Open   bool
	Source string
}

// Binding puts a connection of NetworkManager, or an interface, into a zone.
type Binding struct{ Zone, Source string }

// Config is the configuration.
type Config struct {
	DefaultZone inventory.Setting
	Zones       map[string]Zone
	Policies    []Policy
	Bindings    []Binding
	// Direct says that there are rules that are handed to iptables as they are.
	Direct bool
}

const (
	conf   = "etc/firewalld/firewalld.conf"
	direct = "etc/firewalld/direct.xml"
)

// Fact is the configuration. Files of zones that cannot be parsed are an error.
var Fact = inventory.NewFact("firewalld", collect)

func collect(ctx context.Context, s *inventory.System) (*Config, error) {
	c := &Config{DefaultZone: inventory.Setting{Name: "DefaultZone", Value: "public"}, Zones: map[string]Zone{}}
	b, err := s.ReadFile(ctx, conf)
	switch {
	case err == nil:
		if v, ok := setting(b, "DefaultZone"); ok {
			v.Source = conf
			c.DefaultZone = v
		}
	case !inventory.IsAbsent(err, conf):
		return nil, err
	}
	if err := each(ctx, s, "zones", func(name, file string, b []byte) error {
		z, err := ParseZone(b)
		z.Name, z.Source = name, file
		c.Zones[name] = z
		return err
	}); err != nil {
		return nil, err
	}
	if err := each(ctx, s, "policies", func(name, file string, b []byte) error {
		p, err := ParsePolicy(b)
		p.Name, p.Source = name, file
		c.Policies = append(c.Policies, p)
		return err
	}); err != nil {
		return nil, err
	}
	if b, err := s.ReadFile(ctx, direct); err == nil {
		c.Direct = strings.Contains(string(b), "<rule") || strings.Contains(string(b), "<passthrough")
	} else if !inventory.IsAbsent(err, direct) {
		return nil, err
	}
	c.Bindings, err = connections(ctx, s)
	return c, err
}

// setting answers a value of firewalld.conf: the first line that has one, as firewalld
// passes over further ones.
func setting(b []byte, key string) (inventory.Setting, bool) {
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		name, value, ok := strings.Cut(strings.TrimSpace(s), "=")
		if value = strings.TrimSpace(value); ok && strings.TrimSpace(name) == key && value != "" {
			return inventory.Setting{Name: key, Value: value, Line: line}, true
		}
	}
	return inventory.Setting{}, false
}

// each reads the files of a kind; those in etc hide the ones of the package.
func each(ctx context.Context, s *inventory.System, kind string, take func(name, file string, b []byte) error) error {
	seen := map[string]bool{}
	for _, dir := range []string{"etc/firewalld/" + kind, "usr/lib/firewalld/" + kind} {
		entries, err := s.ReadDir(ctx, dir)
		if inventory.IsAbsent(err, dir) {
			continue
		}
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.IsDir() && kind == "zones" && !strings.HasPrefix(e.Name(), ".") { // firewalld joins the files in it to one zone
				inside, err := s.ReadDir(ctx, dir+"/"+e.Name())
				if err == nil && len(inside) > 0 {
					err = fmt.Errorf("%s/%s: a folder in the place of a zone's file is not read: %w", dir, e.Name(), inventory.ErrUnavailable)
				}
				if err != nil {
					return err
				}
			}
			name, ok := strings.CutSuffix(e.Name(), ".xml")
			if !ok || seen[name] || strings.HasPrefix(name, ".") {
				continue
			}
			seen[name] = true
			file := dir + "/" + e.Name()
			b, err := s.ReadFile(ctx, file)
			if errors.Is(err, fs.ErrNotExist) && e.Type()&fs.ModeSymlink != 0 {
				continue // a link that leads nowhere
			}
			if err != nil {
				return err
			}
			if err := take(name, file, b); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	return nil
}

// named is an element with a name.
type named struct {
	Name string `xml:"name,attr"`
}

// ParseZone reads the text of the file of a zone.
func ParseZone(b []byte) (Zone, error) {
	var doc struct {
		XMLName   xml.Name `xml:"zone"`
		Target    string   `xml:"target,attr"`
		Interface []named  `xml:"interface"`
		Source    []struct {
			Address string `xml:"address,attr"`
			MAC     string `xml:"mac,attr"`
			IPSet   string `xml:"ipset,attr"`
		} `xml:"source"`
		openings
	}
	if err := xml.Unmarshal(b, &doc); err != nil {
		return Zone{}, errors.New("not the XML of a zone")
	}
	z := Zone{Target: doc.Target}
	for _, i := range doc.Interface {
		z.Interfaces = append(z.Interfaces, i.Name)
	}
	for _, x := range doc.Source {
		z.Senders = append(z.Senders, x.Address+x.MAC+x.IPSet)
	}
	z.Open = doc.open()
	return z, nil
}

// openings are the elements of zones and policies that let something through.
type openings struct {
	Port []struct {
		Port string `xml:"port,attr"`
	} `xml:"port"`
	Protocol []struct {
		Value string `xml:"value,attr"`
	} `xml:"protocol"`
	Rule []struct {
		Any []element `xml:",any"`
	} `xml:"rule"`
}

// open reports whether one of them lets through everything.
func (o openings) open() bool {
	for _, p := range o.Port {
		if netfilter.Ports(p.Port) == netfilter.Broad {
			return true
		}
	}
	for _, p := range o.Protocol {
		if slices.Contains(protocols, p.Value) {
			return true
		}
	}
	for _, r := range o.Rule {
		if accepts(r.Any) {
			return true
		}
	}
	return false
}

// protocols are those that carry the services of a host.
var protocols = []string{"tcp", "udp", "6", "17"}

type element struct {
	XMLName xml.Name
	Address string `xml:"address,attr"`
	Port    string `xml:"port,attr"`
	Value   string `xml:"value,attr"`
	Invert  string `xml:"invert,attr"`
}

// accepts reports whether a rich rule accepts and chooses next to nothing.
func accepts(all []element) bool {
	accept := false
	for _, e := range all {
		switch e.XMLName.Local {
		case "accept":
			accept = true
		case "log", "audit", "nflog":
		case "protocol":
			if !slices.Contains(protocols, e.Value) {
				return false
			}
		case "source", "destination":
			if !everybody(e.Address) && e.Invert == "" {
				return false
			}
		case "port", "source-port":
			if netfilter.Ports(e.Port) != netfilter.Broad {
				return false
			}
		default:
			return false
		}
	}
	return accept
}

// everybody reports whether an address is that of all senders.
func everybody(address string) bool {
	_, length, ok := strings.Cut(address, "/")
	return ok && (length == "0" || length == "1" || length == "0.0.0.0")
}

// ParsePolicy reads the text of the file of a policy.
func ParsePolicy(b []byte) (Policy, error) {
	var doc struct {
		XMLName xml.Name `xml:"policy"`
		Target  string   `xml:"target,attr"`
		Ingress []named  `xml:"ingress-zone"`
		Egress  []named  `xml:"egress-zone"`
		openings
	}
	if err := xml.Unmarshal(b, &doc); err != nil {
		return Policy{}, errors.New("not the XML of a policy")
	}
	p := Policy{Target: doc.Target, Open: doc.open()}
	for _, z := range doc.Ingress {
		p.Ingress = append(p.Ingress, z.Name)
	}
	for _, z := range doc.Egress {
		p.Egress = append(p.Egress, z.Name)
	}
	return p, nil
}

// folders are where connections stand: those of NetworkManager, and of the network scripts
// before it.
var folders = []struct{ dir, section, key string }{
	{"etc/NetworkManager/system-connections", "connection", "zone"},
	{"run/NetworkManager/system-connections", "connection", "zone"},
	{"usr/lib/NetworkManager/system-connections", "connection", "zone"},
	{"etc/sysconfig/network-scripts", "", "ZONE"},
}

// connections answers the zones that connections name. Nothing else of them is kept: they
// hold keys.
func connections(ctx context.Context, s *inventory.System) ([]Binding, error) {
	var all []Binding
	for _, f := range folders {
		entries, err := s.ReadDir(ctx, f.dir)
		if inventory.IsAbsent(err, f.dir) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.IsDir() || strings.HasPrefix(e.Name(), ".") || f.section == "" && !strings.HasPrefix(e.Name(), "ifcfg-") {
				continue
			}
			file := path.Join(f.dir, e.Name())
			b, err := s.ReadFile(ctx, file)
			if err != nil {
				return nil, err
			}
			if zone := zoneOf(b, f.section, f.key); zone != "" {
				all = append(all, Binding{zone, file})
			}
		}
	}
	return all, nil
}

func zoneOf(b []byte, section, key string) string {
	now, zone := "", ""
	for s := range strings.SplitSeq(string(b), "\n") {
		s = strings.TrimSpace(s)
		if strings.HasPrefix(s, "[") {
			now = strings.Trim(s, "[]")
			continue
		}
		if name, value, ok := strings.Cut(s, "="); ok && strings.TrimSpace(name) == key && (section == "" || now == section) {
			zone = strings.Trim(strings.TrimSpace(value), `"'`)
		}
	}
	return zone
}
