package auditd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logs/auditd"
)

// auditd tells whether it takes a file, and no values.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "max_log_file_action", Sep: " = ", Value: "keep_logs", Other: "rotate", Comment: "#", Head: strings.Replace(debian, "max_log_file_action = ROTATE\n", "", 1)}.Texts()
	ours := func(t *testing.T, text string) string {
		_, err := auditd.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{
			"etc/audit/auditd.conf": text, "usr/sbin/auditd": "x", "lib/systemd/system/auditd.service": "[Service]\nExecStart=/sbin/auditd\n",
		})))
		if err != nil {
			return bytetable.Error
		}
		return "taken"
	}
	bytetable.Test(t, "auditd", texts, ours, func(t *testing.T, text string) string {
		dir := inNamespaces(t)
		text = strings.NewReplacer("/var/log/audit/audit.log", dir+"/audit.log", "/etc/audit/plugins.d", dir, "log_group = adm", "log_group = root").Replace(text)
		if err := os.WriteFile(filepath.Join(dir, "auditd.conf"), []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		out, _ := oracle.Code(t, "sh", "-c", "timeout 10 unshare -Urnpf auditd -f -n -c "+dir+" 2>&1")
		if strings.Contains(string(out), "Cannot change priority") {
			return "taken"
		}
		return bytetable.Error
	}, nil)
}

func inNamespaces(t *testing.T) string {
	oracle.Need(t, "auditd", "unshare", "timeout", "sh")
	if os.Geteuid() != 0 {
		oracle.Lack(t, "auditd starts for root only")
	}
	oracle.Try(t, nil, "unshare", "-Urnpf", "sh", "-c", ":") // takes the right to make namespaces
	return t.TempDir()
}
