package pam_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// libpwquality tells its settings. Those of pam_faillock show in whom it lets in: somebody who failed so
// often, so long ago.
func TestSettingsBytes(t *testing.T) {
	for key, c := range map[string]struct {
		file string
		line bytetable.Line
		more map[string]string
	}{
		"minlen": {"pwquality", bytetable.Line{Key: "minlen", Sep: " = ", Value: "14", Other: "9", Comment: "#"}, map[string]string{
			"no sign": "minlen 14\n", "two signs": "minlen == 14\n", "tabs": "minlen\t=\t14\n", "octal": "minlen = 014\n", "hexadecimal": "minlen = 0x14\n", "a plus": "minlen = +14\n", "less than none": "minlen = -14\n", "a plus and blank": "minlen = + 14\n", "too large": "minlen = 2147483648\n", "much too large": "minlen = 99999999999999999999\n", "large": "minlen = 2147483647\n",
			"too small": "minlen = 3\n", "with a point": "minlen = 14.5\n", "underscores": "minlen = 1_4\n", "a bad line before": "xyzzy = 1\nminlen = 14\n", "a bad line behind": "minlen = 14\nminlen = x\nminlen = 9\n", "a bad switch": "enforce_for_root = x\nminlen = 14\n", "a switch, a line": "enforce_for_root\nminlen = 14\n", "words": "badwords = a b\nminlen = 14\n", "no words": "badwords\nminlen = 14\n", "words and a sign": "badwords =\nminlen = 14\n",
			"a dictionary": "dictpath = /x\nminlen = 14\n", "no dictionary": "dictpath\nminlen = 14\n", "another number": "difok\nminlen = 14\n", "line of 1022 bytes": pad(1021-12) + "\nminlen = 14\n", "comment of 1022 bytes": "#" + pad(1021) + "\nminlen = 14\n", "comment of 1023 bytes": "#" + pad(1022) + "\nminlen = 14\n", "comment of 1024 bytes": "#" + pad(1023) + "\nminlen = 14\n", "long line at the end": "minlen = 14\n#" + pad(1022), "longer line at the end": "minlen = 14\n#" + pad(1023),
			"a comment at the key": "minlen#x = 14\n", "a comment before": "#minlen = 9\nminlen = 14\n", "a sign first": "= 14\n", "a sign alone": "=\nminlen = 14\n", "local users": "local_users_only = 0\nminlen = 14\n", "retry": "retry = 3\nminlen = 14\n", "usersubstr": "usersubstr = 3\nminlen = 14\n", "gecoscheck": "gecoscheck = x\nminlen = 14\n",
		}},
		"dcredit":          {"pwquality", bytetable.Line{Key: "dcredit", Sep: "=", Value: "-1", Other: "1", Comment: "#"}, map[string]string{"a blank in the number": "dcredit = - 1\n", "no number": "dcredit = -\n", "large": "dcredit = -2147483648\n", "too large": "dcredit = -2147483649\n"}},
		"dictcheck":        {"pwquality", bytetable.Line{Key: "dictcheck", Sep: " = ", Value: "0", Other: "1", Comment: "#"}, map[string]string{"two": "dictcheck = 2\n", "a word": "dictcheck = no\n"}},
		"enforcing":        {"pwquality", bytetable.Line{Key: "enforcing", Sep: " = ", Value: "0", Other: "1", Comment: "#"}, map[string]string{"two": "enforcing = 2\n", "a word": "enforcing = no\n"}},
		"enforce_for_root": {"pwquality", bytetable.Line{Key: "enforce_for_root", Sep: "", Value: "", Other: " = 0", Comment: "#"}, map[string]string{"zero": "enforce_for_root = 0\n", "no": "enforce_for_root=no\n", "none": "# enforce_for_root\n"}},
		"deny": {"faillock", bytetable.Line{Key: "deny", Sep: " = ", Value: "5", Other: "9", Comment: "#"}, map[string]string{
			"no sign": "deny 5\n", "two signs": "deny == 5\n", "octal": "deny = 05\n", "hexadecimal": "deny = 0x5\n", "a plus": "deny = +5\n", "a plus and blank": "deny = + 5\n", "less than none": "deny = -5\n", "zero": "deny = 0\n", "zero, as two": "deny = 00\n", "zero and more": "deny = 0x\n", "too large": "deny = 65541\n", "much too large": "deny = 4294967301\n", "far too large": "deny = 99999999999999999999\n", "less than a short": "deny = -65531\n",
			"with a point": "deny = 5.9\n", "a bad line before": "xyzzy = 1\ndeny = 5\n", "a bad line behind": "deny = 5\ndeny = x\n", "a switch with a value": "even_deny_root = no\ndeny = 5\n", "line of 1022 bytes": "#" + pad(1021) + "\ndeny = 5\n", "line of 1023 bytes": "#" + pad(1022) + "\ndeny = 5\n", "line of 1024 bytes": "#" + pad(1023) + "\ndeny = 5\n", "a comment at the key": "deny#x = 5\n", "a sign first": "= 5\n", "a sign alone": "=\ndeny = 5\n", "a folder": "dir = \ndeny = 5\n", "a group": "admin_group =\ndeny = 5\n",
			"a folder and a sign": "dir=/nowhere\ndeny = 5\n", "action": "authfail\ndeny = 5\n", "conf": "conf=/dev/null\ndeny = 5\n",
		}},
		"unlock_time": {"faillock", bytetable.Line{Key: "unlock_time", Sep: " = ", Value: "300", Other: "900", Comment: "#"}, map[string]string{
			"never": "unlock_time = never\n", "never in capitals": "unlock_time = NEVER\n", "never and more": "unlock_time = neverx\n", "never and a blank": "unlock_time = never \n", "never quoted": "unlock_time = \"never\"\n", "zero": "unlock_time = 0\n", "zero and more": "unlock_time = 0x300\n", "the longest": "unlock_time = 604800\n", "too long": "unlock_time = 604801\n", "much too long": "unlock_time = 4294967296\n", "far too long": "unlock_time = 99999999999999999999\n", "less than none": "unlock_time = -1\n",
			"less than a week": "unlock_time = -4294967000\n", "a unit": "unlock_time = 300m\n", "a blank in it": "unlock_time = 3 00\n", "nothing behind": "unlock_time = 300\nunlock_time =\n", "root": "root_unlock_time = 300\n",
		}},
	} {
		t.Run(key, func(t *testing.T) {
			texts := c.line.Texts()
			maps.Copy(texts, c.more)
			bytetable.Test(t, key, texts, func(t *testing.T, text string) string {
				e := parseStack(t, "required pam_"+c.file+".so")[0]
				s, err := e.Settings(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/security/" + c.file + ".conf": text})))
				if err != nil {
					return bytetable.Error
				}
				if key == "enforce_for_root" {
					return map[bool]string{true: "1", false: "0"}[s.On(key)]
				}
				return s[key].Value
			}, settingsReader(key, texts), nil)
		})
	}
}

// settingsReader returns what the programs make of texts, all of which are asked about at once.
func settingsReader(key string, texts map[string]string) bytetable.Reader {
	var said map[string]string
	return func(t *testing.T, text string) string {
		if said == nil {
			oracle.Need(t, "/usr/bin/python3")
			if os.Geteuid() != 0 {
				oracle.Lack(t, "pam_faillock asks for root's files")
			}
			oracle.Try(t, nil, "/usr/bin/python3", "-c", "import ctypes; ctypes.CDLL('libpwquality.so.1'); ctypes.CDLL('libpam.so.0').pam_start_confdir")
			asked := map[string][]byte{}
			for _, text := range texts {
				asked[fmt.Sprintf("%q", text)] = []byte(text)
			}
			in, err := json.Marshal(asked)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(oracle.RunWith(t, in, "/usr/bin/python3", "testdata/ask.py", key), &said); err != nil {
				t.Fatal(err)
			}
		}
		return strings.TrimSpace(said[fmt.Sprintf("%q", text)])
	}
}
