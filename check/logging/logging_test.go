package logging_test

import (
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/logging"
)

const (
	base = `
-- etc/os-release --
ID=debian
VERSION_ID="12"
-- usr/lib/systemd/libsystemd-shared-252.so --
-- usr/lib/systemd/systemd-journald --
-- usr/lib/systemd/system/default.target --
[Unit]
-- usr/lib/systemd/system/systemd-journal-flush.service --
[Service]
`
	program = "-- usr/sbin/rsyslogd --\n"
	old     = "-- usr/lib/systemd/libsystemd-shared-252.so --\n"
	folder  = "-- var/log/journal dir --\n"
)

func unit(name string) string {
	return "-- usr/lib/systemd/system/" + name + " --\n[Service]\nExecStart=/usr/sbin/x\n-- etc/systemd/system/default.target.wants/" + name + " link=/usr/lib/systemd/system/" + name + " --\n"
}

func rsyslogd(conf string) string {
	return unit("rsyslog.service") + program + "-- etc/rsyslog.conf --\n" + conf + "\n"
}

func storage(v string) string { return "-- etc/systemd/journald.conf --\n[Journal]\n" + v + "\n" }

func TestChecks(t *testing.T) {
	kept := logging.Persistent{}.Check
	sent := logging.Elsewhere{Agents: []string{"filebeat.service"}}.Check
	tls := logging.Encrypted{}.Check
	known := logging.Encrypted{Auth: []string{"x509/name"}}.Check
	ports := logging.NoReception{Allow: []string{"imrelp"}}.Check
	private := logging.NewFiles{MaxMode: 0o640}.Check
	for name, c := range map[string]struct {
		make    func() (check.Check, error)
		fixture string
		want    check.Status
	}{
		"on disk":                  {kept, storage("Storage=persistent"), check.Pass},
		"auto, with the folder":    {kept, folder, check.Pass},
		"auto, without":            {kept, "", check.Fail},
		"auto, a file":             {kept, "-- var/log/journal --\n", check.Fail},
		"in memory":                {kept, folder + storage("Storage=volatile"), check.Fail},
		"flush is masked":          {kept, folder + "-- etc/systemd/system/systemd-journal-flush.service link=/dev/null --\n", check.Fail},
		"journald is masked":       {kept, folder + "-- etc/systemd/system/systemd-journald.service link=/dev/null --\n", check.Fail},
		"rsyslog writes":           {kept, storage("Storage=volatile") + rsyslogd("module(load=\"imuxsock\")\n*.*;auth,authpriv.none -/var/log/syslog"), check.Pass},
		"rsyslog gets nothing":     {kept, storage("Storage=volatile\nForwardToSyslog=no") + rsyslogd("*.* /var/log/syslog"), check.Fail},
		"rsyslog asks the journal": {kept, storage("Storage=volatile\nForwardToSyslog=no") + rsyslogd("module(load=\"imjournal\")\n*.* /var/log/syslog"), check.Pass},
		"there is no journal":      {kept, storage("Storage=none\nForwardToSyslog=no") + rsyslogd("module(load=\"imjournal\")\n*.* /var/log/syslog"), check.Fail},
		"rsyslog stops before":     {kept, storage("Storage=volatile") + rsyslogd("module(load=\"imuxsock\")\n*.* stop\n*.* /var/log/syslog"), check.Fail},
		"sent after a stop":        {sent, rsyslogd("stop\n*.* @@logs.example"), check.Fail},
		"sent but logins":          {sent, rsyslogd("auth,authpriv.* ~\n*.* @@logs.example"), check.Fail},
		"sent but one program":     {sent, rsyslogd("module(load=\"imuxsock\")\n:programname, isequal, \"x\" stop\n*.* @@logs.example"), check.Pass},
		"stopped after it":         {sent, rsyslogd("module(load=\"imuxsock\")\n*.* @@logs.example\nstop"), check.Pass},
		"rsyslog has no input":     {kept, storage("Storage=volatile") + rsyslogd("*.* /var/log/syslog"), check.Fail},
		"rsyslog writes mail":      {kept, storage("Storage=volatile") + rsyslogd("mail.* /var/log/mail.log"), check.Fail},
		"rsyslog sends":            {kept, storage("Storage=volatile") + rsyslogd("*.* @@host"), check.Fail},
		"rsyslog does not start":   {kept, storage("Storage=volatile") + program + "-- etc/rsyslog.conf --\n*.* /x\n", check.Fail},
		"syslog-ng":                {kept, unit("syslog-ng.service"), check.Unknown},
		"unreadable":               {kept, "-- etc/systemd/journald.conf error=EACCES --\n", check.Unknown},

		"sent":                    {sent, rsyslogd("module(load=\"imuxsock\")\n*.* @@host"), check.Pass},
		"nothing to send":         {sent, rsyslogd("module(load=\"imtcp\")\n*.* @@host"), check.Fail},
		"a module by its place":   {sent, rsyslogd("module(load=\"/usr/lib/rsyslog/imuxsock.so\")\n*.* @@host"), check.Pass},
		"uploaded to itself":      {sent, unit("systemd-journal-upload.service") + "-- usr/lib/systemd/systemd-journal-upload --\n-- etc/systemd/journal-upload.conf --\n[Upload]\nURL=http://[::1]:19532/x\n", check.Fail},
		"sent to itself":          {sent, rsyslogd("*.* @@127.0.0.1:1514"), check.Fail},
		"mail is sent":            {sent, rsyslogd("mail.* @@host"), check.Fail},
		"all but logins":          {sent, rsyslogd("*.*;authpriv.none @@host"), check.Fail},
		"under a condition":       {sent, rsyslogd("if $msg contains 'x' then @@host"), check.Fail},
		"sent by an action":       {sent, rsyslogd("$ModLoad imuxsock.so\n" + `action(type="omrelp" target="host" tls="on")`), check.Pass},
		"not sent":                {sent, rsyslogd("*.* /var/log/syslog"), check.Fail},
		"rsyslog is off":          {sent, program + "-- etc/rsyslog.conf --\n*.* @@host\n", check.Fail},
		"an agent":                {sent, unit("filebeat.service"), check.Pass},
		"an agent that is off":    {sent, "-- usr/lib/systemd/system/filebeat.service --\n[Service]\n", check.Fail},
		"uploaded by a number":    {sent, unit("systemd-journal-upload.service") + "-- usr/lib/systemd/systemd-journal-upload --\n-- etc/systemd/journal-upload.conf --\n[Upload]\nURL=http://a@127.1\n", check.Fail},
		"uploaded to no host":     {sent, unit("systemd-journal-upload.service") + "-- usr/lib/systemd/systemd-journal-upload --\n-- etc/systemd/journal-upload.conf --\n[Upload]\nURL=http://lo\fg\n", check.Fail},
		"the journal is uploaded": {sent, unit("systemd-journal-upload.service") + "-- usr/lib/systemd/systemd-journal-upload --\n-- etc/systemd/journal-upload.conf --\n[Upload]\nURL=https://host\n", check.Pass},
		"uploaded nowhere":        {sent, unit("systemd-journal-upload.service") + "-- usr/lib/systemd/systemd-journal-upload --\n", check.Fail},
		"syslog-ng may":           {sent, unit("syslog-ng.service"), check.Unknown},
		"broken":                  {sent, rsyslogd("nonsense"), check.Error},

		"TLS":               {tls, rsyslogd("$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\n*.* @@host"), check.Pass},
		"plain":             {tls, rsyslogd("*.* @@host"), check.Fail},
		"one of two":        {tls, rsyslogd("*.* @host\n$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\n*.* @@host"), check.Fail},
		"a condition, too":  {tls, rsyslogd("if $msg contains 'x' then @@host"), check.Fail},
		"plain to itself":   {tls, rsyslogd("*.* @@localhost"), check.NotApplicable},
		"nothing":           {tls, rsyslogd("*.* /x"), check.NotApplicable},
		"not known":         {tls, rsyslogd(`action(type="omkafka" topic="x")`), check.Unknown},
		"known and plain":   {tls, rsyslogd("*.* @host\naction(type=\"omkafka\" topic=\"x\")"), check.Fail},
		"upload in plain":   {tls, unit("systemd-journal-upload.service") + "-- usr/lib/systemd/systemd-journal-upload --\n-- etc/systemd/journal-upload.conf --\n[Upload]\nURL=http://host\n", check.Fail},
		"nobody is asked":   {known, rsyslogd("$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\n*.* @@host"), check.Fail},
		"asked by its name": {known, rsyslogd("$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\n$ActionSendStreamDriverAuthMode x509/name\n*.* @@host"), check.Pass},

		"no port":        {ports, rsyslogd("*.* /x"), check.Pass},
		"a port":         {ports, rsyslogd("input(type=\"imudp\" port=\"514\")"), check.Fail},
		"a port, old":    {ports, rsyslogd("$InputTCPServerRun 514"), check.Fail},
		"its own":        {ports, rsyslogd("input(type=\"imudp\" port=\"514\" address=\"127.0.0.1\")"), check.Pass},
		"allowed":        {ports, rsyslogd("input(type=\"imrelp\" port=\"514\")"), check.Pass},
		"no rsyslog":     {ports, "", check.NotApplicable},
		"without rights": {ports, unit("rsyslog.service") + program + "-- etc/rsyslog.conf error=EACCES --\n", check.Unknown},

		"private":        {private, rsyslogd("$FileCreateMode 0640\n*.* /x"), check.Pass},
		"open":           {private, rsyslogd("*.* /x\n$FileCreateMode 0640\n*.* /y"), check.Fail},
		"a device":       {private, rsyslogd("*.* /dev/console\n$FileCreateMode 0640\n*.* /x"), check.Pass},
		"only to others": {private, rsyslogd("*.* @@host"), check.NotApplicable},
	} {
		made, err := c.make()
		if r, err := checktest.Judge(base+c.fixture, made, err); err != nil || r.Status != c.want {
			t.Errorf("%s: got %s %v (%s), %v, want %s", name, r.Status, r.Evidence, r.Message, err, c.want)
		}
	}
	for _, make := range []func() (check.Check, error){kept, sent, tls, ports, private} {
		made, err := make()
		if r, err := checktest.Judge("-- usr/lib/systemd/systemd-journald --\n", made, err); err != nil || r.Status != check.Unknown {
			t.Errorf("without systemd: got %s (%s), %v", r.Status, r.Message, err)
		}
	}
}

