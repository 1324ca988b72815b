// Package deptest holds the test of which package may import which, with the reason of
// each ban. It has no code of its own.
package deptest
