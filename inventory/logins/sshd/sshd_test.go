package sshd_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/sshd"
)

func TestParse(t *testing.T) {
	got, err := sshd.Parse([]byte("# c\nPermitRootLogin no\r\n\tPort=22\nPort = 23 # note\nBanner \"/etc/my banner\"\nMatch User 'a b',c\\ d Address=10.0.0.0/8\nAllowUsers a b#c\nSubsystem\tsftp\t/usr/lib/sftp"))
	want := []sshd.Line{
		{inventory.Position{Line: 2}, "permitrootlogin", []string{"no"}}, {inventory.Position{Line: 3}, "port", []string{"22"}}, {inventory.Position{Line: 4}, "port", []string{"23"}},
		{inventory.Position{Line: 5}, "banner", []string{"/etc/my banner"}}, {inventory.Position{Line: 6}, "match", []string{"User", "a b,c d", "Address=10.0.0.0/8"}},
		{inventory.Position{Line: 7}, "allowusers", []string{"a", "b#c"}}, {inventory.Position{Line: 8}, "subsystem", []string{"sftp", "/usr/lib/sftp"}},
	}
	if d := cmp.Diff(got, want); d != "" || err != nil {
		t.Error(d, err)
	}
	got, err = sshd.Parse([]byte("Banner \"x\nPermitRootLogin\nUsePAM # yes\nA\x00 b\n"))
	for _, want := range []string{"line 1: a quote is left open", "line 2: PermitRootLogin has no argument",
		"line 3: UsePAM has no argument", "line 4: has a NUL"} {
		if !strings.Contains(fmt.Sprint(err), want) || got != nil {
			t.Errorf("%q is not in %v, or %v beside it", want, err, got)
		}
	}
}

func TestParseVersion(t *testing.T) {
	for in, want := range map[string]string{"9.2p1-2+deb12u10": "9.2", "8.4p1": "8.4", "10.0p2": "10.0", "9.6": "9.6",
		"7.4p1-22.el7": "7.4",
		"":             "", "9": "", "p1": "", "9.2.1": "", "100.2": ""} {
		got, ok := sshd.ParseVersion(in)
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("%q: got %v, %v, want %q", in, got, ok, want)
		}
	}
}

// base is a Debian 12 with the server. Tests add the configuration.
const base = `
-- usr/sbin/sshd mode=0755 --
not a program
-- var/lib/dpkg/status --
Package: openssh-server
Status: install ok installed
Version: 1:9.2p1-2+deb12u10
`

// Shortened units of Debian 12 and RHEL 8.
const (
	debianUnit = "-- usr/lib/systemd/system/ssh.service --\n[Service]\nEnvironmentFile=-/etc/default/ssh\nExecStart=/usr/sbin/sshd -D $SSHD_OPTS\n"
	rhel8      = "-- usr/lib/systemd/system/sshd.service --\n[Service]\nEnvironmentFile=-/etc/crypto-policies/back-ends/opensshserver.config\nEnvironmentFile=-/etc/sysconfig/sshd\nExecStart=/usr/sbin/sshd -D $OPTIONS $CRYPTO_POLICY\n"
)

func values(t *testing.T, fixture, directive string) ([]sshd.Value, error) {
	t.Helper()
	c, err := sshd.Fact.Of(t.Context(), inventorytest.System(t, fixture))
	if err != nil {
		return nil, err
	}
	return c.Values(directive)
}

// of returns a value without a name.
func of(value, match, source string, line int) sshd.Value {
	at := inventory.Position{Source: source, Line: line}
	return sshd.Value{Setting: inventory.Setting{Position: at, Value: value}, Match: match}
}

