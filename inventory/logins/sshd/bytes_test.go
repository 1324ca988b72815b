package sshd_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/sshd"
)

// byteTables has a directive of each kind, and texts beside the usual ones.
var byteTables = map[string]struct {
	directive string
	line      bytetable.Line
	more      map[string]string
}{
	"number": {"maxauthtries", bytetable.Line{Key: "MaxAuthTries", Sep: " ", Value: "3", Other: "9", Comment: "#"}, map[string]string{
		"a sign": "MaxAuthTries +3\n", "less than none": "MaxAuthTries -3\n", "zeros before": "MaxAuthTries 03\n", "octal": "MaxAuthTries 010\n", "hexadecimal": "MaxAuthTries 0x3\n",
		"too large": "MaxAuthTries 99999999999999999999\n", "more than 31 bits": "MaxAuthTries 2147483648\n", "empty": "MaxAuthTries \"\"\n", "two separators": "MaxAuthTries == 3\n",
		"escaped": "MaxAuthTries \\3\n", "underscore": "MaxAuthTries 1_0\n",
	}},
	"choice": {"permitrootlogin", bytetable.Line{Key: "PermitRootLogin", Sep: " ", Value: "no", Other: "yes", Comment: "#"}, map[string]string{
		"true": "PermitRootLogin true\n", "empty": "PermitRootLogin \"\"\n", "in a block for all": "Match all\nPermitRootLogin no\nMatch all\nPermitRootLogin yes\n",
		"in a block for all, quoted": "Match \"all\"\nPermitRootLogin no\n", "all in capitals": "Match ALL\nPermitRootLogin no\n", "all with a separator": "Match = all\nPermitRootLogin no\n",
		"a criterion behind all": "Match all user x\nPermitRootLogin no\n", "a criterion before all": "Match user x all\nPermitRootLogin no\n", "twice all": "Match all all\nPermitRootLogin no\n",
		"a comment behind all": "Match all # x\nPermitRootLogin no\n", "a criterion that is none": "Match xyzzy x\nPermitRootLogin no\n", "a criterion alone": "Match user\nPermitRootLogin no\n",
		"a criterion with =": "Match user=x\nPermitRootLogin yes\n", "no criterion": "Match\nPermitRootLogin no\n", "an address that is none": "Match address 1.2.3\nPermitRootLogin no\n",
		"a port that is none": "Match localport x\nPermitRootLogin no\n", "an empty criterion": "Match user \"\"\nPermitRootLogin no\n", "not in a block": "Match user x\nUsePAM yes\n",
		"a value refused in a block": "Match user x\nPermitRootLogin maybe\n", "an unknown word in a block": "Match user x\nxyzzy plugh\n", "include of none": "Include\nPermitRootLogin no\n",
		"include of an empty name": "Include \"\"\nPermitRootLogin no\n", "include of nothing there": "Include /nowhere/*\nPermitRootLogin no\n", "deprecated before": "Protocol 2\nPermitRootLogin no\n",
		"invalid user": "Match invalid-user\nPermitRootLogin no\n",
	}},
	"list": {"allowusers", bytetable.Line{Key: "AllowUsers", Sep: " ", Value: "alice", Other: "bob", Comment: "#"}, map[string]string{
		"an empty name": "AllowUsers alice \"\"\n", "nothing but an empty name": "AllowUsers \"\"\n", "comment, then the line again": "AllowUsers alice # bob\nAllowUsers carol\n",
		"a blank in quotes": "AllowUsers \"alice bob\"\n", "an escaped blank": "AllowUsers alice\\ bob\n", "at nothing": "AllowUsers alice@\n", "at a host": "AllowUsers alice@10.0.0.0/8\n",
		"at a wrong mask": "AllowUsers alice@10.0.0.0/99\n", "negated": "AllowUsers !alice\n", "a pattern": "AllowUsers *\n",
	}},
	"time": {"logingracetime", bytetable.Line{Key: "LoginGraceTime", Sep: " ", Value: "60", Other: "2m", Comment: "#"}, map[string]string{
		"none": "LoginGraceTime none\n", "None": "LoginGraceTime None\n", "a unit alone": "LoginGraceTime m\n", "units": "LoginGraceTime 1h1m1s\n", "a unit twice": "LoginGraceTime 1m1m\n",
		"less than none": "LoginGraceTime -1\n", "a sign": "LoginGraceTime +1\n", "too large": "LoginGraceTime 99999999999\n", "too large by its unit": "LoginGraceTime 99999999w\n", "empty": "LoginGraceTime \"\"\n",
		"31 bits": "LoginGraceTime 2147483647\n", "more than 31 bits": "LoginGraceTime 2147483648\n", "a blank within": "LoginGraceTime \"1 m\"\n", "zero": "LoginGraceTime 0\n",
	}},
	"startups": {"maxstartups", bytetable.Line{Key: "MaxStartups", Sep: " ", Value: "10:30:60", Other: "5:30:50", Comment: "#"}, map[string]string{
		"one": "MaxStartups 10\n", "two": "MaxStartups 10:30\n", "four": "MaxStartups 10:30:60:90\n", "falls": "MaxStartups 60:30:10\n", "more than all": "MaxStartups 10:101:60\n",
		"no rate": "MaxStartups 10:0:60\n", "none": "MaxStartups 0\n", "a sign": "MaxStartups +10:30:60\n", "less than none": "MaxStartups -10\n", "blanks": "MaxStartups \"10: 30:60\"\n", "junk behind one": "MaxStartups 10x\n",
	}},
	"algorithms": {"macs", bytetable.Line{Key: "MACs", Sep: " ", Value: "hmac-sha2-256,hmac-sha2-512", Other: "hmac-sha1", Comment: "#"}, map[string]string{
		"empty": "MACs \"\"\n", "unknown": "MACs hmac-sha9\n", "added": "MACs +hmac-sha1-96\n", "added, unknown": "MACs +xyzzy\n", "removed": "MACs -hmac-sha1*\n", "all removed": "MACs -*\n",
		"removed but": "MACs -!hmac-sha1,*\n", "sign alone": "MACs +\n", "two signs": "MACs +-hmac-sha1\n", "a comma behind": "MACs hmac-sha1,\n", "a comma before": "MACs ,hmac-sha1\n", "two commas": "MACs hmac-sha1,,hmac-sha2-256\n",
		"twice one": "MACs hmac-sha1,hmac-sha1\n", "front": "MACs ^hmac-sha1\n", "a pattern": "MACs hmac-sha2-*\n", "a class": "MACs -hmac-sha[12]*\n", "default": "MACs default\n", "removed in capitals": "MACs -HMAC-SHA1*\n",
	}},
	"words": {"authenticationmethods", bytetable.Line{Key: "AuthenticationMethods", Sep: " ", Value: "publickey,password", Other: "any", Comment: "#"}, map[string]string{
		"two": "AuthenticationMethods publickey password\n", "any and another": "AuthenticationMethods publickey any\n", "another and any": "AuthenticationMethods any publickey\n", "unknown": "AuthenticationMethods xyzzy\n", "empty": "AuthenticationMethods \"\"\n",
		"a comma behind": "AuthenticationMethods publickey,\n", "twice one": "AuthenticationMethods publickey,publickey\n", "none": "AuthenticationMethods none\n", "device": "AuthenticationMethods keyboard-interactive:pam\n",
	}},
	"path": {"banner", bytetable.Line{Key: "Banner", Sep: " ", Value: "/etc/issue.net", Other: "none", Comment: "#"}, map[string]string{
		"None": "Banner None\n", "empty": "Banner \"\"\n", "relative": "Banner etc/issue\n", "a blank": "Banner \"/etc/a b\"\n", "a hash": "Banner /etc/a#b\n", "home": "Banner ~/x\n", "quote within": "Banner /etc/\"a b\"c\n",
	}},
	"environment": {"permituserenvironment", bytetable.Line{Key: "PermitUserEnvironment", Sep: " ", Value: "yes", Other: "no", Comment: "#"}, map[string]string{
		"patterns": "PermitUserEnvironment LANG,LC_*\n", "empty": "PermitUserEnvironment \"\"\n", "two words": "PermitUserEnvironment LANG LC\n",
	}},
}

