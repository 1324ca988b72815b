package sudoers_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/sudoers"
)

func policyOf(t *testing.T, text string) (*sudoers.Policy, error) {
	return sudoers.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/sudoers": text})))
}

// The settings with the words of sudo -V, which prints them as they are in effect. Without a line
// there is what Debian's package has.
var byteSettings = map[string]struct {
	line          bytetable.Line
	says, without string
	more          map[string]string
}{
	"number": {bytetable.Line{Key: "Defaults timestamp_timeout", Sep: "=", Value: "5", Other: "60", Comment: "#"}, "Authentication timestamp timeout: ", "15", map[string]string{
		"off": "Defaults !timestamp_timeout\n", "off, value": "Defaults !timestamp_timeout=5\n", "a fraction": "Defaults timestamp_timeout=2.5\n", "less than none": "Defaults timestamp_timeout=-1\n",
		"no number": "Defaults timestamp_timeout=x\n", "empty": "Defaults timestamp_timeout=\"\"\n", "a plus": "Defaults timestamp_timeout=+5\n", "added": "Defaults timestamp_timeout+=5\n", "hexadecimal": "Defaults timestamp_timeout=0x5\n",
		"zeros": "Defaults timestamp_timeout=005\n", "dot alone": "Defaults timestamp_timeout=.\n", "dot before": "Defaults timestamp_timeout=.5\n", "dot behind": "Defaults timestamp_timeout=5.\n",
		"exponent": "Defaults timestamp_timeout=1e1\n", "too large": "Defaults timestamp_timeout=99999999999999999999\n", "two in a line": "Defaults timestamp_timeout=60, timestamp_timeout=5\n", "minus off": "Defaults !!timestamp_timeout\n",
		"bad value behind": "Defaults timestamp_timeout=5\nDefaults timestamp_timeout=x\n", "bad value before": "Defaults timestamp_timeout=x\nDefaults timestamp_timeout=5\n", "blank in quotes": "Defaults timestamp_timeout=\" 5\"\n",
	}},
	"flag": {bytetable.Line{Key: "Defaults !use_pty", Sep: ", ", Value: "use_pty", Other: "!use_pty", Comment: "#"}, "Always run commands in a pseudo-tty", "off", map[string]string{
		"a value": "Defaults use_pty=1\n", "twice not": "Defaults !!use_pty\n", "a value of another": "Defaults !use_pty, use_pty=off\n", "quoted": "Defaults \"use_pty\"\n", "no blank": "Defaultsuse_pty\n", "blank behind !": "Defaults ! use_pty\n",
		"scope of root": "Defaults:root !use_pty\nDefaults use_pty\n", "in capitals": "Defaults USE_PTY\n", "a dash": "Defaults use-pty\n", "alone": "Defaults\n",
	}},
	"text": {bytetable.Line{Key: "Defaults logfile", Sep: "=", Value: "/var/log/sudo.log", Other: "/dev/null", Comment: "#"}, "Path to log file: ", "off", map[string]string{
		"off": "Defaults logfile=/x\nDefaults !logfile\n", "a blank": "Defaults logfile=\"/a b\"\n", "an escaped blank": "Defaults logfile=/a\\ b\n", "relative": "Defaults logfile=x\n", "quote within": "Defaults logfile=/a\"b\"\n",
		"escaped quote": "Defaults logfile=\"/a\\\"b\"\n", "escape in quotes": "Defaults logfile=\"/a\\\\b\"\n", "escape": "Defaults logfile=/a\\\\b\n", "a comma in quotes": "Defaults logfile=\"/a,b\"\n", "a hash in quotes": "Defaults logfile=\"/a#b\"\n", "empty": "Defaults logfile=\"\"\n",
		"lines in quotes": "Defaults logfile=\"/a\\\n   b\"\n", "an escaped comma": "Defaults logfile=/a\\,b\n", "an equals sign": "Defaults logfile=/a=b\n", "an exclamation mark": "Defaults logfile=/a!b\n", "a hash": "Defaults logfile=/a#b\n", "brackets": "Defaults logfile=/a(b)\n", "a colon": "Defaults logfile=/a:b\n", "greater": "Defaults logfile=/a>b\n", "equals in quotes": "Defaults logfile=\"/a=b\"\n",
		"quotes over lines": "Defaults logfile=\"/a \\\n  b\"\n", "a hash over lines": "Defaults logfile=\"/a\\\n#b\"\n", "a list over lines": "Defaults !use_pty, \\\n  logfile=/a\n", "CR at a continuation": "Defaults !use_pty, \\\r\n  logfile=/a\n",
	}},
}

