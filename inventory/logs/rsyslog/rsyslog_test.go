package rsyslog_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logs/rsyslog"
)

// redHat is rsyslog.conf of rsyslog 8.2310.0 of Rocky Linux 9, without comments.
const redHat = `global(workDirectory="/var/lib/rsyslog")
module(load="builtin:omfile" Template="RSYSLOG_TraditionalFileFormat")
module(load="imuxsock"
       SysSock.Use="off")
module(load="imjournal"
       StateFile="imjournal.state")
include(file="/etc/rsyslog.d/*.conf" mode="optional")
*.info;mail.none;authpriv.none;cron.none                /var/log/messages
authpriv.*                                              /var/log/secure
mail.*                                                  -/var/log/maillog
*.emerg                                                 :omusrmsg:*
uucp,news.crit                                          /var/log/spooler
`

func show(c *rsyslog.Config) string {
	var all []string
	for _, o := range c.Outputs {
		if o.Type == rsyslog.Stop {
			continue // TestStops
		}
		s := fmt.Sprintf("%s %s%s %04o %s", o.Type, o.Protocol, o.Target, o.Mode, o.Filter)
		if o.TLS {
			s += " TLS " + o.Auth
		}
		if o.Conditional {
			s += " conditional"
		}
		all = append(all, s)
	}
	for _, i := range c.Inputs {
		all = append(all, fmt.Sprintf("%s %s %t", i.Type, i.Address, i.Network() && !i.Local()))
	}
	return strings.Join(all, "\n")
}

