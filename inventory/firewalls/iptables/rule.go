package iptables

import (
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory/firewalls/netfilter"
)

// passing are the targets after which a packet goes on to the next rule, iptables-extensions(8).
var passing = []string{"AUDIT", "CHECKSUM", "CLASSIFY", "CONNMARK", "CONNSECMARK", "CT", "DSCP", "HL", "HMARK",
	"IDLETIMER", "LED", "LOG", "MARK", "NFLOG", "NOTRACK", "RATEEST", "SECMARK", "SET", "TCPMSS", "TCPOPTSTRIP",
	"TEE", "TOS", "TRACE", "TTL", "ULOG"}

// Rule reads the words of a rule without the command and the chain: "-p", "tcp", "-j", "ACCEPT".
// The Verdict is None if the rule has no target or one that lets packets go on. Source and Line
// are left empty.
//
// Options behind the target may be conditions or belong to the target. They make the scope Broad
// at the narrowest, never Some.
func Rule(w []string) netfilter.Rule {
	r := netfilter.Rule{Scope: netfilter.All}
	w = normalizeOptions(w)
	least := netfilter.Some
	for i := 0; i < len(w); i++ {
		var o option
		if o, i = optionAt(w, i); i >= len(w) {
			break
		}
		switch o.name {
		case "-j", "--jump":
			r.Verdict, r.Target = parseTarget(o.arg)
			if r.Verdict == netfilter.None {
				return r
			}
			least = netfilter.Broad
			i++
		case "-g", "--goto":
			r.Verdict, r.Target = netfilter.Goto, o.arg
			least = netfilter.Broad
			i++
		case "--reject-with":
			i++
		default:
			scope, args := o.scope()
			r.Scope = min(r.Scope, max(scope, least))
			i += args
		}
	}
	return r
}

// option is an option of a rule and the word after its name, which may be its argument.
type option struct {
	name, arg string
	not       bool // "!" stands before the name or, in old rules, before the argument
}

// optionAt reads the option at index i of w. It returns the index of the word before the argument
// too, or len(w) if there is no option.
func optionAt(w []string, i int) (option, int) {
	var o option
	if o.not = w[i] == "!"; o.not {
		i++
	}
	if i >= len(w) {
		return o, i
	}
	o.name = w[i]
	if i+1 < len(w) {
		o.arg = w[i+1]
	}
	if o.arg == "!" && i+2 < len(w) {
		o.not, o.arg = true, w[i+2]
		i++
	}
	return o, i
}

// plain are the options that every rule can have. getopt_long(3) accepts shortened forms of them.
var plain = []string{"--jump", "--goto", "--protocol", "--source", "--destination", "--in-interface", "--out-interface"}

// normalizeOptions returns the words with each option and its value as two words, and long options
// in full: "-jACCEPT", "--jump=ACCEPT" and "--ju ACCEPT" become the same.
func normalizeOptions(w []string) []string {
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

// parseTarget returns the verdict of a target, and the chain if the target is a chain.
func parseTarget(name string) (netfilter.Verdict, string) {
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

// scope returns the scope of the option, and how many words of arguments it has. An option that is
// not known has the scope of a condition for some packets, and no arguments.
func (o option) scope() (netfilter.Scope, int) {
	switch o.name {
	// Options whose argument does not matter.
	case "-m", "--match", "--comment", "--modprobe":
		return netfilter.All, 1
	case "-c", "--set-counters":
		return netfilter.All, 2
	case "-4", "-6", "--ipv4", "--ipv6":
		return netfilter.All, 0
	case "--limit", "--limit-burst", "--hashlimit-upto", "--hashlimit-above", "--hashlimit-burst",
		"--hashlimit-mode", "--hashlimit-name":
		return netfilter.Broad, 1 // it matches fewer packets, but of every kind
	case "--syn":
		return netfilter.Broad, 0
	case "--tcp-flags":
		return netfilter.Broad, 2

	// Conditions.
	case "-i", "--in-interface", "-o", "--out-interface":
		return o.invert(netfilter.Interface(o.arg)), 1
	case "-s", "--source", "--src", "-d", "--destination", "--dst":
		return o.invert(scopeOfAddresses(o.arg)), 1
	case "--dport", "--destination-port", "--sport", "--source-port", "--dports", "--destination-ports",
		"--sports", "--source-ports", "--ports":
		return o.invert(scopeOfPorts(o.arg)), 1
	case "-p", "--protocol", "--proto", "--state", "--ctstate", "--dst-type", "--pkt-type":
		return o.scopeOfWord(), 1
	}
	return o.invert(netfilter.Some), 0
}

// scopeOfWord returns the scope of an option whose argument is one of a few words.
func (o option) scopeOfWord() netfilter.Scope {
	broad := false
	switch o.name {
	case "--state", "--ctstate":
		if slices.Contains(strings.Split(o.arg, ","), "NEW") != o.not {
			return netfilter.Broad
		}
		return netfilter.Some
	case "--dst-type":
		broad = o.arg == "LOCAL"
	case "--pkt-type":
		broad = o.arg == "unicast" || o.arg == "host"
	default: // the protocol
		protocol := strings.ToLower(o.arg)
		if protocol == "all" || protocol == "0" {
			return o.invert(netfilter.All)
		}
		broad = slices.Contains([]string{"tcp", "udp", "6", "17"}, protocol)
	}
	if broad {
		return netfilter.Broad
	}
	return o.invert(netfilter.Some)
}

// invert returns the scope of the opposite condition if the option has a "!", else s.
func (o option) invert(s netfilter.Scope) netfilter.Scope {
	switch {
	case !o.not:
		return s
	case s == netfilter.All:
		return netfilter.Some
	}
	return netfilter.Broad
}

// scopeOfPorts returns the widest scope of a list of ports and ranges.
func scopeOfPorts(text string) netfilter.Scope {
	scope := netfilter.Some
	for p := range strings.SplitSeq(text, ",") {
		scope = max(scope, netfilter.Ports(p))
	}
	return scope
}

// scopeOfAddresses returns the widest scope of a list of networks. A network with the length 0 is
// all addresses, and one with the length 1 is half of them.
func scopeOfAddresses(text string) netfilter.Scope {
	scope := netfilter.Some
	for a := range strings.SplitSeq(text, ",") {
		_, length, ok := strings.Cut(a, "/")
		switch {
		case ok && (strings.Trim(length, "0.:") == "" && length != ""):
			return netfilter.All
		case ok && (length == "1" || length == "128.0.0.0"):
			scope = netfilter.Broad
		}
	}
	return scope
}
