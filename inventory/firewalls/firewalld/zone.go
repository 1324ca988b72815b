package firewalld

import (
	"errors"
	"slices"
)

// The targets that firewalld takes, firewalld.zone(5) and firewalld.policy(5). It does not load what has
// another one.
var (
	zoneTargets   = []string{"default", "{chain}_{zone}", "ACCEPT", "DROP", "%%REJECT%%"}
	policyTargets = []string{"ACCEPT", "CONTINUE", "DROP", "REJECT"}
	errTarget     = errors.New("a target that firewalld refuses")
)

// ParseZone reads the text of the file of a zone. Name and Source are left empty.
func ParseZone(b []byte) (Zone, error) {
	doc, err := parseDocument(b, "zone")
	if err != nil {
		return Zone{}, err
	}
	target, ok := doc.attrs["target"]
	if ok && !slices.Contains(zoneTargets, target) {
		return Zone{}, errTarget
	}
	z := Zone{Target: target}
	for _, e := range doc.inner {
		switch e.name {
		case "interface":
			z.Interfaces = append(z.Interfaces, e.attrs["name"])
		case "source":
			sender, err := findSender(e)
			if err != nil {
				return Zone{}, err
			}
			z.Senders = append(z.Senders, sender)
		}
	}
	if z.Open, err = findOpening(doc); err != nil {
		return Zone{}, err
	}
	return z, nil
}

// findSender returns the sender that an element binds to a zone. firewalld ignores one that is not
// told by an address, which may be a MAC address, or by an ipset alone.
func findSender(e element) (string, error) {
	address, isAddress := e.attrs["address"]
	set, isSet := e.attrs["ipset"]
	_, inverted := e.attrs["invert"]
	_, mac := e.attrs["mac"]
	if isAddress == isSet || inverted || mac {
		return "", errors.New("a source of a zone that firewalld ignores")
	}
	if isSet {
		return set, nil
	}
	if !isMAC(address) && !isNetwork(address, 4) && !isNetwork(address, 6) {
		return "", errors.New("an address that firewalld refuses")
	}
	return address, nil
}

// ParsePolicy reads the text of the file of a policy. Name and Source are left empty.
func ParsePolicy(b []byte) (Policy, error) {
	doc, err := parseDocument(b, "policy")
	if err != nil {
		return Policy{}, err
	}
	p := Policy{Target: doc.attrs["target"]}
	if !slices.Contains(policyTargets, p.Target) {
		return Policy{}, errTarget
	}
	if err := checkPriority(doc); err != nil {
		return Policy{}, err
	}
	for _, e := range doc.inner {
		switch e.name {
		case "ingress-zone":
			p.Ingress = append(p.Ingress, e.attrs["name"])
		case "egress-zone":
			p.Egress = append(p.Egress, e.attrs["name"])
		}
	}
	if p.Open, err = findOpening(doc); err != nil {
		return Policy{}, err
	}
	return p, nil
}
