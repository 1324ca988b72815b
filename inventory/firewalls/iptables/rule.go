package iptables

import (
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

// passing are targets after which a packet goes on, iptables-extensions(8).
var passing = []string{"AUDIT", "CHECKSUM", "CLASSIFY", "CONNMARK", "CONNSECMARK", "CT", "DSCP", "HL", "HMARK", "IDLETIMER", "LED", "LOG", "MARK",
	"NFLOG", "NOTRACK", "RATEEST", "SECMARK", "SET", "TCPMSS", "TCPOPTSTRIP", "TEE", "TOS", "TRACE", "TTL", "ULOG"}

// Rule reads the words of a rule, without the command and the chain: "-p", "tcp", "-j",
// "ACCEPT". Conditions may stand behind the target; there they never make a rule one for some
// packets, since what belongs to the target is not told from them.
func Rule(w []string) netfilter.Rule {
	r := netfilter.Rule{Scope: netfilter.All}
	w = spelled(w)
	least := netfilter.Some
	for i := 0; i < len(w); i++ {
		not := w[i] == "!"
		if not {
			i++
		}
		if i >= len(w) {
			break
		}
		name := w[i]
		arg := ""
		if i+1 < len(w) {
			arg = w[i+1]
		}
		if arg == "!" && i+2 < len(w) { // the old place of the word
			not, arg = true, w[i+2]
			i++
		}
		switch name {
		case "-j", "--jump":
			r.Verdict, r.Target = target(arg)
			if r.Verdict == netfilter.None {
				return r
			}
			least = netfilter.Broad
			i++
			continue
		case "-g", "--goto":
			r.Verdict, r.Target = netfilter.Goto, arg
			least = netfilter.Broad
			i++
			continue
		case "--reject-with":
			i++
			continue
		}
		scope, args := condition(name, arg, not)
		r.Scope = min(r.Scope, max(scope, least))
		i += args
	}
	return r
}

// plain are the options of every rule, which getopt_long(3) also takes cut short.
var plain = []string{"--jump", "--goto", "--protocol", "--source", "--destination", "--in-interface", "--out-interface"}

// spelled answers words with each option and its value apart: "-jACCEPT", "--jump=ACCEPT" and
// "--ju ACCEPT" are the same.
func spelled(w []string) []string {
	var all []string
	for i, s := range w {
		if i > 0 && (w[i-1] == "--comment" || strings.HasSuffix(w[i-1], "-prefix")) {
			all = append(all, s)
			continue
		}
		name, value, has := strings.Cut(s, "=")
		switch {
		case len(s) > 2 && s[0] == '-' && strings.IndexByte("jgpsdio", s[1]) >= 0:
			all = append(all, s[:2], s[2:])
			continue
		case !strings.HasPrefix(s, "--") || len(name) < 3:
			all = append(all, s)
			continue
		}
		if i := slices.IndexFunc(plain, func(p string) bool { return strings.HasPrefix(p, name) }); i >= 0 {
			name = plain[i]
		}
		all = append(all, name)
		if has {
			all = append(all, value)
		}
	}
	return all
}

func target(name string) (netfilter.Verdict, string) {
	switch name {
	case "ACCEPT":
		return netfilter.Accept, ""
	case "DROP", "REJECT", "TARPIT":
		return netfilter.Deny, ""
	case "RETURN":
		return netfilter.Return, ""
	case "QUEUE", "NFQUEUE", "SYNPROXY", "DELUDE", "CHAOS":
		return netfilter.Unknown, ""
	}
	if slices.Contains(passing, name) {
		return netfilter.None, ""
	}
	return netfilter.Jump, name
}

// condition answers which packets an option chooses, and how many words follow its name.
func condition(name, arg string, not bool) (netfilter.Scope, int) {
	inverted := func(s netfilter.Scope) netfilter.Scope { // of a choice that is turned round
		switch {
		case !not:
			return s
		case s == netfilter.All:
			return netfilter.Some
		}
		return netfilter.Broad
	}
	switch name {
	case "-m", "--match", "--comment", "--modprobe":
		return netfilter.All, 1
	case "-c", "--set-counters":
		return netfilter.All, 2
	case "-4", "-6", "--ipv4", "--ipv6":
		return netfilter.All, 0
	case "--limit", "--limit-burst", "--hashlimit-upto", "--hashlimit-above", "--hashlimit-burst", "--hashlimit-mode", "--hashlimit-name":
		return netfilter.Broad, 1 // fewer of them, and all the same
	case "--syn":
		return netfilter.Broad, 0
	case "--tcp-flags":
		return netfilter.Broad, 2
	case "-p", "--protocol", "--proto":
		switch strings.ToLower(arg) {
		case "all", "0":
			return inverted(netfilter.All), 1
		case "tcp", "udp", "6", "17":
			return netfilter.Broad, 1
		}
		return inverted(netfilter.Some), 1
	case "-i", "--in-interface", "-o", "--out-interface":
		return inverted(netfilter.Interface(arg)), 1
	case "-s", "--source", "--src", "-d", "--destination", "--dst":
		return inverted(address(arg)), 1
	case "--state", "--ctstate":
		if slices.Contains(strings.Split(arg, ","), "NEW") != not {
			return netfilter.Broad, 1
		}
		return netfilter.Some, 1
	case "--dport", "--destination-port", "--sport", "--source-port", "--dports", "--destination-ports", "--sports", "--source-ports", "--ports":
		scope := netfilter.Some
		for p := range strings.SplitSeq(arg, ",") {
			scope = max(scope, netfilter.Ports(p))
		}
		return inverted(scope), 1
	case "--dst-type":
		if arg == "LOCAL" {
			return netfilter.Broad, 1
		}
		return inverted(netfilter.Some), 1
	case "--pkt-type":
		if arg == "unicast" || arg == "host" {
			return netfilter.Broad, 1
		}
		return inverted(netfilter.Some), 1
	}
	return inverted(netfilter.Some), 0
}

// address answers the scope of addresses: nets without a length, however they are written,
// are all.
func address(text string) netfilter.Scope {
	scope := netfilter.Some
	for a := range strings.SplitSeq(text, ",") {
		_, length, ok := strings.Cut(a, "/")
		switch {
		case ok && (strings.Trim(length, "0.:") == "" && length != ""):
			return netfilter.All
		case ok && (length == "1" || length == "128.0.0.0"):
			scope = netfilter.Broad // one half of them
		}
	}
	return scope
}
