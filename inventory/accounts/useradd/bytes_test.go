package useradd_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/accounts/useradd"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// useradd -D prints its defaults.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "INACTIVE", Sep: "=", Value: "30", Other: "60", Comment: "#"}.Texts()
	maps.Copy(texts, map[string]string{
		"octal": "INACTIVE=010\n", "hexadecimal": "INACTIVE=0x1e\n", "a sign": "INACTIVE=+30\n", "less than none": "INACTIVE=-1\n", "much less than none": "INACTIVE=-2\n", "too large": "INACTIVE=99999999999999999999\n", "no number": "INACTIVE=x\n", "none": "INACTIVE=0\n",
		"bad value behind": "INACTIVE=30\nINACTIVE=x\n", "bad value before": "INACTIVE=x\nINACTIVE=30\n", "longer key": "INACTIVES=30\n", "two equals signs": "INACTIVE==30\n", "export": "export INACTIVE=30\n", "long": "INACTIVE=" + strings.Repeat("0", 1100) + "30\n", "long comment": "#" + strings.Repeat("x", 1100) + "\nINACTIVE=30\n",
		"long, then the line": "#" + strings.Repeat("x", 1022) + "INACTIVE=60\nINACTIVE=30\n", "a plus": "INACTIVE+=30\n",
	})
	var tree string
	bytetable.Test(t, "useradd", texts, func(t *testing.T, text string) string {
		all, err := useradd.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/default/useradd": text, "usr/sbin/useradd": "x"})))
		if err != nil {
			return bytetable.Error
		}
		return all["INACTIVE"].Value
	}, func(_ *testing.T, text string) string {
		if tree == "" {
			tree = oracle.Copy(t, oracle.Tree(t, "bookworm"))
		}
		if err := os.WriteFile(filepath.Join(tree, "etc/default/useradd"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, _ := oracle.ChrootCode(t, tree, "useradd", "-D")
		for line := range strings.Lines(string(out)) {
			if value, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "INACTIVE="); ok {
				return value
			}
		}
		return bytetable.Error
	}, nil)
}
