package session_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/check/session"
)

type maker interface{ Check() (check.Check, error) }

type row struct {
	fixture string
	want    check.Status
	got     string // of a piece of evidence, or in the message
}

func run(t *testing.T, m maker, rows map[string]row) {
	t.Helper()
	for name, c := range rows {
		made, err := m.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		text := r.Message
		for _, e := range r.Evidence {
			text += "\n" + e.Got
		}
		if err != nil || r.Status != c.want || !strings.Contains(text, c.got) {
			t.Errorf("%s: got %s %s %v, %v", name, r.Status, r.Message, r.Evidence, err)
		}
	}
}

const (
	sh      = "-- etc/os-release --\nID=rocky\n-- bin/sh --\n-- etc/passwd --\nroot:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000:Alice,,,:/home/alice:/bin/sh\n"
	loginOn = sh + "-- etc/pam.d/login --\nsession required pam_unix.so\nsession optional pam_umask.so\n"
	debian  = "-- etc/os-release --\nID=debian\nID_LIKE=debian\n-- var/lib/dpkg/status --\nPackage: libpam-modules\nStatus: install ok installed\nVersion: "
)

func TestUmask(t *testing.T) {
	m := file.Mode(0o027)
	run(t, session.Umask{Mask: &m}, map[string]row{
		"nothing sets it":          {sh, check.Fail, "022, which nothing sets"},
		"profile":                  {loginOn + "-- etc/profile --\numask 027\n", check.Pass, "027"},
		"profile, and commands":    {sh + "-- etc/profile --\numask 027\n", check.Fail, "022, which nothing sets"},
		"profile, and su":          {loginOn + "-- etc/profile --\numask 027\n-- etc/pam.d/su --\nsession required pam_unix.so\n", check.Fail, "022, which nothing sets"},
		"profile, and su of PAM":   {loginOn + "-- etc/login.defs --\nUMASK 027\n-- etc/pam.d/su --\nsession optional pam_umask.so\n", check.Pass, "027"},
		"su, and its shell weaker": {loginOn + "-- etc/login.defs --\nUMASK 027\n-- etc/pam.d/su --\nsession optional pam_umask.so\n-- etc/bash.bashrc --\n[ -z \"$PS1\" ] && return\numask 022\n", check.Fail, "022"},
		"profile, both branches":   {loginOn + "-- etc/profile --\nif x; then umask 027; else umask 077; fi\n", check.Pass, "027"},
		"profile, for root alone":  {loginOn + "-- etc/profile --\nif [ \"$(id -u)\" -eq 0 ]; then umask 027; fi\n", check.Fail, "022"},
		"profile, weaker at last":  {sh + "-- etc/profile --\numask 077\numask 022\n", check.Fail, "022"},
		"profile, conditional":     {loginOn + "-- etc/profile --\nif x; then umask 027; fi\n", check.Unknown, "022, which nothing sets"},
		"profile, worked out":      {loginOn + "-- etc/profile --\numask $(x)\n", check.Unknown, "a mask that is worked out"},
		"PAM":                      {loginOn + "-- etc/login.defs --\nUMASK 027\n", check.Pass, "027"},
		"PAM, not set":             {loginOn, check.Fail, "022, which nothing sets"},
		"PAM, line":                {strings.Replace(loginOn, "pam_umask.so", "pam_umask.so umask=0077", 1) + "-- etc/login.defs --\nUMASK 022\n", check.Pass, "0077"},
		"PAM, and profile weaker":  {loginOn + "-- etc/login.defs --\nUMASK 027\n-- etc/profile --\numask 022\n", check.Fail, "022"},
		"PAM, profile if 0":        {loginOn + "-- etc/login.defs --\nUMASK 027\n-- etc/profile --\n[ `umask` -eq 0 ] && umask 022\n", check.Pass, "027"},
		"PAM, profile may weaken":  {loginOn + "-- etc/login.defs --\nUMASK 027\n-- etc/profile --\nif x; then umask 022; fi\n", check.Unknown, "022"},
		"PAM, another service not": {loginOn + "-- etc/login.defs --\nUMASK 027\n-- etc/pam.d/sshd --\nsession required pam_unix.so\n", check.Fail, "022, which nothing sets"},
		"PAM, for some":            {strings.Replace(loginOn, "session optional", "session [success=1 default=ignore] pam_succeed_if.so user = x\nsession optional", 1) + "session optional pam_mail.so\n-- etc/login.defs --\nUMASK 027\n", check.Unknown, "022"},
		"PAM, groups":              {strings.Replace(loginOn, "pam_umask.so", "pam_umask.so usergroups", 1) + "-- etc/login.defs --\nUMASK 027\n", check.Fail, "007, from 027 by usergroups"},
		"PAM, groups off":          {strings.Replace(loginOn, "pam_umask.so", "pam_umask.so nousergroups", 1) + "-- etc/login.defs --\nUMASK 027\n" + debian + "1.7.0-5\n\n", check.Pass, "027"},
		"PAM, groups of Debian 13": {loginOn + "-- etc/login.defs --\nUMASK 027\n" + debian + "1.7.0-5\n\n", check.Fail, "007"},
		"PAM, groups of Debian 12": {loginOn + "-- etc/login.defs --\nUMASK 027\n" + debian + "1.5.2-6\n\n", check.Pass, "027"},
		"PAM, groups of Ubuntu":    {loginOn + "-- etc/login.defs --\nUMASK 027\nUSERGROUPS_ENAB yes\n-- etc/os-release --\nID=ubuntu\nID_LIKE=debian\n", check.Fail, "007"},
		"PAM, none of Ubuntu":      {loginOn + "-- etc/login.defs --\nUMASK 027\nUSERGROUPS_ENAB no\n-- etc/os-release --\nID=ubuntu\nID_LIKE=debian\n", check.Pass, "027"},
		"PAM, of an account":       {strings.Replace(loginOn, "Alice,,,", "Alice,,umask=022", 1) + "-- etc/login.defs --\nUMASK 027\n", check.Fail, "022"},
		"sshd without PAM":         {strings.Replace(loginOn, "pam.d/login", "pam.d/sshd", 1) + "-- etc/login.defs --\nUMASK 027\n-- usr/sbin/sshd --\nx\n-- etc/ssh/sshd_config --\nUsePAM no\n-- var/lib/dpkg/status --\nPackage: openssh-server\nStatus: install ok installed\nVersion: 1:9.2p1-2\n\n", check.Fail, "022, which nothing sets"},
		"PAM, groups, not known":   {strings.Replace(loginOn, "rocky", "", 1) + "-- etc/login.defs --\nUMASK 027\n", check.Fail, "007"},
		"no shell":                 {"-- etc/passwd --\nroot:x:0:0:::\n", check.NotApplicable, "no shell"},
		"broken":                   {sh + "-- etc/profile --\nif x\n", check.Error, "line 2"},
		"unreadable":               {loginOn + "-- etc/login.defs error=EACCES --\n", check.Unknown, "permission"},
	})
}

