// Package firewalld reads what firewalld lets in. It reads the default zone from
// etc/firewalld/firewalld.conf (firewalld.conf(5)), the zones (firewalld.zone(5)) and policies
// (firewalld.policies(5)) from etc/firewalld and usr/lib/firewalld, and the zones that connections
// of NetworkManager and of the older network scripts name.
package firewalld

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

// Zone is a zone of firewalld: a level of trust, and who has it.
type Zone struct {
	inventory.Position

	Name   string
	Target string // as written: ACCEPT, DROP, %%REJECT%%, default or nothing
	// Interfaces and Senders are those that the file of the zone binds to it. A sender is an
	// address, a MAC address or the name of an ipset.
	Interfaces, Senders []string
	// Open says that ports, protocols or rich rules accept everything whatever the target is.
	Open bool
}

// Accepts reports whether the zone accepts packets that no particular rule matches.
func (z Zone) Accepts() bool { return z.Target == "ACCEPT" || z.Open }

// Policy is a policy for packets that go from one zone to another.
type Policy struct {
	inventory.Position

	Name, Target    string   // Target is as written: ACCEPT, CONTINUE, DROP or REJECT
	Ingress, Egress []string // names of zones, ANY, HOST
	// Open says that ports, protocols or rich rules accept everything whatever the target is.
	Open bool
}

// Binding says that a connection of NetworkManager, or an interface of a network script, belongs to
// a zone.
type Binding struct {
	inventory.Position

	Zone string
}

// Config is the configuration of firewalld.
type Config struct {
	DefaultZone inventory.Setting // "public" without a source if no file sets it
	Zones       map[string]Zone   // by name
	Policies    []Policy
	Bindings    []Binding
	// Direct says that there are direct rules, which firewalld hands to iptables as they are.
	Direct bool
}

const (
	conf   = "etc/firewalld/firewalld.conf"
	direct = "etc/firewalld/direct.xml"
)

// Fact is the configuration of firewalld. A missing file has no settings. The file of a zone or
// policy that cannot be parsed is an error.
var Fact = inventory.NewFact("firewalld", collect)

// collect reads the default zone, then zones, policies, direct rules and connections.
func collect(ctx context.Context, s *inventory.System) (*Config, error) {
	var limit budget.Budget // of the elements of all files together
	c := &Config{DefaultZone: inventory.Setting{Name: "DefaultZone", Value: "public"}, Zones: map[string]Zone{}}
	b, err := s.ReadText(ctx, conf)
	switch {
	case err == nil:
		if v, ok := findSetting(b, "DefaultZone"); ok {
			v.Source = conf
			c.DefaultZone = v
		}
	case !inventory.IsAbsent(err, conf):
		return nil, err
	}
	if err := readKind(ctx, s, "zones", &limit, func(name, file string, b []byte) error {
		z, err := ParseZone(b)
		z.Name, z.Source = name, file
		c.Zones[name] = z
		return err
	}); err != nil {
		return nil, err
	}
	if err := readKind(ctx, s, "policies", &limit, func(name, file string, b []byte) error {
		p, err := ParsePolicy(b)
		p.Name, p.Source = name, file
		c.Policies = append(c.Policies, p)
		return err
	}); err != nil {
		return nil, err
	}
	if b, err := s.ReadText(ctx, direct); err == nil {
		c.Direct = strings.Contains(string(b), "<rule") || strings.Contains(string(b), "<passthrough")
	} else if !inventory.IsAbsent(err, direct) {
		return nil, err
	}
	c.Bindings, err = readConnections(ctx, s)
	return c, err
}

// findSetting returns the value of a key of firewalld.conf. The first line with a value counts, as
// firewalld ignores further ones.
func findSetting(b []byte, key string) (inventory.Setting, bool) {
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		name, value, ok := strings.Cut(strings.TrimSpace(s), "=")
		if value = strings.TrimSpace(value); ok && strings.TrimSpace(name) == key && value != "" {
			return inventory.Setting{Name: key, Value: value, Position: inventory.Position{Line: line}}, true
		}
	}
	return inventory.Setting{}, false
}

