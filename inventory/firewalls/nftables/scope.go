package nftables

import (
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

// scope answers which packets the conditions of a rule choose, nft(8), EXPRESSIONS.
func scope(st statement) netfilter.Scope {
	s := netfilter.All
	for len(st) > 0 {
		var some netfilter.Scope
		some, st = condition(st)
		s = min(s, some)
	}
	return s
}

// qualified are keywords of which the next word says what is meant.
var qualified = []string{"meta", "ct", "ip", "ip6", "tcp", "udp", "th", "fib", "udplite", "sctp", "dccp", "icmp", "icmpv6", "rt", "socket", "ether", "vlan", "arp"}

// condition answers the scope of the first condition, or statement, and what stands after it.
func condition(st statement) (netfilter.Scope, statement) {
	word := st.word(0)
	switch word {
	case "counter":
		st = st[1:]
		for len(st) > 1 && slices.Contains([]string{"packets", "bytes", "name"}, st.word(0)) {
			st = st[2:]
		}
		return netfilter.All, st
	case "comment", "prefix", "level", "group", "snaplen", "queue-threshold":
		return netfilter.All, st[min(2, len(st)):]
	case "log":
		return netfilter.All, st[1:]
	case "flags": // of log; "all" and lists such as "tcp sequence,options"
		st = st[1:]
		for len(st) > 0 && slices.Contains([]string{"all", "tcp", "ip", "skuid", "ether", "sequence", "options", ","}, st.word(0)) {
			st = st[1:]
		}
		return netfilter.All, st
	case "limit": // fewer of them, and all the same
		st = st[1:]
		for len(st) > 0 && (slices.Contains([]string{"rate", "over", "burst", "packets", "bytes", "name"}, st.word(0)) || strings.Trim(st.word(0), "0123456789") != st.word(0)) {
			st = st[1:]
		}
		return netfilter.Broad, st
	}
	key := word
	st = st[1:]
	if slices.Contains(qualified, word) && len(st) > 0 && !st[0].braced {
		key += " " + st[0].text
		st = st[1:]
	}
	if strings.HasPrefix(key, "fib ") { // the tuple and what is asked of it: daddr . iif type
		for len(st) > 0 && !slices.Contains([]string{"type", "oif", "oifname", "check"}, st.word(0)) {
			st = st[1:]
		}
		key = "fib " + st.word(0)
		st = st[min(1, len(st)):]
	}
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
		return netfilter.Some, nil // of some bits, or several at once
	}
	if len(st) == 0 {
		return netfilter.Some, nil
	}
	values, rest := values(st)
	if not && len(values) > 0 && key != "ct state" {
		return netfilter.Broad, rest
	}
	return chosen(key, values, not), rest
}

// values answers the words of a value: a set's elements, or a list by commas.
func values(st statement) ([]string, statement) {
	var all []string
	if st[0].braced {
		for _, e := range elements(st[0]) {
			text := ""
			for _, t := range e {
				text += t.text
			}
			all = append(all, text)
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

// chosen answers the scope of a condition: the widest of its values.
func chosen(key string, all []string, not bool) netfilter.Scope {
	s := netfilter.Some
	for _, v := range all {
		s = max(s, one(key, v))
	}
	if key == "ct state" && not {
		if s == netfilter.Some {
			return netfilter.Broad
		}
		return netfilter.Some
	}
	return s
}

func one(key, v string) netfilter.Scope {
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
		_, length, ok := strings.Cut(v, "/")
		first, last, isRange := strings.Cut(v, "-")
		broad = ok && (length == "0" || length == "1") || isRange && (first == "0.0.0.0" || first == "::") && (strings.HasPrefix(last, "255.") || strings.HasPrefix(last, "ffff:"))
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