func TestTimeout(t *testing.T) {
	run(t, session.Timeout{MaxSeconds: 900}, map[string]row{
		"one line":        {"-- etc/profile --\nreadonly TMOUT=900 ; export TMOUT\n", check.Pass, "900"},
		"declare":         {"-- etc/profile --\ndeclare -xr TMOUT=600\n", check.Pass, "600"},
		"in a file":       {"-- etc/profile --\nfor i in /etc/profile.d/*.sh; do\n if [ -r $i ]; then\n . $i\n fi\ndone\n-- etc/profile.d/tmout.sh --\nTMOUT=300\nreadonly TMOUT\nexport TMOUT\n", check.Pass, "300"},
		"a file unread":   {"-- etc/profile --\n:\n-- etc/profile.d/tmout.sh --\nreadonly TMOUT=300; export TMOUT\n", check.Fail, "not set"},
		"not set":         {"-- etc/profile --\n# TMOUT=900\n", check.Fail, "not set"},
		"never":           {"-- etc/profile --\nreadonly TMOUT=0; export TMOUT\n", check.Fail, "0"},
		"long":            {"-- etc/profile --\nreadonly TMOUT=901; export TMOUT\n", check.Fail, "901"},
		"can be changed":  {"-- etc/profile --\nexport TMOUT=600\n", check.Fail, "600, not readonly"},
		"not handed on":   {"-- etc/profile --\nreadonly TMOUT=600\n", check.Fail, "600, not exported"},
		"taken back":      {"-- etc/profile --\nTMOUT=600\nexport TMOUT\nunset TMOUT\n", check.Fail, "not set"},
		"cannot be":       {"-- etc/profile --\nreadonly TMOUT=600\nexport TMOUT\nTMOUT=0\nunset TMOUT\n", check.Pass, "600"},
		"changed before":  {"-- etc/profile --\nTMOUT=600\nexport TMOUT\nTMOUT=0\nreadonly TMOUT\n", check.Fail, "0"},
		"for some":        {"-- etc/profile --\nif [ \"$PS1\" ]; then readonly TMOUT=600; export TMOUT; fi\n", check.Pass, "600"},
		"for some of all": {"-- etc/profile --\nif x; then readonly TMOUT=600; export TMOUT; fi\n", check.Unknown, "not set"},
		"for users":       {"-- etc/profile --\nif [ $UID -ge 1000 ]; then readonly TMOUT=600; export TMOUT; fi\n", check.Fail, "not set"},
		"worked out":      {"-- etc/profile --\nreadonly TMOUT=$(cat /etc/tmout); export TMOUT\n", check.Unknown, "worked out"},
		"text":            {"-- etc/profile --\nreadonly TMOUT=soon; export TMOUT\n", check.Fail, "no number"},
		"no start file":   {"-- bin/sh --\n", check.Fail, "not set"},
		"no shell at all": {"-- etc/hosts --\n", check.NotApplicable, "no shell"},
		"unreadable":      {"-- etc/profile error=EACCES --\n", check.Unknown, "permission"},
	})
}

