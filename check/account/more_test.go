package account_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/account"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/inventory/accounts/crypt"
)

type maker interface{ Check() (check.Check, error) }

func TestMoreChecks(t *testing.T) {
	mode := file.Mode(0o750)
	const shadow = "-- etc/passwd --\nroot:x:0:0::/root:/bin/sh\n-- etc/shadow --\n"
	const people = "-- etc/passwd --\nroot:x:0:0::/root:/bin/sh\npump:x:990:990::/srv:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/bash\nftp:x:1001:1001::/srv/ftp:/usr/sbin/nologin\nnobody:x:65534:65534::/:/bin/sh\n-- srv dir mode=0777 --\n-- srv/ftp dir mode=0777 --\n"
	const units = "-- etc/passwd --\nroot:*:0:0::/root:/bin/sh\n-- usr/lib/systemd/systemd --\n-- usr/lib/systemd/system/default.target --\n[Unit]\n"
	const rescue = "-- usr/lib/systemd/system/rescue.service --\n[Service]\nEnvironment=HOME=/root\nExecStart=-/usr/lib/systemd/systemd-sulogin-shell rescue\n"
	for name, c := range map[string]struct {
		m       maker
		fixture string
		want    check.Status
		got     string
	}{
		"age":              {account.PasswordAge{MaxDays: 365}, shadow + "root:$y$x$y:20000:0:365:7:::\nx:*:20000::::::\n", check.Pass, ""},
		"age, too long":    {account.PasswordAge{MaxDays: 365}, shadow + "root:$y$x$y:20000:0:366:7:::\n", check.Fail, "after 366 days"},
		"age, none":        {account.PasswordAge{MaxDays: 365}, shadow + "root:$y$x$y:20000:0::7:::\n", check.Fail, "none is asked for"},
		"age, off":         {account.PasswordAge{MaxDays: 365}, shadow + "root:$y$x$y::0:90:7:::\n", check.Fail, "none is asked for"},
		"age, except":      {account.PasswordAge{MaxDays: 365, Except: []string{"root"}}, shadow + "root:$y$x$y:20000:0::7:::\n", check.NotApplicable, ""},
		"inactive":         {account.InactiveLocked{MaxDays: 90}, shadow + "root:$y$x$y:20000:0:365:7:0::\n", check.Pass, ""},
		"inactive, never":  {account.InactiveLocked{MaxDays: 90}, shadow + "root:$y$x$y:20000:0:365:7:::\n", check.Fail, "never locked"},
		"inactive, late":   {account.InactiveLocked{MaxDays: 90}, shadow + "root:$y$x$y:20000:0:365:7:91::\n", check.Fail, "after 91 days"},
		"changed":          {account.ChangedInPast{}, "now: 2026-01-02T23:00:00Z\n" + shadow + "root:$y$x$y:20455:0:365:7:::\n", check.Pass, ""},
		"changed tomorrow": {account.ChangedInPast{}, "now: 2026-01-02T23:00:00Z\n" + shadow + "root:$y$x$y:20456:0:365:7:::\n", check.Fail, "1 days from now"},

		"groups":                   {account.GroupsExist{}, "-- etc/passwd --\nroot:x:0:0:::\n-- etc/group --\nroot:x:0:\n", check.Pass, ""},
		"groups, missing":          {account.GroupsExist{}, "-- etc/passwd --\nroot:x:0:7:::\n-- etc/group --\nroot:x:0:\n", check.Fail, "the group 7, which is not there"},
		"groups, of a directory":   {account.GroupsExist{}, "-- etc/passwd --\nroot:x:0:7:::\n-- etc/group --\nroot:x:0:\n-- etc/nsswitch.conf --\ngroup: files sss\n", check.Unknown, ""},
		"groups, no file":          {account.GroupsExist{}, "-- etc/passwd --\nroot:x:0:7:::\n", check.Error, ""},
		"NIS":                      {account.NoLegacyEntries{}, "-- etc/passwd --\nroot:x:0:0:::\n+::::::\n", check.Fail, "one that begins with +"},
		"NIS, with blanks":         {account.NoLegacyEntries{}, "-- etc/passwd --\nroot:x:0:0:::\n-- etc/group --\nroot:x:0:\n  -@net\n", check.Fail, "one that begins with -"},
		"NIS, none":                {account.NoLegacyEntries{}, "-- etc/passwd --\nroot:x:0:0:::\n# +\n", check.Pass, ""},
		"NIS, unreadable":          {account.NoLegacyEntries{}, "-- etc/passwd --\nroot:x:0:0:::\n-- etc/shadow error=EACCES --\n", check.Unknown, ""},
		"NIS, no accounts":         {account.NoLegacyEntries{}, "-- etc/group --\nroot:x:0:\n", check.Error, ""},
		"home":                     {account.HomesPrivate{MaxMode: &mode}, people + "-- root dir mode=0700 --\n-- home/alice dir mode=0750 owner=1000:1000 --\n", check.Pass, ""},
		"home, open":               {account.HomesPrivate{MaxMode: &mode}, people + "-- home/alice dir mode=0755 owner=1000:1000 --\n", check.Fail, "0755"},
		"home, of group":           {account.HomesPrivate{MaxMode: &mode}, people + "-- home/alice dir mode=0770 owner=1000:1000 --\n", check.Fail, "0770"},
		"home, set-group-ID":       {account.HomesPrivate{MaxMode: &mode}, people + "-- home/alice dir mode=2750 owner=1000:1000 --\n", check.Pass, ""},
		"home, of another":         {account.HomesPrivate{MaxMode: &mode}, people + "-- home/alice dir mode=0700 owner=1001:1000 --\n", check.Fail, "1001"},
		"home, a link":             {account.HomesPrivate{MaxMode: &mode}, people + "-- home/alice link=/data/alice --\n-- data/alice dir mode=0777 owner=1000:1000 --\n", check.Fail, "0777"},
		"home, none":               {account.HomesPrivate{MaxMode: &mode}, people, check.NotApplicable, ""},
		"home, root":               {account.HomesPrivate{MaxMode: &mode}, people + "-- root dir mode=0755 --\n", check.Fail, "0755"},
		"home, relative":           {account.HomesPrivate{MaxMode: &mode}, "-- etc/passwd --\na:x:1000:1000::home:/bin/sh\n", check.Fail, "no absolute path"},
		"home, a file":             {account.HomesPrivate{MaxMode: &mode}, people + "-- home/alice --\n", check.Fail, "something else"},
		"trust":                    {account.NoTrustFiles{}, people + "-- home/alice/.bashrc --\n", check.Pass, ""},
		"trust, rhosts":            {account.NoTrustFiles{}, people + "-- home/alice/.rhosts --\n+ +\n", check.Fail, "it is there"},
		"trust, of a service":      {account.NoTrustFiles{}, people + "-- srv/.netrc --\n", check.Fail, "it is there"},
		"trust, of all":            {account.NoTrustFiles{}, people + "-- etc/hosts.equiv --\n", check.Fail, "it is there"},
		"trust, barred":            {account.NoTrustFiles{}, people + "-- root/.rhosts link=/dev/null --\n", check.Pass, ""},
		"trust, a link":            {account.NoTrustFiles{}, people + "-- root/.rhosts link=hosts --\n", check.Fail, "it is there"},
		"trust, home a file":       {account.NoTrustFiles{}, people + "-- home/alice --\nx\n", check.Pass, ""},
		"trust, in proc":           {account.NoTrustFiles{}, "-- etc/passwd --\na:x:1:1::/proc:/bin/sh\n", check.Pass, ""},
		"rescue":                   {account.RescuePassword{}, units + rescue, check.Pass, ""},
		"rescue, by a shell":       {account.RescuePassword{}, units + strings.Replace(rescue, "systemd-sulogin-shell rescue", "bash", 1), check.Fail, "another program"},
		"rescue, forced":           {account.RescuePassword{}, units + strings.Replace(rescue, "HOME=/root", `"SYSTEMD_SULOGIN_FORCE=1" HOME=/root`, 1), check.Fail, "SYSTEMD_SULOGIN_FORCE: a locked root needs none"},
		"rescue, forced no":        {account.RescuePassword{}, units + strings.Replace(rescue, "HOME=/root", "SYSTEMD_SULOGIN_FORCE=0", 1), check.Pass, ""},
		"rescue, drop-in":          {account.RescuePassword{}, units + rescue + "-- etc/systemd/system/rescue.service.d/x.conf --\n[Service]\nExecStart=\nExecStart=/bin/sh\n", check.Fail, "another program"},
		"rescue, drop-in forces":   {account.RescuePassword{}, units + rescue + "-- etc/systemd/system/rescue.service.d/x.conf --\n[Service]\nEnvironment=SYSTEMD_SULOGIN_FORCE=yes\n", check.Fail, "SYSTEMD_SULOGIN_FORCE: a locked root needs none"},
		"rescue, environment file": {account.RescuePassword{}, units + rescue + "-- etc/systemd/system/rescue.service.d/x.conf --\n[Service]\nEnvironmentFile=-/etc/x\n", check.Unknown, ""},
		"rescue, masked":           {account.RescuePassword{}, units + rescue + "-- etc/systemd/system/rescue.service link=/dev/null --\n", check.NotApplicable, ""},
		"rescue, older":            {account.RescuePassword{}, units + strings.Replace(rescue, "-/usr/lib/systemd/systemd-sulogin-shell rescue", `-/bin/sh -c "/sbin/sulogin; /bin/systemctl --fail --no-block default"`, 1), check.Pass, ""},
		"rescue, sulogin -e":       {account.RescuePassword{}, units + strings.Replace(rescue, "-/usr/lib/systemd/systemd-sulogin-shell rescue", "/sbin/sulogin -e", 1), check.Fail, "another program"},
		"rescue, empty password":   {account.RescuePassword{}, strings.Replace(units, "root:*:", "root::", 1) + rescue, check.Fail, "no password is asked for"},
		"rescue, in shadow":        {account.RescuePassword{}, strings.Replace(units, "root:*:", "root:x:", 1) + rescue + "-- etc/shadow --\nroot::1::::::\n", check.Fail, "no password is asked for"},
		"rescue, no shadow":        {account.RescuePassword{}, strings.Replace(units, "root:*:", "root:x:", 1) + rescue, check.Error, ""},
		"debug shell":              {account.RescuePassword{}, units + rescue + "-- usr/lib/systemd/system/debug-shell.service --\n[Service]\nExecStart=/bin/sh\n-- etc/systemd/system/default.target.wants/debug-shell.service link=/usr/lib/systemd/system/debug-shell.service --\n", check.Fail, "it starts with a shell of root"},
		"no systemd":               {account.RescuePassword{}, "-- etc/passwd --\nroot::0:0:::\n", check.Unknown, ""},
	} {
		made, err := c.m.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want || c.got != "" && r.Evidence[0].Got != c.got {
			t.Errorf("%s: got %s %s %v, %v", name, r.Status, r.Message, r.Evidence, err)
		}
	}
	for _, m := range []maker{account.PasswordAge{}, account.InactiveLocked{MaxDays: -1}, account.HomesPrivate{}} {
		if _, err := m.Check(); err == nil {
			t.Errorf("%+v is taken", m)
		}
	}
}

