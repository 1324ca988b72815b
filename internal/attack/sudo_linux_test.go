package attack

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"

	"github.com/hardening-sdk/hardening/internal/oracle"
)

// The grammar of the policies:
//
//	policy   = { defaults } { alias } rule { rule }, the last ones in a file that is included
//	defaults = "Defaults" [ scope ] setting
//	rule     = users hosts "=" [ "(" runas ")" ] { option } { tag } commands
var (
	sudoScopes = []string{"", "", "", ":alice", ":bob", ":%adm", ":ADMINS", ":!alice,ALL", "@ALL", "@host1", "@other", ">root", ">svc", ">ALL", ">RUN", "!/bin/a", "!/bin/b", "!ALL", "!PROGRAMS"}
	asking     = []string{"!authenticate", "!authenticate", "authenticate", "authenticate", "runas_default=svc", "targetpw", "rootpw", "runaspw", "timestamp_type=ppid",
		"verifypw=never", "listpw=never", "exempt_group=adm", "timestamp_timeout=2.5", "noexec", "!lecture", "env_keep+=LD_PRELOAD"}
	sudoUsers = []string{"alice", "alice", "bob", "%adm", "%wheel", "#1000", "%#4", "ADMINS", "ALL", "ALL,!bob", "!alice,ALL", "alice,!alice", "+net", "%:adm", "root", "OTHERS", "alice,!OTHERS"}
	sudoHosts = []string{"ALL", "ALL", "ALL", "ALL", "ALL", "ALL", "host1", "HOST1", "host?", "other", "!other,ALL", "MACHINES"}
	sudoRunAs = []string{"", "", "", "(root) ", "(ALL) ", "(ALL) ", "(ALL:ALL) ", "(ALL:ALL) ", "(svc) ", "(ALL,!root) ", "(#0) ", "(:priv) ", "(RUN) ", "(RUN,!svc) ", "() ", "(root:priv) ", "(ALL:priv) ", "(%wheel) "}
	sudoTags  = []string{"", "", "", "NOPASSWD: ", "NOPASSWD: ", "NOPASSWD: ", "NOPASSWD: ", "PASSWD: ", "NOPASSWD: SETENV: ", "PASSWD: NOPASSWD: ", "NOPASSWD: PASSWD: ", "NOEXEC: ", "NOTAFTER=20200101000000Z NOPASSWD: ",
		"NOTAFTER=20990101000000Z NOPASSWD: ", "NOTAFTER=20200101000000Z PASSWD: ", "NOTAFTER=20990101000000Z PASSWD: ", "NOTBEFORE=20990101000000Z PASSWD: ", "NOTBEFORE=20990101000000Z NOPASSWD: ",
		"NOTBEFORE=20200101000000Z NOPASSWD: "}
	sudoCommands = []string{"ALL", "ALL", "ALL", "/bin/a", "/bin/a", "/bin/b", "/bin/a -x", `/bin/a ""`, "/bin/a *", "/bin/", "/bin/*", "/bin/?", "/usr/bin/a", "!/bin/a", "!/bin/b", "!ALL", "PROGRAMS", "!PROGRAMS",
		"MOST", "sudoedit /etc/hosts", "sha256:" + strings.Repeat("00", 32) + " /bin/a", "/bin/[ab]"}
)

const sudoAliases = "User_Alias ADMINS = alice, %%wheel\nUser_Alias OTHERS = !alice, %s\nRunas_Alias RUN = %s\nHost_Alias MACHINES = host1, other\nCmnd_Alias PROGRAMS = /bin/a, /bin/b\nCmnd_Alias MOST = %s\n"

func pick(r *rand.Rand, all []string) string { return all[r.IntN(len(all))] }

