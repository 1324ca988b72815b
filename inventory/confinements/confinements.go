// Package confinements reports whether SELinux or AppArmor, the systems of mandatory access
// control, confine a system. On a running system the state of the kernel counts. On an image the
// configuration counts, together with the command lines that the boot loader hands to kernels.
package confinements

// State says whether SELinux or AppArmor is on.
type State struct {
	On     bool
	Source string // the file that decides; empty if there is none
	Line   int    // in Source, counted from 1; 0 if no line decides
	// How describes the state: "enforcing", "on, with 12 profiles", or the reason why it is off,
	// such as "not there" or "no policy to load".
	How string
}
