package group_test

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
	"github.com/hardening-sdk/hardening/inventory/accounts/group"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// getent lists the entries that the C library finds. Of a password both tell the kind.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "wheel", Sep: ":", Value: "x:10:alice", Other: "x:0:bob", Comment: "#"}.Texts()
	maps.Copy(texts, map[string]string{
		"a sign": "a:x:+10:\n", "less than none": "a:x:-1:\n", "octal": "a:x:010:\n", "hexadecimal": "a:x:0x0:\n", "too large": "a:x:4294967296:\n", "no id": "a:x::\n", "junk at an id": "a:x:0x:\n", "a blank before an id": "a:x: 0:\n", "a blank behind an id": "a:x:0 :\n", "no name": ":x:0:\n", "too few fields": "a:x:0\n", "too many fields": "a:x:0:b:c\n",
		"two members": "a:x:0:b,c\n", "a comma before": "a:x:0:,b\n", "a comma behind": "a:x:0:b,\n", "two commas": "a:x:0:b,,c\n", "blanks at members": "a:x:0: b , c \n", "a blank in a member": "a:x:0:b c\n", "a tab before a member": "a:x:0:b,\tc\n", "compat": "+\na:x:0:\n", "no password": "a::0:\n", "a hash behind": "a:x:0:b #c\n", "a member twice": "a:x:0:b,b\n",
	})
	var tree string
	bytetable.Test(t, "group", texts, func(t *testing.T, text string) string {
		all, err := group.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/group": text})))
		if err != nil {
			return bytetable.Error
		}
		var lines []string
		for _, x := range all {
			lines = append(lines, fmt.Sprintf("%s:%v:%d:%s", x.Name, x.Password, x.GID, strings.Join(x.Members, ",")))
		}
		return printable(strings.Join(lines, " "))
	}, func(_ *testing.T, text string) string {
		if tree == "" {
			tree = oracle.Copy(t, oracle.Tree(t, "bookworm"))
			if err := os.WriteFile(filepath.Join(tree, "etc/nsswitch.conf"), []byte("group: files\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(tree, "etc/group"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var lines []string
		out, _ := oracle.ChrootCode(t, tree, "getent", "group")
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
