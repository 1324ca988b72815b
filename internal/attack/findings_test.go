package attack

import (
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/sudoers"
	"github.com/hardening-sdk/hardening/report"
)

const debian = "os: linux\n-- etc/os-release --\nID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"
const kernel = "-- boot/vmlinuz-6.1.0 --\nx\n-- usr/lib/modules/6.1.0/modules.builtin --\n-- usr/lib/modules/6.1.0/kernel/fs/hfs/hfs.ko --\nx\n-- usr/lib/modules/6.1.0/modules.dep.bin --\nx\n"
const sysctl = "-- usr/lib/systemd/system/systemd-sysctl.service --\n[Service]\nExecStart=/x\n"

// judge returns what the rule of an id finds on a system.
func judge(t *testing.T, id string, cfg inventory.Config) check.Result {
	t.Helper()
	for _, r := range rules(t) {
		if r.ID == id {
			out, err := check.Run(t.Context(), inventorytest.Open(t, cfg), []check.Compiled{r}, check.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return out[0].Result
		}
	}
	t.Fatal("no rule", id)
	return check.Result{}
}

// fixtures under which the rule has to give neither Pass nor NotApplicable.
var notGood = map[string]struct{ rule, fixture string }{
	"shadow entry behind blanks, which glibc skips":        {"linux.account.system-accounts-locked", debian + "-- etc/passwd --\nroot:x:0:0::/root:/bin/sh\npump:x:105:113::/:/bin/bash\n-- etc/shadow --\n  pump:$6$salt$hash:19000:0:99999:7:::\npump:*:19000:0:99999:7:::\n"},
	"os-release of NUL bytes":                              {"linux.package.fully-installed", "os: linux\n-- etc/os-release --\n\x00\x00\x00\x00\n-- var/lib/dpkg/status --\nPackage: a\nStatus: install ok half-installed\nVersion: 1\n"},
	"os-release says freebsd":                              {"linux.account.root-is-the-only-superuser", "-- etc/os-release --\nID=freebsd\n-- etc/passwd --\nroot:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\n"},
	"sysctl.d: a carriage return ends a line of systemd's": {"linux.network.no-forwarding", debian + sysctl + "-- etc/sysctl.d/1.conf --\nnet.ipv4.ip_forward=0\nnet.ipv6.conf.all.forwarding=0\n# x\rnet.ipv4.ip_forward=1\n"},
	"sysctl.d: a NUL ends a line of systemd's":             {"linux.network.no-forwarding", debian + sysctl + "-- etc/sysctl.d/1.conf --\nnet.ipv4.ip_forward=0\nnet.ipv6.conf.all.forwarding=0\n\x00net.ipv4.ip_forward=1\n"},
	"sysctl.d: braces of glob(3)":                          {"linux.network.no-forwarding", debian + sysctl + "-- etc/sysctl.d/1.conf --\nnet.ipv4.ip_forwar?=0\nnet.ipv6.conf.all.forwar*=0\nnet.ipv4.{ip_forwar?,x*}=1\n"},
	"sysctl.d: classes of glob(3)":                         {"linux.network.no-forwarding", debian + sysctl + "-- etc/sysctl.d/1.conf --\nnet.ipv4.ip_forwar?=0\nnet.ipv6.conf.all.forwar*=0\nnet.ipv4.ip_forwar[[:alpha:]]=1\n"},
	"modules.dep of NUL bytes":                             {"linux.module.filesystems-blocked", debian + kernel + "-- usr/lib/modules/6.1.0/modules.dep --\n" + strings.Repeat("\x00", 100) + "\n"},
	"modules.dep of free text":                             {"linux.module.filesystems-blocked", debian + kernel + "-- usr/lib/modules/6.1.0/modules.dep --\nlorem ipsum\n"},
	"modules folder is a link":                             {"linux.module.filesystems-blocked", debian + "-- boot/vmlinuz-6.1.0 --\nx\n-- private/m/modules.dep --\nkernel/fs/hfs/hfs.ko:\n-- private/m/modules.builtin --\n-- usr/lib/modules/6.1.0 link=/private/m --\n"},
	"usr/lib/systemd is a link":                            {"linux.service.unneeded-off", debian + "-- usr/lib/systemd link=/private/systemd --\n-- private/systemd/systemd mode=0755 --\nx\n-- usr/sbin/init link=/usr/lib/systemd/systemd --\n-- sbin link=usr/sbin --\n-- private/systemd/system/default.target link=multi-user.target --\n-- private/systemd/system/multi-user.target --\n[Unit]\n-- private/systemd/system/cups.service --\n[Service]\nExecStart=/usr/sbin/cupsd\n-- etc/systemd/system/multi-user.target.wants/cups.service link=/usr/lib/systemd/system/cups.service --\n"},
	"dpkg: a vertical tab before the name":                 {"linux.package.legacy-remote-absent", debian + "-- var/lib/dpkg/status --\nPackage:\vtelnet\nStatus: install ok installed\nVersion: 1\n"},
	"dpkg: a name that dpkg refuses":                       {"linux.package.legacy-remote-absent", debian + "-- var/lib/dpkg/status --\nPackage:\u00a0telnet\nStatus: install ok installed\nVersion: 1\n"},
	"crypto-policies of NUL bytes":                         {"linux.encryption.policy-strong", debian + "-- etc/crypto-policies/config --\n\x00\x00\n-- etc/crypto-policies/state/current --\n\x00\x00\n-- etc/crypto-policies/back-ends/openssl.config link=/usr/share/crypto-policies/LEGACY/openssl.txt --\n-- usr/share/crypto-policies/LEGACY/openssl.txt --\nx\n"},
	"ssh_config of garbage":                                {"linux.ssh.client-asks-about-new-hosts", debian + "-- etc/ssh/ssh_config --\n\x1f\x8b\x08 not text\xff\xfe\n"},
}

func TestNotGood(t *testing.T) {
	for name, c := range notGood {
		t.Run(name, func(t *testing.T) {
			r := judge(t, c.rule, inventorytest.Config(t, c.fixture))
			if r.Status == check.Pass || r.Status == check.NotApplicable {
				t.Errorf("%s: %v %q", c.rule, r.Status, r.Message)
			}
		})
	}
}

func fixture(t *testing.T, name string) string {
	b, err := os.ReadFile("../../baseline/builtin/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	s, _, _ := strings.Cut(string(b), "-- want --")
	return s
}

// A file that nft refuses is not loaded at all.
func TestNFTRefuses(t *testing.T) {
	good := fixture(t, "linux.firewall.default-deny/pass.txtar")
	for name, r := range map[string][2]string{
		"misspelt":           {"tcp dport { 22, 443 } accept", "tcp dprot { 22, 443 } accpet"},
		"no rule":            {`iif "lo" accept`, "xyzzy plugh"},
		"no priority":        {"type filter hook input priority filter;", "type filter hook input;"},
		"unknown priority":   {"hook input priority filter;", "hook input priority banana;"},
		"unknown hook":       {"hook forward priority filter;", "hook sideways priority filter;"},
		"flush of nothing":   {"flush ruleset", "flush ruleset banana"},
		"a set of words":     {"chain input {", "set foo { this is not a set; }\n\tchain input {"},
		"a jump to nowhere":  {`iif "lo" accept`, `iif "lo" jump nowhere`},
		"no such table":      {"flush ruleset", "flush ruleset\ndelete table inet nothere"},
		"no address":         {`iif "lo" accept`, "ip saddr 999.1.1.1 accept"},
		"an empty set":       {"{ icmp, ipv6-icmp }", "{ }"},
		"element of nothing": {"flush ruleset", "flush ruleset\nadd element inet nothere foo { 1.2.3.4 }"},
	} {
		t.Run(name, func(t *testing.T) {
			f := strings.Replace(good, r[0], r[1], 1)
			if f == good {
				t.Fatal("nothing replaced")
			}
			if res := judge(t, "linux.firewall.default-deny", inventorytest.Config(t, f)); res.Status == check.Pass {
				t.Errorf("passes")
			}
		})
	}
}

// rsyslogd 8.2102 reads the files, and complains about the word.
func TestRsyslogIncludeWithAWordBehind(t *testing.T) {
	f := fixture(t, "linux.log.forwarded-encrypted/fail.txtar")
	if !strings.Contains(f, "$IncludeConfig /etc/rsyslog.d/*.conf") {
		t.Fatal("the fixture has no include")
	}
	f = strings.Replace(f, "$IncludeConfig /etc/rsyslog.d/*.conf", "$IncludeConfig /etc/rsyslog.d/*.conf junk", 1)
	if r := judge(t, "linux.log.forwarded-encrypted", inventorytest.Config(t, f)); r.Status == check.Pass || r.Status == check.NotApplicable {
		t.Errorf("%v", r.Status)
	}
}

// The whole of etc/hostname, which may be a link to etc/shadow, becomes the system's name.
func TestHostNameIsNoFile(t *testing.T) {
	s := inventorytest.System(t, debian+"-- etc/shadow --\nroot:$6$s$SECRET:1::::::\nb:$6$s$SECRET:1::::::\n-- etc/hostname link=/etc/shadow --\n")
	d, err := report.Describe(t.Context(), s)
	if strings.Contains(d.Name, "SECRET") {
		t.Errorf("%q %v", d.Name, err)
	}
}

// 1 MB of line ends take 500 MB.
func TestSudoersMemoryIsBounded(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _ = sudoers.Parse([]byte(strings.Repeat("\n", 1<<20)))
	runtime.ReadMemStats(&after)
	if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 64 {
		t.Errorf("%d MB allocated for 1 MB", mb)
	}
}

// A line of 30 bytes doubles a variable: 1.3 KB of script would take all memory.
func TestGRUBVariables(t *testing.T) {
	f := debian + "-- boot/vmlinuz-6 --\nx\n-- boot/grub/grub.cfg --\nset a=xx\n" + strings.Repeat("set a=\"$a$a\"\n", 60) + "menuentry x { linux /v $a }\n"
	if mb := allocated(func() { judge(t, "linux.boot.password-set", inventorytest.Config(t, f)) }) >> 20; mb > 128 {
		t.Errorf("%d MB allocated for a kilobyte", mb)
	}
}

// Files that include one another many times over are read a bounded number of times.
func TestIncludeFans(t *testing.T) {
	fan := func(first, verb, last string) string {
		var b strings.Builder
		b.WriteString(debian + "-- usr/bin/sudo --\nx\n-- usr/bin/ssh --\nx\n-- " + first + " --\n" + strings.Repeat(verb+" /etc/f1\n", 12))
		for i := 1; i < 5; i++ {
			b.WriteString("-- etc/f" + string(rune('0'+i)) + " --\n" + strings.Repeat(verb+" /etc/f"+string(rune('1'+i))+"\n", 12))
		}
		b.WriteString("-- etc/f5 --\n" + last + "\n")
		return b.String()
	}
	for id, f := range map[string]string{
		"linux.sudo.password-asked":             fan("etc/sudoers", "@include", "root ALL=(ALL) ALL"),
		"linux.ssh.client-asks-about-new-hosts": fan("etc/ssh/ssh_config", "Include", "Port 22"),
	} {
		if mb := allocated(func() { judge(t, id, inventorytest.Config(t, f)) }) >> 20; mb > 128 {
			t.Errorf("%s: %d MB allocated for a kilobyte", id, mb)
		}
	}
}