func sudoPolicy(r *rand.Rand) string {
	var b strings.Builder
	for range max(0, r.IntN(5)-1) {
		fmt.Fprintf(&b, "Defaults%s %s\n", pick(r, sudoScopes), pick(r, asking))
	}
	fmt.Fprintf(&b, sudoAliases, pick(r, []string{"bob", "ALL", "alice"}), pick(r, []string{"root, svc", "ALL, !svc", "ALL"}), pick(r, []string{"ALL, !/bin/a", "ALL", "/bin/b", "ALL, !PROGRAMS"}))
	for range 1 + r.IntN(4) {
		fmt.Fprintf(&b, "%s %s = ", pick(r, sudoUsers), pick(r, sudoHosts))
		for i := range 1 + r.IntN(2)*r.IntN(3) {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(pick(r, sudoRunAs) + pick(r, sudoTags) + pick(r, sudoCommands))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// Real sudo, of each of the trees, is asked as a user without a password. Where it runs anything as
// somebody else, the rule may not pass.
func TestSudoAsksForPasswords(t *testing.T) {
	trees := sudoTrees(t)
	rule := ruleOf(t, "linux.sudo.password-asked")
	r, states := rand.New(rand.NewPCG(11, 0)), statesOf()
	count := tally{}
	for i := range states {
		tree, text := trees[i%len(trees)], sudoPolicy(r)
		main, dropped := text, ""
		if r.IntN(3) == 0 { // the last line is in a file of its own
			cut := strings.LastIndex(strings.TrimSuffix(text, "\n"), "\n") + 1
			main, dropped = text[:cut]+"@includedir /etc/sudoers.d\n", text[cut:]
		}
		writePolicy(t, tree, main, dropped)
		open := asks(t, tree, append([]string{"ask"}, queries(text)...), alice, bob)
		count.judge(t, rule, tree, open, fmt.Sprintf("%d %s\n%s%s", i, filepath.Base(tree), main, dropped))
	}
	count.report(t, 11, states)
}

// The grammar of what is kept of the environment: lines of Defaults, and one rule with tags.
var (
	sudoVariables = []string{"!env_reset", "env_reset", "env_reset", "setenv", "!setenv", "env_keep += PYTHONPATH", "env_keep -= PYTHONPATH", "env_keep = \"LANG PERL5LIB\"", "!env_keep", "env_keep += \"PYT*\"",
		"env_keep += *", "env_keep += \"*_proxy LC_*\"", "env_check += BASH_ENV", "env_check -= BASH_ENV", "env_check = TERM", "!env_check", "secure_path=\"/usr/bin:/bin\"", "secure_path=\"/usr/bin:.\"", "!secure_path", "exempt_group=adm", "exempt_group=wheel",
		"env_keep += \"LD_PRELOAD\"", "env_delete += X", "use_pty"}
	envScopes = []string{"", "", "", "", ":alice", ":ALL", "@host1", "@other", ">root", "!/bin/e"}
	envTags   = []string{"", "", "", "NOSETENV: ", "SETENV: ", "SETENV: NOSETENV: ", "NOSETENV: SETENV: "}
)

// Real sudo is asked to run a program with variables that run code, and with a PATH of the user's.
func TestSudoCleansTheEnvironment(t *testing.T) {
	trees := sudoTrees(t)
	rule := ruleOf(t, "linux.sudo.environment-clean")
	r, states := rand.New(rand.NewPCG(12, 0)), statesOf()
	count := tally{}
	for i := range states {
		tree := trees[i%len(trees)]
		var b strings.Builder
		if r.IntN(8) > 0 {
			b.WriteString("Defaults secure_path=\"/usr/sbin:/usr/bin\"\n")
		}
		for range r.IntN(4) {
			fmt.Fprintf(&b, "Defaults%s %s\n", pick(r, envScopes), pick(r, sudoVariables))
		}
		fmt.Fprintf(&b, "alice ALL = NOPASSWD: %s%s\n", pick(r, envTags), pick(r, []string{"/bin/e", "/bin/e", "/bin/a, /bin/e", "/bin/e, NOSETENV: /bin/e"}))
		writePolicy(t, tree, b.String(), "")
		count.judge(t, rule, tree, asks(t, tree, []string{"ask-env"}, alice), fmt.Sprintf("%d %s\n%s", i, filepath.Base(tree), &b))
	}
	count.report(t, 12, states)
}

// The grammar of settings that sudo -V tells for root.
var sudoSettings = []string{"timestamp_timeout=2.5", "timestamp_timeout=15", "timestamp_timeout=15.5", "timestamp_timeout=60", "timestamp_timeout=-1", "timestamp_timeout=-1.5", "timestamp_timeout=0", "!timestamp_timeout", "timestamp_type=global",
	"use_pty", "use_pty", "!use_pty", "!syslog", "syslog=auth", "syslog", "logfile=/var/log/sudo.log", "!logfile", "logfile=/dev/null", "syslog_goodpri=none", "syslog_badpri=none", "!syslog_goodpri", "!log_allowed", "log_allowed", "!log_denied", "!log_denied, log_denied"}

func TestSudoTellsItsSettings(t *testing.T) {
	trees := sudoTrees(t)
	r, states := rand.New(rand.NewPCG(13, 0)), statesOf()
	ids := []string{"linux.sudo.own-terminal", "linux.sudo.password-asked-again", "linux.sudo.uses-logged"}
	counts := []tally{{}, {}, {}}
	for i := range states {
		tree := trees[i%len(trees)]
		var b strings.Builder
		for range 1 + r.IntN(6) {
			fmt.Fprintf(&b, "Defaults%s %s\n", pick(r, []string{"", "", "", "", "", ":root", ":alice", "@host1", "@other", "@ALL", ":ALL"}), pick(r, sudoSettings))
		}
		b.WriteString("root ALL=(ALL) ALL\n")
		writePolicy(t, tree, b.String(), "")
		says := string(inHost(t, tree, "sudo", "-V"))
		logged := regexp.MustCompile(`(?m)^Path to log file: (.*)$`).FindStringSubmatch(says)
		toFile := logged != nil && logged[1] != "/dev/null"
		toSyslog := strings.Contains(says, "Syslog facility if") && !regexp.MustCompile(`(?m)^Syslog priority to use .*: none$`).MatchString(says) && strings.Count(says, "Syslog priority to use") == 2
		minutes := 0.0 // it says nothing where the setting is off
		if f := regexp.MustCompile(`(?m)^Authentication timestamp timeout: (\S+) minutes$`).FindStringSubmatch(says); f != nil {
			if _, err := fmt.Sscan(f[1], &minutes); err != nil {
				t.Fatal(err)
			}
		}
		// Versions that do not print what they log allow no answer, but all of these do.
		open := []bool{!strings.Contains(says, "Always run commands in a pseudo-tty"), minutes < 0 || minutes > 15,
			!toFile && !toSyslog || !strings.Contains(says, "Log when a command is allowed") || !strings.Contains(says, "Log when a command is denied")}
		for n, id := range ids {
			counts[n].judge(t, ruleOf(t, id), tree, open[n], fmt.Sprintf("%s %d %s\n%s", id, i, filepath.Base(tree), &b))
		}
	}
	for n, id := range ids {
		t.Log(id)
		counts[n].report(t, 13, states)
	}
}

// tally counts verdicts.
type tally map[string]int

func (c tally) judge(t *testing.T, rule check.Compiled, tree string, open bool, state string) {
	t.Helper()
	out, err := check.Run(t.Context(), inventorytest.Folder(t, tree), []check.Compiled{rule}, check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	result := out[0].Result
	c[fmt.Sprintf("%v, open %v", result.Status, open)]++
	if open && result.Status != check.Fail && result.Status != check.Unknown && result.Status != check.Error {
		t.Errorf("%v (%s) although it is open: %s", result.Status, result.Message, state)
	}
	if os.Getenv("HARDENING_SHOW") != "" && (result.Status == check.Fail && !open || result.Status == check.Unknown || result.Status == check.Error) {
		t.Logf("%v (%s %v), open %v: %s", result.Status, result.Message, result.Evidence, open, state)
	}
}

func (c tally) report(t *testing.T, seed, states int) {
	t.Helper()
	t.Logf("seed %d, %d states: %v", seed, states, map[string]int(c))
	if n := c["fail, open true"]; n < states/5 {
		t.Errorf("only %d of %d states are open", n, states)
	}
	unknown := 0
	for _, status := range []check.Status{check.Unknown, check.Error} {
		unknown += c[fmt.Sprintf("%v, open true", status)] + c[fmt.Sprintf("%v, open false", status)]
	}
	if unknown > states/10 {
		t.Errorf("%d of %d states are unknown", unknown, states)
	}
}

func statesOf() int {
	if os.Getenv("HARDENING_LONG") != "" {
		return 1000
	}
	return 100
}

var compiled []check.Compiled

func ruleOf(t *testing.T, id string) check.Compiled {
	t.Helper()
	if compiled == nil {
		compiled = rules(t)
	}
	i := slices.IndexFunc(compiled, func(c check.Compiled) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("no rule %s", id)
	}
	return compiled[i]
}

func writePolicy(t *testing.T, tree, main, dropped string) {
	t.Helper()
	for name, text := range map[string]string{"etc/sudoers": main, "etc/sudoers.d/local": dropped} {
		name = filepath.Join(tree, name)
		_ = os.Remove(name)
		if err := os.WriteFile(name, []byte(text), 0o440); err != nil {
			t.Fatal(err)
		}
	}
}

// queries returns what sudo is asked to run: whatever the words of the policy could tell apart.
func queries(text string) []string {
	as, commands := []string{"", "-u svc"}, []string{"/bin/a", "/bin/b"}
	if strings.Contains(text, "runas_default") || strings.Contains(text, "()") {
		as = append(as, "-u root")
	}
	if strings.Contains(text, "priv)") || strings.Contains(text, ":ALL)") {
		as = append(as, "-g priv", "-u root -g priv")
	}
	if strings.Contains(text, "/bin/a -x") || strings.Contains(text, `""`) || strings.Contains(text, "/bin/a *") {
		commands = append(commands, "/bin/a -x")
	}
	var all []string
	for _, c := range commands {
		for _, a := range as {
			all = append(all, a+" "+c)
		}
	}
	return all
}

var alice, bob = []string{"--userspec=1000:1000", "--groups=1000,4"}, []string{"--userspec=1001:1001", "--groups=1001,10"}

// asks runs a script of the tree as users. It reports whether one of them gets what is not theirs.
func asks(t *testing.T, tree string, script []string, users ...[]string) bool {
	t.Helper()
	for _, who := range users {
		cmd := exec.CommandContext(t.Context(), "unshare", append([]string{"--uts", "sh", "-c", `hostname host1 && exec "$@"`, "sh", "chroot"}, append(slices.Concat(who, []string{tree, "/bin/sh", "/bin/" + script[0]}), script[1:]...)...)...)
		cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin"}
		out, err := cmd.CombinedOutput()
		switch text := string(out); {
		case err != nil:
			t.Fatalf("%v: %s", err, text)
		case text == "open\n":
			return true
		case text != "closed\n":
			t.Fatalf("%s", text)
		}
	}
	return false
}

func inHost(t *testing.T, tree string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "unshare", append([]string{"--uts", "sh", "-c", `hostname host1 && exec "$@"`, "sh", "chroot", tree}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return out
}

var sudoFiles = map[string]string{
	"etc/passwd":        "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/:/bin/sh\nbob:x:1001:1001::/:/bin/sh\nsvc:x:1002:1002::/:/bin/sh\n",
	"etc/shadow":        "root:*:1::::::\nalice:*:1::::::\nbob:*:1::::::\nsvc:*:1::::::\n",
	"etc/group":         "root:x:0:\nadm:x:4:alice\nwheel:x:10:bob\npriv:x:50:\nalice:x:1000:\nbob:x:1001:\nsvc:x:1002:\n",
	"etc/nsswitch.conf": "passwd: files\ngroup: files\nshadow: files\nhosts: files\nsudoers: files\n", "etc/hosts": "127.0.0.1 localhost\n127.0.1.1 host1.example.org host1\n", "etc/hostname": "host1\n",
	"etc/pam.d/sudo": "auth required pam_unix.so\naccount required pam_permit.so\nsession required pam_permit.so\n", "etc/pam.d/sudo-i": "auth required pam_unix.so\naccount required pam_permit.so\nsession required pam_permit.so\n", "etc/pam.d/other": "auth required pam_deny.so\n",
	"etc/os-release": "ID=debian\n", "usr/bin/a": "#!/bin/sh\necho $(id -u) $(id -g)\n", "usr/bin/b": "#!/bin/sh\necho $(id -u) $(id -g)\n", "usr/bin/e": "#!/bin/sh\n/usr/bin/env\n",
	// As whom may a command be run, by one who is nobody before and not asked?
	"usr/bin/ask": `me="$(id -u) $(id -g)"
for query; do
	got=$(sudo -n $query 2>/dev/null)
	if [ -n "$got" ] && [ "$got" != "$me" ]; then echo open; exit 0; fi
done
echo closed
`,
	"usr/bin/ask-env": `PATH=/evil:/usr/bin PYTHONPATH=. BASH_ENV=x PERL5LIB=x
export PATH PYTHONPATH BASH_ENV PERL5LIB
for set in "" "LD_PRELOAD=x" "PYTHONPATH=x" "BASH_ENV=x"; do
	if /usr/bin/sudo -n $set /bin/e 2>/dev/null | grep -qE '^(LD_PRELOAD|PYTHONPATH|BASH_ENV|PERL5)|^PATH=(.*[:=])?(/evil|[.])'; then echo open; exit 0; fi
done
echo closed
`,
}

// sudoTrees returns small trees with the sudo of each of the suites.
func sudoTrees(t *testing.T) []string {
	t.Helper()
	oracle.Need(t, "chroot")
	var all []string
	for _, suite := range oracle.Suites {
		from := oracle.Tree(t, suite)
		tree := filepath.Join(t.TempDir(), suite)
		for dir := tree; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
			_ = os.Chmod(dir, 0o755)
		}
		programs := []string{"usr/bin/sudo", "usr/bin/id", "usr/bin/env", "usr/bin/dash", "usr/bin/grep"}
		for _, pattern := range []string{"usr/lib/sudo/*.so*", "usr/libexec/sudo/*.so*", "usr/lib/*-linux-gnu/libnss_files.so.2", "usr/lib/*-linux-gnu/security/pam_unix.so",
			"usr/lib/*-linux-gnu/security/pam_permit.so", "usr/lib/*-linux-gnu/security/pam_deny.so"} {
			found, err := fs.Glob(os.DirFS(from), pattern)
			if err != nil {
				t.Fatal(err)
			}
			programs = append(programs, found...)
		}
		small(t, from, tree, programs)
		for name, text := range sudoFiles {
			place(t, filepath.Join(tree, name), []byte(text))
		}
		version := regexp.MustCompile(`(?ms)^Package: sudo$.*?^$`).Find([]byte(readText(t, filepath.Join(from, "var/lib/dpkg/status"))))
		place(t, filepath.Join(tree, "var/lib/dpkg/status"), version)
		if err := errors.Join(os.Chmod(filepath.Join(tree, "usr/bin/sudo"), 0o4755|fs.ModeSetuid), os.Chmod(filepath.Join(tree, "etc/shadow"), 0o600), os.MkdirAll(filepath.Join(tree, "run/sudo"), 0o711), os.MkdirAll(filepath.Join(tree, "etc/sudoers.d"), 0o755)); err != nil {
			t.Fatal(err)
		}
		oracle.Try(t, nil, "mknod", "-m", "666", filepath.Join(tree, "dev/null"), "c", "1", "3")
		all = append(all, tree)
	}
	return all
}

// small makes a tree of some programs of another one and the libraries that they load.
func small(t *testing.T, from, tree string, programs []string) {
	t.Helper()
	for _, dir := range []string{"usr/bin", "usr/lib", "usr/lib64", "usr/sbin", "etc", "dev", "tmp", "root"} {
		if err := os.MkdirAll(filepath.Join(tree, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"bin", "sbin", "lib", "lib64"} {
		if err := os.Symlink("usr/"+name, filepath.Join(tree, name)); err != nil {
			t.Fatal(err)
		}
	}
	done := map[string]bool{}
	for _, program := range programs {
		loads, _ := oracle.ChrootCode(t, from, "ldd", "/"+program)
		for _, name := range append(regexp.MustCompile(`/[^\s:]+`).FindAllString(string(loads), -1), "/"+program) {
			if !done[name] {
				done[name] = true
				place(t, filepath.Join(tree, name), oracle.Chroot(t, from, "cat", name))
			}
		}
	}
	if err := os.Symlink("dash", filepath.Join(tree, "usr/bin/sh")); err != nil {
		t.Fatal(err)
	}
}

func place(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, text, 0o755)); err != nil {
		t.Fatal(err)
	}
}

func readText(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
