// Package mountinfo reads tables of mounts, as proc_pid_mountinfo(5) and the
// kernel's Documentation/filesystems/proc.rst (section 3.5) describe them, and says
// which mounts can be looked at without waiting for another machine or program.
//
// It holds no system calls: a table of any machine is read on any machine.
package mountinfo