// readKind reads the files of a kind, zones or policies, and hands each to take. A file in etc
// hides that of the same name in usr.
func readKind(
	ctx context.Context, s *inventory.System, kind string, limit *budget.Budget,
	take func(name, file string, b []byte) error,
) error {
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
			if e.IsDir() && kind == "zones" && !strings.HasPrefix(e.Name(), ".") {
				if err := checkEmpty(ctx, s, dir+"/"+e.Name()); err != nil {
					return err
				}
			}
			name, ok := strings.CutSuffix(e.Name(), ".xml")
			if !ok || seen[name] || strings.HasPrefix(name, ".") {
				continue
			}
			seen[name] = true
			file := dir + "/" + e.Name()
			b, err := s.ReadText(ctx, file)
			if errors.Is(err, fs.ErrNotExist) && e.Type()&fs.ModeSymlink != 0 {
				continue // a dangling link
			}
			if err != nil {
				return err
			}
			err = limit.Items(countElements(b))
			if err == nil {
				err = take(name, file, b)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	return nil
}

// countElements counts the elements and attributes of a document, or a few more.
func countElements(b []byte) int {
	return 1 + bytes.Count(b, []byte{'<'}) + bytes.Count(b, []byte{'='})
}

// checkEmpty returns an error if a folder has files. firewalld joins the files in a folder of zones
// to one zone, which is not done here.
func checkEmpty(ctx context.Context, s *inventory.System, dir string) error {
	inside, err := s.ReadDir(ctx, dir)
	if err == nil && len(inside) > 0 {
		err = fmt.Errorf("%s: a folder in the place of a zone's file is not read: %w", dir, inventory.ErrUnavailable)
	}
	return err
}

// named is an element with a name.
type named struct {
	Name string `xml:"name,attr"`
}

// ParseZone reads the text of the file of a zone. Name and Source are left empty.
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
	if err := new(budget.Budget).Items(countElements(b)); err != nil {
		return Zone{}, err
	}
	if err := xml.Unmarshal(b, &doc); err != nil {
		return Zone{}, errors.New("not the XML of a zone")
	}
	if !slices.Contains(zoneTargets, doc.Target) {
		return Zone{}, errTarget
	}
	z := Zone{Target: doc.Target}
	for _, i := range doc.Interface {
		z.Interfaces = append(z.Interfaces, i.Name)
	}
	for _, x := range doc.Source {
		z.Senders = append(z.Senders, x.Address+x.MAC+x.IPSet)
	}
	z.Open = doc.acceptAll()
	return z, nil
}

// The targets that firewalld takes, firewalld.zone(5) and firewalld.policy(5). It does not load what has
// another one.
var (
	zoneTargets   = []string{"", "default", "{chain}_{zone}", "ACCEPT", "DROP", "%%REJECT%%"}
	policyTargets = []string{"", "ACCEPT", "CONTINUE", "DROP", "REJECT"}
	errTarget     = errors.New("a target that firewalld refuses")
)

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

// acceptAll reports whether one of the elements accepts everything, or nearly.
func (o openings) acceptAll() bool {
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

// protocols are the protocols that carry the services of a host.
var protocols = []string{"tcp", "udp", "6", "17"}

// element is any element of a rich rule.
type element struct {
	XMLName xml.Name
	Address string `xml:"address,attr"`
	Port    string `xml:"port,attr"`
	Value   string `xml:"value,attr"`
	Invert  string `xml:"invert,attr"`
}

// accepts reports whether a rich rule accepts everything, or nearly.
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
			if !isEverybody(e.Address) && e.Invert == "" {
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

// isEverybody reports whether a network is all addresses, or half of them.
func isEverybody(address string) bool {
	_, length, ok := strings.Cut(address, "/")
	return ok && (length == "0" || length == "1" || length == "0.0.0.0")
}

// ParsePolicy reads the text of the file of a policy. Name and Source are left empty.
func ParsePolicy(b []byte) (Policy, error) {
	var doc struct {
		XMLName xml.Name `xml:"policy"`
		Target  string   `xml:"target,attr"`
		Ingress []named  `xml:"ingress-zone"`
		Egress  []named  `xml:"egress-zone"`
		openings
	}
	if err := new(budget.Budget).Items(countElements(b)); err != nil {
		return Policy{}, err
	}
	if err := xml.Unmarshal(b, &doc); err != nil {
		return Policy{}, errors.New("not the XML of a policy")
	}
	if !slices.Contains(policyTargets, doc.Target) {
		return Policy{}, errTarget
	}
	p := Policy{Target: doc.Target, Open: doc.acceptAll()}
	for _, z := range doc.Ingress {
		p.Ingress = append(p.Ingress, z.Name)
	}
	for _, z := range doc.Egress {
		p.Egress = append(p.Egress, z.Name)
	}
	return p, nil
}

// folders are the folders of connections, those of NetworkManager and of the older network scripts,
// with the section and key of the zone.
var folders = []struct{ dir, section, key string }{
	{"etc/NetworkManager/system-connections", "connection", "zone"},
	{"run/NetworkManager/system-connections", "connection", "zone"},
	{"usr/lib/NetworkManager/system-connections", "connection", "zone"},
	{"etc/sysconfig/network-scripts", "", "ZONE"},
}

// readConnections returns the zones that connections name. Nothing else of the files is kept, as
// they hold keys.
func readConnections(ctx context.Context, s *inventory.System) ([]Binding, error) {
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
			if e.IsDir() || strings.HasPrefix(e.Name(), ".") ||
				f.section == "" && !strings.HasPrefix(e.Name(), "ifcfg-") {
				continue
			}
			file := path.Join(f.dir, e.Name())
			b, err := s.ReadText(ctx, file)
			if err != nil {
				return nil, err
			}
			if zone := findZone(b, f.section, f.key); zone != "" {
				all = append(all, Binding{inventory.Position{Source: file}, zone})
			}
		}
	}
	return all, nil
}

// findZone returns the last value of a key in a section, or in the whole file if section is empty.
func findZone(b []byte, section, key string) string {
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
