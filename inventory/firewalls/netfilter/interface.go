package netfilter

import "strings"

// cards are what names of network cards begin with: those of the kernel and of systemd,
// systemd.net-naming-scheme(7), and what joins several of them.
var cards = []string{"eth", "en", "wl", "ww", "ib", "sl", "bond", "team"}

// Interface answers the scope of a rule for one interface. That of a card is broad, since
// a server's neighbours are behind it; lo, tunnels and bridges to containers are not.
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

// Ports answers the scope of a rule for a range of ports, "22" or "0-65535": one that
// begins with the first and ends with the last is broad.
func Ports(text string) Scope {
	first, last, ok := strings.Cut(strings.ReplaceAll(text, ":", "-"), "-")
	if ok && (first == "" || first == "0" || first == "1") && (last == "" || last == "65535") {
		return Broad
	}
	return Some
}
