// Package deptest holds the tests of how packages stand on one another: which may import which,
// with the reason of each ban, and that checks and reports ask facts and read nothing. It has no
// code of its own.
package deptest
