package firewalld

import (
	"errors"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// findOpening reports whether the ports, protocols or rich rules of a zone or policy accept
// everything, or nearly. Overlapping ranges of ports are one, as firewalld joins them.
func findOpening(doc element) (open bool, err error) {
	ports := map[string][]portRange{}
	for _, e := range doc.inner {
		isOpen := false
		switch e.name {
		case "port":
			var r portRange
			r, err = parsePorts(e)
			ports[e.attrs["protocol"]] = append(ports[e.attrs["protocol"]], r)
		case "source-port", "forward-port":
			_, err = parsePorts(e)
		case "protocol":
			isOpen, err = carries(e.attrs["value"])
		case "rule":
			isOpen, err = accepts(e)
		}
		if err != nil {
			return false, err
		}
		open = open || isOpen
	}
	for _, all := range ports {
		open = open || isBroad(all)
	}
	return open, nil
}

// portRange is a range of ports.
type portRange struct{ first, last int }

// digits is a number that Python reads as we do.
var (
	digits  = regexp.MustCompile(`^[0-9]{1,9}$`)
	errPort = errors.New("a port that firewalld refuses, or may take otherwise")
)

// parsePorts returns the ports of an element. firewalld takes a range either way round. Names of ports are
// an error, since the list of services says which ports they are; firewall-cmd writes numbers.
func parsePorts(e element) (portRange, error) {
	if !slices.Contains([]string{"tcp", "udp", "sctp", "dccp"}, e.attrs["protocol"]) {
		return portRange{}, errors.New("a protocol that firewalld refuses")
	}
	text := e.attrs["port"]
	first, last, isRange := strings.Cut(text, "-")
	if !isRange {
		last = first
	}
	if !digits.MatchString(first) || !digits.MatchString(last) {
		return portRange{}, errPort
	}
	a, _ := strconv.Atoi(first) // the pattern fits a number
	b, _ := strconv.Atoi(last)
	if max(a, b) > 65535 {
		return portRange{}, errPort
	}
	return portRange{min(a, b), max(a, b)}, nil
}

// isBroad reports whether ranges of ports are all ports together.
func isBroad(all []portRange) bool {
	slices.SortFunc(all, func(a, b portRange) int { return a.first - b.first })
	next := 1 // no packet has port 0
	for _, r := range all {
		if r.first <= next {
			next = max(next, r.last+1)
		}
	}
	return next > 65535
}

// carriers are the protocols that carry the services of a host, and those that stand for all with
// iptables.
var carriers = []string{"tcp", "udp", "6", "17", "0", "ip", "all"}

// protocolNames are names of etc/protocols of netbase 6.4, Debian 12, in small letters. Aliases that differ
// in more than the letter case are left out.
var protocolNames = strings.Fields("icmp igmp ggp ipencap st egp igp pup hmp xns-idp rdp iso-tp4 dccp xtp ddp idpr-cmtp ipv6 ipv6-route " +
	"ipv6-frag idrp rsvp gre esp ah skip ipv6-icmp ipv6-nonxt ipv6-opts rspf vmtp eigrp ospf ax.25 ipip etherip encap pim ipcomp " +
	"vrrp l2tp isis sctp fc mobility-header udplite mpls-in-ip manet hip shim6 wesp rohc")

// protocolNumber is a number without zeros before it, and without a sign.
var protocolNumber = regexp.MustCompile(`^(0|[1-9][0-9]{0,2})$`)

// carries reports whether a protocol carries the services of a host. One that is not known is an
// error, as it is to firewalld.
func carries(protocol string) (bool, error) {
	name := strings.ToLower(protocol)
	n, _ := strconv.Atoi(name) // 0 for a name
	if protocolNumber.MatchString(name) && n <= 255 || slices.Contains(protocolNames, name) || slices.Contains(carriers, name) {
		return slices.Contains(carriers, name), nil
	}
	return false, errors.New("a protocol that firewalld refuses, or may take otherwise")
}

var errRule = errors.New("a rich rule that firewalld ignores")

// checkPriority returns an error if the priority of a rule or policy is no number.
func checkPriority(e element) error {
	p, ok := e.attrs["priority"]
	if _, err := strconv.ParseInt(p, 10, 16); ok && err != nil {
		return errors.New("a priority that firewalld refuses")
	}
	return nil
}

// accepts reports whether a rich rule accepts everything, or nearly. One that would, and that firewalld
// ignores for its form, is an error.
func accepts(rule element) (bool, error) {
	if err := checkPriority(rule); err != nil {
		return false, err
	}
	family, isFamily := rule.attrs["family"]
	if isFamily && family != "ipv4" && family != "ipv6" {
		return false, errRule
	}
	accept, broad, seen := false, true, map[string]int{}
	for _, e := range rule.inner {
		part := partOf(e.name)
		seen[part]++
		accept = accept || e.name == "accept"
		isOpen, err := leavesOpen(e, family)
		if err != nil || seen[part] > 1 {
			return false, errRule
		}
		broad = broad && isOpen
	}
	alone := seen["element"]+seen["source"]+seen["destination"] == 0
	if p, _ := strconv.Atoi(rule.attrs["priority"]); accept && broad && alone && p == 0 {
		return false, errRule
	}
	return accept && broad, nil
}

// partOf returns of which part of a rule an element is. A rule has one of each.
func partOf(name string) string {
	switch name {
	case "accept", "drop", "reject", "mark":
		return "action"
	case "log", "nflog":
		return "log"
	case "audit", "source", "destination":
		return name
	}
	return "element"
}

// leavesOpen reports whether a rule with an element in it may still be about everything.
func leavesOpen(e element, family string) (bool, error) {
	switch e.name {
	case "accept", "log", "nflog", "audit":
		return true, nil
	case "source", "destination":
		return isAnybody(e, family)
	case "protocol":
		return carries(e.attrs["value"])
	case "port", "source-port":
		r, err := parsePorts(e)
		return isBroad([]portRange{r}), err
	}
	return false, nil
}

// isAnybody reports whether a source or destination of a rich rule is everybody, or nearly.
func isAnybody(e element, family string) (bool, error) {
	given := 0
	for _, name := range []string{"address", "mac", "ipset"} {
		if _, ok := e.attrs[name]; ok {
			given++
		}
	}
	if given != 1 {
		return false, errRule
	}
	invert := strings.ToLower(e.attrs["invert"])
	inverted := invert == "yes" || invert == "true"
	if address, ok := e.attrs["address"]; ok {
		if !(family == "ipv4" && isNetwork(address, 4) || family == "ipv6" && isNetwork(address, 6)) {
			return false, errRule
		}
		return isEverybody(address) != inverted, nil
	}
	if mac, ok := e.attrs["mac"]; ok && !isMAC(mac) {
		return false, errRule
	}
	return inverted, nil
}

var macAddress = regexp.MustCompile(`^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$`)

func isMAC(text string) bool { return macAddress.MatchString(text) }

// isNetwork reports whether a text is an address of the version, 4 or 6, with or without a mask. The
// mask of an IPv4 address may have dots. An IPv6 address may stand in brackets.
func isNetwork(text string, version int) bool {
	address, mask, ok := strings.Cut(text, "/")
	bits := 32
	if version == 6 {
		address, bits = strings.Trim(address, "[]"), 128
	}
	a, err := netip.ParseAddr(address)
	if err != nil || a.Zone() != "" || a.Is4() != (version == 4) {
		return false
	}
	if !ok {
		return true
	}
	if m, err := netip.ParseAddr(mask); err == nil && version == 4 {
		return m.Is4()
	}
	n, err := strconv.Atoi(mask)
	return err == nil && digits.MatchString(mask) && n <= bits
}

// isEverybody reports whether a network is all addresses, or half of them.
func isEverybody(address string) bool {
	_, mask, ok := strings.Cut(address, "/")
	if !ok {
		return false
	}
	if m, err := netip.ParseAddr(mask); err == nil {
		return m == netip.IPv4Unspecified() || m == netip.AddrFrom4([4]byte{128})
	}
	n, err := strconv.Atoi(mask)
	return err == nil && n <= 1
}