func TestValues(t *testing.T) {
	for name, c := range map[string]struct {
		fixture, directive string
		want               []sshd.Value
	}{
		"set":                {base + "-- etc/ssh/sshd_config --\nPermitRootLogin yes\n", "PermitRootLogin", []sshd.Value{of("yes", "", "etc/ssh/sshd_config", 1)}},
		"the first counts":   {base + "-- etc/ssh/sshd_config --\nPermitRootLogin no\nPermitRootLogin yes\n", "PermitRootLogin", []sshd.Value{of("no", "", "etc/ssh/sshd_config", 1)}},
		"default":            {base + "-- etc/ssh/sshd_config --\n", "PermitRootLogin", []sshd.Value{of("prohibit-password", "", "", 0)}},
		"older spelling":     {base + "-- etc/ssh/sshd_config --\nPermitRootLogin without-password\n", "permitrootlogin", []sshd.Value{of("prohibit-password", "", "etc/ssh/sshd_config", 1)}},
		"older name":         {base + "-- etc/ssh/sshd_config --\nChallengeResponseAuthentication no\n", "KbdInteractiveAuthentication", []sshd.Value{of("no", "", "etc/ssh/sshd_config", 1)}},
		"time":               {base + "-- etc/ssh/sshd_config --\nLoginGraceTime 1h2m3\n", "LoginGraceTime", []sshd.Value{of("3723", "", "etc/ssh/sshd_config", 1)}},
		"lists add up":       {base + "-- etc/ssh/sshd_config --\nAllowUsers a b\nAllowUsers c\n", "AllowUsers", []sshd.Value{of("a b c", "", "etc/ssh/sshd_config", 1)}},
		"a drop-in first":    {base + "-- etc/ssh/sshd_config --\nInclude /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n-- etc/ssh/sshd_config.d/10.conf --\n\nPermitRootLogin no\n", "PermitRootLogin", []sshd.Value{of("no", "", "etc/ssh/sshd_config.d/10.conf", 2)}},
		"a drop-in last":     {base + "-- etc/ssh/sshd_config --\nPermitRootLogin yes\nInclude sshd_config.d/*\n-- etc/ssh/sshd_config.d/10.conf --\nPermitRootLogin no\n", "PermitRootLogin", []sshd.Value{of("yes", "", "etc/ssh/sshd_config", 1)}},
		"nothing to include": {base + "-- etc/ssh/sshd_config --\nInclude /etc/none/*.conf /etc/none/x\nPermitRootLogin no\n", "PermitRootLogin", []sshd.Value{of("no", "", "etc/ssh/sshd_config", 2)}},
		"match": {base + "-- etc/ssh/sshd_config --\nPermitRootLogin no\nMatch Address 10.0.0.0/8\nPermitRootLogin yes\nPermitRootLogin no\nMatch User x\n X11Forwarding no\n", "PermitRootLogin",
			[]sshd.Value{of("no", "", "etc/ssh/sshd_config", 1), of("yes", "Address 10.0.0.0/8", "etc/ssh/sshd_config", 3)}},
		"match and default": {base + "-- etc/ssh/sshd_config --\nMatch User x\nPermitRootLogin yes\n", "PermitRootLogin",
			[]sshd.Value{of("prohibit-password", "", "", 0), of("yes", "User x", "etc/ssh/sshd_config", 2)}},
		"match all": {base + "-- etc/ssh/sshd_config --\nPermitRootLogin no\nMatch all\nPermitRootLogin yes\nMaxAuthTries 3\n", "PermitRootLogin",
			[]sshd.Value{of("no", "", "etc/ssh/sshd_config", 1), of("yes", "all", "etc/ssh/sshd_config", 3)}},
		"match all sets what nothing has": {base + "-- etc/ssh/sshd_config --\nMatch User x\nMatch all\nMaxAuthTries 3\n", "MaxAuthTries",
			[]sshd.Value{of("3", "", "etc/ssh/sshd_config", 3), of("3", "all", "etc/ssh/sshd_config", 3)}},
		"a match ends with its file": {base + "-- etc/ssh/sshd_config --\nInclude a\nPermitRootLogin no\n-- etc/ssh/a --\nMatch User x\nMaxAuthTries 3\n", "PermitRootLogin",
			[]sshd.Value{of("no", "", "etc/ssh/sshd_config", 2)}},
		"included by a match": {base + "-- etc/ssh/sshd_config --\nMatch User x\nInclude a\n-- etc/ssh/a --\nPermitRootLogin yes\n", "PermitRootLogin",
			[]sshd.Value{of("prohibit-password", "", "", 0), of("yes", "User x", "etc/ssh/a", 1)}},
		"algorithms taken":            {base + "-- etc/ssh/sshd_config --\nCiphers -*-ctr,chacha*\n", "Ciphers", []sshd.Value{of("aes128-gcm@openssh.com,aes256-gcm@openssh.com", "", "etc/ssh/sshd_config", 1)}},
		"algorithms added":            {base + "-- etc/ssh/sshd_config --\nCiphers +aes128-cbc,aes128-ctr\n", "Ciphers", []sshd.Value{of("chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com,aes128-cbc", "", "etc/ssh/sshd_config", 1)}},
		"algorithms first":            {base + "-- etc/ssh/sshd_config --\nCiphers ^aes256-ctr\n", "Ciphers", []sshd.Value{of("aes256-ctr,chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com", "", "etc/ssh/sshd_config", 1)}},
		"an option of the service":    {base + "-- etc/default/ssh --\nSSHD_OPTS='-4 -o PermitRootLogin=yes'\n-- etc/ssh/sshd_config --\nPermitRootLogin no\n", "PermitRootLogin", []sshd.Value{of("yes", "", "etc/default/ssh", 1)}},
		"options in a cluster":        {base + "-- etc/default/ssh --\nSSHD_OPTS='-Do PermitRootLogin=yes'\n-- etc/ssh/sshd_config --\nPermitRootLogin no\n", "PermitRootLogin", []sshd.Value{of("yes", "", "etc/default/ssh", 1)}},
		"a cluster with another file": {base + "-- etc/conf.d/sshd --\nSSHD_OPTS=-4f/srv/sshd.conf\n-- srv/sshd.conf --\nPermitRootLogin no\n", "PermitRootLogin", []sshd.Value{of("no", "", "srv/sshd.conf", 1)}},
		"another file":                {base + "-- etc/default/ssh --\nSSHD_OPTS=\"-f /srv/sshd.conf\"\n-- srv/sshd.conf --\nPermitRootLogin no\n", "PermitRootLogin", []sshd.Value{of("no", "", "srv/sshd.conf", 1)}},
		"a crypto policy by the environment": {base + rhel8 + "-- etc/crypto-policies/back-ends/opensshserver.config --\nCRYPTO_POLICY='-oCiphers=aes256-ctr -oMACs=hmac-sha2-512'\n-- etc/ssh/sshd_config --\nCiphers aes128-cbc\n", "Ciphers",
			[]sshd.Value{of("aes256-ctr", "", "etc/crypto-policies/back-ends/opensshserver.config", 1)}},
		"an option of the unit's environment": {base + debianUnit + "-- etc/default/ssh --\nSSHD_OPTS=-oPermitRootLogin=yes\n-- etc/ssh/sshd_config --\nPermitRootLogin no\n", "PermitRootLogin",
			[]sshd.Value{of("yes", "", "etc/default/ssh", 1)}},
		"an option of a drop-in": {base + debianUnit + "-- etc/systemd/system/ssh.service.d/x.conf --\n[Service]\nExecStart=\nExecStart=/usr/sbin/sshd -D -o \"PermitRootLogin yes\"\n-- etc/ssh/sshd_config --\nPermitRootLogin no\n", "PermitRootLogin",
			[]sshd.Value{of("yes", "", "etc/systemd/system/ssh.service.d/x.conf", 3)}},
		"units that agree": {base + debianUnit + "-- usr/lib/systemd/system/ssh@.service --\n[Service]\nEnvironmentFile=-/etc/default/ssh\nExecStart=-/usr/sbin/sshd -i $SSHD_OPTS\n-- etc/default/ssh --\nSSHD_OPTS=-oPermitRootLogin=no\n-- etc/ssh/sshd_config --\n", "PermitRootLogin",
			[]sshd.Value{of("no", "", "etc/default/ssh", 1)}},
		"a variable that nothing sets":       {base + debianUnit + "-- etc/ssh/sshd_config --\n", "PermitRootLogin", []sshd.Value{of("prohibit-password", "", "", 0)}},
		"a file that the unit does not name": {base + rhel8 + "-- etc/default/ssh --\nSSHD_OPTS=-oPermitRootLogin=yes\n-- etc/ssh/sshd_config --\n", "PermitRootLogin", []sshd.Value{of("prohibit-password", "", "", 0)}},
		"a crypto policy by inclusion": {base + "-- etc/crypto-policies/back-ends/opensshserver.config link=../../../usr/share/p.txt --\n-- usr/share/p.txt --\nCiphers aes256-ctr\n-- etc/ssh/sshd_config --\nInclude /etc/crypto-policies/back-ends/opensshserver.config\n", "Ciphers",
			[]sshd.Value{of("aes256-ctr", "", "etc/crypto-policies/back-ends/opensshserver.config", 1)}},
		"version of the program": {"-- usr/sbin/sshd --\nxx\x00OpenSSH_9.2\x00OpenSSH_7.0*,OpenSSH_8.8p1\x00\n-- etc/ssh/sshd_config --\n", "KexAlgorithms",
			[]sshd.Value{of("curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256", "", "", 0)}},
		"two directives before 8.7": {strings.Replace(base, "9.2p1-2+deb12u10", "8.4p1-5", 1) + "-- etc/ssh/sshd_config --\nKbdInteractiveAuthentication no\n", "KbdInteractiveAuthentication", []sshd.Value{of("yes", "", "", 0)}},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range c.want {
				c.want[i].Name = strings.ToLower(c.directive)
			}
			got, err := values(t, c.fixture, c.directive)
			if d := cmp.Diff(got, c.want); d != "" || err != nil {
				t.Error(d, err)
			}
		})
	}
}

