package console

import (
	"path"
	"slices"
	"strings"
)

var shells = []string{"sh", "ash", "bash", "dash", "ksh", "mksh", "zsh", "fish", "tcsh", "csh", "busybox"}

// bypass returns how a command line gives access to the console without a login, or the empty
// string.
func bypass(words []string) string {
	if len(words) == 0 {
		return ""
	}
	program, args := path.Base(words[0]), words[1:]
	switch {
	case slices.Contains(shells, program):
		if !slices.ContainsFunc(args, func(a string) bool {
			return !strings.HasPrefix(a, "-") || a == "-c" || strings.HasPrefix(a, "-") && strings.HasSuffix(a, "c") && !strings.HasPrefix(a, "--")
		}) ||
			program == "busybox" && len(args) > 0 && slices.Contains(shells, args[0]) {
			return "a shell without a login"
		}
	case program == "login":
		return loginBypass(args)
	case strings.Contains(program, "getty"):
		return gettyBypass(args)
	case program == "setsid" || program == "cttyhack" || program == "openvt" || program == "env" || program == "nice":
		args = slices.DeleteFunc(slices.Clone(args), func(a string) bool { return strings.HasPrefix(a, "-") || strings.Contains(a, "=") })
		if len(args) > 0 && len(args) < len(words) {
			return bypass(args)
		}
	}
	return ""
}

// loginBypass returns how options of login(1) skip the password, or the empty string.
func loginBypass(args []string) string {
	for _, a := range args {
		if a == "--" {
			break
		}
		if strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--") && strings.Contains(a, "f") {
			return "a login without a password"
		}
	}
	return ""
}

// withArgument lists the short options of agetty(8) that take an argument.
const withArgument = "aCdfHIlorPt"

// gettyBypass returns how options of agetty(8) and similar programs skip the login, or the empty
// string. It parses abbreviated options like getopt_long(3).
func gettyBypass(args []string) string {
	for i := 0; i < len(args); i++ {
		a := args[i]
		if a == "--" {
			break
		}
		next := ""
		if i+1 < len(args) {
			next = args[i+1]
		}
		if name, ok := strings.CutPrefix(a, "--"); ok {
			name, value, has := strings.Cut(name, "=")
			if !has {
				value = next
			}
			if got := optionBypass(shortOption(name), value); got != "" {
				return got
			}
			continue
		}
		if !strings.HasPrefix(a, "-") {
			continue
		}
		for j := 1; j < len(a); j++ {
			if !strings.Contains(withArgument, a[j:j+1]) {
				continue
			}
			value := a[j+1:]
			if value == "" {
				value = next
				i++
			}
			if got := optionBypass(a[j:j+1], value); got != "" {
				return got
			}
			break
		}
	}
	return ""
}

// shortOption returns the short form of a long option, which may be abbreviated.
func shortOption(name string) string {
	for full, short := range map[string]string{"autologin": "a", "login-program": "l", "login-options": "o"} {
		if len(name) > 2 && strings.HasPrefix(full, name) && (short == "a" || len(name) > len("login-")) {
			return short
		}
	}
	return ""
}

// optionBypass returns how one option of agetty(8) skips the login, or the empty string.
func optionBypass(short, value string) string {
	switch short {
	case "a":
		return "somebody is logged in by itself"
	case "l":
		if path.Base(value) != "login" {
			return "another program in the place of the login"
		}
	case "o":
		return loginBypass(strings.Fields(value))
	}
	return ""
}