// texts are configurations and what they mean. rsyslogd accepts all of them, as TestAgainstRsyslogd
// shows.
var texts = map[string]struct{ text, want string }{
	"nothing":          {"", ""},
	"a file":           {"*.* /var/log/x\n", "omfile /var/log/x 0644 *.*"},
	"no newline":       {"*.* /var/log/x", "omfile /var/log/x 0644 *.*"},
	"carriage returns": {"*.* /var/log/x\r\nmail.* -/y\r\n", "omfile /var/log/x 0644 *.*\nomfile /y 0644 mail.*"},
	"goes on":          {"*.* \\\n   /var/log/x\n", "omfile /var/log/x 0644 *.*"},
	"selector goes on": {"*.=debug;\\\n\tauth,authpriv.none;\\\n\tmail.none\t\t-/var/log/debug\n*.* /y\n", "omfile /var/log/debug 0644 *.=debug;auth,authpriv.none;mail.none\nomfile /y 0644 *.*"},
	"comment goes on":  {"# x \\\n*.* /var/log/x\n*.* /y\n", "omfile /y 0644 *.*"},
	"comments":         {"# @x\n/* *.* @y\n*/\n*.* /z # @a\n", "omfile /z 0644 *.*"},
	"mode":             {"*.* /a\n$FileCreateMode 0640\n*.* /b\n$ResetConfigVariables\n*.* /c\n", "omfile /a 0644 *.*\nomfile /b 0640 *.*\nomfile /c 0644 *.*"},
	"umask":            {"$FileCreateMode 0666\n*.* /a\n$umask 0077\n", "omfile /a 0600 *.*"},
	"objects":          {"action(type=\"omfile\" file=\"/a\")\nmodule(load=\"builtin:omfile\" fileCreateMode=\"0600\")\naction(type=\"omfile\" file=\"/b\")\naction(type=\"omfile\" file=\"/c\" FileCreateMode=\"0644\")\n*.* /d\n", "omfile /a 0644 *.*\nomfile /b 0600 *.*\nomfile /c 0644 *.*\nomfile /d 0644 *.*"},
	"hosts":            {"*.* @a\n*.* @@b:514\n*.* @(o,z9)c\n*.* @@[::1]:514;RSYSLOG_ForwardFormat\n", "omfwd udpa 0000 *.*\nomfwd tcpb 0000 *.*\nomfwd udpc 0000 *.*\nomfwd tcp::1 0000 *.*"},
	"TLS, old form":    {"$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\n$ActionSendStreamDriverAuthMode x509/name\n*.* @@a\n*.* @b\n", "omfwd tcpa 0000 *.* TLS x509/name\nomfwd udpb 0000 *.*"},
	"no driver":        {"$ActionSendStreamDriverMode 1\n*.* @@a\n", "omfwd tcpa 0000 *.*"},
	"TLS":              {"global(defaultNetstreamDriver=\"gtls\")\naction(type=\"omfwd\" target=\"a\" protocol=\"tcp\" StreamDriverMode=\"1\" StreamDriverAuthMode=\"anon\")\naction(type=\"omfwd\" target=\"b\" protocol=\"tcp\" StreamDriver=\"ossl\" StreamDriverMode=\"1\")\naction(type=\"omfwd\" target=\"c\" protocol=\"tcp\" StreamDriver=\"ptcp\" StreamDriverMode=\"0\")\n", "omfwd tcpa 0000 *.* TLS anon\nomfwd tcpb 0000 *.* TLS \nomfwd tcpc 0000 *.*"},
	"behind a filter":  {"mail.* action(type=\"omfwd\" target=\"a\")\n:msg, contains, \"x\" @b\n& @c\nif $msg contains 'then' then @d\nif $msg == \"x\" then { action(type=\"omfwd\" target=\"e\") } else @f\n*.* @g\n", "omfwd udpa 0000 mail.*\nomfwd udpb 0000  conditional\nomfwd udpc 0000  conditional\nomfwd udpd 0000  conditional\nomfwd udpe 0000 *.* conditional\nomfwd udpf 0000  conditional\nomfwd udpg 0000 *.*"},
	"and":              {"mail.* /a\n& @b\n& stop\n*.* /c\n", "omfile /a 0644 mail.*\nomfwd udpb 0000 mail.*\nomfile /c 0644 *.*"},
	"in a ruleset":     {"ruleset(name=\"r\") {\n  action(type=\"omfile\" file=\"/x\")\n  *.* @a\n  stop\n}\n*.* /y\n", "omfile /x 0644 *.* conditional\nomfwd udpa 0000 *.* conditional\nomfile /y 0644 *.*"},
	"in a block":       {"mail.* {\n  /var/log/y\n  -/var/log/z\n  @host\n}\n*.* /z\n", "omfile /var/log/y 0644  conditional\nomfile /var/log/z 0644  conditional\nomfwd udphost 0000  conditional\nomfile /z 0644 *.*"},
	"a template":       {"template(name=\"t\" type=\"list\") { property(name=\"msg\") constant(value=\"}\\\"@x\") }\n$template u,\"/var/log/%HOSTNAME%#\"\n*.* ?u\n*.* /x;t\n", "omfile  0644 *.*\nomfile /x 0644 *.*"},
	"users":            {"*.emerg :omusrmsg:*\nkern.* :omusrmsg:root,bob\n*.* |/run/x\n*.* ~\n", "omusrmsg * 0000 *.emerg\nomusrmsg root,bob 0000 kern.*\nompipe  0000 *.*"},
	"switched off":     {"action(type=\"omfwd\" target=\"a\" config.enabled=\"off\")\n*.* /x\n", "omfile /x 0644 *.*"},
	"in reserve":       {"*.* @@a\naction(type=\"omfwd\" target=\"b\" action.execOnlyWhenPreviousIsSuspended=\"on\")\n", "omfwd tcpa 0000 *.*\nomfwd udpb 0000 *.* conditional"},
	"ports":            {"module(load=\"imudp\")\ninput(type=\"imudp\" port=\"514\")\nmodule(load=\"imtcp\")\ninput(type=\"imtcp\" port=\"514\" address=\"127.0.0.1\")\n*.* /x\n", "omfile /x 0644 *.*\nimudp  true\nimtcp 127.0.0.1 false"},
	"ports, old form":  {"$ModLoad imudp\n$UDPServerAddress 127.0.0.1\n$UDPServerRun 514\n$ModLoad imtcp\n$InputTCPServerRun 514\n*.* /x\n", "omfile /x 0644 *.*\nimudp 127.0.0.1 false\nimtcp  true"},
	"only loaded":      {"module(load=\"imudp\")\n#input(type=\"imudp\" port=\"514\")\n*.* /x\n", "omfile /x 0644 *.*"},
	"variables":        {"set $.x = \"then\"; unset $.x;\nforeach ($.i in $!x) do { set $.y = $.i; }\nif ($msg == 'a') then stop\n*.* /x\n", "omfile /x 0644 *.*"},
	"two in a line":    {"action(type=\"omfile\" file=\"/x\") action(type=\"omfile\" file=\"/y\")\n", "omfile /x 0644 *.*\nomfile /y 0644 *.*"},
	"Red Hat":          {strings.Replace(redHat, "module(load=\"imjournal\"\n       StateFile=\"imjournal.state\")\n", "", 1), "omfile /var/log/messages 0644 *.info;mail.none;authpriv.none;cron.none\nomfile /var/log/secure 0644 authpriv.*\nomfile /var/log/maillog 0644 mail.*\nomusrmsg * 0000 *.emerg\nomfile /var/log/spooler 0644 uucp,news.crit"},
}

