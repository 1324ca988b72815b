package main

import (
	"golang.org/x/sys/windows"
)

// userName returns the security identifier of the account that scans. Its name would be asked of a
// domain controller.
func userName() string {
	u, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return ""
	}
	return u.User.Sid.String()
}

// privileged reports whether the process has the rights of an administrator.
func privileged() bool { return windows.GetCurrentProcessToken().IsElevated() }