func TestForwardingThatNothingSets(t *testing.T) {
	c, err := logging.Persistent{}.Check()
	rest := base[len("\n-- etc/os-release --\nID=debian\nVERSION_ID=\"12\"\n")+len(old):] + storage("Storage=volatile") + rsyslogd("module(load=\"imuxsock\")\n*.* /x")
	for fixture, want := range map[string]check.Status{
		"-- etc/os-release --\nID=debian\nVERSION_ID=\"11\"\n-- usr/lib/systemd/libsystemd-shared-247.so --\n": check.Pass,
		"-- etc/os-release --\nID=debian\nVERSION_ID=\"13\"\n-- usr/lib/systemd/libsystemd-shared-257.so --\n": check.Fail,
		"-- etc/os-release --\nID=debian\nVERSION_ID=\"12\"\n":                                                 check.Unknown,
		"-- etc/os-release --\nID=fedora\nVERSION_ID=\"40\"\n-- usr/lib/systemd/libsystemd-shared-252.so --\n": check.Fail,
	} {
		if r, err := checktest.Judge(fixture+rest, c, err); err != nil || r.Status != want {
			t.Errorf("%.60q: got %s (%s), %v, want %s", fixture, r.Status, r.Message, err, want)
		}
	}
}

func ExampleEncrypted() {
	c, err := logging.Encrypted{}.Check()
	r, err := checktest.Judge(base+rsyslogd("*.* @@logs.example.org"), c, err)
	fmt.Println(r.Status, r.Evidence[0].Source, r.Evidence[0].Line, r.Evidence[0].Got, err)
	// Output: fail etc/rsyslog.conf 1 tcp without TLS <nil>
}
