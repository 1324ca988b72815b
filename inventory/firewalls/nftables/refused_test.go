package nftables_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
)

// accepted and refused are files as nft 1.0.6 takes and refuses them.
var (
	accepted = []string{
		`table inet f { chain i { type filter hook input priority 0; policy drop; }; }`,
		`flush ruleset inet`,
		`table inet f { set s { type ipv4_addr; elements = { 1.2.3.4, }; }; }`,
		`table inet f { chain i { jump z; }; chain z { }; }`,
		`table inet f { set s { type ipv4_addr; }; }
add element inet f s { 1.2.3.4 }`,
		`table inet f { chain i { ip saddr { 1.2.3.4, } accept; }; }`,
		`table inet f { chain i { counter; }; }`,
		`table inet f { chain i { tcp dport ssh accept; }; }`,
		`table inet f { chain i { iifname eth0 accept; }; }`,
		`table inet f { chain i { iif lo accept; }; }`,
		`table inet f { chain i { ct state new accept; }; }`,
		`table inet f { chain i { accept comment "x"; }; }`,
		`table inet f { chain i { accept comment x; }; }`,
		`table inet f { chain i { comment "x"; }; }`,
		`table inet f { chain i { type filter hook input priority 0; policy drop; type filter hook input priority 0; }; }`,
		`table inet f { chain i { log prefix "a" level info flags all; }; }`,
		`table inet f { chain i { reject with icmpx type admin-prohibited; }; }`,
		`table inet f { chain i { limit rate 10/second accept; }; }`,
		`table inet f { chain i { meta mark 1 accept; }; }`,
		`table inet f { chain i {}; }
delete chain inet f i`,
		`table inet f { flags dormant; }`,
		`list ruleset`,
		`reset counters`,
		`describe tcp dport`,
		`table inet f { counter c { packets 0 bytes 0 }; }`,
		`table inet f { map m { type ipv4_addr : verdict; elements = { 1.2.3.4 : drop }; }; }`,
		`table inet f { chain i { type filter hook input priority filter + 5; }; }`,
		`table inet f { chain i { type filter hook input priority filter - 5; }; }`,
		`table inet f { chain i { type filter hook input priority -5; }; }`,
		`table inet f { chain i { type filter hook input priority filter+5; }; }`,
		`table bridge f { chain i { type filter hook input priority filter; }; }`,
		`table inet f { chain i { ip6 saddr ::1 ip6 daddr fe80::/10 accept; }; }`,
		`table inet f { chain i { icmp type echo-request accept; }; }`,
		`table inet f { chain i { ip protocol icmp icmp type { echo-request } limit rate 4/second accept; }; }`,
		`table inet f { chain i { tcp flags & (fin|syn|rst|ack) == syn accept; }; }`,
		`table inet f { chain i { tcp flags syn / fin,syn,rst,ack accept; }; }`,
		`table inet f { chain i { ct mark set meta mark; }; }`,
		`table inet f { chain i { meta nftrace set 1; }; }`,
		`table inet f { chain i { fib daddr type local accept; }; }`,
		`table inet f { chain i { fib saddr . iif oif missing drop; }; }`,
		`table inet f { chain i { rt type 0 drop; }; }`,
		`table inet f { chain i { type nat hook prerouting priority dstnat; udp dport 53 dnat ip to 1.2.3.4:5353; }; }`,
		`table inet f { chain i { type nat hook postrouting priority srcnat; oifname "eth0" masquerade; }; }`,
		`table inet f { chain i { ip saddr @s accept; }; set s { type ipv4_addr; }; }`,
		`table inet f { chain i { tcp dport !=22 accept; }; }`,
		`table inet f { chain i { tcp dport != 22 accept; }; }`,
		`table inet f { chain i { tcp dport 22-25 accept; }; }`,
		`table inet f { chain i { tcp dport 22 - 25 accept; }; }`,
		`table inet f { chain i { ct state established,related accept; }; }`,
		`table inet f { chain i { ct state 5 accept; }; }`,
		`table inet f { chain i { ct count over 20 drop; }; }`,
		`table inet f { chain i { add @s { ip saddr }; }; set s { type ipv4_addr; flags dynamic; }; }`,
		`table inet f { chain i { meter m { ip saddr limit rate 10/second } accept; }; }`,
		`table inet f { chain i { tcp dport vmap { 22 : jump z, 80 : accept }; }; chain z { }; }`,
		`table inet f { chain i { ip saddr . tcp dport { 1.2.3.4 . 22 } accept; }; }`,
		`table inet f { chain i { meta mark set 0x1; accept; }; }`,
		`table inet f { chain i { ip saddr 10.0.0.0/8 counter packets 0 bytes 0 accept; }; }`,
		`table inet f { chain i { continue; }; }`,
		`table inet f { chain i { notrack; }; }`,
		`table inet f { chain i { ether saddr 00:11:22:33:44:55 accept; }; }`,
		`table inet f { chain i { tcp option maxseg size set rt mtu; }; }`,
		`table inet f { chain i { icmp type { echo-reply, destination-unreachable, time-exceeded, parameter-problem } accept; }; }`,
		`table inet f { chain i { icmpv6 type { nd-neighbor-solicit, nd-router-advert, mld-listener-query, mld2-listener-report } accept; }; }`,
		`table inet f { chain i { ip daddr 224.0.0.251 udp dport mdns accept; }; }`,
		`table inet f { chain i { limit rate 1 mbytes/second burst 5 kbytes accept; }; }`,
		`table inet f { set s { typeof ip saddr; }; }`,
		`table inet f { set s { type ipv4_addr; flags interval; auto-merge; elements = { 10.0.0.0/8, 1.2.3.4-1.2.3.9 }; }; }`,
		`table inet f { set s { type inet_service; elements = { 22, ssh, 80 }; }; }`,
		`table inet f { set s { type ipv4_addr . inet_service; elements = { 10.0.0.1 . 22 }; }; }`,
		`table inet f { set s { type ipv4_addr; elements = { 10.0.0.1 timeout 1h comment "x" }; flags timeout; }; }`,
		`table inet f { ct helper h { type "ftp" protocol tcp; }; }`,
		`table inet f { comment "x"; }`,
		`table inet f { quota q { over 10 mbytes }; }`,
		`add table inet f { flags dormant; comment "x"; }`,
		`add table inet f
add set inet f s { type ipv4_addr; }
add element inet f s { 1.2.3.4, 2.3.4.5 }
delete element inet f s { 1.2.3.4 }`,
		`table inet f { chain i { ip saddr { 1.2.3.4, , 1.2.3.5 } accept; }; }`,
		`table inet f { chain i { tcp dport { 22, 80 } ct state new accept comment "x"; }; }`,
		`table inet f { chain i { masquerade; }; }`,
		`table inet f { chain i { iifname "eth0" oifname != "eth1" ip saddr 10.0.0.0/8 drop; }; }`,
		`table inet f { chain i { ip saddr 10.0.0.0-10.0.0.9 drop; }; }`,
		`table inet f { chain i { meta l4proto { tcp, udp } th dport 53 accept; }; }`,
		`table inet f { chain i { udp dport { 67, 68 } udp sport 67 accept; }; }`,
		`table inet f { chain i { ct state vmap { established : accept, related : accept, invalid : drop }; }; }`,
		`table inet f { chain i { tcp dport 22 ct count over 10 reject with tcp reset; }; }`,
		`table inet f { chain i { limit rate over 10/minute burst 5 packets drop; }; }`,
		`table inet f { chain i { log prefix "x" group 2 snaplen 64 drop; }; }`,
		`table inet f { chain i { meta nfproto ipv6 accept; }; }`,
		`table inet f { chain i { ip6 nexthdr icmpv6 icmpv6 type { echo-request, nd-neighbor-solicit } accept; }; }`,
		`table inet f { chain i { ip saddr != { 1.2.3.4 } drop; }; }`,
		`table inet f { chain i { iifname { "lo", "eth0" } accept; }; }`,
		`table inet f { chain i { tcp flags & (fin | syn) == fin drop; }; }`,
		`table inet f { chain i { ct status dnat accept; }; }`,
		`table inet f { chain i { ct direction original accept; }; }`,
		`table inet f { chain i { @nh,0,8 1 accept; }; }`,
		`table inet f { chain i { ip frag-off & 0x1fff != 0 drop; }; }`,
		`table inet f { chain i { meta pkttype broadcast drop; }; }`,
		`table inet f { chain i { ether type ip accept; }; }`,
		`table inet f { chain i { meta protocol ip accept; }; }`,
		`table inet f { chain i { jump { accept; }; }; }`,
		`table inet f { chain i { ip ttl 1 accept; }; }`,
		`table inet f { chain i { ip dscp cs1 accept; }; }`,
		`table inet f { chain i { ct mark and 0xff == 1 accept; }; }`,
		`table inet f { chain i { mark 5 accept; }; }`,
		`define x = 1.2.3.4
table inet f { chain i { ip saddr $x accept; }; }`,
		`define x = { 1.2.3.4, 1.2.3.5 }
table inet f { chain i { ip saddr $x accept; }; }`,
		`add table inet f
add chain inet f i
add rule inet f i tcp dport 22 accept
insert rule inet f i drop`,
		`add table inet f
add set inet f s { type ipv4_addr; }
flush set inet f s
delete set inet f s`,
		`add table inet f
add map inet f m { type ipv4_addr : verdict; }
add element inet f m { 1.2.3.4 : drop }`,
		`flush ruleset
flush ruleset`,
	}
	refused = []string{
		`table inet f { chain i { tcp dprot 22 accept; }; }`,
		`table inet f { chain i { xyzzy plugh; }; }`,
		`table inet f { chain i { type filter hook input; policy drop; }; }`,
		`table inet f { chain i { type filter hook input priority banana; }; }`,
		`table inet f { chain i { type filter hook banana priority 0; }; }`,
		`table inet f { chain i { type banana hook input priority 0; }; }`,
		`table inet f { chain i { type nat hook forward priority 0; }; }`,
		`table inet f { chain i { type route hook input priority 0; }; }`,
		`table inet f { chain i { policy drop; }; }`,
		`flush ruleset banana`,
		`flush ruleset inet x`,
		`table inet f { set s { hello world; }; }`,
		`table inet f { set s { type ipv4_addr; elements = { }; }; }`,
		`table inet f { set s { type ipv4_addr; elements = { 999.1.1.1 }; }; }`,
		`table inet f { set s { type ipv4_addr; elements = { , }; }; }`,
		`table inet f { set s { }; }`,
		`table inet f { set s; }`,
		`table inet f { chain i { jump z; }; }`,
		`delete element inet f s { 1.2.3.4 }`,
		`add element inet f s { 1.2.3.4 }`,
		`table inet f { set s { type ipv4_addr; }; }
add element inet f s { }`,
		`table inet f { set s { type ipv4_addr; }; }
add element inet f s`,
		`table inet f { chain i { ip saddr 999.1.1.1 accept; }; }`,
		`table inet f { chain i { ip saddr { } accept; }; }`,
		`table inet f { chain i { tcp dport { 22 80 } accept; }; }`,
		`table inet f { chain i { accept accept; }; }`,
		`table inet f { chain i { accept drop; }; }`,
		`table inet f { chain i { drop log; }; }`,
		`table inet f { chain i { ip saddr @s accept; }; }`,
		`table inet f { chain i { ip saddr vmap @m; }; }`,
		`table inet f { chain i { tcp dport 70000 accept; }; }`,
		`table inet f { chain i { ct state banana accept; }; }`,
		`table inet f { chain i { meta l4proto banana accept; }; }`,
		`table inet f { chain i { comment "x" accept; }; }`,
		`table inet f { chain i { type filter hook input priority 0 policy drop; }; }`,
		`table inet f { chain i { reject with banana; }; }`,
		`table inet f { chain i { limit rate banana accept; }; }`,
		`table inet f { chain i { 22; }; }`,
		`table inet f { chain i { "foo"; }; }`,
		`delete table inet f`,
		`flush table inet f`,
		`delete chain inet f i`,
		`table inet f { chain i {}; }
add rule inet f i banana`,
		`table inet f {}
add rule inet f i drop`,
		`table inet f { flags banana; }`,
		`banana`,
		`list banana`,
		`table inet f { counter c { banana; }; }`,
		`add counter inet f c`,
		`table inet f { map m { type ipv4_addr : verdict; elements = { 1.2.3.4 }; }; }`,
		`table inet f { chain i { ct state vmap { new : accept, banana : drop }; }; }`,
		`table inet f { chain i { type filter hook input priority dstnat; }; }`,
		`table inet f { chain i { ip6 saddr 1.2.3.4 accept; }; }`,
		`table inet f { chain i { icmp type banana accept; }; }`,
		`table inet f { chain i { udp dport 53 dnat to 1.2.3.4; }; }`,
		`table inet f { chain i { jump z; }; }
table inet f { chain z { }; }`,
		`table inet f { chain i { tcp dport 22, 80 accept; }; }`,
		`table inet f { chain i { l4proto tcp accept; }; }`,
		`table inet f { chain i { protocol ip accept; }; }`,
		`table inet f { chain i { meta nfproto ip accept; }; }`,
		`table inet f { chain i { tcp dport vmap { 22 : jump q }; }; chain z { }; }`,
		`table inet f { chain i { ip saddr 10.0.0.0/33 accept; }; }`,
		`table inet f { chain i { log prefix; }; }`,
		`table inet f { chain i { log level banana; }; }`,
		`table inet f { chain i { log flags banana; }; }`,
		`table inet f { chain i { counter packets; }; }`,
		`table inet f { chain i { limit rate 10/fortnight accept; }; }`,
		`table inet f { set s { type banana; }; }`,
		`table inet f { set s { type ipv4_addr; elements = { 10.0.0.1 10.0.0.2 }; }; }`,
		`add chain inet f i`,
		`add table inet f
add chain inet f i { type filter hook input priority 0; }
add rule inet f i tcp dport 22 accept
delete set inet f s`,
		`add table inet f
flush set inet f s`,
		`create table inet f
create table inet f`,
		`table inet f { chain i { type filter hook ingress priority 0; }; }`,
		`table ip f { chain i { ip6 saddr ::1 accept; }; }`,
		`table inet f { chain i { type filter hook input priority 0; policy drop; } }`,
		`table inet f { chain i { type filter hook input priority 0; policy drop; comment "y"; flags offload; } }`,
		`table inet f { chain i { iifname { "lo", "eth0" } accept; } }`,
		`table inet f { chain i { iifname "eth*" accept; } }`,
		`table inet f { chain i { meta iifname lo meta oifname lo accept; } }`,
		`table inet f { chain i { tcp flags syn tcp option maxseg size 1-500 drop; } }`,
		`table inet f { chain i { tcp flags & (fin | syn) == fin drop; } }`,
		`table inet f { chain i { ct status dnat accept; } }`,
		`table inet f { chain i { ct direction original accept; } }`,
		`table inet f { chain i { @nh,0,8 1 accept; } }`,
		`table inet f { chain i { ip frag-off & 0x1fff != 0 drop; } }`,
		`table inet f { chain i { meta pkttype broadcast drop; } }`,
		`table inet f { chain i { udp sport 67 udp dport 68 accept; } }`,
		`table inet f { chain i { ip6 nexthdr icmpv6 accept; } }`,
		`table inet f { chain i { jump { accept; }; } }`,
		`table inet f { chain i { acept; }; }`,
		`table inet f { chain i { tcp dport 22 acept; }; }`,
		`table inet f { chain i { tcp dport accept; }; }`,
		`table inet f { chain i { ct state established, relatd accept; }; }`,
		`table inet f { chain i { meta protocol banana accept; }; }`,
		`table inet f { chain i { ether type banana accept; }; }`,
		`table inet f { chain i { ip version banana accept; }; }`,
		`table inet f { chain i { fib daddr type banana accept; }; }`,
		`table inet f { chain i { meta mark banana accept; }; }`,
		`table inet f { chain i { ip ttl banana accept; }; }`,
		`table inet f { chain i { ct mark 0x1/0xff accept; }; }`,
		`table inet f { chain i { type filter hook input priority 0; policy banana; }; }`,
		`table banana f { chain i { accept; }; }`,
		`table inet f { chain i { accept; }`,
		`table inet f { chain i { accept } }`,
		`table inet f { chain i { ip saddr $x accept; }; }`,
		`define x = { }
table inet f { chain i { ip saddr $x accept; }; }`,
		`define x = 999.1.1.1
table inet f { chain i { ip saddr $x accept; }; }`,
		`add table inet f
add chain inet f i
add rule inet f i tcp dprot 22 accept`,
		`add table inet f
add set inet f s { type ipv4_addr; }
add element inet f s { 999.1.1.1 }`,
		`add table inet f
add set inet f s { hello; }`,
		`add table inet f
delete element inet f s { 1.2.3.4 }`,
		`flush`,
		`add`,
		`table`,
		`reset banana`,
	}
)

// What nft refuses is an error, never a ruleset in which nothing is set.
func TestRefused(t *testing.T) {
	for _, text := range accepted {
		if _, err := parse(text + "\n"); err != nil {
			t.Errorf("nft takes it: %v\n%s", err, text)
		}
	}
	for _, text := range refused {
		if _, err := parse(text + "\n"); err == nil {
			t.Errorf("nft refuses it\n%s", text)
		}
	}
}

// The lists are those of nft.
func TestRefusedByNft(t *testing.T) {
	oracle.Need(t, "nft", "unshare")
	oracle.Try(t, nil, "unshare", "-n", "nft", "list", "ruleset") // takes a kernel with nf_tables, and a right
	for want, texts := range map[bool][]string{true: accepted, false: refused} {
		for _, text := range texts {
			file := filepath.Join(t.TempDir(), "x.nft")
			if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, code := oracle.Code(t, "unshare", "-n", "nft", "-c", "-f", file); (code == 0) != want {
				t.Errorf("nft ends with %d\n%s", code, text)
			}
		}
	}
}
