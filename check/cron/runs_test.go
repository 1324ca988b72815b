package cron_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/cron"
)

// A script has the command, and may not get to it.
func TestRunsIsReached(t *testing.T) {
	for text, want := range map[string]check.Status{
		"set -e\n[ -x /usr/bin/aide ] || exit 0\naide --check": check.Pass, "cd / && aide --check": check.Pass, "for i in 1; do true; done\naide --check | cat": check.Pass,
		"f() { true; }\nnice aide --check": check.Pass, "exit 0\naide --check": check.Unknown, "exec true\naide --check": check.Unknown, "false && aide --check": check.Unknown,
		"true || aide --check": check.Unknown, "if false; then aide --check; fi": check.Unknown, "f() { aide --check; }": check.Unknown, "case $1 in a) aide --check;; esac": check.Unknown,
		"while false; do aide --check; done": check.Unknown, "if [ -e /etc/x ]; then exit 0; fi\naide --check": check.Pass,
		": aide --check": check.Fail, "echo aide --check": check.Fail, "# aide --check": check.Fail, "cat <<X\naide --check\nX": check.Fail, "aide --version": check.Fail,
	} {
		c, err := cron.Runs{AnyOf: []string{"aide --check"}}.Check()
		r, err := checktest.Judge(boots+"-- etc/cron.daily/a mode=0755 --\n#!/bin/sh\n"+text+"\n-- usr/bin/aide mode=0755 --\n-- usr/bin/true mode=0755 --\n-- usr/bin/nice mode=0755 --\n-- bin/sh mode=0755 --\n", c, err)
		if err != nil || r.Status != want {
			t.Errorf("%q: got %s (%s), %v, want %s", text, r.Status, r.Message, err, want)
		}
	}
}
