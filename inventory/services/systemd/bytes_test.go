package systemd_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// A manager that loads a unit for each text tells the description and the command of each. A unit
// that it does not load, or that has no command then, is an error.
func TestBytes(t *testing.T) {
	for key, c := range map[string]struct {
		line bytetable.Line
		more map[string]string
	}{
		"Description": {bytetable.Line{Head: "[Service]\nExecStart=/bin/true\n[Unit]\n", Key: "Description", Sep: "=", Value: "abc", Other: "xyz", Comment: "#"}, map[string]string{
			"a semicolon before": "[Service]\nExecStart=/bin/true\n[Unit]\n;x\nDescription=abc\n", "another section": "[Service]\nExecStart=/bin/true\nDescription=abc\n", "section unknown": "[Service]\nExecStart=/bin/true\n[Xyz]\nDescription=abc\n", "section with X-": "[Service]\nExecStart=/bin/true\n[X-Unit]\nDescription=abc\n",
			"section in small letters": "[Service]\nExecStart=/bin/true\n[unit]\nDescription=abc\n", "blanks in the header": "[Service]\nExecStart=/bin/true\n[ Unit ]\nDescription=abc\n", "junk behind the header": "[Service]\nExecStart=/bin/true\n[Unit] x\nDescription=abc\n", "an open header": "[Service]\nExecStart=/bin/true\n[Unit\nDescription=abc\n",
			"taken back": "[Service]\nExecStart=/bin/true\n[Unit]\nDescription=abc\nDescription=\n", "section again": "[Unit]\nDescription=abc\n[Service]\nExecStart=/bin/true\n[Unit]\nDescription=xyz\n", "a comment in a continued line": "[Service]\nExecStart=/bin/true\n[Unit]\nDescription=a\\\n# x\nbc\n", "no section": "Description=abc\n[Service]\nExecStart=/bin/true\n",
		}},
		"ExecStart": {bytetable.Line{Head: "[Service]\nType=oneshot\n", Key: "ExecStart", Sep: "=", Value: "/bin/true", Other: "/bin/false", Comment: "#"}, map[string]string{
			"taken back": "[Service]\nType=oneshot\nExecStart=/bin/false\nExecStart=\nExecStart=/bin/true\n", "relative": "[Service]\nType=oneshot\nExecStart=./true\n", "a name": "[Service]\nType=oneshot\nExecStart=true\n", "a folder": "[Service]\nType=oneshot\nExecStart=/bin/\n", "dots": "[Service]\nType=oneshot\nExecStart=/bin/../bin/true\n",
			"a dash": "[Service]\nType=oneshot\nExecStart=-/bin/true\n", "an at": "[Service]\nType=oneshot\nExecStart=@/bin/true x\n", "two signs": "[Service]\nType=oneshot\nExecStart=-@/bin/true x\n", "a dash and a blank": "[Service]\nType=oneshot\nExecStart=- /bin/true\n", "a semicolon": "[Service]\nType=oneshot\nExecStart=/bin/true ; /bin/false\n",
			"an escape": "[Service]\nType=oneshot\nExecStart=/bin/true a\\x20b\n", "an unknown escape": "[Service]\nType=oneshot\nExecStart=/bin/true a\\qb\n", "quotes": "[Service]\nType=oneshot\nExecStart=/bin/true \"a b\"\n", "quotes within": "[Service]\nType=oneshot\nExecStart=/bin/true a\"b c\"\n", "not oneshot, two": "[Service]\nExecStart=/bin/true\nExecStart=/bin/false\n",
		}},
	} {
		texts := c.line.Texts()
		maps.Copy(texts, c.more)
		var said map[string]string
		bytetable.Test(t, key, texts, func(t *testing.T, text string) string {
			us, err := systemd.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"usr/lib/systemd/systemd": "x", "etc/systemd/system/t.service": text})))
			if err != nil {
				return bytetable.Error
			}
			u, ok := us.Unit("t.service")
			if !ok || u.Load != systemd.Loaded {
				return bytetable.Error
			}
			if key == "ExecStart" {
				d, invalid := describeUnit(u)
				if invalid || d.ExecStart == nil {
					return bytetable.Error
				}
				return fmt.Sprintf("%q", d.ExecStart)
			}
			v, _ := u.Lookup("Unit", "Description")
			return printable(v.Text)
		}, func(_ *testing.T, text string) string {
			if said == nil {
				said = askManager(t, key, texts)
			}
			return said[text]
		}, map[string]map[string]string{
			"Description": {"a blank line": "a service without a command is refused; this package does not judge settings"},
			"ExecStart":   {"not oneshot, two": "a service of another type than oneshot with two commands is refused; this package does not judge settings"},
		}[key])
	}
}

// askManager loads all texts at once.
func askManager(t *testing.T, key string, texts map[string]string) map[string]string {
	tree := oracle.Copy(t, oracle.Tree(t, "bookworm"))
	said := map[string]string{}
	wants := "[Unit]\n"
	all := slices.Compact(slices.Sorted(maps.Values(texts)))
	for i, text := range all {
		name := fmt.Sprintf("t%03d.service", i)
		wants += "Wants=" + name + "\n"
		if err := os.WriteFile(filepath.Join(tree, "etc/systemd/system", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(tree, "etc/systemd/system/t.target"), []byte(wants), 0o644); err != nil {
		t.Fatal(err)
	}
	units, _ := runManager(t, tree, "t.target")
	for i, text := range all {
		name := fmt.Sprintf("t%03d.service", i)
		d := units[name]
		switch {
		case d == nil || d.one("Unit Load State") != "loaded":
			said[text] = bytetable.Error
		case key == "Description":
			if value := d.one("Description"); value != name {
				said[text] = printable(value)
			}
		default:
			var commands [][]string
			for _, line := range d["ExecStart/Command Line"] {
				commands = append(commands, unquote(t, line))
			}
			said[text] = fmt.Sprintf("%q", commands)
		}
	}
	return said
}

// printable keeps a value on its line of the table.
func printable(value string) string {
	if len(value) > 200 {
		value = value[:200] + "..."
	}
	return strings.NewReplacer("\r", "\\r", "\v", "\\v", "\f", "\\f", "\x1b", "\\e", "\x7f", "\\d", "\n", "\\n").Replace(value)
}
