package logindefs_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/accounts/logindefs"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// An account that useradd makes has the days.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "PASS_MAX_DAYS", Sep: " ", Value: "90", Other: "365", Comment: "#"}.Texts()
	maps.Copy(texts, map[string]string{
		"octal": "PASS_MAX_DAYS 010\n", "hexadecimal": "PASS_MAX_DAYS 0x5a\n", "a sign": "PASS_MAX_DAYS +90\n", "less than none": "PASS_MAX_DAYS -1\n", "too large": "PASS_MAX_DAYS 99999999999999999999\n", "empty": "PASS_MAX_DAYS \"\"\n", "no number": "PASS_MAX_DAYS x\n",
		"bad value behind": "PASS_MAX_DAYS 90\nPASS_MAX_DAYS x\n", "bad value before": "PASS_MAX_DAYS x\nPASS_MAX_DAYS 90\n", "quote behind": "PASS_MAX_DAYS 90\"\n", "two quotes": "PASS_MAX_DAYS \"\"90\"\"\n", "blank in quotes": "PASS_MAX_DAYS \" 90 \"\n", "tab": "PASS_MAX_DAYS\t90\n",
		"long": "PASS_MAX_DAYS" + strings.Repeat(" ", 1100) + "90\n", "a colon": "PASS_MAX_DAYS: 90\n", "a hash in the value": "PASS_MAX_DAYS 9#0\n", "key in quotes": "\"PASS_MAX_DAYS\" 90\n",
	})
	var tree string
	bytetable.Test(t, "login.defs", texts, func(t *testing.T, text string) string {
		all, err := logindefs.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/login.defs": text})))
		if err != nil {
			return bytetable.Error
		}
		return strings.TrimPrefix(all["PASS_MAX_DAYS"].Value, "-1") // for no days
	}, func(_ *testing.T, text string) string {
		if tree == "" {
			tree = oracle.Copy(t, oracle.Tree(t, "bookworm"))
		}
		for name, text := range map[string]string{"passwd": "root:x:0:0::/root:/bin/sh\n", "shadow": "root:*:19000:0:90:7:::\n", "login.defs": text} {
			if err := os.WriteFile(filepath.Join(tree, "etc", name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		_, code := oracle.ChrootCode(t, tree, "useradd", "-M", "-N", "alice")
		b, err := os.ReadFile(filepath.Join(tree, "etc/shadow"))
		for line := range strings.Lines(string(b)) {
			if f := strings.Split(line, ":"); f[0] == "alice" {
				return f[4]
			}
		}
		if err = errors.Join(err, os.WriteFile(filepath.Join(tree, "etc/shadow"), nil, 0o600)); err != nil || code == 0 {
			t.Fatal(code, err)
		}
		return bytetable.Error
	}, nil)
}