// common are the usual texts that tell how a value is read, and not how words are cut.
var common = strings.Fields("plain twice junk nothing")

// sshd -T prints the value of a directive. How words are cut differs between the releases, how values
// are read hardly.
func TestBytes(t *testing.T) {
	for suite, all := range map[string]string{"bookworm": "number choice list algorithms", "bullseye": "list", "trixie": "list"} {
		t.Run(suite, func(t *testing.T) {
			var tree string
			for name, table := range byteTables {
				texts := table.line.Texts()
				if !strings.Contains(all, name) {
					maps.DeleteFunc(texts, func(name, _ string) bool { return !slices.Contains(common, name) })
				}
				maps.Copy(texts, table.more)
				bytetable.Test(t, suite+"-"+name, texts, func(t *testing.T, text string) string {
					return readBytes(t, suite, table.directive, text)
				}, func(_ *testing.T, text string) string {
					if tree == "" {
						tree = oracle.Copy(t, oracle.Tree(t, suite))
					}
					return askBytes(t, tree, table.directive, text)
				}, nil)
			}
		})
	}
}

// packages are the versions of the trees.
var packages = map[string]string{"bullseye": "1:8.4p1-5+deb11u5", "bookworm": "1:9.2p1-2+deb12u10", "trixie": "1:10.0p1-7+deb13u4"}

func readBytes(t *testing.T, suite, directive, text string) string {
	c, err := sshd.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{
		"usr/sbin/sshd": "x", "etc/ssh/sshd_config": text,
		"var/lib/dpkg/status": "Package: openssh-server\nStatus: install ok installed\nVersion: " + packages[suite] + "\n",
	})))
	if err != nil {
		return bytetable.Error
	}
	all, err := c.Values(directive)
	if err != nil || len(all) == 0 || all[0].Match != "" {
		return bytetable.Error
	}
	return printable(all[0].Value)
}

func askBytes(t *testing.T, tree, directive, text string) string {
	write(t, tree, "etc/ssh/sshd_config", text)
	out, code := oracle.ChrootCode(t, tree, "/usr/sbin/sshd", "-T")
	if code != 0 {
		return bytetable.Error
	}
	var all []string
	for line := range strings.Lines(string(out)) {
		if key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " "); key == directive {
			all = append(all, value)
		}
	}
	value := strings.Join(all, " ")
	if directive == "permitrootlogin" && value == "without-password" {
		value = "prohibit-password"
	}
	return printable(value)
}

// printable keeps a value on its line of the table.
func printable(value string) string {
	return strings.NewReplacer("\r", "\\r", "\v", "\\v", "\f", "\\f", "\x1b", "\\e", "\x7f", "\\d").Replace(value)
}