// A default that cannot be known is not guessed.
func TestUnknownDefaults(t *testing.T) {
	for name, fixture := range map[string]string{
		"no version":          "-- usr/sbin/sshd --\nx\n-- etc/ssh/sshd_config --\n",
		"a version to come":   strings.Replace(base, "9.2p1", "11.1p1", 1) + "-- etc/ssh/sshd_config --\n",
		"a version long gone": strings.Replace(base, "9.2p1", "6.6p1", 1) + "-- etc/ssh/sshd_config --\n",
	} {
		got, err := values(t, fixture, "PermitRootLogin")
		if !errors.Is(err, inventory.ErrUnavailable) || len(got) != 0 {
			t.Errorf("%s: got %v, %v, want ErrUnavailable", name, got, err)
		}
		got, err = values(t, fixture+"Match User x\nPermitRootLogin yes\n", "PermitRootLogin")
		if !errors.Is(err, inventory.ErrUnavailable) || len(got) != 1 || got[0].Value != "yes" {
			t.Errorf("%s: what a Match block sets is seen all the same: got %v, %v", name, got, err)
		}
		if got, err := values(t, fixture+"PermitRootLogin no\n", "PermitRootLogin"); err != nil || len(got) != 1 {
			t.Errorf("%s: what is set needs no default: got %v, %v", name, got, err)
		}
	}
}