func TestParse(t *testing.T) {
	for name, c := range texts {
		config, err := rsyslog.Parse([]byte(c.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := show(config); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
	for name, text := range map[string]string{
		"a block of a program": "!prog\n*.* /x\n", "no action": "mail.*\n", "a quote": "action(type=\"omfile)\n", "a comment": "/* x\n", "a block": "mail.* {\n/x\n",
		"a bracket": "}\n", "no type": "action(file=\"/x\")\n", "twice": "action(type=\"omfile\" file=\"/x\" file=\"/y\")\n", "no quotes": "action(type=\"omfile\" file=/x)\n",
		"an unknown word": "nonsense\n", "an unknown object": "frobnicate(x=\"y\")\n", "no value": "action(type)\n", "a condition": "if $msg == 'x'\n", "a host": "*.* @\n",
		"an odd action": "*.* %x\n", "include of nothing": "include(mode=\"optional\")\n",
	} {
		if c, err := rsyslog.Parse([]byte(text)); err == nil || c != nil || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s: got %v, %v", name, c, err)
		}
	}
}

func TestLines(t *testing.T) {
	c, err := rsyslog.Parse([]byte("# a \\\n b\n*.* \\\n  /x\n/* c\n\n*/ action(type=\"omfile\"\n file=\"/y\")\nmail.* /z\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, o := range c.Outputs {
		got = append(got, o.Line)
	}
	if fmt.Sprint(got) != "[4 7 9]" {
		t.Errorf("got %v", got)
	}
}

func TestAgainstRsyslogd(t *testing.T) {
	oracle.Need(t, "rsyslogd", "sh")
	file := filepath.Join(t.TempDir(), "rsyslog.conf")
	for name, c := range texts {
		switch name {
		case "nothing", "switched off", "only loaded", "mode", "Red Hat":
			continue // an action or a listener is missing, a template after the reset, a folder
		}
		if err := os.WriteFile(file, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, code := oracle.Code(t, "sh", "-c", "rsyslogd -N1 -f "+file+" 2>&1"); code != 0 && !strings.Contains(string(out), "lmnsd_") {
			t.Errorf("%s: rsyslogd ends with %d: %s", name, code, out)
		}
	}
}

// rsyslogd prints with -o what it reads, included files too.
func TestIncludesAgainstRsyslogd(t *testing.T) {
	oracle.Need(t, "rsyslogd")
	root := t.TempDir()
	for name, text := range map[string]string{
		"usr/sbin/rsyslogd": "", "etc/rsyslog.conf": "$IncludeConfig ROOT/etc/a/*.conf\n*.* /main\ninclude(file=\"ROOT/etc/b/*.conf\")\ninclude(file=\"ROOT/etc/none\" mode=\"optional\")\n$IncludeConfig ROOT/etc/c/\n",
		"etc/a/2.conf": "*.* /a2\n", "etc/a/10.conf": "*.* /a10", "etc/a/.1.conf": "*.* /hidden\n", "etc/a/x.conf~": "*.* /other\n", "etc/b/x.conf": "*.* /b\n$IncludeConfig ROOT/etc/d\n", "etc/d": "*.* /d\n",
		"etc/c/one": "*.* /c1\n", "etc/c/two.conf": "*.* /c2\n",
	} {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(text, "ROOT", root)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	full := filepath.Join(t.TempDir(), "full")
	oracle.Run(t, "rsyslogd", "-N1", "-f", filepath.Join(root, "etc/rsyslog.conf"), "-o", full)
	b, err := os.ReadFile(full)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for l := range strings.Lines(string(b)) {
		if _, after, ok := strings.Cut(l, "*.* /"); ok {
			want["/"+strings.TrimSpace(after)] = true
		}
	}
	for _, name := range []string{"etc/rsyslog.conf", "etc/b/x.conf"} {
		file := filepath.Join(root, name)
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(b), root, "")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c, err := rsyslog.Fact.Of(t.Context(), inventorytest.Folder(t, root))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, o := range c.Outputs {
		got[o.Target] = true
	}
	if fmt.Sprint(got) != fmt.Sprint(want) || len(want) != 7 {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestFact(t *testing.T) {
	const program = "-- usr/sbin/rsyslogd --\n"
	for name, c := range map[string]struct {
		fixture, want string
		is            error
	}{
		"Red Hat":           {program + "-- usr/lib/systemd/system/rsyslog.service --\n[Service]\nUMask=0066\nExecStart=/usr/sbin/rsyslogd -n $SYSLOGD_OPTIONS\n-- etc/rsyslog.conf --\n*.info /var/log/messages\n", "omfile /var/log/messages 0600 *.info", nil},
		"another file":      {program + "-- usr/lib/systemd/system/rsyslog.service --\n[Service]\nExecStart=/usr/sbin/rsyslogd -n -f/etc/other.conf\n-- etc/other.conf --\n*.* /x\n", "omfile /x 0644 *.*", nil},
		"options elsewhere": {program + "-- usr/lib/systemd/system/rsyslog.service --\n[Service]\nEnvironmentFile=-/etc/sysconfig/rsyslog\nExecStart=/usr/sbin/rsyslogd -n $SYSLOGD_OPTIONS\n-- etc/sysconfig/rsyslog --\nSYSLOGD_OPTIONS=\"-f /x\"\n-- etc/rsyslog.conf --\n", "option -f", inventory.ErrUnavailable},
		"include gone":      {program + "-- etc/rsyslog.conf --\n$IncludeConfig /etc/gone.conf\n", "gone.conf", nil},
		"include, relative": {program + "-- etc/rsyslog.conf --\n$IncludeConfig x.conf\n", "not absolute", nil},
		"include of itself": {program + "-- etc/rsyslog.conf --\n$IncludeConfig /etc/rsyslog.conf\n", "too many", inventory.ErrLimit},
		"conditional":       {program + "-- etc/rsyslog.conf --\nif $msg == 'x' then { include(file=\"/etc/x\") }\n-- etc/x --\n*.* @a\n", "omfwd udpa 0000 *.* conditional", nil},
		"mistake":           {program + "-- etc/rsyslog.conf --\n$IncludeConfig /etc/x\n-- etc/x --\n*.* /a\nnonsense\n", "etc/x: line 2", nil},
		"unreadable":        {program + "-- etc/rsyslog.conf --\n$IncludeConfig /etc/x/*\n-- etc/x/a error=EACCES --\n", "etc/x/a", nil},
		"no file":           {program, "etc/rsyslog.conf", nil},
		"not installed":     {"-- etc/rsyslog.conf --\n*.* /x\n", "no rsyslogd", inventory.ErrAbsent},
	} {
		config, err := rsyslog.Fact.Of(t.Context(), inventorytest.System(t, c.fixture))
		if err != nil {
			if !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) || errors.Is(err, inventory.ErrAbsent) != (c.is == inventory.ErrAbsent) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if got := show(config); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range texts {
		f.Add([]byte(c.text))
	}
	for _, s := range []string{"\xef\xbb\xbf*.* /x", "*.* \\", "action(", "\x00", strings.Repeat("{", 1<<20), strings.Repeat("*.* /x\n", 1000)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := rsyslog.Parse(b)
		if (c == nil) != (err != nil) {
			t.Fatal(c, err)
		}
		if c != nil {
			for _, o := range c.Outputs {
				if o.Type == "" || o.Line < 1 {
					t.Fatalf("%+v", o)
				}
			}
		}
	})
}

func ExampleParse() {
	c, err := rsyslog.Parse([]byte("*.* @@logs.example.org:514\n"))
	o := c.Outputs[0]
	fmt.Println(o.Type, o.Protocol, o.Target, o.TLS, err)
	// Output: omfwd tcp logs.example.org false <nil>
}

// A stop has its place, its filter and its condition.
func TestStops(t *testing.T) {
	for text, want := range map[string]string{
		"stop\n":                             "*.* false",
		"*.* ~\n":                            "*.* false",
		"auth.* stop\n":                      "auth.* false",
		":msg, contains, \"x\" stop\n":       "",
		":msg, contains, \"x\" /y\n& stop\n": "",
		"if $x == 1 then stop\n":             "*.* true",
		"if $x == 1 then { stop }\n":         "*.* true",
		"ruleset(name=\"r\") { stop }\n":     "*.* true",
		"*.* /y\n& ~\n":                      "*.* false",
	} {
		c, err := rsyslog.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, o := range c.Outputs {
			if o.Type == rsyslog.Stop {
				got = fmt.Sprint(o.Filter, " ", o.Conditional)
				if o.Filter == "" && o.Conditional {
					got = ""
				}
			}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
