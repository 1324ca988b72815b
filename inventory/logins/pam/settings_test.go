package pam_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/pam"
)

func settings(t *testing.T, fixture, line string) (pam.Settings, error) {
	t.Helper()
	e := parseStack(t, line)[0]
	e.Source = "etc/pam.d/x"
	return e.Settings(t.Context(), inventorytest.System(t, fixture))
}

func TestSettings(t *testing.T) {
	for name, c := range map[string]struct {
		fixture, line, setting, value, source string
		at                                    int
	}{
		"own value":                {"", "required pam_pwquality.so retry=3", "minlen", "8", "", 0},
		"file":                     {"-- etc/security/pwquality.conf --\n# minlen = 20\n MinLen=14 # x\n", "required pam_pwquality.so", "minlen", "14", "etc/security/pwquality.conf", 2},
		"argument over the file":   {"-- etc/security/pwquality.conf --\nminlen = 14\n", "required pam_pwquality.so minlen=9", "minlen", "9", "etc/pam.d/x", 1},
		"file over drop-ins":       {"-- etc/security/pwquality.conf --\nminlen 14\n-- etc/security/pwquality.conf.d/z.conf --\nminlen 9\n", "required pam_pwquality.so", "minlen", "14", "etc/security/pwquality.conf", 1},
		"later drop-in":            {"-- etc/security/pwquality.conf.d/a.conf --\nminlen 9\n-- etc/security/pwquality.conf.d/b.conf --\nminlen 10\n-- etc/security/pwquality.conf.d/c.conf.bak --\nminlen 11\n-- etc/security/pwquality.conf.d/d.conf.conf --\nminlen 12\n", "required pam_pwquality.so", "minlen", "10", "etc/security/pwquality.conf.d/b.conf", 1},
		"mistake ends the files":   {"-- etc/security/pwquality.conf --\nminlen 14\n-- etc/security/pwquality.conf.d/a.conf --\nmindigits 3\n", "required pam_pwquality.so", "minlen", "8", "", 0},
		"no number ends the files": {"-- etc/security/pwquality.conf --\nminlen = 10\nminlen = 14x\ndictcheck = 0\n", "required pam_pwquality.so", "dictcheck", "1", "", 0},
		"long line ends the files": {"-- etc/security/pwquality.conf --\nminlen = 10\n#" + strings.Repeat("x", 2000) + "\nminlen = 14\n", "required pam_pwquality.so", "minlen", "10", "etc/security/pwquality.conf", 1},
		"wrong argument":           {"", "required pam_pwquality.so minlen=no difok=3", "difok", "3", "etc/pam.d/x", 1},
		"least of all":             {"", "required pam_pwquality.so minlen=1", "minlen", "6", "etc/pam.d/x", 1},
		"distribution's own":       {"-- usr/lib/security/pwquality.conf --\nminlen 14\n", "required pam_pwquality.so", "minlen", "14", "usr/lib/security/pwquality.conf", 1},
		"a switch":                 {"-- etc/security/pwquality.conf --\nenforce_for_root\n", "required pam_pwquality.so", "enforce_for_root", "on", "etc/security/pwquality.conf", 1},

		"faillock, own":             {"", "required pam_faillock.so preauth", "unlock_time", "600", "", 0},
		"faillock, file":            {"-- etc/security/faillock.conf --\ndeny = 5\nunlock_time=never\n", "required pam_faillock.so preauth", "unlock_time", "0", "etc/security/faillock.conf", 2},
		"faillock, argument":        {"-- etc/security/faillock.conf --\ndeny = 5\n", "required pam_faillock.so preauth deny=4", "deny", "4", "etc/pam.d/x", 1},
		"faillock, other file":      {"-- etc/f.conf --\ndeny = 6\n", "required pam_faillock.so conf=/etc/f.conf", "deny", "6", "etc/f.conf", 1},
		"faillock, too long a time": {"-- etc/security/faillock.conf --\nunlock_time = 604801\n", "required pam_faillock.so", "unlock_time", "600", "", 0},
		"faillock, digits and more": {"", "required pam_faillock.so deny=7x", "deny", "7", "etc/pam.d/x", 1},
		"faillock, no number":       {"", "required pam_faillock.so deny=x", "deny", "3", "", 0},
		"faillock, action":          {"", "required pam_faillock.so authfail", "action", "authfail", "etc/pam.d/x", 1},
		"faillock, no action":       {"", "required pam_faillock.so", "action", "preauth", "", 0},
		"faillock, vendor":          {"-- usr/etc/security/faillock.conf --\ndeny = 4\n", "required pam_faillock.so", "deny", "4", "usr/etc/security/faillock.conf", 1},

		"history, own":           {"", "required pam_pwhistory.so", "remember", "10", "", 0},
		"history, first counts":  {"-- etc/security/pwhistory.conf --\nremember = 5\nremember = 24\n", "required pam_pwhistory.so", "remember", "5", "etc/security/pwhistory.conf", 1},
		"history, argument":      {"-- etc/security/pwhistory.conf --\nremember = 5\n", "required pam_pwhistory.so remember=24", "remember", "24", "etc/pam.d/x", 1},
		"history, file not read": {"-- etc/security/pwhistory.conf --\nremember = 24\n-- var/lib/dpkg/status --\nPackage: libpam-modules\nStatus: install ok installed\nVersion: 1.5.2-6+deb12u1\nArchitecture: amd64\n\n", "required pam_pwhistory.so", "remember", "10", "", 0},
		"history, newer Debian":  {"-- etc/security/pwhistory.conf --\nremember = 24\n-- var/lib/dpkg/status --\nPackage: libpam-modules\nStatus: install ok installed\nVersion: 1.7.0-5\nArchitecture: amd64\n\n", "required pam_pwhistory.so", "remember", "24", "etc/security/pwhistory.conf", 1},

		"unix, own":               {"", "required pam_unix.so", "hash", "des", "", 0},
		"unix, login.defs":        {"-- etc/login.defs --\nENCRYPT_METHOD SHA512\nENCRYPT_METHOD MD5\n", "required pam_unix.so", "hash", "sha512", "etc/login.defs", 1},
		"unix, name of shadow":    {"-- etc/login.defs --\nENCRYPT_METHOD BCRYPT\n", "required pam_unix.so", "hash", "des", "", 0},
		"unix, last argument":     {"-- etc/login.defs --\nENCRYPT_METHOD SHA512\n", "required pam_unix.so yescrypt md5", "hash", "md5", "etc/pam.d/x", 1},
		"unix, shortest":          {"", "required pam_unix.so sha512 minlen=14", "minlen", "14", "etc/pam.d/x", 1},
		"unix, shortest with DES": {"", "required pam_unix.so minlen=14", "minlen", "8", "etc/pam.d/x", 1},
		"unix, history":           {"", "required pam_unix.so remember=5", "remember", "5", "etc/pam.d/x", 1},

		"cracklib":        {"", "requisite pam_cracklib.so minlen=14 dcredit=-1", "dcredit", "-1", "etc/pam.d/x", 1},
		"passwdqc":        {"", "requisite pam_passwdqc.so min=disabled,24,14,14,14", "min", "disabled,24,14,14,14", "etc/pam.d/x", 1},
		"tally":           {"", "required pam_tally2.so deny=5 unlock_time=900", "deny", "5", "etc/pam.d/x", 1},
		"tally, own":      {"", "required pam_tally2.so", "deny", "0", "", 0},
		"another module":  {"", "required pam_env.so", "deny", "", "", 0},
		"numbers only":    {"", "requisite pam_cracklib.so minlen=x", "minlen", "6", "etc/pam.d/x", 1},
		"history, letter": {"", "required pam_pwhistory.so Remember=3", "remember", "3", "etc/pam.d/x", 1},
	} {
		got, err := settings(t, c.fixture, c.line)
		if x := got[c.setting]; err != nil || x.Value != c.value || x.Source != c.source || x.Line != c.at {
			t.Errorf("%s: got %+v, %v", name, x, err)
		}
	}
}

