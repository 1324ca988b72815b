package pam_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/pam"
)

type maker interface{ Check() (check.Check, error) }

func judge(t *testing.T, fixture string, m maker) check.Result {
	t.Helper()
	c, err := m.Check()
	r, err := checktest.Judge(fixture, c, err)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const first = "auth required pam_faillock.so preauth\n"

func TestLockout(t *testing.T) {
	a := pam.Lockout{MaxDeny: 5, MinUnlock: 600, MinInterval: 900, Services: []string{"login"}}
	for name, c := range map[string]struct {
		auth string
		want check.Status
	}{
		"RHEL":                    {first + "auth sufficient pam_unix.so\nauth sufficient pam_sss.so\nauth required pam_faillock.so authfail\nauth required pam_deny.so", check.Pass},
		"RHEL, local users":       {first + "auth [default=1 ignore=ignore success=ok] pam_localuser.so\nauth sufficient pam_unix.so\nauth [default=1 ignore=ignore success=ok] pam_usertype.so isregular\nauth sufficient pam_sss.so\nauth required pam_faillock.so authfail\nauth required pam_deny.so", check.Pass},
		"Debian":                  {first + "auth [success=1 default=ignore] pam_unix.so\nauth [default=die] pam_faillock.so authfail\nauth sufficient pam_faillock.so authsucc\nauth required pam_deny.so", check.Pass},
		"tally":                   {"auth required pam_tally2.so deny=5 unlock_time=900\nauth required pam_unix.so", check.Pass},
		"no module":               {"auth required pam_unix.so", check.Fail},
		"no authfail":             {first + "auth sufficient pam_unix.so\nauth required pam_deny.so", check.Fail},
		"no preauth":              {"auth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail", check.Fail},
		"optional preauth":        {"auth optional pam_faillock.so preauth\nauth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail", check.Fail},
		"after the password":      {"auth sufficient pam_unix.so\n" + first + "auth [default=die] pam_faillock.so authfail", check.Fail},
		"requisite password":      {first + "auth requisite pam_unix.so\nauth [default=die] pam_faillock.so authfail", check.Fail},
		"jump over authfail":      {first + "auth [success=2 default=1] pam_unix.so\nauth [default=die] pam_faillock.so authfail\nauth required pam_deny.so\nauth required pam_permit.so", check.Fail},
		"some pass by":            {"auth [success=1 default=ignore] pam_succeed_if.so user = admin\n" + first + "auth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail", check.Fail},
		"a key instead":           {"auth sufficient pam_u2f.so\n" + first + "auth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail", check.Pass},
		"many attempts":           {first + "auth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail deny=6", check.Fail},
		"never locks":             {"auth required pam_faillock.so preauth deny=0\nauth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail deny=0", check.Fail},
		"short":                   {"auth required pam_faillock.so preauth unlock_time=60\nauth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail", check.Fail},
		"short interval":          {first + "auth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail fail_interval=10", check.Fail},
		"for good":                {"auth required pam_faillock.so preauth unlock_time=never\nauth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail unlock_time=0", check.Pass},
		"tally counts only":       {"auth required pam_tally2.so\nauth required pam_unix.so", check.Fail},
		"no password":             {"auth sufficient pam_rootok.so\nauth required pam_deny.so", check.NotApplicable},
		"mistake":                 {"auth reqired pam_unix.so", check.Error},
		"another one of settings": {first + "auth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail conf=/none", check.Error},
	} {
		if r := judge(t, "-- etc/pam.d/login --\n"+c.auth+"\n", a); r.Status != c.want {
			t.Errorf("%s: got %s %s %v", name, r.Status, r.Message, r.Evidence)
		}
	}
}

// A server that does not ask PAM counts nothing, unless it takes no passwords.
func TestLockoutOfSSH(t *testing.T) {
	a := pam.Lockout{MaxDeny: 5, MinUnlock: 600}
	const server = "-- etc/pam.d/sshd --\nauth required pam_tally2.so deny=3\nauth required pam_unix.so\n-- usr/sbin/sshd --\nx\n" +
		"-- var/lib/dpkg/status --\nPackage: openssh-server\nStatus: install ok installed\nVersion: 1:9.2p1-2\n\n-- etc/ssh/sshd_config --\n"
	for config, want := range map[string]check.Status{"UsePAM yes": check.Pass, "UsePAM no": check.Fail, "": check.Fail, "UsePAM no\nPasswordAuthentication no": check.Pass,
		"PasswordAuthentication no\nMatch User x\n PasswordAuthentication yes": check.Fail} {
		if r := judge(t, server+config+"\n", a); r.Status != want {
			t.Errorf("%q: got %s %s %v", config, r.Status, r.Message, r.Evidence)
		}
	}
}

func TestNewPasswords(t *testing.T) {
	for name, c := range map[string]struct {
		password string
		files    string
		m        maker
		want     check.Status
		got      string
	}{
		"Debian as shipped":         {"password [success=1 default=ignore] pam_unix.so obscure yescrypt\npassword requisite pam_deny.so\npassword required pam_permit.so", "", pam.MinimumLength{Length: 8}, check.Fail, "no module asks for it"},
		"Debian with pwquality":     {"password requisite pam_pwquality.so retry=3\npassword [success=1 default=ignore] pam_unix.so use_authtok\npassword requisite pam_deny.so\npassword required pam_permit.so", "-- etc/security/pwquality.conf --\nminlen = 14\n", pam.MinimumLength{Length: 14}, check.Pass, "14"},
		"own value":                 {"password requisite pam_pwquality.so\npassword sufficient pam_unix.so use_authtok", "", pam.MinimumLength{Length: 14}, check.Fail, "8, the module's own value"},
		"credits":                   {"password requisite pam_pwquality.so minlen=14 dcredit=1\npassword sufficient pam_unix.so use_authtok", "", pam.MinimumLength{Length: 14}, check.Fail, "13"},
		"not enforced":              {"password requisite pam_pwquality.so minlen=14 enforcing=0\npassword sufficient pam_unix.so use_authtok", "", pam.MinimumLength{Length: 14}, check.Fail, "it is only warned of"},
		"required, asked again":     {"password required pam_pwquality.so minlen=14\npassword sufficient pam_unix.so", "", pam.MinimumLength{Length: 14}, check.Fail, "does not decide"},
		"required, not asked again": {"password required pam_pwquality.so minlen=14\npassword sufficient pam_unix.so use_authtok", "", pam.MinimumLength{Length: 14}, check.Pass, "14"},
		"history asks again":        {"password required pam_pwquality.so minlen=14\npassword required pam_pwhistory.so\npassword sufficient pam_unix.so use_authtok", "", pam.MinimumLength{Length: 14}, check.Fail, "does not decide"},
		"after it is stored":        {"password sufficient pam_unix.so\npassword requisite pam_pwquality.so minlen=14", "", pam.MinimumLength{Length: 14}, check.Fail, "no module asks for it"},
		"jumped over":               {"password [success=1 default=ignore] pam_succeed_if.so user = bob\npassword requisite pam_pwquality.so minlen=14\npassword sufficient pam_unix.so", "", pam.MinimumLength{Length: 14}, check.Fail, "does not decide"},
		"for local users":           {"password [default=1 ignore=ignore success=ok] pam_localuser.so\npassword requisite pam_pwquality.so minlen=14\npassword sufficient pam_unix.so use_authtok", "", pam.MinimumLength{Length: 14}, check.Pass, "14"},
		"pam_unix itself":           {"password required pam_unix.so sha512 minlen=14", "", pam.MinimumLength{Length: 14}, check.Pass, "14"},
		"passwdqc":                  {"password requisite pam_passwdqc.so min=disabled,24,14,14,14\npassword sufficient pam_unix.so use_authtok", "", pam.MinimumLength{Length: 14}, check.Pass, "14"},
		"passwdqc, own":             {"password requisite pam_passwdqc.so\npassword sufficient pam_unix.so use_authtok", "", pam.MinimumLength{Length: 8}, check.Fail, "7, the module's own value"},
		"passwdqc, not enforced":    {"password requisite pam_passwdqc.so enforce=none\npassword sufficient pam_unix.so use_authtok", "", pam.Dictionary{}, check.Fail, "it is only warned of"},
		"passwdqc leaves it":        {"password required pam_unix.so minlen=9\npassword required pam_passwdqc.so use_authtok\npassword required pam_unix.so use_authtok", "", pam.Dictionary{}, check.Fail, "does not decide"},
		"passwdqc, its file":        {"password requisite pam_passwdqc.so config=/etc/passwdqc.conf\npassword sufficient pam_unix.so use_authtok", "", pam.Dictionary{}, check.Unknown, ""},
		"cracklib":                  {"password requisite pam_cracklib.so\npassword sufficient pam_unix.so use_authtok", "", pam.Dictionary{}, check.Pass, "it is checked"},
		"cracklib, length":          {"password requisite pam_cracklib.so minlen=12\npassword sufficient pam_unix.so use_authtok", "", pam.MinimumLength{Length: 12}, check.Fail, "8"},
		"dictionary":                {"password requisite pam_pwquality.so\npassword sufficient pam_unix.so use_authtok", "", pam.Dictionary{}, check.Pass, "it is checked, the module's own value"},
		"dictionary off":            {"password requisite pam_pwquality.so\npassword sufficient pam_unix.so use_authtok", "-- etc/security/pwquality.conf.d/x.conf --\ndictcheck = 0\n", pam.Dictionary{}, check.Fail, "dictcheck is off"},
		"dictionary, none":          {"password sufficient pam_unix.so", "", pam.Dictionary{}, check.Fail, "no module asks for it"},
		"history":                   {"password required pam_pwhistory.so remember=5\npassword sufficient pam_unix.so use_authtok", "", pam.History{Remember: 5}, check.Pass, "the last 5"},
		"history, pam_unix":         {"password sufficient pam_unix.so remember=5", "", pam.History{Remember: 5}, check.Pass, "the last 5"},
		"history, few":              {"password requisite pam_pwhistory.so remember=2\npassword sufficient pam_unix.so use_authtok", "", pam.History{Remember: 5}, check.Fail, "the last 2"},
		"history, none":             {"password requisite pam_pwquality.so\npassword sufficient pam_unix.so use_authtok", "", pam.History{Remember: 5}, check.Fail, "no module asks for it"},
		"history, optional":         {"password optional pam_pwhistory.so\npassword sufficient pam_unix.so", "", pam.History{Remember: 5}, check.Fail, "does not decide"},
		"no passwords":              {"password required pam_deny.so", "", pam.History{Remember: 5}, check.NotApplicable, ""},
		"unreadable":                {"password requisite pam_pwquality.so\npassword sufficient pam_unix.so use_authtok", "-- etc/security/pwquality.conf error=EACCES --\n", pam.Dictionary{}, check.Unknown, ""},
	} {
		r := judge(t, "-- etc/pam.d/passwd --\n"+c.password+"\n"+c.files, c.m)
		if r.Status != c.want || c.got != "" && !strings.Contains(r.Evidence[0].Got, c.got) {
			t.Errorf("%s: got %s %s %v", name, r.Status, r.Message, r.Evidence)
		}
	}
	if r := judge(t, "-- etc/pam.d/passwd --\n@include other\n-- etc/pam.d/other --\npassword required pam_unix.so sha512 minlen=20\n-- etc/pam.d/sshd --\npassword required pam_unix.so\n", pam.MinimumLength{Length: 14}); r.Status != check.Fail || r.Evidence[0].Source != "etc/pam.d/sshd" {
		t.Errorf("another service: got %s %v", r.Status, r.Evidence)
	}
}

func TestOptionsAndHashes(t *testing.T) {
	empty := pam.OptionAbsent{Module: "pam_unix", Group: "auth", Forbid: []string{"nullok"}}
	for name, c := range map[string]struct {
		fixture string
		m       maker
		want    check.Status
	}{
		"nullok":                  {"-- etc/pam.d/common-auth --\nauth [success=1 default=ignore] pam_unix.so nullok\n", empty, check.Fail},
		"older name":              {"-- etc/pam.d/common-auth --\nauth required pam_unix.so nullok_secure\n", empty, check.Fail},
		"for new passwords":       {"-- etc/pam.d/x --\nauth required pam_unix.so\npassword required pam_unix.so nullok\n", empty, check.Pass},
		"on expiry":               {"-- etc/pam.d/x --\nauth required pam_unix.so nullresetok\n", empty, check.Pass},
		"in a service":            {"-- etc/pam.d/a --\nauth required pam_unix.so\n-- usr/lib/pam.d/b --\nauth required /lib/security/pam_unix.so nullok\n", empty, check.Fail},
		"hidden":                  {"-- etc/pam.d/b --\nauth required pam_unix.so\n-- usr/lib/pam.d/b --\nauth required pam_unix.so nullok\n", empty, check.Pass},
		"left behind":             {"-- etc/pam.d/a --\nauth required pam_unix.so\n-- etc/pam.d/a.dpkg-old --\nauth required pam_unix.so nullok\n", empty, check.Pass},
		"in pam.conf":             {"-- etc/pam.conf --\nlogin auth required pam_unix.so nullok\n", empty, check.Fail},
		"no PAM":                  {"-- etc/passwd --\n", empty, check.NotApplicable},
		"unreadable":              {"-- etc/pam.d/a error=EACCES --\n", empty, check.Unknown},
		"folder unreadable":       {"-- etc/pam.d dir error=EACCES --\n", empty, check.Unknown},
		"yescrypt":                {"-- etc/pam.d/common-password --\npassword required pam_unix.so obscure yescrypt\n", pam.Hashing{}, check.Pass},
		"md5":                     {"-- etc/pam.d/common-password --\npassword required pam_unix.so md5\n", pam.Hashing{}, check.Fail},
		"login.defs":              {"-- etc/pam.d/x --\npassword required pam_unix.so\n-- etc/login.defs --\nENCRYPT_METHOD SHA512\n", pam.Hashing{}, check.Pass},
		"login.defs, first":       {"-- etc/pam.d/x --\npassword required pam_unix.so\n-- etc/login.defs --\nENCRYPT_METHOD DES\nENCRYPT_METHOD SHA512\n", pam.Hashing{}, check.Fail},
		"own":                     {"-- etc/pam.d/x --\npassword required pam_unix.so\n", pam.Hashing{}, check.Fail},
		"narrower":                {"-- etc/pam.d/x --\npassword required pam_unix.so sha512\n", pam.Hashing{Allow: []string{"yescrypt"}}, check.Fail},
		"login.defs not readable": {"-- etc/pam.d/x --\npassword required pam_unix.so sha512\n-- etc/login.defs error=EACCES --\n", pam.Hashing{}, check.Unknown},
	} {
		if r := judge(t, c.fixture, c.m); r.Status != c.want {
			t.Errorf("%s: got %s %s %v", name, r.Status, r.Message, r.Evidence)
		}
	}
}

func TestSuRestricted(t *testing.T) {
	const su = "-- usr/bin/su mode=4755 --\n-- etc/pam.d/su --\nauth sufficient pam_rootok.so\n"
	for name, c := range map[string]struct {
		fixture string
		want    check.Status
	}{
		"as shipped":                      {su + "@include common-auth\n-- etc/pam.d/common-auth --\nauth required pam_unix.so\n", check.Fail},
		"by the user":                     {su + "auth required pam_wheel.so use_uid\nauth required pam_unix.so\n", check.Pass},
		"by the terminal":                 {su + "auth required pam_wheel.so\nauth required pam_unix.so\n", check.Fail},
		"on Debian":                       {su + "auth required pam_wheel.so\nauth required pam_unix.so\n-- etc/os-release --\nID=ubuntu\nID_LIKE=debian\n", check.Pass},
		"group":                           {su + "auth requisite pam_wheel.so use_uid group=sugroup\nauth required pam_unix.so\n", check.Pass},
		"refuses members":                 {su + "auth required pam_wheel.so use_uid deny\nauth required pam_unix.so\n", check.Fail},
		"trusts members":                  {su + "auth sufficient pam_wheel.so use_uid trust\nauth required pam_unix.so\n", check.Fail},
		"after the end":                   {su + "auth sufficient pam_unix.so\nauth required pam_wheel.so use_uid\n", check.Fail},
		"for accounts":                    {su + "auth required pam_unix.so\naccount required pam_wheel.so use_uid\n", check.Pass},
		"su - differs":                    {su + "auth required pam_wheel.so use_uid\nauth required pam_unix.so\n-- etc/pam.d/su-l --\nauth required pam_unix.so\n", check.Fail},
		"a question":                      {su + "auth required pam_succeed_if.so use_uid user ingroup wheel quiet\nauth required pam_unix.so\n", check.Pass},
		"a question about root":           {su + "auth requisite pam_succeed_if.so use_uid uid = 0\nauth required pam_unix.so\n", check.Pass},
		"a question that does not decide": {su + "auth optional pam_succeed_if.so use_uid user ingroup wheel\nauth required pam_unix.so\n", check.Fail},
		"another question":                {su + "auth required pam_succeed_if.so use_uid user notingroup x\nauth required pam_unix.so\n", check.Fail},
		"a list":                          {su + "auth required pam_listfile.so item=ruser sense=allow file=/etc/su onerr=fail\nauth required pam_unix.so\n", check.Pass},
		"a list of others":                {su + "auth required pam_listfile.so item=ruser sense=deny file=/etc/su onerr=fail\nauth required pam_unix.so\n", check.Fail},
		"a list, unless it is lost":       {su + "auth required pam_listfile.so item=ruser sense=allow file=/etc/su onerr=succeed\nauth required pam_unix.so\n", check.Fail},
		"pam_access":                      {su + "auth required pam_unix.so\naccount required pam_access.so\naccount required pam_unix.so\n", check.Unknown},
		"pam_access does not decide":      {su + "auth required pam_unix.so\naccount optional pam_access.so\naccount required pam_unix.so\n", check.Fail},
		"not set-user-ID":                 {"-- usr/bin/su mode=0755 --\n-- etc/pam.d/su --\nauth required pam_unix.so\n", check.Pass},
		"for a group":                     {"-- usr/bin/su mode=4750 owner=0:27 --\n-- etc/pam.d/su --\nauth required pam_unix.so\n", check.Pass},
		"BusyBox, not set-user-ID":        {"-- bin/su link=/bin/busybox --\n-- bin/busybox mode=0755 --\n", check.Pass},
		"BusyBox, set-user-ID":            {"-- bin/su link=/bin/busybox --\n-- bin/busybox mode=4755 --\n", check.Fail},
		"in a substack":                   {su + "auth required pam_wheel.so use_uid\nauth substack system-auth\n-- etc/pam.d/system-auth --\nauth sufficient pam_unix.so\nauth required pam_deny.so\n", check.Pass},
		"no su":                           {"-- etc/pam.d/su --\nauth required pam_unix.so\n", check.NotApplicable},
		"no file of su":                   {"-- bin/su mode=4755 --\n-- etc/pam.d/other --\nauth required pam_unix.so\n", check.Fail},
		"nobody may do so":                {"-- bin/su mode=4755 --\n-- etc/pam.d/other --\nauth required pam_wheel.so use_uid\n", check.Pass},
		"BusyBox":                         {"-- bin/su link=/bin/bbsuid --\n-- etc/pam.d/su --\nauth required pam_wheel.so use_uid\n", check.Fail},
		"no PAM":                          {"-- bin/su mode=4755 --\n", check.Fail},
		"unreadable":                      {"-- bin/su mode=4755 --\n-- etc/pam.d/su error=EIO --\n", check.Error},
	} {
		if r := judge(t, c.fixture, pam.SuRestricted{}); r.Status != c.want {
			t.Errorf("%s: got %s %s %v", name, r.Status, r.Message, r.Evidence)
		}
	}
}

func TestArguments(t *testing.T) {
	for _, m := range []maker{pam.Lockout{}, pam.Lockout{MaxDeny: 5, MinUnlock: -1}, pam.MinimumLength{}, pam.History{}, pam.Hashing{Allow: []string{}},
		pam.OptionAbsent{Module: "pam_unix", Group: "auth"}, pam.OptionAbsent{Module: "pam_unix", Group: "x", Forbid: []string{"y"}}} {
		if _, err := m.Check(); err == nil {
			t.Errorf("%+v is taken", m)
		}
	}
}

func ExampleMinimumLength() {
	c, err := pam.MinimumLength{Length: 14}.Check()
	r, err := checktest.Judge("-- etc/pam.d/passwd --\npassword requisite pam_pwquality.so minlen=12\npassword required pam_unix.so use_authtok\n", c, err)
	fmt.Println(r.Status, r.Evidence[0].Source, r.Evidence[0].Line, r.Evidence[0].Got, err)
	// Output: fail etc/pam.d/passwd 1 12 <nil>
}

func TestWaysIn(t *testing.T) {
	const (
		ways   = "-- etc/pam.d/other --\nauth required pam_deny.so\n-- etc/pam.d/sudo --\n"
		server = "-- usr/sbin/sshd --\nOpenSSH_9.2p1\n"
		group  = "-- etc/passwd --\nroot:x:0:0::/:/bin/sh\n-- etc/group --\nroot:x:0:\nidle:x:9:\n"
	)
	for name, c := range map[string]struct {
		fixture     string
		asked, hard check.Status // of authentication, and of empty passwords
	}{
		"as shipped":            {ways + "@include common\n-- etc/pam.d/common --\nauth [success=1 default=ignore] pam_unix.so\nauth requisite pam_deny.so\nauth required pam_permit.so\n", check.Pass, check.Pass},
		"empty passwords":       {ways + "@include common\n-- etc/pam.d/common --\nauth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\nauth required pam_permit.so\n", check.Pass, check.Fail},
		"empty, and denied":     {ways + "auth required pam_unix.so nullok\nauth required pam_deny.so\n", check.Pass, check.Pass},
		"everybody":             {ways + "auth sufficient pam_permit.so\nauth required pam_unix.so\n", check.Fail, check.Fail},
		"no deny":               {ways + "auth [success=1 default=ignore] pam_unix.so\nauth required pam_permit.so\n", check.Fail, check.Fail},
		"only optional":         {ways + "auth required pam_permit.so\nauth optional pam_unix.so\n", check.Fail, check.Fail},
		"members of a group":    {ways + "auth sufficient pam_wheel.so trust\nauth required pam_unix.so\n", check.Fail, check.Fail},
		"members, of one":       {ways + "auth required pam_wheel.so\nauth required pam_unix.so\n", check.Pass, check.Pass},
		"a question":            {ways + "auth sufficient pam_succeed_if.so user ingroup idle\nauth required pam_unix.so\n", check.Fail, check.Fail},
		"a question for nobody": {group + ways + "auth sufficient pam_succeed_if.so user ingroup idle:absent\nauth required pam_unix.so\n", check.Pass, check.Pass},
		"other groups":          {group + "-- etc/nsswitch.conf --\ngroup: files sss\n" + ways + "auth sufficient pam_succeed_if.so user ingroup idle\nauth required pam_unix.so\n", check.Fail, check.Fail},
		"who is root":           {ways + "auth sufficient pam_rootok.so\nauth required pam_unix.so\n", check.Pass, check.Pass},
		"local and not":         {ways + "auth [default=1 success=ok] pam_localuser.so\nauth required pam_unix.so\nauth [default=1 ignore=ignore success=ok] pam_localuser.so\nauth required pam_deny.so\n", check.Pass, check.Pass},
		"a second factor":       {ways + "auth required pam_google_authenticator.so nullok\nauth required pam_unix.so\n", check.Pass, check.Pass},
		"the only factor":       {ways + "auth sufficient pam_u2f.so\nauth required pam_deny.so\n", check.Pass, check.Pass},
		"a factor not had":      {ways + "auth sufficient pam_google_authenticator.so nullok\nauth required pam_unix.so\n", check.Fail, check.Fail},
		"a module of others":    {ways + "auth sufficient pam_acme.so\nauth required pam_unix.so\n", check.Unknown, check.Unknown},
		"it does not decide":    {ways + "auth optional pam_acme.so\nauth required pam_unix.so\n", check.Pass, check.Pass},
		"a program":             {ways + "auth sufficient pam_exec.so /x\nauth required pam_unix.so\n", check.Unknown, check.Unknown},
		"of lists":              {ways + "auth sufficient pam_listfile.so item=user sense=allow file=/x\nauth required pam_unix.so\n", check.Fail, check.Fail},
		"other lets in":         {"-- etc/pam.d/other --\nauth required pam_permit.so\n", check.Fail, check.Fail},
		"a greeter":             {"-- etc/pam.d/lightdm-greeter --\nauth required pam_permit.so\n", check.NotApplicable, check.NotApplicable},
		"of sssd's own":         {"-- etc/pam.d/sssd-shadowutils --\nauth [success=done ignore=ignore default=die] pam_unix.so nullok try_first_pass\nauth required pam_deny.so\n", check.Pass, check.NotApplicable},
		"left behind":           {ways + "auth required pam_unix.so\n-- etc/pam.d/login.dpkg-old --\nauth required pam_permit.so\n", check.Pass, check.Pass},
		"sshd":                  {"-- etc/pam.d/sshd --\nauth required pam_permit.so\n", check.Fail, check.Fail},
		"sshd takes keys only":  {server + "-- etc/pam.d/sshd --\nauth required pam_permit.so\n-- etc/ssh/sshd_config --\nUsePAM yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n", check.NotApplicable, check.NotApplicable},
		"sshd, for some":        {server + "-- etc/pam.d/sshd --\nauth required pam_permit.so\n-- etc/ssh/sshd_config --\nUsePAM yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nMatch User x\nPasswordAuthentication yes\n", check.Fail, check.Fail},
		"unreadable":            {ways + "auth include x\n-- etc/pam.d/x error=EIO --\n", check.Error, check.Error},
		"no PAM":                {"", check.NotApplicable, check.NotApplicable},
	} {
		for _, x := range []struct {
			check interface{ Check() (check.Check, error) }
			want  check.Status
		}{{pam.AuthenticationRequired{}, c.asked}, {pam.NoEmptyPasswords{}, c.hard}} {
			if r := judge(t, c.fixture, x.check); r.Status != x.want {
				t.Errorf("%s: %T: got %s %s %v, want %s", name, x.check, r.Status, r.Message, r.Evidence, x.want)
			}
		}
	}
}
