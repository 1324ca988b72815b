package builtin_test

import (
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check/checktest"
)

// optional is which missing files are an answer, by rule. Each rule is named, so that none is
// excused before it is written; of all entries that name a rule the files count together.
var optional = []optionalFiles{
	// systemd passes over lines that are no assignments, and a unit without a program does not start.
	{"linux.ssh.root-login-off linux.service.programs-protected linux.service.console-needs-login linux.firewall.default-deny " +
		"linux.encryption.volumes-encrypted linux.account.rescue-needs-password",
		[]string{"etc/systemd/system/*.service", "etc/systemd/system/*.mount", "etc/systemd/system/*.d/*.conf"}},
	{"linux.software.integrity-watched", []string{"etc/default/aide"}},
	{"linux.firewall.on linux.package.updates-scheduled", []string{"etc/systemd/system/*.d/*.conf"}},
	{"linux.mount.tmp-restricted", []string{"etc/systemd/system", "etc/systemd/system/*.d/*.conf"}},
	// Devices, messages and users who linger start services; without their files nothing does.
	{"linux.service.unneeded-off", []string{"usr/lib/udev/rules.d", "usr/lib/udev/rules.d/*", "usr/share/dbus-1/system-services",
		"usr/share/dbus-1/system-services/*", "var/lib/systemd/linger", "home/alice/.config/systemd/user", "home/alice/.config/systemd/user/*"}},
	// A file that is not there protects nothing and gives nothing away.
	{"linux.file.password-hashes-private", []string{"etc/shadow", "etc/shadow-", "etc/gshadow", "etc/gshadow-"}},
	{"linux.file.account-database-protected", []string{"etc/passwd", "etc/passwd-", "etc/group", "etc/group-"}},
	// These have a default.
	{"linux.file.none-unowned", []string{"etc/nsswitch.conf"}},
	{"linux.account.system-accounts-locked", []string{"etc/login.defs", "usr/sbin/sshd", "*/.ssh/authorized_keys", "usr/sbin/.ssh/authorized_keys", "etc/ssh/keys/*"}},
	// Services need no file of their own, the files of modules have defaults, and the
	// distribution's files stand in for those of etc.
	{"linux.password.change-not-in-future linux.password.minimum-length " +
		"linux.password.guessable-refused linux.password.history-kept linux.password.lockout " +
		"linux.password.no-empty-allowed linux.password.strong-hashing linux.password.age-limited", pamFiles},
	// Accounts are judged beside what new ones get, and need no file for that.
	{"linux.password.age-limited", []string{"etc/login.defs", "usr/etc/login.defs"}},
	{"linux.account.inactive-locked", []string{"usr/sbin/useradd", "sbin/useradd", "etc/default/useradd"}},
	{"linux.account.groups-exist", []string{"etc/nsswitch.conf"}},
	{"linux.account.no-legacy-entries", []string{"etc/shadow", "etc/group", "etc/gshadow"}},
	{"linux.account.home-folders-private", []string{"etc/login.defs", "home/*", "root"}},
	{"linux.account.no-trust-files", []string{"home/*", "home/*/*", "root/*", "etc/hosts.equiv", "etc/shosts.equiv", "etc/ssh/shosts.equiv"}},
	{"linux.account.rescue-needs-password", units},
	// Start files need not exist, nor the folders that they name; services of PAM and their
	// files neither.
	{"linux.session.umask-strict linux.session.idle-shells-end linux.session.no-core-dumps", append(append([]string{"etc/profile", "etc/profile.d", "etc/profile.d/*", "etc/bashrc", "etc/default/login"}, shells...), pamFiles...)},
	{"linux.session.no-core-dumps", append(sysctlD, "etc/sysctl.d/*", "usr/lib/sysctl.d/*", "usr/lib/systemd/systemd-coredump")},
	{"linux.account.root-path-protected", append([]string{"etc/profile", "etc/profile.d", "etc/profile.d/*", "etc/bashrc", "etc/login.defs", "etc/environment",
		"root/*", "usr/*", "usr/local/*", "opt/app/bin"}, shells...)},
	{"linux.password.lockout", append([]string{"usr/sbin/sshd"}, units...)}, // which may not ask PAM
	{"linux.sudo.password-asked", pamFiles},
	{"linux.network.no-forwarding", []string{"etc/ufw/*", "etc/default/ufw"}},
	{"linux.account.su-restricted", append([]string{"usr/bin/su", "bin/su"}, pamFiles...)},
	{"linux.account.second-factor", append([]string{"usr/sbin/sshd", "etc/pam.d/sshd"}, units...)},
	// Files of options and drop-ins need not exist, nor the server; its version is looked for
	// in two places.
	{"linux.ssh.root-login-off linux.ssh.no-empty-passwords linux.ssh.no-host-based-login " +
		"linux.ssh.strong-algorithms linux.ssh.login-limits linux.ssh.idle-sessions-end " +
		"linux.ssh.no-window-forwarding linux.ssh.no-passwords-alone linux.ssh.users-limited " +
		"linux.ssh.no-user-environment linux.ssh.no-tunnels linux.ssh.logins-logged " +
		"linux.ssh.users-files-checked linux.ssh.sessions-limited linux.ssh.account-rules-apply " +
		"linux.ssh.strong-signatures linux.ssh.host-keys-private linux.ssh.host-keys-strong " +
		"linux.ssh.keys-strong linux.ssh.keys-protected linux.ssh.client-asks-about-new-hosts " +
		"linux.ssh.configuration-protected", append([]string{"usr/sbin/sshd", "var/lib/dpkg/status", "etc/default/ssh", "etc/sysconfig/sshd",
		"etc/crypto-policies/back-ends/opensshserver.config", "etc/ssh/sshd_config.d"}, units...)},
	// Units are looked for in many folders, and need not be in any.
	{"linux.package.updates-scheduled", units},
	{"linux.service.unneeded-off linux.service.no-orphans linux.service.console-needs-login " +
		"linux.service.programs-protected", units},
	{"linux.service.unneeded-off", []string{"etc/rc?.d"}},
	{"linux.audit.daemon-on", units},
	// Nothing is recorded where no rules are loaded; which files load them the units tell. A watch
	// is not needed of what is not there.
	{"linux.audit.records-time-changes linux.audit.records-account-changes " +
		"linux.audit.records-admin-actions linux.audit.records-logins " +
		"linux.audit.records-permission-changes linux.audit.records-denied-access " +
		"linux.audit.records-deletions linux.audit.records-module-loading linux.audit.records-mounts " +
		"linux.audit.records-network-changes linux.audit.records-mandatory-access-changes " +
		"linux.audit.rules-unchangeable linux.audit.rules-complete", append([]string{"usr/sbin/auditctl", "sbin/auditctl", "etc/audit/*", "lib/ld*", "lib64/ld*"}, units...)},
	{"linux.audit.daemon-on linux.audit.records-time-changes linux.audit.records-account-changes " +
		"linux.audit.records-admin-actions linux.audit.records-logins " +
		"linux.audit.records-permission-changes linux.audit.records-denied-access " +
		"linux.audit.records-deletions linux.audit.records-module-loading linux.audit.records-mounts " +
		"linux.audit.records-network-changes linux.audit.records-mandatory-access-changes " +
		"linux.audit.rules-unchangeable linux.audit.rules-complete linux.audit.logs-kept " +
		"linux.audit.full-disk-handled linux.audit.logs-private linux.audit.configuration-protected " +
		"linux.audit.tools-protected", []string{"usr/sbin/auditd", "sbin/auditd", "etc/audit/auditd.conf"}},
	{"linux.audit.records-time-changes linux.audit.records-account-changes " +
		"linux.audit.records-admin-actions linux.audit.records-logins " +
		"linux.audit.records-permission-changes linux.audit.records-denied-access " +
		"linux.audit.records-deletions linux.audit.records-module-loading linux.audit.records-mounts " +
		"linux.audit.records-network-changes linux.audit.records-mandatory-access-changes", watched},
	{"linux.audit.logs-private", []string{"var/log/audit", "var/log/audit/*", "srv/audit"}},
	{"linux.audit.configuration-protected", []string{"etc/audit"}},
	{"linux.audit.tools-protected", []string{"usr/sbin/au*", "sbin/au*"}},
	{"linux.time.service-on linux.time.sources-configured linux.time.one-service", units},
	{"linux.log.rotation-kept", []string{"usr/sbin/logrotate"}},
	// What does not start does nothing; includes need not match.
	{"linux.log.service-on linux.log.journal-persistent linux.log.forwarded-elsewhere " +
		"linux.log.forwarded-encrypted linux.log.no-remote-reception linux.log.rotation-kept " +
		"linux.log.new-files-private linux.log.files-private", append([]string{"usr/sbin/rsyslogd", "etc/rsyslog.d", "etc/sysconfig/rsyslog", "var/log", "var/log/journal", "etc/rc?.d"}, units...)},
	// Which of the files of chrony and systemd is there, and if any, is the distribution's choice.
	{"linux.time.sources-configured", []string{"etc/chrony*", "etc/chrony/*", "etc/default/chrony", "etc/sysconfig/chronyd", "run/chrony-dhcp"}},
	// Folders of drop-ins need not exist.
	{"linux.kernel.processor-flaws-mitigated linux.kernel.memory-protected " +
		"linux.kernel.no-core-of-privileged linux.kernel.links-protected " +
		"linux.kernel.shared-files-protected linux.kernel.programs-in-kernel-restricted " +
		"linux.kernel.user-namespaces-restricted linux.kernel.replacement-off " +
		"linux.kernel.performance-events-restricted linux.kernel.console-keys-restricted " +
		"linux.kernel.terminal-drivers-restricted linux.kernel.modules-signed " +
		"linux.kernel.built-hardened linux.kernel.built-without-danger", sysctlD},
	{"linux.network.no-redirects linux.network.wrapped-programs-closed linux.network.no-forwarding " +
		"linux.network.sources-checked linux.network.odd-packets-logged linux.network.floods-withstood " +
		"linux.network.no-answers-to-broadcasts linux.network.no-router-advertisements", sysctlD},
	// Folders of modprobe.d and of kernels need not exist, and a kernel without modules has no list
	// of those that are loaded.
	{"linux.module.filesystems-blocked linux.module.protocols-blocked " +
		"linux.module.usb-storage-blocked linux.module.firewire-blocked", []string{"etc/modprobe.d", "etc/modprobe.d/*", "run/modprobe.d", "usr/local/lib/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d", "lib/modprobe.d/*", "usr/lib/modules", "lib/modules", "lib", "proc/modules"}},
	{"linux.module.usb-storage-blocked", append([]string{"usr/sbin/usbguard-daemon"}, units...)},
	// Which boot loader is there, and which further files its own reads, is the system's choice.
	{"linux.boot.password-set linux.boot.configuration-protected linux.boot.protections-on " +
		"linux.boot.audit-from-start", []string{"boot", "boot/*", "boot/*/*", "boot/*/*/*", "boot/efi/EFI/*/*", "usr/sbin/auditd", "efi", "etc/default/grub", "lib/modules", "usr/lib/modules"}},
	// Where a kernel's configuration lies, and whether there is a kernel, is the system's.
	{"linux.kernel.built-hardened linux.kernel.built-without-danger", []string{"boot", "boot/*", "lib/modules", "usr/lib/modules", "lib/modules/*", "lib/modules/*/*", "proc/config.gz"}},
	{"linux.kernel.modules-signed", []string{"boot", "boot/*", "boot/*/*", "lib/modules", "usr/lib/modules", "lib/modules/*", "lib/modules/*/*", "proc/config.gz", "sys/kernel/security/lockdown"}},
	// A volume that opens nothing needs no crypttab, and a device is what the kernel shows of it.
	{"linux.encryption.volumes-encrypted linux.encryption.swap-encrypted linux.encryption.policy-strong", append([]string{"etc/crypttab", "etc/fstab", "etc/crypto-policies/config", "etc/crypto-policies/state/current", "proc/swaps", "sys/class/block/*/*", "sys/class/block/*/dm/uuid", "sys/dev/block/*"}, units...)},
	// A key that the running kernel does not have governs nothing.
	{"linux.kernel.processor-flaws-mitigated linux.kernel.memory-protected " +
		"linux.kernel.no-core-of-privileged linux.kernel.links-protected " +
		"linux.kernel.shared-files-protected linux.kernel.programs-in-kernel-restricted " +
		"linux.kernel.user-namespaces-restricted linux.kernel.replacement-off " +
		"linux.kernel.performance-events-restricted linux.kernel.console-keys-restricted " +
		"linux.kernel.terminal-drivers-restricted linux.kernel.modules-signed " +
		"linux.kernel.built-hardened linux.kernel.built-without-danger", []string{"proc/sys/kernel/*", "proc/sys/dev/tty/*", "proc/sys/user/*", "proc/sys/net/core/*"}},
	{"linux.network.no-redirects linux.network.wrapped-programs-closed linux.network.no-forwarding " +
		"linux.network.sources-checked linux.network.odd-packets-logged linux.network.floods-withstood " +
		"linux.network.no-answers-to-broadcasts linux.network.no-router-advertisements", []string{"proc/sys/net/*/*/*/*", "proc/sys/net/*/*"}},
	// What is not there neither shows, nor asks for, nor allows anything.
	{"linux.banner.files-protected", []string{"etc/issue", "etc/issue.d", "etc/issue.d/*", "etc/motd"}},
	{"linux.banner.reveals-nothing", []string{"etc/issue", "etc/motd", "etc/os-release"}},
	{"linux.banner.ssh-warns", []string{"usr/sbin/sshd"}},
	{"linux.package.updates-automatic", []string{"etc/apt/apt.conf"}},
	{"linux.package.origins-signed", []string{"etc/apt/*", "etc/yum.repos.d"}},
	{"linux.os.no-restart-pending", []string{"run/reboot-required"}},
	{"linux.sudo.password-asked linux.sudo.own-terminal linux.sudo.uses-logged " +
		"linux.sudo.password-asked-again linux.sudo.not-for-everybody linux.sudo.no-exceptions " +
		"linux.sudo.environment-clean linux.sudo.files-protected", []string{"etc/sudoers", "etc/sudoers.d", "etc/nsswitch.conf"}},
	{"linux.sudo.files-protected", []string{"etc/sudoers.d/*", "opt/*"}},
	{"linux.service.programs-protected", []string{"usr/sbin/*", "home/*/*/*", "etc/init.d/*", "etc/runlevels/*/*"}},
	{"linux.network.wrapped-programs-closed", []string{"etc/hosts.*", "usr/lib", "usr/lib/*", "usr/lib/*/*"}},
	{"linux.cron.programs-protected", []string{"etc/crontab", "etc/cron.*", "etc/crontabs", "etc/periodic/*", "var/spool/cron/*", "var/spool/cron", "var/spool/at"}},
	{"linux.cron.files-protected", []string{"etc/cron*", "etc/cron.*/*", "etc/periodic", "etc/periodic/*", "etc/periodic/*/*", "etc/anacrontab"}},
	{"linux.cron.users-limited", []string{"usr/bin/*"}},
	{"linux.ssh.host-keys-strong", []string{"etc/ssh", "etc/ssh/*", "srv/keys/*"}},
	{"linux.ssh.host-keys-private", []string{"etc/ssh", "etc/ssh/*"}},
	{"linux.ssh.keys-strong linux.ssh.keys-protected", []string{"home/*/.ssh/authorized_keys", "etc/ssh/keys/*"}},
	{"linux.ssh.client-asks-about-new-hosts", []string{"etc/ssh/*"}},
	// Neither need the files be there.
	{"linux.ssh.configuration-protected", []string{"etc/ssh", "etc/ssh/*"}},
	// Zones and policies of firewalld, and what it and ufw may have besides, need not be there;
	// what no file loads is not loaded.
	{"linux.firewall.on linux.firewall.default-deny linux.firewall.only-one linux.firewall.no-forwarding-by-default", append(append([]string{"etc/firewalld", "etc/firewalld/*", "usr/lib/firewalld/*", "etc/NetworkManager/system-connections", "usr/lib/NetworkManager/system-connections", "run/NetworkManager/system-connections",
		"etc/sysconfig/network-scripts", "etc/ufw/*", "etc/nftables.d", "etc/iptables/*", "etc/sysconfig/ip*tables", "etc/conf.d/*", "usr/share/netfilter-persistent/plugins.d/*"}, sysctlD...), "etc/sysctl.d/*")},
	// Either of the two will do, a profile that is not there confines nothing, and a kernel that
	// is not there starts nothing.
	{"linux.mandatory-access.on linux.mandatory-access.enforced", append([]string{"etc/selinux/*", "etc/selinux/*/*", "etc/selinux/*/*/*", "var/lib/selinux", "var/lib/selinux/*", "var/lib/selinux/*/*/*",
		"etc/apparmor.d", "etc/apparmor.d/*", "etc/apparmor/parser.conf", "usr/bin/*", "usr/*/apparmor_parser", "sbin/apparmor_parser", "usr/sbin/*", "etc/os-release",
		"sys/fs/selinux/enforce", "sys/module/apparmor/parameters/enabled", "boot", "boot/*", "boot/*/*"}, units...)},
	// Without the daemon, or without rules, nothing is let in by them.
	{"linux.usb.devices-authorised", append([]string{"usr/sbin/usbguard-daemon", "sbin/usbguard-daemon", "usr/bin/usbguard-daemon", "etc/usbguard/rules.conf", "etc/usbguard/rules.d"}, units...)},
	// Without the file nothing is mounted over the folder of the journal.
	{"linux.log.journal-persistent", []string{"etc/fstab"}},
	{"linux.service.console-needs-login", []string{"etc/conf.d/*", "etc/credstore/*"}},
	// A file that is not there cannot be changed; whose group root's is need not be told by files.
	{"linux.file.system-programs-protected", []string{"bin", "sbin", "lib", "boot", "usr", "usr/*", "usr/local/*", "usr/local/*/*", "home/*", "home/*/*", "etc/alternatives/*", "usr/bin/*"}},
	{"linux.file.etc-protected", []string{"etc/*", "etc/*/*"}},
	{"linux.file.libraries-protected", []string{"etc/ld.so.*", "etc/ld.so.conf.d/*", "etc/pam.d", "etc/pam.d/*", "etc/pam.conf", "lib*", "usr/lib*", "usr/*", "usr/lib/*", "usr/lib/*/*", "usr/local/*", "opt/*", "opt/*/*", "home", "home/*"}},
	{"linux.file.hooks-protected", []string{"etc/*", "etc/*/*", "etc/*/*/*", "root", "root/*", "run/*", "lib", "lib/*", "usr/*", "usr/*/*", "usr/*/*/*", "usr/*/*/*/*", "bin", "bin/*", "sbin", "sbin/*", "opt/*", "opt/*/*", "usr/lib/*"}},
	{"linux.cron.users-limited", []string{"etc/cron.*", "etc/at.*"}},
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
	rules string // ids, separated by blanks
	files []string
}

func (o optionalFiles) names(id string) bool { return slices.Contains(strings.Fields(o.rules), id) }

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