func TestNoCoreDumps(t *testing.T) {
	const pam = "-- etc/os-release --\nID=rocky\n-- etc/pam.d/login --\nsession required pam_limits.so\n"
	run(t, session.NoCoreDumps{}, map[string]row{
		"for all":            {pam + "-- etc/security/limits.conf --\n* hard core 0\n", check.Pass, "0"},
		"both":               {pam + "-- etc/security/limits.d/x.conf --\n* - core 0\n", check.Pass, "0"},
		"soft":               {pam + "-- etc/security/limits.conf --\n* soft core 0\n", check.Fail, "no line sets it"},
		"none":               {pam, check.Fail, "no line sets it"},
		"later":              {pam + "-- etc/security/limits.conf --\n* hard core 0\n-- etc/security/limits.d/x.conf --\n* hard core unlimited\n", check.Fail, "unlimited"},
		"later is stricter":  {pam + "-- etc/security/limits.conf --\n* hard core 10\n-- etc/security/limits.d/x.conf --\n* hard core 0\n", check.Pass, "0"},
		"a group":            {pam + "-- etc/security/limits.conf --\n* hard core 0\n@dev hard core 100\n", check.Fail, "100"},
		"a user":             {pam + "-- etc/security/limits.conf --\nalice - core unlimited\n* hard core 0\n", check.Fail, "unlimited"},
		"without limits":     {pam + "-- etc/security/limits.conf --\n* hard core 0\nalice -\n", check.Fail, "no limits at all"},
		"root of Debian":     {pam + "-- etc/os-release --\nID=debian\n-- etc/security/limits.conf --\n* hard core 0\n", check.Fail, "no line sets it"},
		"root of Debian, 0":  {pam + "-- etc/os-release --\nID=debian\n-- etc/security/limits.conf --\n* hard core 0\nroot hard core 0\n", check.Pass, "0"},
		"not met":            {pam + "-- etc/security/limits.conf --\n* hard core 0\n-- etc/pam.d/sshd --\nsession required pam_unix.so\n", check.Fail, "not met"},
		"not known what":     {strings.Replace(pam, "rocky", "", 1) + "-- etc/security/limits.conf --\n* hard core 0\n", check.Fail, "no line sets it"},
		"jumped over":        {"-- etc/os-release --\nID=rocky\n-- etc/pam.d/login --\nsession [success=1 default=ignore] pam_succeed_if.so user = x\nsession required pam_limits.so\nsession required pam_unix.so\n-- etc/security/limits.conf --\n* hard core 0\n", check.Fail, "not met"},
		"another file":       {strings.Replace(pam, "limits.so", "limits.so conf=/etc/l", 1) + "-- etc/security/limits.conf --\n* hard core 0\n-- etc/l --\n* hard core 1\n", check.Fail, "1"},
		"another, not there": {strings.Replace(pam, "limits.so", "limits.so conf=/etc/l", 1), check.Error, "etc/l"},
		"leading zero":       {pam + "-- etc/security/limits.conf --\n* hard core 05\n", check.Fail, "5"},
		"raised for root":    {pam + "-- etc/security/limits.conf --\n* hard core 0\n-- etc/profile --\nulimit -c unlimited\n", check.Fail, "raised by ulimit"},
		"soft for root":      {pam + "-- etc/security/limits.conf --\n* hard core 0\n-- etc/profile --\nulimit -S -c 0 > /dev/null 2>&1\n", check.Pass, "0"},
		"no PAM":             {"-- etc/security/limits.conf --\n* hard core 0\n", check.NotApplicable, "no PAM"},
		"unreadable":         {pam + "-- etc/security/limits.conf error=EACCES --\n", check.Unknown, "permission"},
	})
}

