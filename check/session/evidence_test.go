package session_test

import (
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/check/session"
)

// What passes, and what there is nothing to judge of, shows what was looked at.
func TestEvidence(t *testing.T) {
	mask := file.Mode(0o027)
	for name, c := range map[string]struct {
		m       maker
		fixture string
		want    check.Status
		piece   string // of evidence
	}{
		"umask":    {session.Umask{Mask: &mask}, loginOn + "-- etc/profile --\numask 027\n", check.Pass, "umask: 027, want 027 or stricter (etc/profile:1)"},
		"no shell": {session.Umask{Mask: &mask}, "", check.NotApplicable, "bin/sh: not there"},
		"timeout":  {session.Timeout{MaxSeconds: 900}, "-- etc/profile --\nreadonly TMOUT=600; export TMOUT\n", check.Pass, "TMOUT: 600, want 1 to 900, readonly and exported (etc/profile:1)"},
		"path":     {session.RootPath{}, sh + "-- etc/profile --\nPATH=/bin:~/bin:$PATH\n", check.Pass, "PATH: such folders: /bin:/root/bin, want folders that only root can write to (etc/profile:1)"},
		"own path": {session.RootPath{}, sh, check.Pass, "PATH: such folders: /sbin:/bin:/usr/sbin:/usr/bin, want folders that only root can write to (etc/login.defs)"},
		"no PAM":   {session.NoCoreDumps{}, "", check.NotApplicable, "services of PAM: not there (etc/pam.d)"},
		"limits": {session.NoCoreDumps{}, "-- etc/os-release --\nID=rocky\n-- etc/pam.d/login --\nsession required pam_limits.so\n-- etc/security/limits.conf --\n* hard core 0\n", check.Pass,
			"session of login: met on every way through the stack, want pam_limits in every session (etc/pam.d/login)"},
		// What may be so in one session and is so in another fails.
		"unsure and certain": {session.Umask{Mask: &mask}, sh + "-- etc/pam.d/login --\nsession [success=1 default=ignore] pam_succeed_if.so user = x\nsession optional pam_umask.so\nsession optional pam_mail.so\n" +
			"-- etc/pam.d/sshd --\nsession required pam_unix.so\n-- etc/login.defs --\nUMASK 027\n", check.Fail, "umask: 022, which nothing sets, want 027 or stricter"},
	} {
		made, err := c.m.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want || !slices.ContainsFunc(r.Evidence, func(e check.Evidence) bool { return e.String() == c.piece }) {
			t.Errorf("%s: got %s %v (%s), %v, want %s %s", name, r.Status, r.Evidence, r.Message, err, c.want, c.piece)
		}
	}
}
