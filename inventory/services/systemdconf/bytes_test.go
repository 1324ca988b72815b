package systemdconf_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/systemdconf"
)

// The library that systemd's programs share reads the files, and the values of each kind. A setting that
// the reader cannot tell is an error here.
func TestBytes(t *testing.T) {
	journal := func(key, value, other string) bytetable.Line {
		return bytetable.Line{Head: "[Journal]\n", Key: key, Sep: "=", Value: value, Other: other, Comment: "#"}
	}
	for _, c := range []struct {
		kind, file, key, compiled string
		line                      bytetable.Line
		more                      map[string]string
	}{
		{"choice", "journald.conf", "Storage", "auto", journal("Storage", "persistent", "volatile"), map[string]string{
			"a semicolon before": "[Journal]\n;x\nStorage=persistent\n", "another section": "[Journals]\nStorage=persistent\n", "section with X-": "[X-Journal]\nStorage=persistent\n", "section in small letters": "[journal]\nStorage=persistent\n", "blanks in the header": "[ Journal ]\nStorage=persistent\n", "blanks around the header": " [Journal] \nStorage=persistent\n", "junk behind the header": "[Journal] x\nStorage=persistent\n",
			"an open header": "[Journal\nStorage=persistent\n", "an empty header": "[]\nStorage=persistent\n", "taken back": "[Journal]\nStorage=persistent\nStorage=\n", "section again": "[Journal]\nStorage=volatile\n[Journal]\nStorage=persistent\n", "a comment in a continued line": "[Journal]\nStorage=pers\\\n# x\nistent\n", "no section": "Storage=persistent\n", "header twice": "[[Journal]]\nStorage=persistent\n", "a mark behind": "[Journal]\n\ufeffStorage=persistent\n",
			"no value, then one": "[Journal]\nStorage=\nStorage=persistent\n", "header continued": "[Journal]\\\nStorage=persistent\n", "comment continued": "[Journal]\n# x\\\nStorage=persistent\n", "an equals sign first": "[Journal]\n=persistent\nStorage=volatile\n", "two equals signs": "[Journal]\nStorage==persistent\n", "a line of a megabyte": "[Journal]\n#" + strings.Repeat("x", 1<<20) + "\nStorage=persistent\n", "a line longer than that": "[Journal]\n#" + strings.Repeat("x", 1<<20+1) + "\nStorage=persistent\n",
		}},
		{"boolean", "journald.conf", "ReadKMsg", "yes", journal("ReadKMsg", "no", "yes"), map[string]string{
			"1": "[Journal]\nReadKMsg=1\n", "0": "[Journal]\nReadKMsg=0\n", "off": "[Journal]\nReadKMsg=off\n", "OFF": "[Journal]\nReadKMsg=OFF\n", "f": "[Journal]\nReadKMsg=f\n", "n": "[Journal]\nReadKMsg=n\n", "00": "[Journal]\nReadKMsg=00\n", "nope": "[Journal]\nReadKMsg=nope\n", "taken back": "[Journal]\nReadKMsg=no\nReadKMsg=\n", "bad behind": "[Journal]\nReadKMsg=no\nReadKMsg=x\n",
		}},
		{"span", "journald.conf", "SyncIntervalSec", "300", journal("SyncIntervalSec", "90", "45"), map[string]string{
			"units": "[Journal]\nSyncIntervalSec=1min 30s\n", "infinity": "[Journal]\nSyncIntervalSec=infinity\n", "Infinity": "[Journal]\nSyncIntervalSec=Infinity\n", "infinity and blank": "[Journal]\nSyncIntervalSec=infinity \n", "fraction": "[Journal]\nSyncIntervalSec=1.5m\n", "tiny": "[Journal]\nSyncIntervalSec=1us\n", "negative": "[Journal]\nSyncIntervalSec=-5\n", "plus": "[Journal]\nSyncIntervalSec=+5\n", "hexadecimal": "[Journal]\nSyncIntervalSec=0x10\n", "large": "[Journal]\nSyncIntervalSec=9999999999\n", "too large": "[Journal]\nSyncIntervalSec=99999999999999999999\n",
			"no blank": "[Journal]\nSyncIntervalSec=1min30\n", "blank before the unit": "[Journal]\nSyncIntervalSec=1 min\n", "unknown unit": "[Journal]\nSyncIntervalSec=1fortnight\n", "zeros": "[Journal]\nSyncIntervalSec=0090\n", "many digits": "[Journal]\nSyncIntervalSec=1.123456789\n", "thousands of years": "[Journal]\nSyncIntervalSec=300y\n", "fraction at the end": "[Journal]\nSyncIntervalSec=5.\n", "zero": "[Journal]\nSyncIntervalSec=0\n", "bad behind": "[Journal]\nSyncIntervalSec=5\nSyncIntervalSec=x\n",
		}},
		{"size", "journald.conf", "SystemMaxUse", "", journal("SystemMaxUse", "64M", "1G"), map[string]string{
			"units": "[Journal]\nSystemMaxUse=1G 500M\n", "infinity": "[Journal]\nSystemMaxUse=infinity\n", "fraction": "[Journal]\nSystemMaxUse=1.5K\n", "negative": "[Journal]\nSystemMaxUse=-5\n", "plus": "[Journal]\nSystemMaxUse=+5\n", "hexadecimal": "[Journal]\nSystemMaxUse=0x10\n", "octal": "[Journal]\nSystemMaxUse=010\n", "small unit": "[Journal]\nSystemMaxUse=5k\n", "two letters": "[Journal]\nSystemMaxUse=5KB\n", "wrong order": "[Journal]\nSystemMaxUse=5M 1G\n", "the same unit": "[Journal]\nSystemMaxUse=5M 1M\n", "too large": "[Journal]\nSystemMaxUse=99999E\n", "blank before the unit": "[Journal]\nSystemMaxUse=5 M\n",
			"no blank": "[Journal]\nSystemMaxUse=1G500M\n", "percent": "[Journal]\nSystemMaxUse=10%\n", "zero": "[Journal]\nSystemMaxUse=0\n", "plain number": "[Journal]\nSystemMaxUse=1048576\n", "bytes": "[Journal]\nSystemMaxUse=7B\n", "fraction of a byte": "[Journal]\nSystemMaxUse=1.5\n", "many digits": "[Journal]\nSystemMaxUse=1.123456789G\n", "bad behind": "[Journal]\nSystemMaxUse=5M\nSystemMaxUse=x\n", "largest": "[Journal]\nSystemMaxUse=18446744073709551615\n", "15E": "[Journal]\nSystemMaxUse=15E\n",
		}},
		{"list", "timesyncd.conf", "NTP", "", bytetable.Line{Head: "[Time]\n", Key: "NTP", Sep: "=", Value: "a.example b.example", Other: "c.example", Comment: "#"}, map[string]string{
			"taken back": "[Time]\nNTP=a\nNTP=\nNTP=b\n", "quoted": "[Time]\nNTP=\"a b\" c\n", "escape": "[Time]\nNTP=a\\x20b\n", "a backslash": "[Time]\nNTP=a\\b\n", "comma": "[Time]\nNTP=a,b\n", "twice the same": "[Time]\nNTP=a\nNTP=a\n", "IPv6": "[Time]\nNTP=2001:db8::1\n",
		}},
	} {
		t.Run(c.kind, func(t *testing.T) {
			texts := c.line.Texts()
			maps.Copy(texts, c.more)
			section, _ := systemdconf.Section(c.file, c.key)
			program := map[string]string{"journald.conf": "journald", "timesyncd.conf": "timesyncd"}[c.file]
			bytetable.Test(t, c.kind, texts, func(t *testing.T, text string) string {
				conf, err := systemdconf.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{
					"usr/lib/systemd/systemd-" + program: "x", "etc/systemd/" + c.file: text,
				})), c.file)
				if err != nil {
					return bytetable.Error
				}
				v, ok := conf.Lookup(section, c.key)
				if !ok && (c.compiled != "" || strings.ContainsAny(text, "\\\"'")) {
					return bytetable.Error // it cannot be told
				}
				return printable(v.Value)
			}, reader(append([]string{c.kind, section, c.key, c.compiled}, "volatile", "persistent", "auto", "none"), texts), nil)
		})
	}
}

// reader returns what the library makes of texts, all of which are asked about at once.
func reader(args []string, texts map[string]string) bytetable.Reader {
	var said map[string]string
	return func(t *testing.T, text string) string {
		if said == nil {
			oracle.Need(t, "/usr/bin/python3")
			oracle.Try(t, nil, "/usr/bin/python3", "-c", "import ctypes, glob; ctypes.CDLL(glob.glob('/usr/lib/*/systemd/libsystemd-shared-*.so')[0]).config_parse")
			asked := map[string][]byte{}
			for _, text := range texts {
				asked[fmt.Sprintf("%q", text)] = []byte(text)
			}
			in, err := json.Marshal(asked)
			if err != nil {
				t.Fatal(err)
			}
			out := oracle.RunWith(t, in, "/usr/bin/python3", append([]string{"testdata/ask.py"}, args...)...)
			if err := json.Unmarshal(out, &said); err != nil {
				t.Fatal(err)
			}
		}
		var b []byte
		for _, r := range said[fmt.Sprintf("%q", text)] {
			b = append(b, byte(r)) // a character for each byte
		}
		return printable(string(b))
	}
}

// printable keeps a value on its line of the table.
func printable(value string) string {
	quoted := fmt.Sprintf("%q", value)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}
