package builtin_test

import (
	"path"
	"slices"

	"github.com/hardening-sdk/hardening/check/checktest"
)

// optional is which missing files are an answer, by rule. Rules are named by patterns of
// path.Match; of all that name a rule the files count together.
var optional = []optionalFiles{
	// A file that is not there protects nothing and gives nothing away.
	{"linux.file.password-hashes-private", []string{"etc/shadow", "etc/shadow-", "etc/gshadow", "etc/gshadow-"}},
	{"linux.file.account-database-protected", []string{"etc/passwd", "etc/passwd-", "etc/group", "etc/group-"}},
	// These have a default.
	{"linux.file.none-unowned", []string{"etc/nsswitch.conf"}},
	{"linux.account.system-accounts-locked", []string{"etc/login.defs"}},
	// Services need no file of their own, the files of modules have defaults, and the
	// distribution's files stand in for those of etc.
	{"linux.password.*", pamFiles},
	// Accounts are judged beside what new ones get, and need no file for that.
	{"linux.password.age-limited", []string{"etc/login.defs"}},
	{"linux.account.inactive-locked", []string{"usr/sbin/useradd", "sbin/useradd", "etc/default/useradd"}},
	{"linux.account.groups-exist", []string{"etc/nsswitch.conf"}},
	{"linux.account.no-legacy-entries", []string{"etc/shadow", "etc/group", "etc/gshadow"}},
	{"linux.account.home-folders-private", []string{"etc/login.defs", "home/*", "root"}},
	{"linux.account.no-trust-files", []string{"home/*", "home/*/*", "root/*", "etc/hosts.equiv", "etc/shosts.equiv", "etc/ssh/shosts.equiv"}},
	{"linux.account.rescue-needs-password", units},
	// Start files need not exist, nor the folders that they name; services of PAM and their
	// files neither.
	{"linux.session.*", append(append([]string{"etc/profile", "etc/profile.d", "etc/profile.d/*", "etc/bashrc", "etc/default/login"}, shells...), pamFiles...)},
	{"linux.session.no-core-dumps", append(sysctlD, "etc/sysctl.d/*", "usr/lib/sysctl.d/*", "usr/lib/systemd/systemd-coredump")},
	{"linux.account.root-path-protected", append([]string{"etc/profile", "etc/profile.d", "etc/profile.d/*", "etc/bashrc", "etc/login.defs", "etc/environment",
		"root/*", "usr/*", "usr/local/*", "opt/app/bin"}, shells...)},
	{"linux.password.lockout", append([]string{"usr/sbin/sshd"}, units...)}, // which may not ask PAM
	{"linux.account.su-restricted", append([]string{"usr/bin/su", "bin/su"}, pamFiles...)},
	{"linux.account.second-factor", append([]string{"usr/sbin/sshd", "etc/pam.d/sshd"}, units...)},
	// Files of options and drop-ins need not exist, nor the server; its version is looked for
	// in two places.
	{"linux.ssh.*", append([]string{"usr/sbin/sshd", "var/lib/dpkg/status", "etc/default/ssh", "etc/sysconfig/sshd",
		"etc/crypto-policies/back-ends/opensshserver.config", "etc/ssh/sshd_config.d"}, units...)},
	// Units are looked for in many folders, and need not be in any.
	{"linux.package.updates-scheduled", units},
	{"linux.service.*", units},
	{"linux.service.unneeded-off", []string{"etc/rc?.d"}},
	{"linux.audit.daemon-on", units},
	// Nothing is recorded where no rules are loaded; which files load them the units tell. A watch
	// is not needed of what is not there.
	{"linux.audit.r*", append([]string{"usr/sbin/auditctl", "sbin/auditctl", "etc/audit/*", "lib/ld*", "lib64/ld*"}, units...)},
	{"linux.audit.*", []string{"usr/sbin/auditd", "sbin/auditd", "etc/audit/auditd.conf"}},
	{"linux.audit.records-*", watched},
	{"linux.audit.logs-private", []string{"var/log/audit", "var/log/audit/*", "srv/audit"}},
	{"linux.audit.configuration-protected", []string{"etc/audit"}},
	{"linux.audit.tools-protected", []string{"usr/sbin/au*", "sbin/au*"}},
	{"linux.time.*", units},
	{"linux.log.rotation-kept", []string{"usr/sbin/logrotate"}},
	// What does not start does nothing; includes need not match.
	{"linux.log.*", append([]string{"usr/sbin/rsyslogd", "etc/rsyslog.d", "etc/sysconfig/rsyslog", "var/log", "var/log/journal", "etc/rc?.d"}, units...)},
	// Which of the files of chrony and systemd is there, and if any, is the distribution's choice.
	{"linux.time.sources-configured", []string{"etc/chrony*", "etc/chrony/*", "etc/default/chrony", "etc/sysconfig/chronyd", "run/chrony-dhcp"}},
	// Folders of drop-ins need not exist.
	{"linux.kernel.*", sysctlD},
	{"linux.network.*", sysctlD},
	// Folders of modprobe.d and of kernels need not exist, and a kernel without modules has no list
	// of those that are loaded.
	{"linux.module.*", []string{"etc/modprobe.d", "etc/modprobe.d/*", "run/modprobe.d", "usr/local/lib/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d", "lib/modprobe.d/*", "usr/lib/modules", "lib/modules", "lib", "proc/modules"}},
	{"linux.module.usb-storage-blocked", append([]string{"usr/sbin/usbguard-daemon"}, units...)},
	// Which boot loader is there, and which further files its own reads, is the system's choice.
	{"linux.boot.*", []string{"boot", "boot/*", "boot/*/*", "boot/*/*/*", "boot/efi/EFI/*/*", "usr/sbin/auditd", "efi", "etc/default/grub", "lib/modules", "usr/lib/modules"}},
	// Where a kernel's configuration lies, and whether there is a kernel, is the system's.
	{"linux.kernel.built-*", []string{"boot", "boot/*", "lib/modules", "usr/lib/modules", "lib/modules/*", "lib/modules/*/*", "proc/config.gz"}},
	{"linux.kernel.modules-signed", []string{"boot", "boot/*", "boot/*/*", "lib/modules", "usr/lib/modules", "lib/modules/*", "lib/modules/*/*", "proc/config.gz", "sys/kernel/security/lockdown"}},
	// A volume that opens nothing needs no crypttab, and a device is what the kernel shows of it.
	{"linux.encryption.*", append([]string{"etc/crypttab", "etc/fstab", "etc/crypto-policies/config", "etc/crypto-policies/state/current", "proc/swaps", "sys/class/block/*/*", "sys/class/block/*/dm/uuid", "sys/dev/block/*"}, units...)},
	// A key that the running kernel does not have governs nothing.
	{"linux.kernel.*", []string{"proc/sys/kernel/*", "proc/sys/dev/tty/*", "proc/sys/user/*", "proc/sys/net/core/*"}},
	{"linux.network.*", []string{"proc/sys/net/*/*/*/*", "proc/sys/net/*/*"}},
	// What is not there neither shows, nor asks for, nor allows anything.
	{"linux.banner.files-protected", []string{"etc/issue", "etc/issue.d", "etc/issue.d/*", "etc/motd"}},
	{"linux.banner.reveals-nothing", []string{"etc/issue", "etc/motd", "etc/os-release"}},
	{"linux.banner.ssh-warns", []string{"usr/sbin/sshd"}},
	{"linux.package.updates-automatic", []string{"etc/apt/apt.conf"}},
	{"linux.package.origins-signed", []string{"etc/apt/*", "etc/yum.repos.d"}},
	{"linux.os.no-restart-pending", []string{"run/reboot-required"}},
	{"linux.sudo.*", []string{"etc/sudoers", "etc/sudoers.d", "etc/nsswitch.conf"}},
	{"linux.sudo.files-protected", []string{"etc/sudoers.d/*"}},
	{"linux.service.programs-protected", []string{"usr/sbin/*", "home/*/*/*", "etc/init.d/*", "etc/runlevels/*/*"}},
	{"linux.network.wrapped-programs-closed", []string{"etc/hosts.*", "usr/lib", "usr/lib/*", "usr/lib/*/*"}},
	{"linux.cron.programs-protected", []string{"etc/crontab", "etc/cron.*", "etc/crontabs", "etc/periodic/*", "var/spool/cron/*", "var/spool/cron", "var/spool/at"}},
	{"linux.cron.files-protected", []string{"etc/cron*", "etc/cron.*/*", "etc/periodic", "etc/periodic/*", "etc/periodic/*/*", "etc/anacrontab"}},
	{"linux.cron.users-limited", []string{"usr/bin/*"}},
	{"linux.ssh.host-keys-strong", []string{"etc/ssh", "etc/ssh/*", "srv/keys/*"}},
	{"linux.ssh.host-keys-private", []string{"etc/ssh", "etc/ssh/*"}},
	{"linux.ssh.keys-*", []string{"home/*/.ssh/authorized_keys", "etc/ssh/keys/*"}},
	{"linux.ssh.client-asks-about-new-hosts", []string{"etc/ssh/*"}},
	// Neither need the files be there.
	{"linux.ssh.configuration-protected", []string{"etc/ssh", "etc/ssh/*"}},
	// Zones and policies of firewalld, and what it and ufw may have besides, need not be there;
	// what no file loads is not loaded.
	{"linux.firewall.*", append(append([]string{"etc/firewalld", "etc/firewalld/*", "usr/lib/firewalld/*", "etc/NetworkManager/system-connections", "usr/lib/NetworkManager/system-connections", "run/NetworkManager/system-connections",
		"etc/sysconfig/network-scripts", "etc/ufw/*", "etc/nftables.d", "etc/iptables/*", "etc/sysconfig/ip*tables", "etc/conf.d/*", "usr/share/netfilter-persistent/plugins.d/*"}, sysctlD...), "etc/sysctl.d/*")},
	// Either of the two will do, a profile that is not there confines nothing, and a kernel that
	// is not there starts nothing.
	{"linux.mandatory-access.*", append([]string{"etc/selinux/*", "etc/selinux/*/*", "etc/selinux/*/*/*", "var/lib/selinux", "var/lib/selinux/*", "var/lib/selinux/*/*/*",
		"etc/apparmor.d", "etc/apparmor.d/*", "etc/apparmor/parser.conf", "usr/bin/*", "usr/*/apparmor_parser", "sbin/apparmor_parser", "usr/sbin/*", "etc/os-release",
		"sys/fs/selinux/enforce", "sys/module/apparmor/parameters/enabled", "boot", "boot/*", "boot/*/*"}, units...)},
	// Without the daemon, or without rules, nothing is let in by them.
	{"linux.usb.*", append([]string{"usr/sbin/usbguard-daemon", "sbin/usbguard-daemon", "usr/bin/usbguard-daemon", "etc/usbguard/rules.conf", "etc/usbguard/rules.d"}, units...)},
	// Without the file nothing is mounted over the folder of the journal.
	{"linux.log.journal-persistent", []string{"etc/fstab"}},
	{"linux.service.console-needs-login", []string{"etc/conf.d/*", "etc/credstore/*"}},
	// A distribution without dpkg has no packages of dpkg.
	{"linux.package.fully-installed", dpkgFiles},
	{"linux.package.none-on-hold", dpkgFiles},
	{"linux.package.no-leftovers", dpkgFiles},
}

