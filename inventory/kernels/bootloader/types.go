package bootloader

import (
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
)

// Loader is one configuration that a boot loader reads.
type Loader struct {
	inventory.Position

	Kind string // grub, extlinux or systemd-boot

	Entries []Entry
	Lock    Lock
	// Secrets are the files that contain passwords or their hashes.
	Secrets []string
}

// Entry is one entry of the menu of a boot loader.
type Entry struct {
	inventory.Position

	Title    string
	Recovery bool // grub-mkconfig made the entry to repair the system
	// Parameters is what the command line of the kernel has for certain. Possible is what it may
	// have besides, by a condition or variable that only the boot loader knows.
	Parameters, Possible kernel.Parameters
}

// Lock says who may change command lines at the menu of a boot loader.
type Lock struct {
	inventory.Position // what decides

	State State

	Why string // the reason in a few words, without names and secrets
}

// State says whether a boot loader is locked. Its zero value is Unsure.
type State string

// The states of a lock.
const (
	Unsure   State = ""         // it depends on something that only the boot loader knows
	Open     State = "open"     // anybody at the console may change command lines
	Plain    State = "plain"    // those who know a password may, and the password is stored in clear text
	Password State = "password" // those who know a password may, and only its hash is stored
	Nobody   State = "nobody"   // nobody may
)
