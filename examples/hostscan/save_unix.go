//go:build !windows

package main

import (
	"os"
	"syscall"
)

// nonBlocking makes the open of a pipe without a reader an error.
const nonBlocking = syscall.O_NONBLOCK

// isOwn reports whether a folder is this account's or root's, and writable by nobody else.
func isOwn(dir string) bool {
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm()&0o022 != 0 {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && (st.Uid == 0 || int(st.Uid) == os.Geteuid())
}
