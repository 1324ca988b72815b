// Package vendored reads what the programs of a distribution read where an administrator has made no file
// of his own.
package vendored

// behind are the files of distributions that stand behind files of etc which an administrator has not
// made. Programs read them where those are missing: of SUSE and its like, whose files are below
// usr/etc (the patches of openSUSE for OpenSSH, bash, glibc, shadow and pam).
var behind = map[string]string{
	"etc/ssh/sshd_config": "usr/etc/ssh/sshd_config",
	"etc/ssh/ssh_config":  "usr/etc/ssh/ssh_config",
	"etc/login.defs":      "usr/etc/login.defs",
	"etc/profile":         "usr/etc/profile",
	"etc/bash.bashrc":     "usr/etc/bash.bashrc",
	"etc/nsswitch.conf":   "usr/etc/nsswitch.conf",
	"etc/environment":     "usr/etc/environment",
	"etc/shells":          "usr/etc/shells",
	"etc/default/useradd": "usr/etc/default/useradd",
}

// Read reads a file by a function, and the distribution's file behind it where that is missing and has
// one. Absent reports whether an error says that a file is missing. Read returns the name of the file
// that was read, or the name itself.
func Read[T any](name string, read func(name string) (T, error), absent func(err error, name string) bool) (from string, v T, err error) {
	v, err = read(name)
	other, ok := behind[name]
	if !ok || !absent(err, name) {
		return name, v, err
	}
	if more, errBehind := read(other); !absent(errBehind, other) {
		return other, more, errBehind
	}
	return name, v, err
}
