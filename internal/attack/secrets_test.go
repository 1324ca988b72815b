package attack

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/baseline/builtin"
	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/hipaa"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/report"
	"github.com/hardening-sdk/hardening/report/json"
	"github.com/hardening-sdk/hardening/report/text"
)

// secretive is a system with a secret, SECRET, in each place that may hold one.
const secretive = `os: linux
live: true
-- etc/os-release --
ID=debian
VERSION_ID="12"
-- etc/passwd --
root:x:0:0:SECRET:/root:/bin/bash
amy:$1$SECRET$SECRET:1000:1000::/home/amy:/bin/bash
toor::0:0::/:/bin/sh
-- etc/shadow mode=0644 --
root:$y$j9T$SECRET$SECRET:19000:0:99999:7:::
old:SECRETSECRETx:19000::::::
des:SECRETx12345.:1::::::
-- etc/group --
root:SECRET:0:
-- etc/gshadow mode=0644 --
root:$6$SECRET$SECRET::
-- etc/login.defs --
PASS_MAX_DAYS 99999
ENCRYPT_METHOD MD5
-- etc/sudoers mode=0644 --
Defaults badpass_message="SECRET", secure_path="/SECRET"
Cmnd_Alias X = /usr/bin/mysql -pSECRET
amy ALL=(ALL) NOPASSWD: /usr/bin/mysql -pSECRET, X
ALL ALL=(ALL) ALL
-- etc/crontab mode=0666 --
PW=SECRET
* * * * * root /usr/bin/backup -p SECRET
* * * * * amy PW=SECRET /home/amy/x --pw=SECRET
-- usr/bin/backup mode=0777 --
-- home/amy/x mode=0777 --
-- etc/ssh/sshd_config --
PermitRootLogin yes
ForceCommand /bin/x SECRET
AuthorizedKeysCommand /bin/x SECRET
SetEnv TOKEN=SECRET
Banner /etc/issue.net
-- etc/ssh/ssh_config --
Host *
  ProxyCommand nc --auth SECRET %h
  SetEnv TOKEN=SECRET
  StrictHostKeyChecking no
-- usr/sbin/sshd mode=0755 --
OpenSSH_9.2p1 Debian
-- usr/bin/ssh mode=0755 --
-- home/amy/.ssh/authorized_keys mode=0666 owner=1000:1000 --
command="/bin/x SECRET",environment="T=SECRET" ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQSECRET amy
-- etc/ssh/ssh_host_rsa_key mode=0644 --
-----BEGIN OPENSSH PRIVATE KEY-----
SECRET
-----END OPENSSH PRIVATE KEY-----
-- etc/pam.d/common-auth --
auth sufficient pam_ldap.so bindpw=SECRET
auth required pam_unix.so nullok SECRET
-- etc/pam.d/sshd --
@include common-auth
-- etc/fstab --
//host/share /srv cifs username=amy,password=SECRET 0 0
/dev/mapper/x /home ext4 defaults,key=SECRET 0 2
-- etc/crypttab --
x /dev/sda1 /etc/keys/SECRET luks,header=SECRET
-- proc/cmdline --
root=/dev/sda1 rd.luks.key=SECRET rootflags=SECRET mitigations=off selinux=0 pw=SECRET
-- proc/self/mountinfo --
1 0 8:1 / / rw - ext4 /dev/sda1 rw
2 1 0:33 / /srv rw,nosuid - cifs //host/share rw,password=SECRET,username=amy
-- boot/grub/grub.cfg mode=0644 --
set superusers="root"
password root SECRET
password_pbkdf2 amy grub.pbkdf2.sha512.10000.SECRET.SECRET
menuentry x { linux /vmlinuz root=/dev/sda1 rd.luks.key=SECRET mitigations=off }
-- boot/vmlinuz-6.1.0 --
-- etc/apt/sources.list --
deb [trusted=yes] http://amy:SECRET@example.org/debian bookworm main
-- etc/apt/apt.conf --
Acquire::http::Proxy "http://amy:SECRET@proxy:3128";
APT::Periodic::Unattended-Upgrade "0";
-- etc/yum.repos.d/x.repo --
[x]
baseurl=https://amy:SECRET@example.org/
password=SECRET
gpgcheck=0
-- etc/rsyslog.conf --
*.* action(type="ommysql" server="db" db="l" uid="amy" pwd="SECRET")
*.* @@amy:SECRET@loghost
*.* action(type="omfwd" target="h" port="514" protocol="tcp" StreamDriver="gtls" gnutlsPriorityString="SECRET")
-- usr/sbin/rsyslogd mode=0755 --
-- usr/lib/systemd/systemd mode=0755 --
-- sbin/init link=/usr/lib/systemd/systemd --
-- etc/systemd/system/x.service mode=0666 --
[Service]
Environment=TOKEN=SECRET
ExecStart=/usr/bin/backup --pw SECRET
[Install]
WantedBy=multi-user.target
-- etc/systemd/system/multi-user.target.wants/x.service link=../x.service --
-- etc/systemd/system/multi-user.target.wants/rsyslog.service link=/usr/lib/systemd/system/rsyslog.service --
-- etc/systemd/system/multi-user.target.wants/ssh.service link=/usr/lib/systemd/system/ssh.service --
-- etc/systemd/system/multi-user.target.wants/cron.service link=/usr/lib/systemd/system/cron.service --
-- usr/lib/systemd/system/rsyslog.service --
[Service]
ExecStart=/usr/sbin/rsyslogd -n
-- usr/lib/systemd/system/ssh.service --
[Service]
ExecStart=/usr/sbin/sshd -D
-- usr/lib/systemd/system/cron.service --
[Service]
ExecStart=/usr/sbin/cron -f
-- usr/lib/systemd/system/default.target link=multi-user.target --
-- usr/lib/systemd/system/multi-user.target --
[Unit]
-- root/.bashrc --
export TOKEN=SECRET
umask 000 # SECRET
PATH=/tmp/x:$PATH
TMOUT=$(echo SECRET)
-- etc/profile --
export PASSWORD=SECRET
umask SECRET
-- etc/environment --
PATH=/usr/bin:/SECRETno
TOKEN=SECRET
-- home/amy/.netrc mode=0666 owner=1000:1000 --
machine h login amy password SECRET
-- home/amy/.rhosts owner=1000:1000 --
SECRET
-- etc/hosts.allow --
sshd: ALL: spawn (/bin/x SECRET)
-- etc/hosts.deny --
ALL: ALL: twist /bin/x SECRET
-- lib/libwrap.so.0 --
-- etc/chrony/chrony.conf --
keyfile /etc/SECRETno
password SECRET
-- etc/NetworkManager/system-connections/w.nmconnection mode=0644 --
[wifi-security]
psk=SECRET
-- etc/usbguard/rules.conf --
allow hash "SECRET"
-- etc/audit/auditd.conf --
krb5_key_file = /SECRET
action_mail_acct = SECRET
-- etc/audit/rules.d/a.rules --
-w /etc/SECRETno -p wa -k SECRET
-- usr/sbin/auditctl mode=0755 --
-- etc/issue --
SECRET Debian 12
-- etc/issue.net --
SECRET
-- etc/motd --
SECRET
`

