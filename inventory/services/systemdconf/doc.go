// Package systemdconf reads the configuration files of systemd's own daemons: journald.conf,
// coredump.conf, timesyncd.conf, logind.conf, resolved.conf, system.conf, sleep.conf and
// journal-upload.conf, each with its drop-ins, as journald.conf(5) and its like describe
// them and as systemd 252 reads them.
//
// A later line beats an earlier one, a drop-in the main file, and a value that makes no
// sense is passed over with the one before it left in effect. Credentials, environment and
// the kernel's command line, which can overrule some settings at boot, are not looked at, nor are the
// files of journal namespaces.
package systemdconf
