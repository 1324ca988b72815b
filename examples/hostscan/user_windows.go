package main

import (
	"os/user"

	"golang.org/x/sys/windows"
)

func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}

// privileged reports whether the process has the rights of an administrator.
func privileged() bool { return windows.GetCurrentProcessToken().IsElevated() }