// An option that is not understood may override any directive of the file.
func TestOptionsThatAreNotUnderstood(t *testing.T) {
	for name, fixture := range map[string]string{
		"an option not known":            base + "-- etc/default/ssh --\nSSHD_OPTS=-Z\n-- etc/ssh/sshd_config --\n",
		"a variable in a word":           base + "-- usr/lib/systemd/system/ssh.service --\n[Service]\nExecStart=/usr/sbin/sshd -oPort=${PORT}\n-- etc/ssh/sshd_config --\n",
		"units that differ":              base + debianUnit + "-- usr/lib/systemd/system/ssh@.service --\n[Service]\nExecStart=/usr/sbin/sshd -i -oPermitRootLogin=yes\n-- etc/ssh/sshd_config --\n",
		"a unit of something else":       base + "-- usr/lib/systemd/system/ssh.service --\n[Service]\nExecStart=/usr/local/bin/wrapper\n-- etc/ssh/sshd_config --\n",
		"a script that evaluates":        base + "-- etc/default/ssh --\neval SSHD_OPTS=-oPermitRootLogin=yes\n-- etc/ssh/sshd_config --\n",
		"a script that expands":          base + "-- etc/conf.d/sshd --\nSSHD_OPTS=\"-oPermitRootLogin=$X\"\n-- etc/ssh/sshd_config --\n",
		"an option without its argument": base + debianUnit + "-- etc/default/ssh --\nSSHD_OPTS=-o\n-- etc/ssh/sshd_config --\n",
		"an option of a shell":           base + "-- etc/default/ssh --\nSSHD_OPTS=$(cat /x)\n-- etc/ssh/sshd_config --\n",
	} {
		for _, text := range []string{"", "PermitRootLogin no\n"} {
			if got, err := values(t, fixture+text, "PermitRootLogin"); !errors.Is(err, inventory.ErrUnavailable) ||
				len(got) != 0 {
				t.Errorf("%s: got %v, %v, want ErrUnavailable", name, got, err)
			}
		}
	}
}

