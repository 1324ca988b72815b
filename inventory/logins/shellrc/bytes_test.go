package shellrc_test

import (
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/shellrc"
)

// bash runs the file, and tells its mask and a variable. Several outcomes, or one that has to be worked
// out, count as an error, since a rule does not pass by them.
func TestBytes(t *testing.T) {
	for name, c := range map[string]struct {
		line bytetable.Line
		more map[string]string
	}{
		"umask": {bytetable.Line{Key: "umask", Sep: " ", Value: "027", Other: "000", Comment: "#"}, map[string]string{
			"one digit": "umask 7\n", "two digits": "umask 27\n", "four digits": "umask 0027\n", "five digits": "umask 00027\n", "an 8": "umask 028\n", "too large": "umask 7777\n", "a sign": "umask +027\n", "less than none": "umask -1\n", "symbols": "umask u=rwx,g=rx,o=\n", "a symbol taken": "umask g-w\n", "symbols in capitals": "umask U=RWX\n",
			"an option": "umask -S 027\n", "an option alone": "umask -S\n", "an unknown option": "umask -x 027\n", "two dashes": "umask -- 027\n", "a semicolon": "umask 027; umask 000\n", "and": "umask 027 && umask 000\n", "in the background": "umask 000 &\n", "in a subshell": "umask 027\n(umask 000)\n", "in a group": "{ umask 000; }\n",
			"by command": "command umask 000\n", "by builtin": "builtin umask 000\n", "escaped": "\\umask 000\n", "quoted": "\"umask\" 000\n", "with a variable before": "A=b umask 000\n", "an alias": "alias x='umask 000'\nx\n", "by eval": "umask 027\neval 'umask 000'\n", "a pipe": "umask 027\numask 000 | cat\n", "in a here-document": "cat <<E\numask 000\nE\n",
			"an open here-document": "umask 027\ncat <<E\numask 000\n", "not": "! umask 027\n", "time": "time umask 027\n", "of a variable": "m=000\numask $m\n", "syntax error behind": "umask 027\nif\n", "syntax error before": "fi\numask 027\n", "hexadecimal": "umask 0x17\n", "a blank in quotes": "umask ' 027'\n", "an empty text": "umask ''\n",
			"in two lines": "umask \\\n 027\n", "a function of that name": "umask() { :; }\numask 027\n", "return before": "return\numask 027\n",
		}},
		"TMOUT": {bytetable.Line{Key: "TMOUT", Sep: "=", Value: "600", Other: "0", Comment: "#"}, map[string]string{
			"readonly": "readonly TMOUT=600\nTMOUT=0\n", "declare": "declare -r TMOUT=600\n", "typeset": "typeset TMOUT=600\n", "export": "export TMOUT=600\n", "let": "let TMOUT=600\n", "arithmetic": "((TMOUT=600))\n", "read": "read TMOUT <<< 600\n", "for": "for TMOUT in 600; do :; done\n", "unset": "TMOUT=600\nunset TMOUT\n", "unset -v": "TMOUT=600\nunset -v TMOUT\n",
			"added": "TMOUT=6\nTMOUT+=00\n", "printf": "TMOUT=600\nprintf -v TMOUT 0\n", "mapfile": "TMOUT=600\nmapfile TMOUT < /dev/null\n", "before a command": "TMOUT=600 :\n", "before a command, changed": "TMOUT=600\nTMOUT=0 :\n", "default": ": ${TMOUT=600}\n", "an element": "TMOUT=600\nTMOUT[0]=0\n", "integer": "declare -i TMOUT=600+1\n", "a reference": "declare -n x=TMOUT\nx=600\n",
			"quotes": "TMOUT='6'\"00\"\n", "dollar quotes": "TMOUT=$'600'\n", "two in a line": "TMOUT=0 TMOUT=600\n", "declare in a function": "f() { declare TMOUT=600; }\nf\n", "getopts": "TMOUT=600\ngetopts a TMOUT\n", "export -n": "TMOUT=600\nexport -n TMOUT\n", "local": "f() { local TMOUT=600; }\nf\n", "select": "TMOUT=600\nselect TMOUT in 0; do break; done </dev/null\n", "an operator": "TMOUT=600\n: $((TMOUT=0))\n",
		}},
	} {
		texts := c.line.Texts()
		maps.Copy(texts, c.more)
		dir := t.TempDir()
		bytetable.Test(t, name, texts, func(t *testing.T, text string) string {
			all, err := profileOf(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/profile": text})))
			if err != nil {
				return bytetable.Error
			}
			if name == "umask" {
				masks := shellrc.Masks(all, shellrc.Mask{Text: "022"})
				if len(masks) != 1 || !masks[0].Text.Known() {
					return bytetable.Error
				}
				n, err := strconv.ParseUint(string(masks[0].Text), 8, 12)
				if err != nil {
					return bytetable.Error
				}
				return strconv.FormatUint(n, 8)
			}
			values := shellrc.Variables(all, "TMOUT")
			if len(values) != 1 || !values[0].Value.Known() {
				return bytetable.Error
			}
			return printable(string(values[0].Value))
		}, func(t *testing.T, text string) string {
			file := filepath.Join(dir, "profile")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			out, code := oracle.Code(t, "bash", "--noprofile", "--norc", "-c", `unset TMOUT; umask 022; . "$0" >/dev/null 2>&1; builtin umask; printf '%s' "$TMOUT"`, file)
			mask, value, _ := strings.Cut(string(out), "\n")
			if code != 0 {
				return bytetable.Error
			}
			if name == "umask" {
				n, _ := strconv.ParseUint(mask, 8, 12)
				return strconv.FormatUint(n, 8)
			}
			return printable(value)
		}, map[string]map[string]string{
			"TMOUT": {"arithmetic": unset, "for": unset},
		}[name])
	}
}

const unset = "it is read as not set, by which no rule passes"

// printable keeps a value on its line of the table.
func printable(value string) string {
	if len(value) > 200 {
		value = value[:200] + "..."
	}
	return strings.NewReplacer("\r", "\\r", "\v", "\\v", "\f", "\\f", "\x1b", "\\e", "\x7f", "\\d", "\n", "\\n").Replace(value)
}
