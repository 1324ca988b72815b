package passwd_test

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
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// getent lists the entries that the C library finds. Of a password both tell the kind.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "alice", Sep: ":", Value: "x:1000:1000::/home/alice:/bin/sh", Other: "x:0:0::/root:/bin/sh", Comment: "#"}.Texts()
	maps.Copy(texts, map[string]string{
		"a sign": "a:x:+1000:1000::/:/bin/sh\n", "less than none": "a:x:-1:1000::/:/bin/sh\n", "octal": "a:x:010:1000::/:/bin/sh\n", "hexadecimal": "a:x:0x0:0::/:/bin/sh\n", "too large": "a:x:4294967296:0::/:/bin/sh\n", "largest": "a:x:4294967295:0::/:/bin/sh\n", "much too large": "a:x:99999999999999999999:0::/:/bin/sh\n",
		"no id": "a:x::0::/:/bin/sh\n", "no group": "a:x:0:::/:/bin/sh\n", "a blank before an id": "a:x: 0:0::/:/bin/sh\n", "a blank behind an id": "a:x:0 :0::/:/bin/sh\n", "junk at an id": "a:x:0x:0::/:/bin/sh\n", "no name": ":x:0:0::/:/bin/sh\n", "too few fields": "a:x:0:0:/:/bin/sh\n", "three fields": "a:x:0\n", "four fields": "a:x:0:0\n", "too many fields": "a:x:0:0::/:/bin/sh:x\n",
		"no password": "a::0:0::/:/bin/sh\n", "no shell": "a:x:0:0::/:\n", "a blank in a name": "a b:x:0:0::/:/bin/sh\n", "compat": "+\na:x:0:0::/:/bin/sh\n", "compat, minus": "-a\na:x:0:0::/:/bin/sh\n", "compat with a name": "+a::::::\n", "a comment with fields": "#a:x:0:0::/:/bin/sh\n", "a comma in the comment": "a:x:0:0:A,B:/:/bin/sh\n", "a hash behind": "a:x:0:0::/:/bin/sh #x\n",
	})
	var tree string
	bytetable.Test(t, "passwd", texts, func(t *testing.T, text string) string {
		all, err := passwd.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/passwd": text})))
		if err != nil {
			return bytetable.Error
		}
		var lines []string
		for _, x := range all {
			lines = append(lines, fmt.Sprintf("%s:%v:%d:%d:%s:%s:%s", x.Name, x.Password, x.UID, x.GID, x.Comment, x.Home, x.Shell))
		}
		return printable(strings.Join(lines, " "))
	}, func(_ *testing.T, text string) string {
		if tree == "" {
			tree = oracle.Copy(t, oracle.Tree(t, "bookworm"))
			if err := os.WriteFile(filepath.Join(tree, "etc/nsswitch.conf"), []byte("passwd: files\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(tree, "etc/passwd"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var lines []string
		out, _ := oracle.ChrootCode(t, tree, "getent", "passwd")
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