func TestCoreDumpsDropped(t *testing.T) {
	const (
		program = "-- usr/lib/systemd/systemd-coredump --\nx\n-- usr/lib/systemd/systemd-sysctl --\nx\n-- usr/lib/systemd/systemd --\nx\n-- usr/lib/systemd/system/systemd-sysctl.service --\n[Service]\nExecStart=/usr/lib/systemd/systemd-sysctl\n-- usr/lib/systemd/system/sysinit.target --\n[Unit]\n-- usr/lib/systemd/system/sysinit.target.wants/systemd-sysctl.service link=../systemd-sysctl.service --\n-- usr/lib/systemd/system/default.target --\n[Unit]\nRequires=sysinit.target\n-- usr/lib/sysctl.d/50-coredump.conf --\nkernel.core_pattern=|/usr/lib/systemd/systemd-coredump %P %u %g %s %t %c %h\n"
		none    = "-- etc/systemd/coredump.conf --\n[Coredump]\nStorage=none\nProcessSizeMax=0\n"
	)
	run(t, session.CoreDumpsDropped{}, map[string]row{
		"none":             {program + none, check.Pass, "0"},
		"own values":       {program, check.Fail, "not set"},
		"half":             {program + strings.Replace(none, "ProcessSizeMax=0", "", 1), check.Fail, "not set"},
		"a file instead":   {program + none + "-- etc/sysctl.d/99.conf --\nkernel.core_pattern=/tmp/core\n", check.Fail, "another way"},
		"not installed":    {none, check.NotApplicable, ""},
		"drop-in":          {program + none + "-- etc/systemd/coredump.conf.d/x.conf --\n[Coredump]\nStorage=external\n", check.Fail, "external"},
		"pattern unknown":  {strings.Replace(program, "kernel.core_pattern", "kernel.core_uses_pid", 1) + none, check.Unknown, ""},
		"unreadable files": {program + "-- etc/systemd/coredump.conf error=EACCES --\n", check.Unknown, "permission"},
	})
}

