package auditd_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logs/auditd"
)

// debian is the file of auditd 1:3.0.9-1 of Debian 12, without comments.
const debian = `local_events = yes
write_logs = yes
log_file = /var/log/audit/audit.log
log_group = adm
log_format = ENRICHED
flush = INCREMENTAL_ASYNC
freq = 50
max_log_file = 8
num_logs = 5
priority_boost = 4
name_format = NONE
##name = mydomain
max_log_file_action = ROTATE
space_left = 75
space_left_action = SYSLOG
verify_email = yes
action_mail_acct = root
admin_space_left = 50
admin_space_left_action = SUSPEND
disk_full_action = SUSPEND
disk_error_action = SUSPEND
use_libwrap = yes
tcp_listen_queue = 5
tcp_max_per_addr = 1
tcp_client_max_idle = 0
transport = TCP
krb5_principal = auditd
distribute_network = no
q_depth = 2000
overflow_action = SYSLOG
max_restarts = 10
plugin_dir = /etc/audit/plugins.d
end_of_event_timeout = 2
`

func TestParse(t *testing.T) {
	for name, c := range map[string]struct{ text, key, want string }{
		"of Debian":            {debian, "max_log_file_action", "rotate :13"},
		"compiled":             {"", "max_log_file_action", "ignore :0"},
		"case of names":        {debian + "Max_Log_File_Action = Keep_Logs\n", "max_log_file_action", "keep_logs :34"},
		"in a comment":         {debian + "# max_log_file_action = keep_logs\n", "max_log_file_action", "rotate :13"},
		"last line is no line": {debian + "max_log_file_action = keep_logs", "max_log_file_action", "rotate :13"},
		"NUL ends a line":      {debian + "max_log_file_action = keep_logs\x00x y\n", "max_log_file_action", "keep_logs :34"},
		"exec":                 {debian + "space_left_action = exec /usr/local/bin/x\n", "space_left_action", "exec :34"},
		"percent":              {debian + "space_left = 25%\n", "space_left", "25% :34"},
	} {
		all, err := auditd.Parse([]byte(c.text))
		if got := fmt.Sprintf("%s :%d", all[c.key].Value, all[c.key].Line); err != nil || got != c.want {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, c.want)
		}
	}
}

// Files with which auditd does not start. TestAgainstAuditd shows its messages.
var refused = map[string]string{
	"no blanks":      "num_logs=5\n",
	"tabs":           "num_logs\t=\t5\n",
	"carriage":       "max_log_file_action = rotate\r\n",
	"unknown":        "num_log = 5\n",
	"no value":       "num_logs =\n",
	"two values":     "num_logs = 5 6\n",
	"no number":      "num_logs = five\n",
	"no action":      "space_left_action = mail\n",
	"byte mark":      "\xef\xbb\xbfnum_logs = 5\n",
	"space left":     "space_left = 10\nadmin_space_left = 20\n",
	"flushing":       "space_left = 10\nflush = incremental\n",
	"space not left": "num_logs = 5\n",
}

func TestRefused(t *testing.T) {
	for name, text := range refused {
		if _, err := auditd.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), "line") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := auditd.Parse([]byte(strings.Repeat("x", 1<<20) + "\n")); err == nil {
		t.Error("a long line: got no error")
	}
}

func TestFact(t *testing.T) {
	const program = "-- usr/sbin/auditd --\n"
	for name, c := range map[string]struct {
		fixture string
		want    error
		ok      bool
	}{
		"not installed": {"-- etc/audit/auditd.conf --\n", inventory.ErrAbsent, false},
		"no file":       {program, nil, true},
		"a link":        {program + "-- etc/audit/auditd.conf link=x --\n-- etc/audit/x --\n", nil, false},
		"unreadable":    {program + "-- etc/audit/auditd.conf error=EACCES --\n", nil, false},
		"broken":        {program + "-- etc/audit/auditd.conf --\nx = y\n", nil, false},
		"of Debian":     {program + "-- etc/audit/auditd.conf --\n" + debian, nil, true},
	} {
		all, err := auditd.Fact.Of(t.Context(), inventorytest.System(t, c.fixture))
		if (err == nil) != c.ok || errors.Is(err, inventory.ErrAbsent) != (c.want == inventory.ErrAbsent) {
			t.Errorf("%s: got %v", name, err)
		}
		if c.ok && all["num_logs"].Compiled() != (name == "no file") {
			t.Errorf("%s: got %+v", name, all["num_logs"])
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{debian, "\xef\xbb\xbf", "num_logs = 5\r\n", "a = b", "num_logs = 5\nnum_logs = 6\n", strings.Repeat("a", 1<<20), "\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := auditd.Parse(b)
		if (all == nil) != (err != nil) {
			t.Fatal(all, err)
		}
	})
}

func ExampleParse() {
	all, err := auditd.Parse([]byte("space_left = 75\nmax_log_file_action = KEEP_LOGS\n"))
	fmt.Println(all["max_log_file_action"].Value, err)
	// Output: keep_logs <nil>
}
