package auditrules_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logs/auditrules"
)

// augenrules makes the lines, and auditctl of each what it sends to the kernel.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "-w", Sep: " ", Value: "/etc/passwd -p wa", Other: "/etc/shadow -p r", Comment: "#"}.Texts()
	files := map[string]string{"usr/sbin/auditctl": "", "lib64/ld-linux-x86-64.so.2": "", "etc/passwd": "", "etc/shadow": "",
		"usr/lib/systemd/system/default.target": "[Unit]\n", "usr/lib/systemd/system/audit-rules.service": "[Service]\nExecStart=/usr/sbin/augenrules --load\n",
		"etc/systemd/system/default.target.d/a.conf": "[Unit]\nWants=audit-rules.service\n"}
	ours := func(t *testing.T, text string) string {
		files["etc/audit/rules.d/a.rules"] = text
		r, err := auditrules.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, files)))
		if err != nil {
			return bytetable.Error
		}
		var all []string
		for _, rule := range r.All {
			var path, perm string
			for _, f := range rule.Fields {
				switch f.Name {
				case "path", "dir":
					path = f.Value
				case "perm":
					perm = f.Value
				}
			}
			sorted := slices.DeleteFunc([]byte("xwra"), func(c byte) bool { return !strings.ContainsRune(perm, rune(c)) })
			all = append(all, fmt.Sprintf("%q %s", path, sorted))
		}
		return strings.Join(all, ", ")
	}
	kernel := "" // what auditctl talks to
	bytetable.Test(t, "rules.d", texts, ours, func(t *testing.T, text string) string {
		oracle.Need(t, "auditctl", "augenrules", "unshare", "gcc", "sh", "awk", "cat", "cmp", "cp", "grep")
		oracle.Try(t, nil, "unshare", "-Urnpf", "auditctl", "-v") // takes the right to make namespaces
		if kernel == "" {
			kernel = filepath.Join(t.TempDir(), "kernel.so")
			oracle.Run(t, "gcc", "-shared", "-fPIC", "-o", kernel, "testdata/kernel.c")
		}
		dir := bytetable.Tree(t, map[string]string{"rules": generated(t, text)})
		out, _ := oracle.Code(t, "unshare", "-Urnpf", "sh", "-c", "LD_PRELOAD="+kernel+" auditctl -R "+dir+"/rules")
		var all []string
		for _, m := range watch.FindAllSubmatch(out, -1) {
			path, err := hex.DecodeString(string(m[1]))
			perm, err2 := strconv.Atoi(string(m[2]))
			if err := errors.Join(err, err2); err != nil {
				t.Fatal(err)
			}
			all = append(all, fmt.Sprintf("%q %s", path, letters(perm)))
		}
		return strings.Join(all, ", ")
	}, nil)
}

// generated is what augenrules makes of a file.
func generated(t *testing.T, text string) string {
	script, err := os.ReadFile(strings.TrimSpace(string(oracle.Run(t, "sh", "-c", "command -v augenrules"))))
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer("DestinationFile=/etc/audit/audit.rules", "DestinationFile=$PWD/out", "SourceRulesDir=/etc/audit/rules.d", "SourceRulesDir=$PWD/rules.d").Replace(string(script))
	dir := bytetable.Tree(t, map[string]string{"script": changed, "rules.d/a.rules": text})
	oracle.Run(t, "sh", "-c", "cd "+dir+" && sh ./script")
	b, err := os.ReadFile(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// watch is a rule with the fields path or dir, and perm.
var watch = regexp.MustCompile(`(?m)^RULE (?:105|107) \d+ ([0-9a-f]+) 106 (\d+)`)

// letters are the kinds of access in the order of their bits.
func letters(perm int) (all string) {
	for bit, letter := range "xwra" {
		if perm>>bit&1 == 1 {
			all += string(letter)
		}
	}
	return all
}