// Files of nothing but mistakes, and files that include each other without end, are reported in few
// words and little time.
func TestHostileFilesAreBounded(t *testing.T) {
	for name, fixture := range map[string]string{
		"mistakes":  base + "-- etc/ssh/sshd_config --\n" + strings.Repeat("a\n", 200_000),
		"unknown":   base + "-- etc/ssh/sshd_config --\n" + strings.Repeat("a b\n", 200_000),
		"inclusion": base + "-- etc/ssh/sshd_config --\nInclude a a a\n-- etc/ssh/a --\nInclude a a a\nx y\n",
		"breadth":   base + "-- etc/ssh/sshd_config --\nInclude" + strings.Repeat(" a", 3000) + "\n-- etc/ssh/a --\nUsePAM yes\n",
	} {
		_, err := values(t, fixture, "PermitRootLogin")
		if err == nil || len(err.Error()) > 5000 {
			t.Errorf("%s: got an error of %d bytes", name, len(fmt.Sprint(err)))
		}
	}
}

func TestErrors(t *testing.T) {
	if _, err := values(t,
		"-- etc/ssh/sshd_config --\nPermitRootLogin yes\n", "PermitRootLogin"); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("configuration without a server: got %v, want ErrAbsent", err)
	}
	for name, fixture := range map[string]string{
		"no configuration":        base,
		"unreadable":              base + "-- etc/ssh/sshd_config error=EACCES --\n",
		"unreadable drop-in":      base + "-- etc/ssh/sshd_config --\nInclude d/*\n-- etc/ssh/d/a error=EACCES --\n",
		"unreadable folder":       base + "-- etc/ssh/sshd_config --\nInclude d/*\n-- etc/ssh/d dir error=EACCES --\n",
		"dangling drop-in":        base + "-- etc/ssh/sshd_config --\nInclude d/*\n-- etc/ssh/d/a link=gone --\n",
		"folder as drop-in":       base + "-- etc/ssh/sshd_config --\nInclude d/*\n-- etc/ssh/d/a dir --\n",
		"unreadable options":      base + "-- etc/default/ssh error=EIO --\n-- etc/ssh/sshd_config --\n",
		"a directive not known":   base + "-- etc/ssh/sshd_config --\nPermitRootLogins no\n",
		"a value that it has not": base + "-- etc/ssh/sshd_config --\nPermitRootLogin maybe\n",
		"includes itself":         base + "-- etc/ssh/sshd_config --\nInclude sshd_config\n",
		"broken package database": strings.Replace(base, "Version: ", "Vers", 1) + "-- etc/ssh/sshd_config --\n",
		"a time that is none":     base + "-- etc/ssh/sshd_config --\nLoginGraceTime soon\n",
	} {
		if got, err := values(t, fixture, "PermitRootLogin"); err == nil || errors.Is(err, inventory.ErrAbsent) {
			t.Errorf("%s: got %v, %v, want an error", name, got, err)
		}
	}
	if _, err := values(t,
		base+"-- etc/ssh/sshd_config --\nCiphers +aes128-c*\n", "Ciphers"); !errors.Is(err, inventory.ErrUnavailable) {
		t.Errorf("a pattern that is added: got %v", err)
	}
	_, err := values(t, base+"-- etc/ssh/sshd_config --\nCorrectHorseBattery\n\nPermitRootLogins no\n", "PermitRootLogin")
	if err == nil || strings.Contains(err.Error(), "Horse") ||
		!strings.Contains(err.Error(), "line 1: a directive that is not known has no argument") {
		t.Errorf("got %v, want the place", err)
	}
	if _, err := values(t, base+"-- etc/ssh/sshd_config --\n", "Subsystem"); !errors.Is(err, inventory.ErrUnavailable) {
		t.Errorf("a directive that is not told: got %v", err)
	}
}

