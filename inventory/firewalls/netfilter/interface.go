package netfilter

import "strings"

// cards are the prefixes of the names of network cards, as the kernel and systemd choose them
// (systemd.net-naming-scheme(7)), and of the devices that join several cards.
var cards = []string{"eth", "en", "wl", "ww", "ib", "sl", "bond", "team"}

// Interface returns the scope of a rule that matches the interface of this name. It is [All] for
// an empty name and for a wildcard alone. A network card is [Broad], since the neighbors of a
// server are behind it. The loopback, tunnels and bridges to containers are [Some].
func Interface(name string) Scope {
	name = strings.Trim(name, `"`)
	if name == "" || name == "+" || name == "*" {
		return All
	}
	for _, p := range cards {
		if strings.HasPrefix(name, p) {
			return Broad
		}
	}
	return Some
}

// Ports returns the scope of a rule that matches one port, "22", or a range of ports, "0-65535" or
// "0:65535". A range from the first port to the last one is [Broad], everything else is [Some].
func Ports(text string) Scope {
	first, last, ok := strings.Cut(strings.ReplaceAll(text, ":", "-"), "-")
	if ok && (first == "" || first == "0" || first == "1") && (last == "" || last == "65535") {
		return Broad
	}
	return Some
}
