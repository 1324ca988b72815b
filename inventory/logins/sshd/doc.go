// Package sshd reads how the OpenSSH server of a system is configured, from etc/ssh/sshd_config and
// the options of its service, sshd_config(5). For each directive it returns the values in effect,
// with the file and line that decide each.
//
// The first value of a directive counts. Include is expanded in its place. The first Match block
// that applies to a connection comes before what is set outside of such blocks. So a directive has
// one value in general, and may have others for some connections. [Config.Values] returns all of
// them.
//
// A directive that nothing sets has the default of the installed version. The version is that of
// Debian's package, else the one in the text of the server's program. The defaults of the versions
// 7.4 to 10.2 are known, from sshd_config(5) and the release notes of OpenSSH. For any other
// version, or if options of the service cannot be read, a directive that nothing sets is
// inventory.ErrUnavailable. It is never guessed.
package sshd
