package nftables

import (
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

// readScope returns the scope of the conditions of a rule, the narrowest one of them (nft(8),
// EXPRESSIONS).
func readScope(st statement) netfilter.Scope {
	s := netfilter.All
	for len(st) > 0 {
		var some netfilter.Scope
		some, st = readCondition(st)
		s = min(s, some)
	}
	return s
}

// qualified are the keywords that need the next word: "tcp dport".
var qualified = []string{"meta", "ct", "ip", "ip6", "tcp", "udp", "th", "fib", "udplite", "sctp", "dccp",
	"icmp", "icmpv6", "rt", "socket", "ether", "vlan", "arp"}

var (
	counterWords = []string{"packets", "bytes", "name"}
	flagWords    = []string{"all", "tcp", "ip", "skuid", "ether", "sequence", "options", ","}
	limitWords   = []string{"rate", "over", "burst", "packets", "bytes", "name"}
)

// skipStatement returns the scope of a statement of a rule that is no condition, such as counter
// or log, and the words after it. It reports false if st begins with something else.
func skipStatement(st statement) (netfilter.Scope, statement, bool) {
	switch st.word(0) {
	case "counter":
		st = st[1:]
		for len(st) > 1 && slices.Contains(counterWords, st.word(0)) {
			st = st[2:]
		}
		return netfilter.All, st, true
	case "comment", "prefix", "level", "group", "snaplen", "queue-threshold":
		return netfilter.All, st[min(2, len(st)):], true
	case "log":
		return netfilter.All, st[1:], true
	case "flags": // of log: "all", and lists such as "tcp sequence,options"
		st = st[1:]
		for len(st) > 0 && slices.Contains(flagWords, st.word(0)) {
			st = st[1:]
		}
		return netfilter.All, st, true
	case "limit": // it matches fewer packets, but of every kind
		st = st[1:]
		for len(st) > 0 && (slices.Contains(limitWords, st.word(0)) ||
			strings.Trim(st.word(0), "0123456789") != st.word(0)) {
			st = st[1:]
		}
		return netfilter.Broad, st, true
	}
	return netfilter.All, st, false
}

// cutKey cuts the subject of a condition, such as "iifname" or "tcp dport", off the statement.
func cutKey(st statement) (string, statement) {
	word := st.word(0)
	key := word
	st = st[1:]
	if slices.Contains(qualified, word) && len(st) > 0 && !st[0].braced {
		key += " " + st[0].text
		st = st[1:]
	}
	// Of "fib daddr . iif type" the last word says what is compared.
	if strings.HasPrefix(key, "fib ") {
		for len(st) > 0 && !slices.Contains([]string{"type", "oif", "oifname", "check"}, st.word(0)) {
			st = st[1:]
		}
		key = "fib " + st.word(0)
		st = st[min(1, len(st)):]
	}
	return key, st
}

// readCondition returns the scope of the first condition or statement, and the words after it.
func readCondition(st statement) (netfilter.Scope, statement) {
	if s, rest, ok := skipStatement(st); ok {
		return s, rest
	}
	key, st := cutKey(st)
	not := false
	switch st.word(0) {
	case "!=":
		not = true
		st = st[1:]
	case "==", "eq":
		st = st[1:]
	case "set": // meta mark set 1
		return netfilter.All, st[min(2, len(st)):]
	case "and", "&", "|", "or", "^", "<", ">", "<=", ">=", "lt", "gt", "le", "ge", ".":
		return netfilter.Some, nil // it compares some bits, or several subjects at once
	}
	if len(st) == 0 {
		return netfilter.Some, nil
	}
	values, rest := readValues(st)
	if not && len(values) > 0 && key != "ct state" {
		return netfilter.Broad, rest
	}
	return scopeOf(key, values, not), rest
}

// readValues returns the values of a condition, which are the elements of a set or a list
// separated by commas, and the words after them.
func readValues(st statement) ([]string, statement) {
	var all []string
	if st[0].braced {
		for _, e := range splitElements(st[0]) {
			var text strings.Builder
			for _, t := range e {
				text.WriteString(t.text)
			}
			all = append(all, text.String())
		}
		return all, st[1:]
	}
	all = append(all, st[0].text)
	st = st[1:]
	for len(st) > 1 && st.word(0) == "," {
		all = append(all, st[1].text)
		st = st[2:]
	}
	return all, st
}

// scopeOf returns the scope of a condition, the widest one of its values.
func scopeOf(key string, all []string, not bool) netfilter.Scope {
	s := netfilter.Some
	for _, v := range all {
		s = max(s, scopeOfValue(key, v))
	}
	// Of states "not" matters only: all but new ones are few, all but others are broad.
	if key == "ct state" && not {
		if s == netfilter.Some {
			return netfilter.Broad
		}
		return netfilter.Some
	}
	return s
}

// scopeOfValue returns the scope of a condition that compares key with the one value v.
func scopeOfValue(key, v string) netfilter.Scope {
	broad := false
	switch key {
	case "iif", "iifname", "oif", "oifname", "meta iif", "meta iifname", "meta oif", "meta oifname":
		return min(netfilter.Broad, netfilter.Interface(v))
	case "meta nfproto", "meta protocol", "ether type":
		broad = v == "ipv4" || v == "ipv6" || v == "ip" || v == "ip6"
	case "ip version", "ip6 version":
		broad = true
	case "meta l4proto", "l4proto", "ip protocol", "ip6 nexthdr":
		broad = slices.Contains([]string{"tcp", "udp", "6", "17"}, v)
	case "ct state":
		broad = v == "new"
	case "tcp dport", "udp dport", "th dport", "tcp sport", "udp sport", "th sport":
		return netfilter.Ports(v)
	case "ip saddr", "ip daddr", "ip6 saddr", "ip6 daddr":
		broad = isMostAddresses(v)
	case "fib type":
		broad = v == "local" || v == "unicast"
	case "pkttype", "meta pkttype":
		broad = v == "host" || v == "unicast"
	case "tcp flags":
		broad = v == "syn"
	}
	if broad {
		return netfilter.Broad
	}
	return netfilter.Some
}

// isMostAddresses reports whether a network or range is all addresses of a family, or half of them.
func isMostAddresses(v string) bool {
	_, length, ok := strings.Cut(v, "/")
	first, last, isRange := strings.Cut(v, "-")
	return ok && (length == "0" || length == "1") ||
		isRange && (first == "0.0.0.0" || first == "::") &&
			(strings.HasPrefix(last, "255.") || strings.HasPrefix(last, "ffff:"))
}
