package auditrules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/logs/auditrules"
)

// accepted and refused are lines that auditctl accepts and refuses on x86_64, as
// TestAgainstAuditctl shows.
var accepted = []string{
	"-w /etc/passwd -p wa -k identity", "-w /etc/passwd", "-w /etc/ -p WA -k a -k b", "-w/etc/passwd -pwa -kx", "-w /etc/a\\ b -p wa",
	"-a always,exit -F path=/etc/passwd -F perm=wa -F key=x", "-a exit,always -S adjtimex,settimeofday", "-a always,exit -S all",
	"-a always,exit -F arch=b64 -S openat -S open -F exit=-EACCES -F auid>=1000 -F auid!=unset -k access",
	"-a always,exit -F arch=b32 -S stime", "-a always,exit -F arch=x86_64 -S openat", "-A never,exit -F arch=b64 -S adjtimex -F auid=-1",
	"-a always,exit -F arch=b64 -C euid!=uid -F auid!=unset -S execve -k user_emulation", "-a never,task", "-a task,never",
	"-a always,exclude -F msgtype=CWD", "-a never,user -F subj_type=crond_t", "-a never,filesystem -F fstype=tracefs", "-F arch=b64 -t",
	"-a always,exit -F dir=/etc/audit -F perm=wa -k x", "-a always,exit -F success=0 -S open", "-a always,exit -F a0=0x0 -S clock_settime",
	"-a always,exit -S 2", "-d always,exit -S open", "-W /etc/passwd -p wa", "-a always,exit -F auid>=1000", "  -w /etc/passwd", "# comment", "",
	"-a always,exit -F exe=/usr/bin/id -k x", "-a always,exit -F loginuid=1000 -S open", "-S open -a always,exit", "-a always,exit -F arch!=b32 -S open",
}

var refused = []string{
	"-w /etc/passwd -p z", "-w etc/passwd", "-w", "-p wa", "-k x", "-a always,exit -F arch=b64 -S stime", "-a always,exit -S openat -F arch=b64",
	"-a always,exit -F auid>=1000 -k x", "-a always,exclude -F msgtype=CWD -k x", "-a always,exit -F success=no", "-a always,sometimes", "-a always",
	"-a always,exit,x", "-F path=/etc/passwd", "-a always,exit -w /etc/passwd", "-a always,exit -F path", "-a always,exit -F perm>wa",
	"-a always,task -S open", "-a always,user -F perm=wa", "-e 3", "-f x", "-b x", "-w /etc/passwd extra", "-x",
	"-w /etc/passwd -k \"a b\"", "-R /etc/audit/other.rules", "-D -w /etc/passwd", "-a always,exit -C euid!=nobody -S execve",
	"-a always,exit -a always,exit", "\t-w /etc/passwd", "-w\t/etc/passwd", "-a always,exit -k x -S open", "-a always,exit -S",
}

func TestLines(t *testing.T) {
	for _, l := range accepted {
		before := ""
		if strings.HasPrefix(l, "-d") {
			before = "-a always,exit -S open\n"
		}
		if strings.HasPrefix(l, "-W") {
			before = "-w /etc/passwd -p aw\n"
		}
		r, err := auditrules.Parse([]byte(before+l+"\n"), "x86_64")
		if l == "-F arch=b64 -t" { // of no use in a file
			continue
		}
		if err != nil || r.Stopped != nil {
			t.Errorf("%q: got %v, %v", l, r, err)
		}
	}
	for _, l := range refused {
		r, err := auditrules.Parse([]byte(l+"\n-w /x\n"), "x86_64")
		if err != nil || r.Stopped == nil || len(r.All) > 0 {
			t.Errorf("%q: got %+v, %v", l, r, err)
		}
		r, err = auditrules.Parse([]byte("-i\n"+l+"\n-w /x\n"), "x86_64")
		if err != nil || r.Stopped != nil || len(r.Skipped) != 1 || len(r.All) != 1 {
			t.Errorf("%q after -i: got %+v, %v", l, r, err)
		}
	}
	for _, l := range []string{"-a always,exit -F colour=red", "-a always,exit -S open_sesame", "--later 5", "-a always,exit -F arch=vax", strings.Repeat("x", 1<<20),
		"-a possible,exit -S open"} {
		if r, err := auditrules.Parse([]byte(l), "x86_64"); err == nil || r != nil {
			t.Errorf("%q: got %v, %v, want an error", l, r, err)
		}
	}
}

func TestLoad(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"in order":      {"-w /a\n-w /b\n", "/a /b"},
		"in front":      {"-w /a\n-A always,exit -F path=/b -F perm=w\n", "/b /a"},
		"all deleted":   {"-w /a\n-D\n-w /b\n", "/b"},
		"by key":        {"-w /a -k x\n-w /b\n-D -k x\n", "/b"},
		"one deleted":   {"-w /a\n-w /b\n-W /a\n", "/b"},
		"none to":       {"-w /a\n-W /b\n-w /c\n", "/a stops at 2"},
		"twice":         {"-w /a\n-w /a/\n-w /b\n", "/a stops at 2"},
		"locked":        {"-w /a\n-e 2\n-w /b\n", "/a stops at 3"},
		"comment after": {"-w /a\n-e 2\n# -w /b\n\n", "/a"},
		"two ways":      {"-w /a -p aw\n-a exit,always -F path=/a/ -F perm=wa\n", "/a stops at 2"},
		"no newline":    {"-w /a\n-w /b", "/a /b"},
		"carriage":      {"-w /a\r\n-w /b\r\n", "/a\r /b\r"},
		"byte mark":     {"\ufeff-w /a\n", " stops at 1"},
	} {
		r, err := auditrules.Parse([]byte(c.text), "x86_64")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var paths []string
		for _, x := range r.All {
			paths = append(paths, x.Fields[0].Value)
		}
		got := strings.Join(paths, " ")
		if r.Stopped != nil {
			got += fmt.Sprintf(" stops at %d", r.Stopped.Line)
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	if _, err := auditrules.Parse([]byte("-w /a\x00\n"), ""); err == nil {
		t.Error("a zero byte is no error")
	}
}

func TestControls(t *testing.T) {
	r, err := auditrules.Parse([]byte("-D\n-b 8192\n-e 1\n-f 2\n--backlog_wait_time 60000\n--loginuid-immutable\n-r 0\n-e 2\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"backlog": "8192", "enabled": "2", "failure": "2", "backlog_wait_time": "60000", "loginuid-immutable": "yes", "rate": "0"} {
		if got := r.Controls[name].Value; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, l := range append(accepted, refused...) {
		f.Add([]byte(l))
	}
	for _, l := range []string{"\xef\xbb\xbf-D", "-D\r\n", "-w /a\n-w /a", "-w \\", strings.Repeat("-", 1<<20), "\x00", "-D -k", "-F =", "-a ,"} {
		f.Add([]byte(l))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := auditrules.Parse(b, "x86_64")
		if (r == nil) != (err != nil) {
			t.Fatal(r, err)
		}
		if r != nil {
			r.Decides(auditrules.Event{Arch: "b64", Path: "etc/passwd", Perm: 'w'})
		}
	})
}

func ExampleRules_Decides() {
	r, err := auditrules.Parse([]byte("-w /etc/passwd -p wa -k identity\n"), "x86_64")
	rule, recorded := r.Decides(auditrules.Event{Arch: "b64", Path: "etc/passwd", Perm: 'w'})
	fmt.Println(recorded, rule.Line, err)
	// Output: true 1 <nil>
}
