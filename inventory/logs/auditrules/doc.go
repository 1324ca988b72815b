// Package auditrules reads the rules of the kernel's audit system, audit.rules(7), as
// auditctl(8) loads them at boot, and tells whether they record an event.
//
// # Which files
//
// Debian 11 and 12 and Red Hat Enterprise Linux 8 and 9 load them by ExecStartPost= of
// auditd.service; Debian 13 and Red Hat Enterprise Linux 10 by audit-rules.service, which
// auditd.service requires. All of them run augenrules(8), which makes etc/audit/audit.rules of
// the files of etc/audit/rules.d. A unit that was changed to "auditctl -R" loads the
// file that it names. Which of them it is, and whether it happens at all, is told from the units.
//
// # What is loaded
//
// auditctl goes through the lines until one of them fails: a mistake, a rule that is there
// already, a folder that is not there, a system call that the machine does not have, or any line
// after "-e 2". What stands after that line is not loaded, unless "-i" or "-c" stands before it.
//
// The rules that the kernel has at this moment can be asked by netlink only, which this
// package does not do: on a running system too it judges the files.
//
// The sources are auditctl(8), augenrules(8), audit.rules(7) and the behaviour of audit 3.0
// to 4.2.
package auditrules
