// Package oracle lets a test ask programs that are not ours (sshd, systemctl,
// dpkg-query) for the answer that ours is compared with, and gives it unbooted
// Debian trees to ask them about.
//
// It is for tests only. No package of the library may import it: the library
// starts no program, and this one starts nothing else.
//
// A machine may lack a program, have one that does not work, or lack a module, the
// trees or a right: the test is then skipped and says what it lacks. Where
// HARDENING_REQUIRE_ORACLES is 1, as in .ci/run, it fails instead, so that nothing
// is skipped unseen.
package oracle