// allowed are the texts of the system that reports show, which hold no secret of it: names of files,
// accounts and folders, and what a setting is named by.
var allowed = regexp.MustCompile(`/SECRET\b|SECRETno`)

// Whatever the rules find, no report and no outcome shows a secret of the system.
func TestNoSecretInAnyOutput(t *testing.T) {
	b, err := builtin.Load(t.Context(), "linux-server")
	if err != nil {
		t.Fatal(err)
	}
	r, err := report.New(t.Context(), inventorytest.System(t, secretive), b, report.Options{
		Summaries: []func([]check.Outcome) *control.Summary{hipaa.Summarize}})
	if err != nil {
		t.Fatal(err)
	}
	counts := r.Counts()
	if counts[check.Fail] < 40 || counts[check.Pass] < 10 {
		t.Errorf("got %v, too few verdicts to test anything", counts)
	}
	var out bytes.Buffer
	if err := (json.Options{Reads: true}).Write(&out, r); err != nil {
		t.Fatal(err)
	}
	if err := text.Write(&out, r); err != nil {
		t.Fatal(err)
	}
	for _, o := range r.Outcomes {
		fmt.Fprintf(&out, "%s %+v %v\n", o.Rule.ID, o.Result, o.Result.Err)
	}
	for line := range strings.Lines(out.String()) {
		if shown := allowed.ReplaceAllString(line, ""); strings.Contains(shown, "SECRET") {
			at := strings.Index(shown, "SECRET")
			t.Errorf("%.60s … %s", line, shown[max(0, at-200):min(len(shown), at+40)])
		}
	}
}
