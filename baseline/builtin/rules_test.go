package builtin_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/hardening-sdk/hardening/baseline/builtin"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/inventory"
)

// conformance is what rules declare of themselves: which missing files are an answer.
var conformance = map[string]checktest.Conformance{
	// A file that is not there protects nothing and gives nothing away.
	"linux.file.password-hashes-private":    {Optional: []string{"etc/shadow", "etc/shadow-", "etc/gshadow", "etc/gshadow-"}},
	"linux.file.account-database-protected": {Optional: []string{"etc/passwd", "etc/passwd-", "etc/group", "etc/group-"}},
	"linux.file.none-unowned":               {Optional: []string{"etc/nsswitch.conf"}}, // has a default
	// Files of options and drop-ins need not exist, nor the server; its version is looked for
	// in two places.
	"linux.ssh.root-login-off":       {Optional: sshFiles},
	"linux.ssh.no-empty-passwords":   {Optional: sshFiles},
	"linux.ssh.no-host-based-login":  {Optional: sshFiles},
	"linux.ssh.strong-algorithms":    {Optional: sshFiles},
	"linux.ssh.login-limits":         {Optional: sshFiles},
	"linux.ssh.idle-sessions-end":    {Optional: sshFiles},
	"linux.ssh.no-window-forwarding": {Optional: sshFiles},
	// Units are looked for in many folders, and need not be in any.
	"linux.package.updates-scheduled": {Optional: units},
	"linux.service.unneeded-off":      {Optional: append([]string{"etc/rc?.d"}, units...)},
	"linux.service.no-orphans":        {Optional: units},
	"linux.audit.daemon-on":           {Optional: units},
	"linux.time.service-on":           {Optional: units},
	// Folders of drop-ins need not exist.
	"linux.kernel.memory-protected":      {Optional: sysctlD},
	"linux.kernel.no-core-of-privileged": {Optional: sysctlD},
	"linux.kernel.links-protected":       {Optional: sysctlD},
	// A key that the running kernel does not have governs nothing.
	"linux.network.no-redirects":           {Optional: append([]string{"proc/sys/net/*/*/*/*", "proc/sys/net/*/*"}, sysctlD...)},
	"linux.account.system-accounts-locked": {Optional: []string{"etc/login.defs"}}, // has a default
	// A distribution without dpkg has no packages of dpkg.
	"linux.package.fully-installed": {Optional: dpkgFiles},
	"linux.package.none-on-hold":    {Optional: dpkgFiles},
	"linux.package.no-leftovers":    {Optional: dpkgFiles},
}

var dpkgFiles = []string{"var/lib/dpkg/status", "var/lib/dpkg/updates"}

var sysctlD = append([]string{"*/sysctl.d", "usr/lib/sysctl.d", "usr/local/lib/sysctl.d"}, units...)

var sshFiles = append([]string{"usr/sbin/sshd", "var/lib/dpkg/status", "etc/default/ssh", "etc/sysconfig/sshd",
	"etc/crypto-policies/back-ends/opensshserver.config", "etc/ssh/sshd_config.d"}, units...)

var units = []string{"etc/systemd/*", "run/systemd/*", "usr/lib/systemd/*", "usr/local/lib/systemd/*", "lib/systemd/*", "lib"}

func allRules(t *testing.T) map[string]check.Rule {
	t.Helper()
	rules := map[string]check.Rule{}
	for _, name := range builtin.Names() {
		b, err := builtin.Load(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range b.Rules {
			rules[r.ID] = r
		}
	}
	return rules
}

// Each rule has fixtures, one that passes and one that fails at least, and keeps the
// promises of rules on each of them.
func TestRules(t *testing.T) {
	rules := allRules(t)
	for id, rule := range rules {
		t.Run(id, func(t *testing.T) {
			files, err := filepath.Glob(filepath.Join("testdata", id, "*.txtar"))
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			var systems []inventory.Config
			for _, file := range files {
				t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
					checktest.Golden(t, file, rule)
				})
				fixture, status := parts(t, file)
				seen[status] = true
				systems = append(systems, checktest.Config(t, fixture))
			}
			if !seen["pass"] || !seen["fail"] {
				t.Fatalf("has fixtures for %v, want pass and fail among them", seen)
			}
			conformance[id].Test(t, rule, systems...)
		})
	}
	for id := range conformance {
		if _, ok := rules[id]; !ok {
			t.Errorf("%s is declared and is no rule", id)
		}
	}
	dirs, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		if _, ok := rules[d.Name()]; d.IsDir() && !ok {
			t.Errorf("testdata/%s is of no rule", d.Name())
		}
	}
}

// parts answers the fixture in a file and the status that it wants.
func parts(t *testing.T, file string) (fixture, status string) {
	t.Helper()
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(ar.Comment), "# ") {
		t.Errorf("%s does not say where it comes from", file)
	}
	i := slices.IndexFunc(ar.Files, func(f txtar.File) bool { return f.Name == "want" })
	if i < 0 {
		t.Fatalf("%s has no wanted outcome; run go test -update", file)
	}
	_, rest, _ := strings.Cut(string(ar.Files[i].Data), ": ")
	if f := strings.FieldsFunc(rest, func(r rune) bool { return r < 'a' || r > 'z' }); len(f) > 0 {
		status = f[0]
	}
	ar.Files = slices.Delete(ar.Files, i, i+1)
	return string(txtar.Format(ar)), status
}

// Rule IDs are for good: one that was published is never given up or used for another
// question.
func TestRuleIDsAreFrozen(t *testing.T) {
	var ids []string
	for id := range allRules(t) {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	const file = "testdata/rules.txt"
	if checktest.Updating() {
		if err := os.WriteFile(file, []byte(strings.Join(ids, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(ids, "\n") + "\n"; got != string(b) {
		t.Errorf("the rules are not those of %s; once released a rule is not taken away:\n%s", file, got)
	}
}
