// Package sshd tells how the OpenSSH server of a system is configured: the value that each
// directive has in effect, and the file and line that decide it, sshd_config(5).
//
// Of a directive the first value counts, Include is expanded where it stands, and the
// first Match block that applies to a connection comes before what is set outside of one.
// So a directive has one value in general, and may have others for some connections:
// [Config.Values] answers all of them.
//
// A directive that nothing sets has the default that is compiled into the installed
// version. The version is that of Debian's package or, elsewhere, what the server's file
// names itself. Defaults are known of the versions 7.4 to 10.2, from sshd_config(5) and the
// release notes of OpenSSH; where the version is another one, or options of the service
// cannot be read, a directive that nothing sets is inventory.ErrUnavailable, not a guess.
package sshd