// What passes, and what there is nothing to judge of, shows what was looked at.
func TestEvidence(t *testing.T) {
	mode := file.Mode(0o750)
	const passwd = "-- etc/passwd --\nroot:x:0:0::/root:/bin/sh\npump:x:105:0::/:/sbin/nologin\n-- etc/shadow --\nroot:!$y$x$y:20000:0:90:7:30::\n"
	const usable = "now: 2026-01-02T23:00:00Z\n-- etc/passwd --\nroot:x:0:0::/root:/bin/sh\n-- etc/shadow --\nroot:$y$x$y:20000:0:90:7:30::\n"
	const own = "-- etc/passwd --\nroot:*:0:0::/root:/bin/sh\n"
	const units = own + "-- usr/lib/systemd/systemd --\n-- usr/lib/systemd/system/default.target --\n[Unit]\n"
	for name, c := range map[string]struct {
		m       maker
		fixture string
		want    check.Status
		pieces  []string
	}{
		"superusers": {account.Superusers{}, passwd, check.Pass,
			[]string{"root: 0, which is allowed, want a user ID above 0 (etc/passwd:1)", "pump: 105, want a user ID above 0 (etc/passwd:2)"}},
		"empty password": {account.EmptyPassword{}, passwd, check.Pass,
			[]string{"root: kept in etc/shadow, want a password, or a locked account (etc/passwd:1)", "root: locked yescrypt, want a password, or a locked account (etc/shadow:1)"}},
		"hashing":              {account.Hashing{Allow: []crypt.Scheme{crypt.Yescrypt}}, usable, check.Pass, []string{"root: yescrypt, want one of yescrypt (etc/shadow:1)"}},
		"hashing, no password": {account.Hashing{Allow: []crypt.Scheme{crypt.Yescrypt}}, own, check.Pass, []string{"root: no password opens it, want one of yescrypt (etc/passwd:1)"}},
		"system":               {account.SystemLocked{}, passwd, check.Pass, []string{"pump: shell /sbin/nologin, want no login shell, or neither a password nor a key (etc/passwd:2)"}},
		"system, locked": {account.SystemLocked{}, strings.Replace(own, "root:*:0", "pump:*:1", 1), check.Pass,
			[]string{"pump: shell /bin/sh, no password opens it, want no login shell, or neither a password nor a key (etc/passwd:1)"}},
		"system, none":   {account.SystemLocked{}, own, check.NotApplicable, []string{"accounts of the system: none that is judged (etc/passwd)"}},
		"unique":         {account.Unique{}, own, check.Pass, []string{"root: 0, of this account alone, want a name and a user ID of its own (etc/passwd:1)"}},
		"age":            {account.PasswordAge{MaxDays: 90}, usable, check.Pass, []string{"root: after 90 days, want a new password after 90 days at most (etc/shadow:1)"}},
		"age, none":      {account.PasswordAge{MaxDays: 90}, passwd, check.NotApplicable, []string{"passwords that open an account: none that is judged, of 1 entries (etc/shadow)"}},
		"age, no shadow": {account.PasswordAge{MaxDays: 90}, own, check.NotApplicable, []string{"accounts with a password in etc/shadow: none (etc/passwd)"}},
		"inactive":       {account.InactiveLocked{MaxDays: 90}, usable, check.Pass, []string{"root: after 30 days, want locked 90 days after it expires, at most (etc/shadow:1)"}},
		"changed":        {account.ChangedInPast{}, usable, check.Pass, []string{"root: 455 days ago, want a day that has been (etc/shadow:1)"}},
		"groups":         {account.GroupsExist{}, own + "-- etc/group --\nwheel:x:0:\n", check.Pass, []string{"root: the group 0, which is wheel, want a group in etc/group (etc/passwd:1)"}},
		"NIS": {account.NoLegacyEntries{}, own, check.Pass,
			[]string{"entries of NIS: none in etc/passwd, etc/shadow, etc/group and etc/gshadow, want no lines that begin with + or - (etc/passwd)"}},
		"homes":       {account.HomesPrivate{MaxMode: &mode}, own + "-- root dir mode=0700 --\n", check.Pass, []string{"home of root: owner 0, mode 0700, want owner 0, mode 0750 or less (root)"}},
		"homes, none": {account.HomesPrivate{MaxMode: &mode}, own, check.NotApplicable, []string{"home of root: not there (root)"}},
		"trust": {account.NoTrustFiles{}, own + "-- root/.netrc link=/dev/null --\n", check.Pass,
			[]string{"hosts.equiv: not there, want no such file (etc/hosts.equiv)", ".netrc: a link to /dev/null, want no such file (root/.netrc)"}},
		"rescue": {account.RescuePassword{}, units + "-- usr/lib/systemd/system/rescue.service --\n[Service]\nExecStart=/sbin/sulogin\n", check.Pass,
			[]string{"debug-shell.service: not there, want it does not start", "root: no password opens it, want a password of root, or none that opens it (etc/passwd:1)",
				"rescue.service: sulogin, want sulogin, which asks for root's password (usr/lib/systemd/system/rescue.service:2)"}},
		"rescue, none": {account.RescuePassword{}, units + "-- etc/systemd/system/rescue.service link=/dev/null --\n", check.NotApplicable,
			[]string{"emergency.service: not there", "rescue.service: masked (etc/systemd/system/rescue.service)"}},
	} {
		made, err := c.m.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want {
			t.Errorf("%s: got %s %s, %v", name, r.Status, r.Message, err)
		}
		for _, want := range c.pieces {
			if !slices.ContainsFunc(r.Evidence, func(e check.Evidence) bool { return e.String() == want }) {
				t.Errorf("%s: got %v, want %s", name, r.Evidence, want)
			}
		}
	}
}
