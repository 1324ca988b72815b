// Package systemdconf reads the configuration files of systemd's own daemons: journald.conf,
// coredump.conf, timesyncd.conf, logind.conf, resolved.conf, system.conf, sleep.conf and
// journal-upload.conf. They are in etc/systemd and the like, each with its drop-ins.
// journald.conf(5) and the pages of the others describe them; the rules are those of systemd 252.
//
// The last line of a key counts, and a drop-in comes after the main file. A value that makes no
// sense is skipped, so that the one before it stays in effect. Credentials, environment variables
// and the kernel's command line, which can override some settings at boot, are not read. Neither
// are the files of journal namespaces.
package systemdconf
