package openrc_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/openrc"
)

// A shell that runs the file has the value.
func TestBytesOfConf(t *testing.T) {
	texts := bytetable.Line{Key: "xopts", Sep: "=", Value: "-F", Other: "-r", Comment: "#"}.Texts()
	maps.Copy(texts, map[string]string{
		"export": "export xopts=-F\n", "two": "xopts=-F a=b\n", "a command behind": "xopts=-F true\n", "a semicolon": "xopts=-F;xopts=-r\n", "and": "xopts=-F && xopts=-r\n", "a variable": "a=-F\nxopts=$a\n", "a variable in quotes": "xopts=\"$HOME\"\n", "a variable in single quotes": "xopts='$HOME'\n",
		"an escaped dollar": "xopts=\\$a\n", "an escaped dollar in quotes": "xopts=\"\\$a\"\n", "a command": "xopts=$(echo x)\n", "backticks": "xopts=`echo x`\n", "home": "xopts=~/x\n", "home within": "xopts=a:~/x\n", "a tilde within": "xopts=a~\n", "star": "xopts=*\n", "joined quotes": "xopts=\"a\"'b'c\n",
		"quotes over lines": "xopts=\"a\nb\"\n", "single quotes over lines": "xopts='a\nb'\n", "continued in quotes": "xopts=\"a\\\nb\"\n", "an escape in quotes": "xopts=\"a\\b\"\n", "an escaped backslash": "xopts=\"a\\\\b\"\n", "a hash in a word": "xopts=a#b\n", "a hash first": "xopts=#b\n", "unset": "xopts=-F\nunset xopts\n", "if": "if true; then xopts=-r; fi\n",
		"a function": "f() { xopts=-r; }\nf\n", "a redirection": "xopts=-F >/dev/null\n", "an array": "xopts=(a b)\n", "added": "xopts=a\nxopts+=b\n", "braces": "xopts={a,b}\n", "an open quote at the end": "xopts=-F\na=\"b\n", "a name with a dash": "x-y=z\nxopts=-F\n", "a dot": ". /nowhere\nxopts=-F\n",
	})
	dir := t.TempDir()
	bytetable.Test(t, "conf.d", texts, func(t *testing.T, text string) string {
		all, err := openrc.Conf(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/conf.d/x": text})), "x")
		if err != nil {
			return bytetable.Error
		}
		return printable(all["xopts"].Value)
	}, func(t *testing.T, text string) string {
		file := filepath.Join(dir, "conf")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, code := oracle.Code(t, "dash", "-c", `HOME=/h PATH=/nowhere; . "$0" >/dev/null 2>&1; printf '%s' "$xopts"`, file)
		if code != 0 {
			return bytetable.Error
		}
		return printable(string(out))
	}, nil)
}

// printable keeps a value on its line of the table.
func printable(value string) string {
	if len(value) > 200 {
		value = value[:200] + "..."
	}
	return strings.NewReplacer("\r", "\\r", "\v", "\\v", "\f", "\\f", "\x1b", "\\e", "\x7f", "\\d", "\n", "\\n").Replace(value)
}