// judged are the directives that the server prints under the same name.
var judged = strings.Fields(`addressfamily allowagentforwarding allowstreamlocalforwarding allowtcpforwarding authenticationmethods
	authorizedkeyscommand authorizedkeysfile banner chrootdirectory ciphers clientalivecountmax clientaliveinterval compression
	disableforwarding exposeauthinfo gatewayports gssapiauthentication hostbasedauthentication hostkeyalgorithms
	ignorerhosts ignoreuserknownhosts kbdinteractiveauthentication kerberosauthentication kexalgorithms logingracetime loglevel macs
	maxauthtries maxsessions maxstartups passwordauthentication permitemptypasswords permitrootlogin permittty permittunnel
	permituserenvironment permituserrc port printlastlog printmotd pubkeyacceptedalgorithms pubkeyauthentication revokedkeys
	streamlocalbindunlink strictmodes syslogfacility tcpkeepalive trustedusercakeys usedns usepam x11forwarding x11uselocalhost
	requiredrsasize persourcemaxstartups`)

// configurations are texts that the server is asked about.
var configurations = map[string]string{
	"empty":      "",
	"as shipped": "Include /etc/ssh/sshd_config.d/*.conf\nKbdInteractiveAuthentication no\nUsePAM yes\nX11Forwarding yes\nPrintMotd no\n",
	"hardened": "PermitRootLogin no\nPasswordAuthentication no\nPermitEmptyPasswords no\nX11Forwarding no\nMaxAuthTries 3\nMaxSessions 4\nLoginGraceTime 1m\n" +
		"ClientAliveInterval 5m\nClientAliveCountMax 0\nAllowTcpForwarding no\nAllowAgentForwarding no\nLogLevel verbose\nBanner /etc/issue.net\nMaxStartups 10:30:60\n" +
		"Ciphers aes256-gcm@openssh.com,aes128-gcm@openssh.com\nMACs hmac-sha2-512-etm@openssh.com\nKexAlgorithms curve25519-sha256\nIgnoreRhosts yes\nHostbasedAuthentication no\n",
	"twice":             "PermitRootLogin yes\nPermitRootLogin no\nMaxAuthTries 2\nMAXAUTHTRIES 9\nmaxauthtries=8\n",
	"spelling":          "permitrootlogin=without-password\nALLOWTCPFORWARDING   =  local\nCompression delayed\nSyslogFacility authpriv\nLogLevel DEBUG1\nGatewayPorts clientspecified\nPermitTunnel point-to-point\nUseDNS yes\n",
	"quotes":            "Banner \"/etc/my banner\"\nAuthorizedKeysFile .ssh/keys /etc/keys/%u\nForceCommand \"/bin/echo hi\"\nChrootDirectory \"/srv/x\"\n",
	"modifiers":         "Ciphers -*cbc,*-ctr\nMACs +hmac-sha1-96\nKexAlgorithms -*sha1,diffie*\nHostKeyAlgorithms -ssh-rsa*\n",
	"to the front":      "Ciphers ^aes256-ctr\nMACs ^hmac-sha2-512\nKexAlgorithms ^ecdh-sha2-nistp521\n",
	"times":             "LoginGraceTime 1h30m\nClientAliveInterval 1d2s\n",
	"startups":          "MaxStartups 7\n",
	"authentication":    "AuthenticationMethods publickey,password publickey,keyboard-interactive\nPubkeyAuthentication yes\nChallengeResponseAuthentication no\n",
	"match not for all": "MaxAuthTries 5\nMatch User nobody\n\tPermitRootLogin yes\n\tX11Forwarding yes\n\tMaxAuthTries 1\nMatch all\n\tPermitTTY no\n\tMaxSessions 3\n",
	"drop-ins":          "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\nMaxAuthTries 6\nMaxSessions 9\n",
}

var dropIns = map[string]string{
	"10-first.conf": "MaxAuthTries 2\nMatch User nobody\nMaxAuthTries 1\n", "20-second.conf": "MaxAuthTries 4\nMaxSessions 2\n", ".hidden.conf": "PermitRootLogin no\n", "note.txt": "PermitRootLogin no\n",
}

