//go:build !windows

package main

import (
	"os"
	"os/user"
	"strconv"
	"strings"
)

func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "uid " + strconv.Itoa(os.Geteuid())
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