func TestSettingsErrors(t *testing.T) {
	for name, c := range map[string]struct{ fixture, line string }{
		"unreadable":          {"-- etc/security/pwquality.conf error=EIO --\n", "required pam_pwquality.so"},
		"unreadable drop-ins": {"-- etc/security/pwquality.conf.d error=EACCES --\n", "required pam_pwquality.so"},
		"folder":              {"-- etc/security/pwquality.conf.d/a.conf dir --\n", "required pam_pwquality.so"},
		"no file as told":     {"", "required pam_faillock.so conf=/etc/f.conf"},
		"wraps around":        {"", "required pam_faillock.so deny=70000"},
		"negative":            {"-- etc/security/faillock.conf --\nunlock_time = -1\n", "required pam_faillock.so"},
		"long line":           {"-- etc/security/faillock.conf --\n" + strings.Repeat("x", 2000) + "\n", "required pam_faillock.so"},
		"file of passwdqc":    {"", "required pam_passwdqc.so config=/etc/passwdqc.conf"},
		"history":             {"", "required pam_pwhistory.so remember=many"},
		"unix":                {"", "required pam_unix.so minlen=many"},
	} {
		if got, err := settings(t, c.fixture, c.line); err == nil {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestShortest(t *testing.T) {
	for line, want := range map[string]int{
		"required pam_pwquality.so":                                            8,
		"required pam_pwquality.so minlen=14":                                  14,
		"required pam_pwquality.so minlen=14 dcredit=1 ucredit=1":              12,
		"required pam_pwquality.so minlen=14 dcredit=-1 ucredit=-1":            14,
		"required pam_pwquality.so minlen=14 dcredit=20":                       7,
		"required pam_pwquality.so minlen=14 dcredit=20 ucredit=-4":            9,
		"required pam_pwquality.so minlen=6 dcredit=-5 ucredit=-5":             10,
		"required pam_pwquality.so minlen=2147483000 dcredit=2147483000":       1 << 27,
		"required pam_pwquality.so minlen=8 dcredit=-2147483000 ocredit=1":     1 << 28,
		"requisite pam_cracklib.so":                                            5,
		"requisite pam_cracklib.so minlen=14 dcredit=0 ucredit=0 lcredit=-1":   13,
		"requisite pam_cracklib.so minlen=14 dcredit=-1 ucredit=-1 lcredit=-1": 13,
	} {
		s, err := settings(t, "", line)
		if got := s.Shortest(); err != nil || got != want {
			t.Errorf("%s: got %d, %v, want %d", line, got, err, want)
		}
	}
	for line, want := range map[string]int{"pam_passwdqc.so": 7, "pam_passwdqc.so min=disabled,24,15,16,17": 15,
		"pam_passwdqc.so min=x": -1, "pam_passwdqc.so min=disabled": -1} {
		s, _ := settings(t, "", "requisite "+line)
		if got, ok := s.ShortestPassphrase(); ok != (want >= 0) || ok && got != want {
			t.Errorf("%s: got %d, %v", line, got, ok)
		}
	}
}
