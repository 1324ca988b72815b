package cron_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/cron"
)

// debian is etc/crontab as Debian 12 ships it, comments shortened.
const debian = `# /etc/crontab: system-wide crontab

SHELL=/bin/sh
# You can also override PATH, but by default, newer versions inherit it from the environment
#PATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin

# .---------------- minute (0 - 59)
17 *	* * *	root	cd / && run-parts --report /etc/cron.hourly
25 6	* * *	root	test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }
47 6	* * 7	root	test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.weekly; }
`

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		form cron.Form
		want []cron.Job
	}{
		"debian": {debian, cron.System, []cron.Job{
			{User: "root", Command: "cd / && run-parts --report /etc/cron.hourly", Position: inventory.Position{Line: 8}, Shell: "/bin/sh"},
			{User: "root", Command: "test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }", Position: inventory.Position{Line: 9}, Shell: "/bin/sh"},
			{User: "root", Command: "test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.weekly; }", Position: inventory.Position{Line: 10}, Shell: "/bin/sh"},
		}},
		"user":    {"MAILTO=\"a b\"\n@reboot /bin/a\n*/5 1-2,3 * jan mon-fri  -/bin/b x=y\r\n", cron.User, []cron.Job{{Command: "/bin/a", Position: inventory.Position{Line: 2}}, {Command: "/bin/b x=y", Position: inventory.Position{Line: 3}}}},
		"anacron": {"START_HOURS_RANGE=3-22\n1\t5\tcron.daily\tnice run-parts /etc/cron.daily\n@monthly 45 m run-parts /etc/cron.monthly", cron.Anacron, []cron.Job{{User: "root", Command: "nice run-parts /etc/cron.daily", Position: inventory.Position{Line: 2}}, {User: "root", Command: "run-parts /etc/cron.monthly", Position: inventory.Position{Line: 3}}}},
		"path":    {"* * * * * a\nPATH = \"/opt/bin:/bin\"\n@daily b\n", cron.User, []cron.Job{{Command: "a", Position: inventory.Position{Line: 1}}, {Command: "b", Position: inventory.Position{Line: 3}, Path: "/opt/bin:/bin"}}},
		"shell":   {"* * * * * a\nSHELL=/bin/bash\n@daily b\n", cron.User, []cron.Job{{Command: "a", Position: inventory.Position{Line: 1}}, {Command: "b", Position: inventory.Position{Line: 3}, Shell: "/bin/bash"}}},
		"nothing": {"\n#\n", cron.System, nil},
	} {
		got, err := cron.Parse([]byte(c.text), c.form)
		if d := cmp.Diff(got, c.want, cmpopts.IgnoreFields(cron.Job{}, "Variables", "Schedule")); d != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, d)
		}
	}
}

