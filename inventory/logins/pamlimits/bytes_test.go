package pamlimits_test

import (
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/pamlimits"
)

// A session that pam_limits opens has the limit. Where a session is refused the program has an error.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "* hard core", Sep: " ", Value: "5", Other: "9", Comment: "#"}.Texts()
	maps.Copy(texts, map[string]string{
		"unlimited": "* hard core unlimited\n", "infinity": "* hard core infinity\n", "-1": "* hard core -1\n", "dash": "* hard core -\n", "less than none": "* hard core -5\n", "plus": "* hard core +5\n", "octal": "* hard core 010\n",
		"hexadecimal": "* hard core 0x5\n", "both": "* - core 5\n", "soft": "* soft core 5\n", "bad type": "* hrad core 5\n", "bad item": "* hard cores 5\n", "bad value": "* hard core x\n", "bad value behind": "* hard core 5\n* hard core x\n",
		"unlimited behind": "* hard core 5\n* hard core unlimited\n", "too large": "* hard core 99999999999999999999\n", "large": "* hard core 18014398509481985\n", "no limits": "alice -\n", "no limits, then some": "alice -\n* hard core 5\n", "no limits for all": "* -\n* hard core 5\n",
		"Unlimited": "* hard core Unlimited\n", "nothing but a dash": "* hard -\n", "domain in quotes": "\"*\" hard core 5\n", "unlimited, junk": "* hard core unlimitedx\n", "digit first": "* hard core 5x\n", "soft higher": "* hard core 5\n* soft core 9\n", "soft higher before": "* soft core 9\n* hard core 5\n", "both, then lower": "* - core 9\n* hard core 5\n",
	})
	var tree string
	bytetable.Test(t, "limits", texts, func(t *testing.T, text string) string {
		lines, err := pamlimits.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/security/limits.conf": text})))
		if err != nil {
			return bytetable.Error
		}
		for _, l := range lines {
			if l.Item == "" && l.Domain == "alice" {
				return "unlimited"
			}
		}
		l, ok := pamlimits.Hard(lines, "*", "core")
		if v := l.Value; !ok || v == "-1" || v == "-" || v == "infinity" {
			return "unlimited"
		}
		return l.Value
	}, func(_ *testing.T, text string) string {
		if tree == "" {
			oracle.Need(t, "chroot")
			tree = oracle.Copy(t, oracle.Tree(t, "bookworm"))
			for name, text := range map[string]string{"etc/pam.d/su": "auth required pam_permit.so\naccount required pam_permit.so\nsession required pam_limits.so\n",
				"etc/passwd": "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/:/bin/sh\n", "etc/group": "root:x:0:\nalice:x:1000:\n"} {
				write(t, tree, name, text)
			}
		}
		write(t, tree, "etc/security/limits.conf", text)
		out, code := oracle.ChrootCode(t, tree, "su", "alice", "-c", "ulimit -H -c")
		if code != 0 {
			return bytetable.Error
		}
		value := strings.TrimSpace(string(out))
		if n, err := strconv.ParseUint(value, 10, 64); err == nil { // blocks of 512 bytes
			return strconv.FormatUint(n/2, 10)
		}
		return value
	}, nil)
}
