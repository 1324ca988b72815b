package rsyslog_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logs/rsyslog"
)

// What rsyslogd complains about and then takes in the way that it is read here.
var unlike = map[string]map[string]string{
	"object": {"unknown key": "a parameter that is not known has no effect"},
	"legacy": {"continuation behind the key": "a directive that is not known has no effect"},
}

// rsyslogd tells whether it takes a file without a complaint, and no values. It starts in spite of most complaints,
// without what it complains about.
func TestBytes(t *testing.T) {
	for name, line := range map[string]bytetable.Line{
		"selector": {Key: "mail.*", Sep: " ", Value: "/var/log/x", Other: "/var/log/y", Comment: "#"},
		"host":     {Key: "mail.*", Sep: " ", Value: "@@192.0.2.1:514", Other: "@192.0.2.2", Comment: "#"},
		"legacy":   {Key: "$FileCreateMode", Sep: " ", Value: "0640", Other: "0600", Comment: "#", Tail: "*.* /var/log/x\n"},
		"object":   {Head: "action(type=\"omfile\" file=\"/var/log/x\"\n", Key: "fileCreateMode", Sep: "=", Value: `"0640"`, Other: `"0600"`, Comment: "#", Tail: ")\n"},
		"module":   {Head: "module(load=\"builtin:omfile\"\n", Key: "fileCreateMode", Sep: "=", Value: `"0640")`, Other: `"0600")`, Comment: "#", Tail: "*.* /var/log/x\n"},
		"global":   {Key: "global(umask", Sep: "=", Value: `"0077")`, Other: `"0022")`, Comment: "#", Tail: "*.* /var/log/x\n"},
	} {
		t.Run(name, func(t *testing.T) {
			ours := func(t *testing.T, text string) string {
				c, err := rsyslog.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"usr/sbin/rsyslogd": "", "etc/rsyslog.conf": text})))
				if err != nil || len(c.Outputs) == 0 {
					return bytetable.Error // it complains that there is nothing to do
				}
				return "taken"
			}
			bytetable.Test(t, name, line.Texts(), ours, func(t *testing.T, text string) string {
				oracle.Need(t, "rsyslogd", "sh")
				file := filepath.Join(bytetable.Tree(t, map[string]string{"rsyslog.conf": text}), "rsyslog.conf")
				out, code := oracle.Code(t, "sh", "-c", "rsyslogd -N1 -f "+file+" 2>&1")
				if code != 0 || strings.Count(string(out), "\n") != 2 {
					return bytetable.Error
				}
				return "taken"
			}, unlike[name])
		})
	}
}
