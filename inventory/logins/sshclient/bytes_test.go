package sshclient_test

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/sshclient"
)

// ssh -G prints the value that it uses. The client's own is "ask".
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "StrictHostKeyChecking", Sep: " ", Value: "yes", Other: "no", Comment: "#"}.Texts()
	maps.Copy(texts, map[string]string{
		"true": "StrictHostKeyChecking true\n", "false": "StrictHostKeyChecking false\n", "off": "StrictHostKeyChecking off\n", "accept-new": "StrictHostKeyChecking accept-new\n", "ask": "StrictHostKeyChecking ask\n",
		"maybe": "StrictHostKeyChecking maybe\n", "empty": "StrictHostKeyChecking \"\"\n", "for all": "Host *\nStrictHostKeyChecking yes\n", "for all, with blanks": "Host  *  \nStrictHostKeyChecking yes\n",
		"for all, quoted": "Host \"*\"\nStrictHostKeyChecking yes\n", "for all, with =": "Host=*\nStrictHostKeyChecking yes\n", "match all": "Match all\nStrictHostKeyChecking yes\n", "for another": "Host other\nStrictHostKeyChecking yes\n",
		"for all but": "Host * !host.example\nStrictHostKeyChecking yes\n", "escaped": "StrictHostKeyChecking \\yes\n", "quoted key": "\"StrictHostKeyChecking\" yes\n", "two separators": "StrictHostKeyChecking == yes\n",
		"known, not a client's": "PermitRootLogin no\nStrictHostKeyChecking yes\n", "ignored": "IgnoreUnknown xyzzy\nxyzzy plugh\nStrictHostKeyChecking yes\n", "deprecated": "Protocol 2\nStrictHostKeyChecking yes\n",
		"open quote elsewhere": "User \"x\nStrictHostKeyChecking yes\n", "hosts over lines": "Host a \\\n*\nStrictHostKeyChecking no\n", "host alone": "Host\nStrictHostKeyChecking no\n",
	})
	bytetable.Test(t, "ssh", texts, func(t *testing.T, text string) string {
		lines, err := sshclient.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/ssh/ssh_config": text})))
		if err != nil {
			return bytetable.Error
		}
		for _, l := range lines {
			if l.Name == "stricthostkeychecking" && (l.For == "" || l.For == "Match all") {
				value := strings.ToLower(l.Value)
				return cmp.Or(map[string]string{"false": "no", "off": "no", "true": "yes"}[value], value)
			}
		}
		return "ask"
	}, func(t *testing.T, text string) string {
		file := filepath.Join(t.TempDir(), "config")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, code := oracle.Code(t, "ssh", "-G", "-F", file, "host.example")
		if code != 0 {
			return bytetable.Error
		}
		for l := range strings.Lines(string(out)) {
			if v, ok := strings.CutPrefix(strings.TrimSpace(l), "stricthostkeychecking "); ok {
				return strings.NewReplacer("false", "no", "true", "yes").Replace(v)
			}
		}
		return ""
	}, map[string]string{"unknown word before": why, "unknown word behind": why, "unknown key": why, "overlong unknown": why, "known, not a client's": why})
}

const why = "with a directive that ssh does not know it does not run at all, so that it connects to nothing; which it knows changes with each version"
