package logrotate_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logs/logrotate"
)

var kept = regexp.MustCompile(`rotating pattern: (.*?)\s+(?:after 1 days|weekly|monthly|yearly|hourly|\d+ bytes) \((?:(-?\d+) rotations|(no) old logs will be kept)\)`)

// logrotate -d tells how many old logs are kept of each. A name of an option that it does not know it ignores.
func TestBytes(t *testing.T) {
	for name, line := range map[string]bytetable.Line{
		"block":  {Head: "/var/log/x {\nweekly\n", Key: "rotate", Sep: " ", Value: "5", Other: "6", Comment: "#", Tail: "}\n"},
		"global": {Head: "weekly\n", Key: "rotate", Sep: " ", Value: "5", Other: "6", Comment: "#", Tail: "/var/log/x {\n}\n"},
		"maxage": {Head: "/var/log/x {\nweekly\nrotate 5\n", Key: "maxage", Sep: " ", Value: "7", Other: "8", Comment: "#", Tail: "}\n"},
		"name":   {Head: "weekly\n", Key: "/var/log/x", Sep: " ", Value: "{ rotate 5", Other: "{ rotate 6", Comment: "#", Tail: "}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			ours := func(t *testing.T, text string) string {
				c, err := logrotate.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"usr/sbin/logrotate": "", "etc/logrotate.conf": text})))
				if err != nil {
					return bytetable.Error
				}
				var all []string
				for _, l := range c.Logs {
					all = append(all, fmt.Sprintf("%q %d", strings.Join(l.Patterns, " "), l.Rotate))
				}
				return strings.Join(all, ", ")
			}
			bytetable.Test(t, name, line.Texts(), ours, func(t *testing.T, text string) string {
				oracle.Need(t, "logrotate", "sh")
				file := filepath.Join(bytetable.Tree(t, map[string]string{"logrotate.conf": text}), "logrotate.conf")
				out, _ := oracle.Code(t, "sh", "-c", "logrotate -d -s "+file+".state "+file+" 2>&1")
				for l := range strings.Lines(string(out)) {
					if strings.HasPrefix(l, "error:") && !strings.Contains(l, "unknown option") && !strings.Contains(l, "stat of") {
						return bytetable.Error
					}
				}
				var all []string
				for _, m := range kept.FindAllStringSubmatch(string(out), -1) {
					n := m[2]
					if m[3] != "" {
						n = "0"
					}
					all = append(all, fmt.Sprintf("%q %s", strings.TrimSpace(m[1]), n))
				}
				return strings.Join(all, ", ")
			}, nil)
		})
	}
}
