package builtin_test

const openscapHeader = `# Beside OpenSCAP

What the rules of linux-server say of six Debian trees, beside what OpenSCAP 1.3.7 says of the
rules on the same subject in ComplianceAsCode 0.1.65 (ssg-debian11-ds.xml, profile "(all)",
OSCAP_PROBE_ROOT, without the stream's own statement that it applies to Debian 11 only). The trees are bookworm, bullseye and trixie as debootstrap makes them
with the packages that .ci/trees names, and "-hardened" with some more packages and after the bash fixes
of that stream were run inside. The stream is written for Debian 11; its files and packages are the
same on the other two where nothing else is said.

A verdict stands once where both agree. The test TestAgainstOpenSCAP of baseline/builtin writes
this table and fails when it is no longer true.

`

// counterpart is a rule of ours and one of the stream on the same subject. Why is the
// reason of the differences, empty where there are none.
type counterpart struct{ ours, theirs, why string }

var counterparts = []counterpart{
	{"linux.account.groups-exist", "gid_passwd_group_same", ""},
	{"linux.account.home-folders-private", "file_permissions_home_dirs", ""},
	{"linux.account.ids-unique", "account_unique_name", ""},
	{"linux.account.no-empty-password", "no_empty_passwords_etc_shadow", ""},
	{"linux.account.no-trust-files", "no_netrc_files", ""},
	{"linux.account.no-trust-files", "no_rsh_trust_files", ""},
	{"linux.account.root-is-the-only-superuser", "accounts_no_uid_except_zero", ""},
	{"linux.account.root-path-protected", "accounts_root_path_dirs_no_write", ""},
	{"linux.account.root-path-protected", "root_path_no_dot", "There the PATH in the environment of OpenSCAP's own process is judged; here that which the system gives to root."},
	{"linux.account.system-accounts-locked", "no_password_auth_for_systemaccounts", "It is a question to a person there."},
	{"linux.audit.configuration-protected", "file_ownership_audit_configuration", ""},
	{"linux.audit.daemon-on", "service_auditd_enabled", "A tree has no running systemd for OpenSCAP to ask; here unit files and links decide."},
	{"linux.audit.full-disk-handled", "auditd_data_disk_full_action", ""},
	{"linux.audit.full-disk-handled", "auditd_data_retention_admin_space_left_action", ""},
	{"linux.audit.logs-kept", "auditd_data_retention_max_log_file_action", "There rotating is enough. Debian's five files of 8 MiB hold the records of hours, and the oldest are lost; the rule here asks for keep_logs or 500 MiB."},
	{"linux.audit.logs-private", "directory_permissions_var_log_audit", ""},
	{"linux.audit.records-account-changes", "audit_rules_usergroup_modification", ""},
	{"linux.audit.records-admin-actions", "audit_rules_sysadmin_actions", ""},
	{"linux.audit.records-deletions", "audit_rules_file_deletion_events", ""},
	{"linux.audit.records-denied-access", "audit_rules_unsuccessful_file_modification", ""},
	{"linux.audit.records-logins", "audit_rules_login_events", ""},
	{"linux.audit.records-mandatory-access-changes", "audit_rules_mac_modification", "There is neither AppArmor nor SELinux on the tree whose policy could change; there a watch of /etc/selinux is asked for all the same."},
	{"linux.audit.records-module-loading", "audit_rules_kernel_module_loading", ""},
	{"linux.audit.records-mounts", "audit_rules_media_export", ""},
	{"linux.audit.records-network-changes", "audit_rules_networkconfig_modification", ""},
	{"linux.audit.records-permission-changes", "audit_rules_dac_modification_chmod", ""},
	{"linux.audit.records-time-changes", "audit_rules_time_adjtimex", ""},
	{"linux.audit.rules-unchangeable", "audit_rules_immutable", ""},
	{"linux.banner.ssh-warns", "sshd_enable_warning_banner", ""},
	{"linux.file.account-database-protected", "file_groupowner_etc_group", ""},
	{"linux.file.account-database-protected", "file_permissions_etc_passwd", ""},
	{"linux.file.none-world-writable", "file_permissions_unauthorized_world_writable", ""},
	{"linux.file.password-hashes-private", "file_owner_etc_gshadow", ""},
	{"linux.file.password-hashes-private", "file_permissions_etc_shadow", ""},
	{"linux.file.shared-folders-sticky", "dir_perms_world_writable_sticky_bits", ""},
	{"linux.kernel.links-protected", "sysctl_fs_protected_hardlinks", "No file sets the key, so its kernel decides, which a tree does not tell; there a line that is missing counts as a breach."},
	{"linux.kernel.links-protected", "sysctl_fs_protected_symlinks", "No file sets the key, so its kernel decides, which a tree does not tell; there a line that is missing counts as a breach."},
	{"linux.kernel.memory-protected", "sysctl_kernel_kptr_restrict", "No file sets the key, so its kernel decides, which a tree does not tell; there a line that is missing counts as a breach."},
	{"linux.kernel.memory-protected", "sysctl_kernel_randomize_va_space", "No file sets the key, so its kernel decides, which a tree does not tell; there a line that is missing counts as a breach."},
	{"linux.kernel.no-core-of-privileged", "sysctl_fs_suid_dumpable", "No file sets the key, so its kernel decides, which a tree does not tell; there a line that is missing counts as a breach."},
	{"linux.log.files-private", "file_permissions_var_log", ""},
	{"linux.log.files-private", "rsyslog_files_permissions", "No file of the tree's logs can be read by others; there the rule fails since the files that rsyslog.conf names are not there yet, or rsyslog is not."},
	{"linux.log.forwarded-elsewhere", "rsyslog_remote_loghost", ""},
	{"linux.log.forwarded-encrypted", "rsyslog_encrypt_offload_actionsendstreamdrivermode", "Nothing is forwarded, so nothing is forwarded in clear; linux.log.forwarded-elsewhere fails. The fix sets the mode for actions that are not there."},
	{"linux.log.rotation-kept", "ensure_logrotate_activated", "Without logrotate there is nothing to judge. With it, there daily rotation is enough, and four weeks are kept; the rule here asks for 90 days."},
	{"linux.log.service-on", "service_rsyslog_enabled", "The journal counts as a log of the system here. A tree has no running systemd for OpenSCAP to ask; here unit files and links decide."},
	{"linux.log.service-on", "service_systemd-journald_enabled", "A tree has no running systemd for OpenSCAP to ask; here unit files and links decide."},
	{"linux.mount.tmp-restricted", "mount_option_dev_shm_nodev", "The rule here asks for /tmp as well, and for noexec. Before the fixes fstab names neither, and a tree does not tell what systemd mounts; there a mount that is not named passes."},
	{"linux.package.legacy-remote-absent", "package_telnetd_removed", ""},
	{"linux.package.origins-signed", "apt_conf_disallow_unauthenticated", ""},
	{"linux.password.age-limited", "accounts_maximum_age_login_defs", ""},
	{"linux.password.minimum-length", "accounts_password_minlen_login_defs", ""},
	{"linux.password.no-empty-allowed", "no_empty_passwords", "Debian's common-auth has nullok. There system-auth and password-auth are looked at, which Debian does not have."},
	{"linux.session.no-core-dumps", "coredump_disable_storage", ""},
	{"linux.session.umask-strict", "accounts_umask_etc_login_defs", "After the fixes /etc/profile sets 027 for every login shell, after what login.defs says; there login.defs is judged alone."},
	{"linux.session.umask-strict", "accounts_umask_etc_profile", ""},
	{"linux.ssh.account-rules-apply", "sshd_enable_pam", ""},
	{"linux.ssh.host-keys-private", "file_permissions_sshd_private_key", ""},
	{"linux.ssh.idle-sessions-end", "sshd_set_idle_timeout", "The fix sets ClientAliveCountMax to 0, which since OpenSSH 8.2 means that no session is ended."},
	{"linux.ssh.idle-sessions-end", "sshd_set_keepalive", "The fix sets ClientAliveCountMax to 0, which since OpenSSH 8.2 means that no session is ended."},
	{"linux.ssh.login-limits", "sshd_set_login_grace_time", "The rule here asks for MaxAuthTries as well, which no fix sets."},
	{"linux.ssh.login-limits", "sshd_set_max_auth_tries", ""},
	{"linux.ssh.logins-logged", "sshd_set_loglevel_info", "Nothing sets the directive, and the server's own value is INFO; after the fixes it is VERBOSE, which tells more. There only a line with INFO passes."},
	{"linux.ssh.no-empty-passwords", "sshd_disable_empty_passwords", "Nothing sets the directive, and the server's own value is right; there only a line in the file passes."},
	{"linux.ssh.no-host-based-login", "disable_host_auth", "Nothing sets the directive, and the server's own value is right; there only a line in the file passes."},
	{"linux.ssh.no-host-based-login", "sshd_disable_rhosts", "Nothing sets the directive, and the server's own value is right; there only a line in the file passes."},
	{"linux.ssh.no-tunnels", "sshd_disable_tcp_forwarding", "The rule here asks for sockets, agents and tunnels as well."},
	{"linux.ssh.no-user-environment", "sshd_do_not_permit_user_env", "Nothing sets the directive, and the server's own value is right; there only a line in the file passes."},
	{"linux.ssh.no-window-forwarding", "sshd_disable_x11_forwarding", ""},
	{"linux.ssh.root-login-off", "sshd_disable_root_login", "The server's default lets root in with keys only, which the rule here accepts; there only a line with no passes."},
	{"linux.ssh.root-login-off", "sshd_disable_root_password_login", "Nothing sets the directive, and the server's own value is right; there only a line in the file passes."},
	{"linux.ssh.sessions-limited", "sshd_set_max_sessions", "Nothing sets the directive, and the server's own value is right; there only a line in the file passes."},
	{"linux.ssh.users-files-checked", "sshd_enable_strictmodes", "Nothing sets the directive, and the server's own value is right; there only a line in the file passes."},
	{"linux.ssh.users-limited", "sshd_limit_user_access", "It is a question to a person there."},
	{"linux.sudo.no-exceptions", "sudoers_no_command_negation", ""},
	{"linux.sudo.own-terminal", "sudo_add_use_pty", ""},
	{"linux.sudo.password-asked", "sudo_remove_no_authenticate", ""},
	{"linux.sudo.password-asked", "sudo_remove_nopasswd", ""},
	{"linux.sudo.uses-logged", "sudo_custom_logfile", "sudo logs to syslog unless it is told not to; there only a file of its own passes."},
	{"linux.time.service-on", "service_chronyd_enabled", "chrony starts on the hardened trees. A tree has no running systemd for OpenSCAP to ask; here unit files and links decide."},
	{"linux.time.sources-configured", "chronyd_specify_remote_server", ""},
}
