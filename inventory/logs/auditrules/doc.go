// Package auditrules reads the rules of the kernel's audit system (audit.rules(7)) as auditctl(8)
// loads them at boot, from etc/audit/rules.d and etc/audit/audit.rules, and decides whether they
// record an event.
//
// # Which files
//
// Debian 11 and 12 and Red Hat Enterprise Linux 8 and 9 load the rules by ExecStartPost= of
// auditd.service. Debian 13 and Red Hat Enterprise Linux 10 load them by audit-rules.service, which
// auditd.service requires. All of them run augenrules(8), which makes etc/audit/audit.rules of the
// files in etc/audit/rules.d. A unit that was changed to "auditctl -R" loads the file that it
// names. The units of the system say which of these happens, or whether the rules are loaded at
// all.
//
// # Which lines
//
// auditctl stops at the first line that fails: a syntax error, a rule that is loaded already, a
// folder that does not exist, a system call that the machine does not have, or any line after
// "-e 2". It does not load the lines after that, unless "-i" or "-c" stands before.
//
// The rules that the kernel has at this moment are available by netlink only, which this package
// does not use. On a running system too it reads the files.
//
// The sources are auditctl(8), augenrules(8), audit.rules(7) and the behavior of audit 3.0 to 4.2.
package auditrules