// sshd -T of a tree prints the general values of each configuration, and with -C those for a
// connection.
func TestAgreesWithSSHD(t *testing.T) {
	for _, suite := range oracle.Suites {
		tree := oracle.Copy(t, oracle.Tree(t, suite))
		for name, text := range dropIns {
			write(t, tree, "etc/ssh/sshd_config.d/"+name, text)
		}
		for name, text := range configurations {
			t.Run(suite+"/"+name, func(t *testing.T) {
				write(t, tree, "etc/ssh/sshd_config", text)
				c, err := sshd.Fact.Of(t.Context(), inventorytest.Folder(t, tree))
				if err != nil {
					t.Fatal(err)
				}
				general := askServer(t, tree, "-T")
				forNobody := askServer(t, tree, "-T", "-C", "user=nobody,host=h.example,addr=192.0.2.1,laddr=192.0.2.2,lport=22")
				for _, directive := range judged {
					compare(t, c, directive, general, forNobody)
				}
			})
		}
	}
}

func compare(t *testing.T, c *sshd.Config, directive string, general, forNobody map[string]string) {
	want, ok := general[directive]
	if !ok {
		want, ok = general[older[directive]]
	}
	got, err := c.Values(directive)
	if !ok {
		if len(got) > 0 && got[0].Value != "none" && directive != "persourcemaxstartups" {
			t.Errorf("%s: got %v, and the server does not have it", directive, got)
		}
		return
	}
	if err != nil || got[0].Value != want {
		t.Errorf("%s: got %v, %v, want %q", directive, got, err, want)
		return
	}
	// The first Match block that applies decides. All blocks here apply to nobody.
	effective := got[0].Value
	if len(got) > 1 {
		effective = got[1].Value
	}
	want, ok = forNobody[directive]
	if !ok {
		want = forNobody[older[directive]]
	}
	if effective != want {
		t.Errorf("%s for nobody: got %q, want %q", directive, effective, want)
	}
}

// older maps names that 8.4 prints to current ones.
var older = map[string]string{"pubkeyacceptedalgorithms": "pubkeyacceptedkeytypes"}

// askServer returns what the server prints, with values in the form of Setting.
func askServer(t *testing.T, tree string, args ...string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for line := range strings.Lines(string(oracle.Chroot(t, tree, "/usr/sbin/sshd", args...))) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case key == "permitrootlogin" && value == "without-password":
			value = "prohibit-password"
		case all[key] != "":
			value = all[key] + " " + value
		}
		all[key] = value
	}
	if len(all) < 50 {
		t.Fatalf("the server printed %d values", len(all))
	}
	return all
}

func write(t *testing.T, tree, name, text string) {
	t.Helper()
	path := filepath.Join(tree, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("PermitRootLogin no # x\nMatch User 'a b'\n\tBanner \"x\\\"y\"\r\n"))
	f.Add([]byte("\xef\xbb\xbfPort=22\n= \nx\x00 y\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := sshd.Parse(b)
		if err != nil && all != nil {
			t.Fatal("lines beside an error")
		}
		if !slices.IsSortedFunc(all, func(a, b sshd.Line) int { return a.Line - b.Line }) {
			t.Fatal("lines out of order")
		}
		for _, l := range all {
			if len(l.Args) == 0 {
				t.Fatalf("%+v", l)
			}
		}
	})
}

func ExampleConfig_Values() {
	cfg, err := inventorytest.Parse([]byte(base +
		"-- etc/ssh/sshd_config --\nMaxAuthTries 3\nMatch Address 192.0.2.0/24\nPermitRootLogin yes\n"))
	if err != nil {
		panic(err)
	}
	sys, err := inventory.New(cfg)
	if err != nil {
		panic(err)
	}
	c, err := sshd.Fact.Of(context.Background(), sys)
	if err != nil {
		panic(err)
	}
	for _, directive := range []string{"MaxAuthTries", "PermitRootLogin"} {
		all, err := c.Values(directive)
		for _, v := range all {
			fmt.Printf("%s=%s match=%q at=%q %v\n", v.Name, v.Value, v.Match, v.Place(), err)
		}
	}
	// Output:
	// maxauthtries=3 match="" at="etc/ssh/sshd_config:1" <nil>
	// permitrootlogin=prohibit-password match="" at="" <nil>
	// permitrootlogin=yes match="Address 192.0.2.0/24" at="etc/ssh/sshd_config:3" <nil>
}
