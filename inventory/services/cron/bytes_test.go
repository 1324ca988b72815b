package cron_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/cron"
)

// crontab tells whether it takes a text, as the daemon does, and no more.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "1 2 * * *", Sep: " ", Value: "/bin/true", Other: "/bin/false", Comment: "#"}.Texts()
	maps.Copy(texts, map[string]string{
		"minute 60": "60 * * * * /bin/a\n", "hour 24": "* 24 * * * /bin/a\n", "day 0": "* * 0 * * /bin/a\n", "day 32": "* * 32 * * /bin/a\n", "month 13": "* * * 13 * /bin/a\n", "month 0": "* * * 0 * /bin/a\n", "weekday 7": "* * * * 7 /bin/a\n", "weekday 8": "* * * * 8 /bin/a\n",
		"a name of a month": "* * * feb * /bin/a\n", "a name in capitals": "* * * FEB * /bin/a\n", "a long name": "* * * february * /bin/a\n", "a name of no month": "* * * xyz * /bin/a\n", "a name for minutes": "jan * * * * /bin/a\n", "a name of a weekday": "* * * * sun /bin/a\n", "a month as a weekday": "* * * * jan /bin/a\n",
		"a range": "1-5 * * * * /bin/a\n", "a range backwards": "5-1 * * * * /bin/a\n", "an open range": "1- * * * * /bin/a\n", "a list": "1,2,3 * * * * /bin/a\n", "a list, a comma more": "1,2, * * * * /bin/a\n", "two commas": "1,,2 * * * * /bin/a\n", "a step": "*/5 * * * * /bin/a\n", "a step of a range": "1-30/5 * * * * /bin/a\n",
		"a step of a number": "1/5 * * * * /bin/a\n", "a step of none": "*/0 * * * * /bin/a\n", "an open step": "*/ * * * * /bin/a\n", "a step of a word": "*/x * * * * /bin/a\n", "a large step": "*/99 * * * * /bin/a\n", "two steps": "*/5/5 * * * * /bin/a\n", "star and more": "*5 * * * * /bin/a\n", "star in a range": "*-5 * * * * /bin/a\n", "random": "~ * * * * /bin/a\n",
		"random range": "1~5 * * * * /bin/a\n", "a long number": "0000000000000001 * * * * /bin/a\n", "names in a range": "* * * jan-mar * /bin/a\n", "names in a list": "* * * * mon,tue /bin/a\n", "five stars alone": "* * * * *\n", "four stars": "* * * * /bin/a\n",
		"daily": "@daily /bin/a\n", "in capitals": "@DAILY /bin/a\n", "unknown": "@xyzzy /bin/a\n", "annually": "@annually /bin/a\n", "midnight": "@midnight /bin/a\n", "every minute": "@every_minute /bin/a\n", "reboot": "@reboot /bin/a\n", "reboot alone": "@reboot\n", "at alone": "@ /bin/a\n", "tab behind": "@daily\t/bin/a\n",
		"a variable": "A=b\n", "a variable, then the line": "A=b\n1 2 * * * /bin/a\n", "a variable without a value": "A=\n", "a variable in quotes": "\"A B\"=c\n", "a value with an open quote": "A=\"b\n", "a variable with a blank": "A B=c\n", "a variable with a digit": "1A=b\n", "a variable with a dash": "A-B=c\n", "a sign alone": "=b\n", "an open quote before": "\"A=b\n",
		"a command with =": "1 2 * * * A=b /bin/a\n", "a job without blanks": "1 2 * * */bin/a\n", "percent": "1 2 * * * /bin/a%b\n", "a long command": "1 2 * * * /bin/" + strings.Repeat("a", 1200) + "\n", "a dash before": "-1 2 * * * /bin/a\n", "quotes": "1 2 * * * \"/bin/a\"\n", "a value in quotes with more": "A=\"b\" c\n", "junk": "1 2 * * *x /bin/a\n",
		"value in two quotes": "A='b\"\n", "a name with a dot": "A.B=c\n", "a name with a star": "A*=c\n", "a name with a slash": "A/B=c\n", "a name with @": "A@B=c\n", "digits as a name": "123=c\n", "a star as a name": "*=c\n",
	})
	var tree string
	bytetable.Test(t, "crontab", texts, func(t *testing.T, text string) string {
		_, err := cron.Jobs.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"var/spool/cron/crontabs/root": text})))
		if err != nil {
			return bytetable.Error
		}
		return "taken"
	}, func(_ *testing.T, text string) string {
		if tree == "" {
			tree = oracle.Copy(t, oracle.Tree(t, "bookworm"))
		}
		if err := os.WriteFile(filepath.Join(tree, "root/tab"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, code := oracle.ChrootCode(t, tree, "crontab", "-n", "/root/tab"); code != 0 {
			return bytetable.Error
		}
		return "taken"
	}, nil)
}
