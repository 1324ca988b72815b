// Package confinements tells whether mandatory access control confines a system: SELinux and
// AppArmor. Of a running system the kernel's own state counts, of an image what is set up to
// start, together with the command lines that the boot loader hands to kernels.
package confinements

// State is whether one of the two is on.
type State struct {
	On     bool
	Source string // of what decides; empty where it is not there
	Line   int    // in Source, counted from 1
	// How tells what is so: "enforcing", "on, with 12 profiles", or what keeps it off: "not
	// there", "no policy to load".
	How string
}
