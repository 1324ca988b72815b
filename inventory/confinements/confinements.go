// Package confinements reports whether SELinux or AppArmor, the systems of mandatory access
// control, confine a system. On a running system the state of the kernel counts. On an image the
// configuration counts, together with the command lines that the boot loader hands to kernels.
package confinements

import "github.com/hardening-sdk/hardening/inventory"

// State says whether SELinux or AppArmor is on.
type State struct {
	inventory.Position // what decides; zero if nothing does

	On bool

	// How describes the state: "enforcing", "on, with 12 profiles", or the reason why it is off,
	// such as "not there" or "no policy to load".
	How string
}
