package nftables

import "strings"

// fieldsOf are the fields of each protocol and subject that a condition of a rule may begin with,
// nft(8), PAYLOAD EXPRESSIONS and CONDITIONAL EXPRESSIONS, nftables 1.0.6.
var fieldsOf = map[string]map[string]bool{
	"ether":   set("saddr daddr type"),
	"vlan":    set("id cfi pcp dei type"),
	"arp":     set("htype ptype hlen plen operation"),
	"ip":      set("version hdrlength dscp ecn length id frag-off ttl protocol checksum saddr daddr"),
	"ip6":     set("version dscp ecn flowlabel length nexthdr hoplimit saddr daddr"),
	"icmp":    set("type code checksum id sequence gateway mtu"),
	"igmp":    set("type checksum mrt group"),
	"icmpv6":  set("type code checksum parameter-problem packet-too-big id sequence max-delay"),
	"tcp":     set("sport dport sequence ackseq doff reserved flags window checksum urgptr"),
	"udp":     set("sport dport length checksum"),
	"udplite": set("sport dport checksum"),
	"sctp":    set("sport dport vtag checksum"),
	"dccp":    set("sport dport type"),
	"th":      set("sport dport"),
	"ah":      set("nexthdr hdrlength reserved spi sequence"),
	"esp":     set("spi sequence"),
	"comp":    set("nexthdr flags cpi"),
	"hbh":     set("nexthdr hdrlength"),
	"dst":     set("nexthdr hdrlength"),
	"frag":    set("nexthdr reserved frag-off more-fragments id"),
	"rt":      set("nexthdr hdrlength type seg-left classid nexthop mtu ipsec"),
	"meta": set(`length nfproto l4proto protocol priority mark iif iifname iiftype oif oifname oiftype skuid
		skgid nftrace rtclassid ibrname obrname pkttype cpu iifgroup oifgroup cgroup random ipsec iifkind
		oifkind time hour day sdif sdifname secmark ibrpvid ibrvproto`),
	"ct": set(`state direction status mark expiration helper label event id secmark zone l3proto protocol
		bytes packets avgpkt`),
	"socket": set("transparent mark wildcard"),
}

// bare are the subjects of meta that need not have that word before them.
var bare = set(`mark iif iifname iiftype oif oifname oiftype skuid skgid nftrace rtclassid ibrname obrname pkttype
	cpu iifgroup oifgroup cgroup`)

// Values of subjects that have no others, beside numbers.
var valuesOf = map[string]map[string]bool{
	"ct state":      set("new established related invalid untracked"),
	"ct direction":  set("original reply"),
	"ct status":     set("expected seen-reply assured confirmed snat dnat dying"),
	"meta nfproto":  set("ipv4 ipv6"),
	"meta protocol": etherTypes, "ether type": etherTypes, "vlan type": etherTypes,
	"fib type": set(`unspec unicast local broadcast anycast multicast blackhole unreachable prohibit throw nat
		xresolve`),
	"pkttype": packets, "meta pkttype": packets,
	"meta l4proto": protocols, "ip protocol": protocols, "ip6 nexthdr": protocols, "ct protocol": protocols,
	"tcp flags": set("fin syn rst psh ack urg ecn cwr"),
	"icmp type": set(`echo-reply destination-unreachable source-quench redirect echo-request router-advertisement
		router-solicitation time-exceeded parameter-problem timestamp-request timestamp-reply info-request
		info-reply address-mask-request address-mask-reply`),
	"icmpv6 type": set(`destination-unreachable packet-too-big time-exceeded parameter-problem echo-request
		echo-reply mld-listener-query mld-listener-report mld-listener-done mld-listener-reduction
		nd-router-solicit nd-router-advert nd-neighbor-solicit nd-neighbor-advert nd-redirect
		router-renumbering ind-neighbor-solicit ind-neighbor-advert mld2-listener-report`),
}

var (
	// numeric are the subjects whose values are numbers.
	numeric = set(`version hdrlength length id ttl checksum hoplimit sequence ackseq doff window urgptr mark cpu zone bytes
		packets avgpkt`)
	// reserved are words that are no values.
	reserved   = set("accept drop return continue jump goto reject counter log limit queue masquerade snat dnat redirect")
	etherTypes = set("ip arp ip6 vlan 8021q 8021ad")
	packets    = set("host unicast broadcast multicast other loopback")
	// protocols are the names of etc/protocols that Debian and Red Hat share.
	protocols = set(`ip icmp igmp ggp ipencap ipv4 st tcp egp igp pup udp hmp xns-idp rdp iso-tp4 dccp xtp ddp
		idpr-cmtp ipv6 ipv6-route ipv6-frag idrp rsvp gre esp ah skip ipv6-icmp icmpv6 ipv6-nonxt ipv6-opts
		rspf vmtp eigrp ospf ospfigp ax.25 ipip etherip encap pim ipcomp comp vrrp l2tp isis sctp fc
		mobility-header udplite mpls-in-ip manet hip shim6 wesp rohc ethernet mptcp`)
	hooks = map[string]map[string]bool{
		"ip": hooksOfIP, "ip6": hooksOfIP, "inet": hooksOfIP,
		"bridge": set("prerouting input forward output postrouting"),
		"arp":    set("input output"), "netdev": set("ingress egress"),
	}
	hooksOfIP = set("prerouting input forward output postrouting ingress")
	// hooksOfType are the hooks of the types of chains that have not all of them.
	hooksOfType = map[string]map[string]bool{
		"nat": set("prerouting input output postrouting"), "route": set("output"),
		"filter": set("prerouting input forward output postrouting ingress egress"),
	}
	priorities = set("raw mangle dstnat filter security srcnat out")
	// hookOfPriority is where the priorities are known that are not known everywhere.
	hookOfPriority = map[string]map[string]bool{
		"dstnat": set("prerouting"), "srcnat": set("postrouting"), "out": set("output"),
	}
	types = set(`ipv4_addr ipv6_addr ether_addr inet_proto inet_service mark ifname iface_index iface_type ct_state
		ct_dir ct_status ct_label ct_id icmp_type icmpv6_type icmp_code icmpv6_code icmpx_code ether_type
		tcp_flag pkt_type uid gid realm classid nf_proto verdict boolean dscp ecn time day hour cgroupsv2
		arp_op fib_addrtype devgroup mh_type dccp_pkttype ll_addr igmp_type string integer counter limit quota secmark`)
	levels = set("emerg alert crit err error warn warning notice info debug audit")
	units  = set("second minute hour day week")
	sizes  = set("bytes kbytes mbytes")
	// readingOf is what can be listed and reset.
	readingOf = set(`ruleset table tables chain chains rule rules set sets map maps element counter counters quota quotas
		limit limits ct flowtable flowtables meter meters hooks secmark secmarks synproxy synproxys`)
)

// set returns words as the keys of a set.
func set(words string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		all[w] = true
	}
	return all
}