func TestBytesOfDefaults(t *testing.T) {
	var tree string
	for name, s := range byteSettings {
		texts := s.line.Texts()
		maps.Copy(texts, s.more)
		setting, _, _ := strings.Cut(s.line.Key, ",")
		setting = strings.TrimLeft(strings.TrimPrefix(setting, "Defaults "), "!")
		bytetable.Test(t, "defaults-"+name, texts, func(t *testing.T, text string) string {
			p, err := policyOf(t, text)
			if err != nil {
				return bytetable.Error
			}
			d, ok := p.Lookup(setting)
			switch {
			case !ok:
				return s.without
			case d.Op != "" && (name == "flag" || d.Op != "="), d.Op == "" && !d.Off && name != "flag":
				return bytetable.Error // by check/sudo, which knows what is a flag
			case d.Off:
				return map[bool]string{true: "0", false: "off"}[name == "number"]
			case name == "flag" && d.Op == "":
				return "on"
			}
			return d.Value
		}, func(_ *testing.T, text string) string {
			if tree == "" {
				tree = oracle.Copy(t, oracle.Tree(t, "bookworm"))
			}
			writeSudoers(t, tree, text)
			out, code := oracle.ChrootCode(t, tree, "sudo", "-V")
			if code != 0 {
				return bytetable.Error
			}
			for line := range strings.Lines(string(out)) {
				if value, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), s.says); ok && name == "flag" {
					return "on"
				} else if ok {
					return strings.TrimSuffix(strings.TrimSuffix(value, " minutes"), ".0")
				}
			}
			return "off"
		}, nil)
	}
}

func writeSudoers(t *testing.T, tree, text string) {
	t.Helper()
	name := filepath.Join(tree, "etc/sudoers")
	_ = os.Remove(name)
	if err := os.WriteFile(name, []byte(text), 0o440); err != nil {
		t.Fatal(err)
	}
}

// cvtsudoers tells who may run what.
func TestBytesOfSpecifications(t *testing.T) {
	for name, s := range map[string]struct {
		line bytetable.Line
		more map[string]string
	}{
		"rule": {bytetable.Line{Key: "alice ALL", Sep: "=", Value: "NOPASSWD: /bin/ls", Other: "ALL", Comment: "#"}, map[string]string{
			"two users": "alice,bob ALL=ALL\n", "a tag at the command": "alice ALL=NOPASSWD:ALL\n", "tag with a blank": "alice ALL=NOPASSWD :ALL\n", "an id": "#0 ALL=ALL\n", "a group": "%a\\ b ALL=ALL\n", "a group in quotes": "\"%a b\" ALL=ALL\n",
			"an id behind a blank": "alice ALL=(#0) ALL\n", "an include": "#include /nowhere\nalice ALL=ALL\n", "a comment like an id": "#1 alice ALL=ALL\n", "comment like an include": "#includes x\nalice ALL=ALL\n", "include at the end": "alice ALL=ALL\n@include\n",
			"a colon": "alice ALL=/bin/a:/bin/b\n", "two specifications": "alice ALL=ALL:h=/bin/ls\n", "arguments with a hash": "alice ALL=/bin/ls \\#x\n", "a quote": "alice ALL=/bin/ls \"a\n", "sudoedit with a path": "alice ALL=/usr/bin/sudoedit /x\n", "runas empty": "alice ALL=() ALL\n",
			"not a tag": "alice ALL=NOPASSWD ALL\n", "tag twice": "alice ALL=PASSWD: NOPASSWD: ALL\n", "not in a list": "alice ALL=ALL,!/bin/sh\n", "a folder": "alice ALL=/bin/\n", "a pattern": "alice ALL=/bin/*\n", "a host of its own": "alice h.example=ALL\n", "an address": "alice 10.0.0.0/8=ALL\n", "IPv6": "alice ::1=ALL\n",
		}},
		"alias": {bytetable.Line{Key: "User_Alias ADMINS", Sep: "=", Value: "alice", Other: "bob", Comment: "#", Tail: "ADMINS ALL=ALL\n"}, map[string]string{
			"kept name": "User_Alias ALL=alice\n", "small letters": "User_Alias admins=alice\n", "a digit": "User_Alias A1=alice\nA1 ALL=ALL\n", "digit first": "User_Alias 1A=alice\n", "empty": "User_Alias ADMINS=\n", "negated": "User_Alias ADMINS=!alice\nADMINS ALL=ALL\n",
		}},
	} {
		texts := s.line.Texts()
		maps.Copy(texts, s.more)
		bytetable.Test(t, name, texts, func(t *testing.T, text string) string {
			p, err := policyOf(t, text)
			if err != nil {
				return bytetable.Error
			}
			return strings.ToValidUTF8(printable(formatPolicy(p).Rules), "\ufffd")
		}, func(t *testing.T, text string) string {
			p, ok := askCvtsudoers(t, text)
			if !ok {
				return bytetable.Error
			}
			return printable(p.Rules)
		}, nil)
	}
}

// printable keeps rules on one line of the table.
func printable(rules []string) string {
	return strings.NewReplacer("\r", "\\r", "\v", "\\v", "\f", "\\f", "\x1b", "\\e", "\x7f", "\\d", "\n", "\\n").Replace(strings.Join(rules, "; "))
}
