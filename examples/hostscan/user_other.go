//go:build !windows

package main

import (
	"os"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
)

// userName returns the account that scans, by etc/passwd alone. Package os/user, built with cgo,
// would load the host's name service modules and connect to its daemons.
func userName() string {
	uid := os.Geteuid()
	if b, err := os.ReadFile("/etc/passwd"); err == nil {
		users, _ := passwd.Parse(b)
		for _, u := range users {
			if int64(u.UID) == int64(uid) {
				return u.Name
			}
		}
	}
	return "uid " + strconv.Itoa(uid)
}

// privileged reports whether the process may read every file, because it runs as root or has the
// capability CAP_DAC_READ_SEARCH, bit 2 of CapEff in /proc/self/status. See capabilities(7).
func privileged() bool {
	const dacReadSearch = 1 << 2
	if os.Geteuid() == 0 {
		return true
	}
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return false
	}
	for l := range strings.Lines(string(b)) {
		if hex, ok := strings.CutPrefix(l, "CapEff:"); ok {
			caps, err := strconv.ParseUint(strings.TrimSpace(hex), 16, 64)
			return err == nil && caps&dacReadSearch != 0
		}
	}
	return false
}
