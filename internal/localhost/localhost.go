// Package localhost tells names and addresses of the machine itself from those of others.
package localhost

import (
	"net/netip"
	"strconv"
	"strings"
)

// names are those that the files hosts of the distributions give the loopback addresses, beside
// localhost and the names below it, RFC 6761, section 6.3.
var names = map[string]bool{
	"ip6-localhost": true, "ip6-loopback": true, "localhost4": true, "localhost6": true, "localhost.localdomain": true,
	"localhost4.localdomain4": true, "localhost6.localdomain6": true, "loopback": true,
}

// Is reports whether a host, a name or an address without brackets and port, is the machine itself: a
// name of the loopback interface, an address of it in any form that inet_aton(3) reads, or the
// address of no host, to which a connection ends at the machine too.
func Is(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || names[host] {
		return true
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return ours(a.Unmap())
	}
	a, ok := aton(host)
	return ok && ours(a)
}

func ours(a netip.Addr) bool { return a.IsLoopback() || a.IsUnspecified() }

// aton reads an address of one to four numbers, of which the last fills what is left.
func aton(s string) (netip.Addr, bool) {
	parts := strings.Split(s, ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var all uint64
	for i, p := range parts {
		room := 8
		if i == len(parts)-1 {
			room = 8 * (4 - i)
		}
		n, err := strconv.ParseUint(p, 0, 32)
		if err != nil || strings.ContainsAny(p, "_bo") || n>>room > 0 {
			return netip.Addr{}, false
		}
		all = all<<room | n
	}
	return netip.AddrFrom4([4]byte{byte(all >> 24), byte(all >> 16), byte(all >> 8), byte(all)}), true
}

// Valid reports whether a text can be the name or the address of a host.
func Valid(host string) bool {
	return host != "" && strings.Trim(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:%") == ""
}
