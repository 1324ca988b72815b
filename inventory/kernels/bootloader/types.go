package bootloader

import "github.com/hardening-sdk/hardening/inventory/kernels/kernel"

// Loader is one configuration that a boot loader reads.
type Loader struct {
	Kind    string // grub, extlinux or systemd-boot
	Source  string
	Entries []Entry
	Lock    Lock
	// Secrets are the files in which passwords or their hashes stand.
	Secrets []string
}

// Entry is one way to start a kernel.
type Entry struct {
	Title    string
	Recovery bool // made by grub-mkconfig to repair the system
	// Parameters is what the command line has for certain, Possible what it may have besides,
	// by a condition or variable that only the boot loader knows.
	Parameters, Possible kernel.Parameters
	Source               string
	Line                 int // in Source, counted from 1
}

// Lock is who may change command lines at the menu of a boot loader.
type Lock struct {
	State  State
	Source string // of what decides; empty where nothing does
	Line   int
	Why    string // what is so, in a few words, without names and secrets
}

// State says whether a boot loader is locked. Its zero value is that nobody can tell.
type State string

// The states of a lock.
const (
	Unsure   State = ""         // it depends on what only the boot loader knows
	Open     State = "open"     // anybody at the console may
	Plain    State = "plain"    // a password that stands there as such is asked for
	Password State = "password" // a password of which only a hash is kept
	Nobody   State = "nobody"   // nobody may
)