func TestRootPath(t *testing.T) {
	run(t, session.RootPath{}, map[string]row{
		"own value":         {sh, check.Pass, "such folders"},
		"profile":           {sh + "-- etc/profile --\nPATH=/usr/sbin:/usr/bin:$HOME/bin:$PATH\n", check.Pass, "such folders"},
		"empty":             {sh + "-- etc/profile --\nPATH=/usr/bin:\n", check.Fail, "an empty element"},
		"empty in between":  {sh + "-- etc/profile --\nPATH=/usr/bin::/bin\n", check.Fail, "an empty element"},
		"here":              {sh + "-- root/.profile --\nexport PATH=$PATH:.\n", check.Fail, "a relative folder"},
		"login.defs":        {sh + "-- etc/login.defs --\nENV_SUPATH PATH=/usr/bin:bin\n", check.Fail, "a relative folder"},
		"environment":       {sh + "-- etc/environment --\nPATH=\"/usr/bin:\"\n", check.Fail, "an empty element"},
		"writable":          {sh + "-- usr/local/bin dir mode=2775 owner=0:50 --\n-- etc/environment --\nPATH=/usr/local/bin\n", check.Fail, "usr/local/bin with mode 2775"},
		"of another":        {sh + "-- opt/x/bin dir mode=0755 owner=1000:1000 --\n-- etc/profile --\nPATH=$PATH:/opt/x/bin\n", check.Fail, "opt/x/bin of user 1000"},
		"a link":            {sh + "-- opt/x link=/data --\n-- data/bin dir mode=0777 --\n-- etc/profile --\nPATH=$PATH:/opt/x/bin\n", check.Fail, "opt/x/bin with mode 0777"},
		"worked out":        {sh + "-- etc/profile --\nPATH=$PATH:$(x)/bin\n", check.Unknown, "a folder that is worked out"},
		"for some":          {sh + "-- etc/profile --\nif x; then PATH=$PATH:.; fi\n", check.Unknown, "a relative folder"},
		"pathmunge":         {sh + "-- etc/profile --\npathmunge () {\n PATH=$PATH:$1\n}\npathmunge /usr/sbin\n", check.Pass, "such folders"},
		"pathmunge, here":   {sh + "-- etc/profile --\npathmunge () {\n PATH=$PATH:$1\n}\npathmunge .\n", check.Fail, "a relative folder"},
		"other function":    {sh + "-- etc/profile --\nadd () {\n PATH=$PATH:$1\n}\nadd .\n", check.Fail, "a relative folder"},
		"not for root":      {sh + "-- etc/profile --\nif [ \"$(id -u)\" -ne 0 ]; then PATH=$PATH:.; fi\n", check.Pass, "such folders"},
		"home":              {sh + "-- root/bin dir mode=0777 --\n-- root/.bashrc --\nPATH=~/bin:$PATH\n", check.Fail, "root/bin with mode 0777"},
		"the root folder":   {sh + "-- etc/profile --\nPATH=/\n", check.Pass, "such folders"},
		"no shell":          {"-- etc/passwd --\nroot:x:0:0:::\n", check.NotApplicable, "no shell"},
		"unreadable":        {sh + "-- root/.profile error=EACCES --\n", check.Unknown, "permission"},
		"accounts unread":   {"-- bin/sh --\n-- etc/passwd error=EIO --\n", check.Error, "etc/passwd"},
		"own home elswhere": {strings.Replace(sh, ":/root:", ":/home/root:", 1) + "-- home/root/.profile --\nPATH=.\n", check.Fail, "a relative folder"},
	})
}

func TestArguments(t *testing.T) {
	large := file.Mode(0o4000)
	for _, m := range []maker{session.Umask{}, session.Umask{Mask: &large}, session.Timeout{}} {
		if _, err := m.Check(); err == nil {
			t.Errorf("%+v is taken", m)
		}
	}
}

func ExampleTimeout() {
	c, err := session.Timeout{MaxSeconds: 900}.Check()
	r, err := checktest.Judge("-- etc/profile --\nTMOUT=600\n", c, err)
	fmt.Println(r.Status, r.Evidence[0].Got, err)
	// Output: fail 600, not readonly, not exported <nil>
}
