package auditd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/logs/auditd"
)

// auditd itself says which files it accepts. It runs in namespaces of its own, where it has no
// rights on the kernel's audit system, so that it ends after it has read its configuration.
func TestAgainstAuditd(t *testing.T) {
	oracle.Need(t, "auditd", "unshare", "timeout", "sh")
	if os.Geteuid() != 0 {
		oracle.Lack(t, "auditd starts for root only")
	}
	oracle.Try(t, nil, "unshare", "-Urnpf", "sh", "-c", ":") // takes the right to make namespaces
	dir := t.TempDir()
	texts := map[string]string{"of Debian": debian, "no last newline": debian + "num_logs = five", "case": debian + "NUM_LOGS = 7\n",
		"percent": debian + "space_left = 25%\n", "exec": debian + "disk_full_action = exec /bin/true\n", "twice": debian + "num_logs = 6\n",
		"blank line": debian + "\n   \n", "comment": debian + "  # x = y\n", "keep logs": debian + "max_log_file_action = Keep_Logs\n"}
	for name, text := range refused {
		texts[name] = debian + text
		if name == "space left" || name == "flushing" || name == "space not left" {
			texts[name] = text
		}
	}
	for name, text := range texts {
		text = strings.ReplaceAll(text, "/var/log/audit/audit.log", dir+"/audit.log")
		text = strings.NewReplacer("/etc/audit/plugins.d", dir, "log_group = adm", "log_group = root").Replace(text)
		if err := os.WriteFile(filepath.Join(dir, "auditd.conf"), []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		out, _ := oracle.Code(t, "sh", "-c", "timeout 10 unshare -Urnpf auditd -f -n -c "+dir+" 2>&1")
		want := strings.Contains(string(out), "Cannot change priority")
		if _, err := auditd.Parse([]byte(text)); (err == nil) != want {
			t.Errorf("%s: got %v, auditd takes it: %v\n%s", name, err, want, out[max(0, len(out)-200):])
		}
	}
}