// Variables count for the jobs after them.
func TestVariables(t *testing.T) {
	got, err := cron.Parse([]byte("* * * * * a\nA=1\nLD_PRELOAD = \"/opt/x.so\"\n* * * * * b\n"), cron.User)
	if err != nil || len(got) != 2 || len(got[0].Variables) != 0 || len(got[1].Variables) != 2 || got[1].Variables[1].Value != "/opt/x.so" || got[1].Variables[1].Line != 3 {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := cron.Parse([]byte(strings.Repeat("A=1\n", 201)), cron.User); !errors.Is(err, inventory.ErrLimit) {
		t.Errorf("got %v", err)
	}
}

// crontab(1) of Debian accepts and refuses the same lines.
func TestAgreesWithCrontab(t *testing.T) {
	tree := oracle.Copy(t, oracle.Tree(t, "bookworm"))
	for _, line := range []string{
		"* * * * * /bin/a", "@daily /bin/a", "@reboot /bin/a b", "*/5 1-2,3 * jan mon /bin/a", "A=b", "A = b", "\"A\"=b", "A='b c'", "# c", " \t", "* * * * /bin/a\n", "* * * *",
		"nonsense", "@daily", "* * * * *", "1 2 3", "\xef\xbb\xbf* * * * * /bin/a", "* * * * * /bin/a % x", "-* * * * * /bin/a", "/bin/a",
	} {
		if err := os.WriteFile(filepath.Join(tree, "root/tab"), []byte(line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, code := oracle.ChrootCode(t, tree, "crontab", "-n", "/root/tab")
		if _, err := cron.Parse([]byte(line+"\n"), cron.User); (err != nil) != (code != 0) {
			t.Errorf("%q: got %v, crontab ends with %d", line, err, code)
		}
	}
}

func TestJobs(t *testing.T) {
	got, err := cron.Jobs.Of(t.Context(), inventorytest.System(t, "-- etc/crontab --\n"+debian+`-- etc/cron.d/local --
* * * * * backup /opt/backup/run
-- etc/cron.d/.placeholder --
nonsense
-- etc/cron.d/old.dpkg-old --
nonsense
-- var/spool/cron/crontabs/alice --
@daily /home/alice/x
-- etc/cron.daily/dpkg mode=0755 --
x
-- etc/cron.daily/off mode=0644 --
x
-- etc/cron.daily/gone link=nowhere --
-- etc/cron.weekly/inner/x mode=0755 --
-- var/spool/cron/atjobs/.SEQ --
00003
-- var/spool/cron/atjobs/a0000301c2a3b4 mode=0700 --
#!/bin/sh
# atrun uid=0 gid=0
# mail root 0
umask 22
-- var/spool/cron/atjobs/b0000401c2a3b5 mode=0700 owner=1000:1 --
#!/bin/sh
# atrun uid=1000 gid=1000
`))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, j := range got[3:] {
		lines = append(lines, fmt.Sprintf("%s %s %s:%d", j.User, j.Command, j.Source, j.Line))
	}
	want := []string{"backup /opt/backup/run etc/cron.d/local:1",
		"alice /home/alice/x var/spool/cron/crontabs/alice:1", "root etc/cron.daily/dpkg etc/cron.daily/dpkg:0",
		"root var/spool/cron/atjobs/a0000301c2a3b4 var/spool/cron/atjobs/a0000301c2a3b4:0", "1000 var/spool/cron/atjobs/b0000401c2a3b5 var/spool/cron/atjobs/b0000401c2a3b5:0"}
	if d := cmp.Diff(lines, want); d != "" {
		t.Error(d)
	}
}

func TestErrors(t *testing.T) {
	for name, c := range map[string]struct{ fixture, want string }{
		"crontab":    {"-- etc/crontab error=EACCES --\n", "permission"},
		"cron.d":     {"-- etc/cron.d error=EIO --\n", "etc/cron.d"},
		"a mistake":  {"-- etc/cron.d/a --\n\nnonsense\n", "etc/cron.d/a: line 2"},
		"a user":     {"-- var/spool/cron/crontabs/alice error=EACCES --\n", "alice"},
		"at":         {"-- var/spool/cron/atjobs/a0000301c2a3b4 --\n#!/bin/sh\n", "whose job"},
		"at's spool": {"-- var/spool/at dir error=EACCES --\n", "permission"},
		"the folder": {"-- etc/cron.daily error=EACCES --\n", "cron.daily"},
	} {
		if _, err := cron.Jobs.Of(t.Context(), inventorytest.System(t, c.fixture)); err == nil ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(debian), uint8(0))
	f.Add([]byte("\xef\xbb\xbf@daily x\r\n\x00* * * * * y"), uint8(1))
	f.Add([]byte("* * * * * "+strings.Repeat("x", 1<<20)), uint8(1))
	f.Fuzz(func(t *testing.T, b []byte, form uint8) {
		all, err := cron.Parse(b, cron.Form(form%3))
		if err != nil && all != nil {
			t.Fatal("jobs beside an error")
		}
		for _, j := range all {
			if j.Command == "" || j.Line < 1 {
				t.Fatalf("%+v", j)
			}
			j.Programs()
		}
	})
}

func ExampleJob_Programs() {
	jobs, err := cron.Parse([]byte("@daily root test -x /usr/sbin/x && '/opt/a/run' >/dev/null\n"), cron.System)
	fmt.Println(jobs[0].Programs(), err)
	// Output: [usr/sbin/x opt/a/run dev/null] <nil>
}
