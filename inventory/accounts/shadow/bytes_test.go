package shadow_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/accounts/crypt"
	"github.com/hardening-sdk/hardening/inventory/accounts/shadow"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// getent lists the entries that the C library finds. Of a password both tell the kind.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "alice", Sep: ":", Value: "$y$j9T$x:19000:0:90:7:30::", Other: "!:19000:0:99999:7:::", Comment: "#"}.Texts()
	maps.Copy(texts, map[string]string{
		"a sign": "a:*:+1:0:90:7:::\n", "less than none": "a:*:1:0:-1:7:::\n", "much less than none": "a:*:1:0:-5:7:::\n", "octal": "a:*:1:0:010:7:::\n", "hexadecimal": "a:*:1:0:0x5:7:::\n", "too large": "a:*:1:0:99999999999:7:::\n", "much too large": "a:*:1:0:99999999999999999999:7:::\n", "junk at days": "a:*:1:0:90x:7:::\n", "a blank before days": "a:*:1:0: 90:7:::\n", "a blank behind days": "a:*:1:0:90 :7:::\n",
		"no name": ":*:1:0:90:7:::\n", "too few fields": "a:*:1:0:90:7::\n", "five fields": "a:*:1:0:90\n", "too many fields": "a:*:1:0:90:7::::\n", "no password": "a::1:0:90:7:::\n", "no change": "a:*::0:90:7:::\n", "a zero": "a:*:0:0:90:7:::\n", "a blank as password": "a: :1:0:90:7:::\n", "compat": "+\na:*:1:0:90:7:::\n", "a hash behind": "a:*:1:0:90:7::: #x\n",
	})
	var tree string
	bytetable.Test(t, "shadow", texts, func(t *testing.T, text string) string {
		all, err := shadow.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/shadow": text})))
		if err != nil {
			return bytetable.Error
		}
		var lines []string
		for _, x := range all {
			lines = append(lines, fmt.Sprintf("%s:%v:%s:%s:%s:%s:%s:%s:", x.Name, x.Password, days(x.LastChange), days(x.Min), days(x.Max), days(x.Warn), days(x.Inactive), days(x.Expire)))
		}
		return printable(strings.Join(lines, " "))
	}, func(_ *testing.T, text string) string {
		if tree == "" {
			tree = oracle.Copy(t, oracle.Tree(t, "bookworm"))
			if err := os.WriteFile(filepath.Join(tree, "etc/nsswitch.conf"), []byte("shadow: files\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(tree, "etc/shadow"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var lines []string
		out, _ := oracle.ChrootCode(t, tree, "getent", "shadow")
		for line := range strings.Lines(string(out)) {
			f := strings.Split(strings.TrimSuffix(line, "\n"), ":")
			f[1] = crypt.Parse(f[1]).String()
			lines = append(lines, strings.Join(f, ":"))
		}
		return printable(strings.Join(lines, " "))
	}, nil)
}

// printable keeps a value on its line of the table.
func printable(value string) string {
	return strings.NewReplacer("\r", "\\r", "\v", "\\v", "\f", "\\f", "\x1b", "\\e", "\x7f", "\\d", "\n", "\\n").Replace(value)
}

// days writes a number of days as getent does.
func days(n int) string {
	if n == shadow.Unset {
		return ""
	}
	return fmt.Sprint(n)
}
