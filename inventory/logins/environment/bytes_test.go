package environment_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/environment"
)

// A session that pam_env opens has the variable.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "XPATH", Sep: "=", Value: "/usr/bin", Other: "/tmp", Comment: "#"}.Texts()
	maps.Copy(texts, map[string]string{
		"export": "export XPATH=/usr/bin\n", "export, blanks": "  export   XPATH=/usr/bin\n", "export in capitals": "EXPORT XPATH=/usr/bin\n", "export by a tab": "export\tXPATH=/usr/bin\n", "unset": "XPATH=/usr/bin\nXPATH=\n", "two equals signs": "XPATH==/usr/bin\n", "a variable": "XPATH=$HOME/bin\n", "a variable in braces": "XPATH=${HOME}/bin\n", "home": "XPATH=~/bin\n",
		"a semicolon": "; x\nXPATH=/usr/bin\n", "semicolon behind": "XPATH=/usr/bin; x\n", "escape": "XPATH=/usr\\/bin\n", "escaped quote": "XPATH=\"/usr/\\\"bin\"\n", "quotes joined": "XPATH=\"/usr\"/bin\n", "quotes within": "XPATH=/usr/\"b in\"\n", "a blank within": "XPATH=/usr/bin /x\n", "blanks in quotes": "XPATH=\"/usr bin \"\n",
		"open quote at the end": "XPATH=\"/usr/bin\n", "quote at the end": "XPATH=/usr/bin\"\n", "one quote": "XPATH=\"\n", "two quotes": "XPATH=\"\"\n", "mixed quotes": "XPATH=\"/usr/bin'\n", "over lines": "XPATH=\"/usr\n/bin\"\n", "hash in quotes": "XPATH=\"/usr#bin\"\n", "key with a dash": "X-PATH=/tmp\nXPATH=/usr/bin\n",
		"key with a dot": "X.PATH=/tmp\nXPATH=/usr/bin\n", "digit first": "1X=/tmp\nXPATH=/usr/bin\n", "long": "XPATH=/" + strings.Repeat("x", 1000) + "\n", "longer": "XPATH=/" + strings.Repeat("x", 1030) + "\n", "longer comment": "#" + strings.Repeat("x", 1020) + "\nXPATH=/usr/bin\n",
	})
	for _, suite := range oracle.Suites {
		testSuite(t, suite, texts)
		maps.DeleteFunc(texts, func(name, _ string) bool { return control.MatchString(name) })
	}
}

// control are texts that the first release is asked about alone.
var control = regexp.MustCompile("^(DEL|ESC|FF|NBSP|NUL|VT) ?")

func testSuite(t *testing.T, suite string, texts map[string]string) {
	var tree string
	bytetable.Test(t, suite, texts, func(t *testing.T, text string) string {
		all, err := environment.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/environment": text})))
		if err != nil {
			return bytetable.Error
		}
		value := ""
		for _, v := range all {
			if v.Name == "XPATH" {
				value = v.Value
			}
		}
		return printable(value)
	}, func(_ *testing.T, text string) string {
		if tree == "" {
			oracle.Need(t, "chroot")
			tree = oracle.Copy(t, oracle.Tree(t, suite))
			write(t, tree, "etc/pam.d/su", "auth required pam_permit.so\naccount required pam_permit.so\nsession required pam_env.so\n")
			write(t, tree, "etc/passwd", "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/:/bin/sh\n")
		}
		write(t, tree, "etc/environment", text)
		out, code := oracle.ChrootCode(t, tree, "su", "alice", "-c", "printf '%s' \"$XPATH\"")
		if code != 0 {
			return bytetable.Error
		}
		return printable(string(out))
	}, nil)
}

func write(t *testing.T, tree, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(tree, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// printable keeps a value on its line of the table.
func printable(value string) string {
	if len(value) > 200 {
		value = value[:200] + "..."
	}
	return strings.NewReplacer("\r", "\\r", "\v", "\\v", "\f", "\\f", "\x1b", "\\e", "\x7f", "\\d", "\n", "\\n").Replace(value)
}