var (
	watched = []string{"etc/gshadow", "etc/security/opasswd", "etc/sudoers", "etc/sudoers.d", "var/log/*", "var/lib/*", "run/*", "etc/hosts", "etc/hostname",
		"etc/issue", "etc/issue.net", "etc/network", "etc/NetworkManager", "etc/sysconfig/network", "usr/sbin/apparmor_parser", "etc/apparmor", "etc/selinux/config"}
	dpkgFiles = []string{"var/lib/dpkg/status", "var/lib/dpkg/updates"}
	sysctlD   = append([]string{"*/sysctl.d", "usr/lib/sysctl.d", "usr/local/lib/sysctl.d"}, units...)
	units     = []string{"etc/systemd/*", "run/systemd/*", "usr/lib/systemd/*", "usr/local/lib/systemd/*", "lib/systemd/*", "lib",
		"usr/lib/systemd/*/*", "lib/systemd/*/*", "sbin/init", "etc/runlevels", "etc/runlevels/*", "etc/runlevels/*/*", "etc/inittab", "etc/init.d", "etc/rc?.d", "etc/rc?.d/*"}
)

// shells are looked for to tell a system that people may log in to.
var shells = []string{"bin/sh", "usr/bin/sh", "bin/bash"}

// pamFiles is also how an old system without the modules' newer files is known, by its packages.
var pamFiles = []string{"etc/pam.d", "etc/pam.d/*", "usr/*/pam.d", "usr/*/pam.d/*", "etc/pam.conf", "etc/login.defs",
	"etc/security/*", "usr/*/security/*", "var/lib/dpkg/status"}

type optionalFiles struct {
	rules string
	files []string
}

func (o optionalFiles) names(id string) bool {
	m, err := path.Match(o.rules, id)
	return m && err == nil
}

// conformance is what a rule declares of itself.
func conformance(id string) checktest.Conformance {
	var c checktest.Conformance
	for _, o := range optional {
		if o.names(id) {
			c.Optional = append(c.Optional, slices.Clone(o.files)...)
		}
	}
	return c
}
