package auditrules_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/inventory/logs/auditrules"
)

var person = auditrules.Range{Min: 1000, Max: 1<<32 - 2}

func TestDecides(t *testing.T) {
	file := auditrules.Event{Arch: "b64", Path: "etc/passwd", Perm: 'w', Facts: map[string]auditrules.Range{"auid": person}}
	folder := file
	folder.Path = "etc/sudoers.d/"
	inside := file
	inside.Path = "etc/sudoers.d/x"
	call := auditrules.Event{Arch: "b64", Syscall: "settimeofday", Facts: map[string]auditrules.Range{"auid": person}}
	unlink := auditrules.Event{Arch: "b64", Syscall: "unlink", Facts: map[string]auditrules.Range{"auid": person}, Ignored: []string{"dev/shm"}}
	denied := auditrules.Event{Arch: "b64", Syscall: "openat", Facts: map[string]auditrules.Range{"auid": person, "exit": {Min: -13, Max: -13}, "success": {}}}
	sudo := auditrules.Event{Arch: "b64", Syscall: "execve", Facts: map[string]auditrules.Range{"auid": person, "euid": {}}, Differ: [][2]string{{"uid", "euid"}}}
	for name, c := range map[string]struct {
		rules string
		event auditrules.Event
		want  bool
	}{
		"a watch":                    {"-w /etc/passwd -p wa", file, true},
		"a watch of all":             {"-w /etc/passwd", file, true},
		"a watch of reading":         {"-w /etc/passwd -p r", file, false},
		"a watch of another":         {"-w /etc/passwd- -p wa", file, false},
		"the other form":             {"-a always,exit -F path=/etc/passwd -F perm=wa", file, true},
		"for 64 bits":                {"-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa", file, true},
		"for 32 bits":                {"-a always,exit -F arch=b32 -F path=/etc/passwd -F perm=wa", file, false},
		"for people":                 {"-a always,exit -F path=/etc/passwd -F perm=wa -F auid>=1000 -F auid!=-1", file, true},
		"for one person":             {"-a always,exit -F path=/etc/passwd -F perm=wa -F auid=1000", file, false},
		"for others":                 {"-a always,exit -F path=/etc/passwd -F perm=wa -F auid>=2000", file, false},
		"for root":                   {"-a always,exit -F path=/etc/passwd -F perm=wa -F uid=0", file, false},
		"a folder above":             {"-a always,exit -F dir=/etc/ -F perm=wa", inside, true},
		"path of a folder":           {"-a always,exit -F path=/etc -F perm=wa", inside, false},
		"a folder with such a name":  {"-a always,exit -F dir=/etc/sudo -F perm=wa", inside, false},
		"one call of it":             {"-a always,exit -F path=/etc/passwd -S openat", file, false},
		"a folder":                   {"-a always,exit -F dir=/etc/sudoers.d/ -F perm=wa", folder, true},
		"only the folder itself":     {"-a always,exit -F path=/etc/sudoers.d -F perm=wa", folder, false},
		"one file of the folder":     {"-w /etc/sudoers.d/x -p wa", folder, false},
		"all but one file":           {"-a never,exit -F path=/etc/sudoers.d/x\n-a always,exit -F dir=/etc/sudoers.d -F perm=wa", folder, false},
		"never before":               {"-a never,exit -F dir=/etc -F perm=wa\n-w /etc/passwd -p wa", file, false},
		"never after":                {"-w /etc/passwd -p wa\n-a never,exit -F dir=/etc -F perm=wa", file, true},
		"never put in front":         {"-w /etc/passwd -p wa\n-A never,exit -F dir=/etc -F perm=wa", file, false},
		"never elsewhere":            {"-a never,exit -F dir=/var -F perm=wa\n-w /etc/passwd -p wa", file, true},
		"never for daemons":          {"-a never,exit -F auid=unset\n-w /etc/passwd -p wa", file, true},
		"never for a program":        {"-a never,exit -F exe=/usr/bin/vim\n-w /etc/passwd -p wa", file, false},
		"never of other calls":       {"-a never,exit -F arch=b64 -S adjtimex\n-w /etc/passwd -p wa", file, true},
		"never of such a call":       {"-a never,exit -F arch=b64 -S openat\n-w /etc/passwd -p wa", file, false},
		"never, tasks":               {"-a task,never\n-w /etc/passwd -p wa", file, false},
		"never, tasks after":         {"-w /etc/passwd -p wa\n-a task,never", file, false},
		"records left out":           {"-a always,exclude -F msgtype=SYSCALL\n-w /etc/passwd -p wa", file, false},
		"a range left out":           {"-a always,exclude -F msgtype>=1300\n-w /etc/passwd -p wa", file, false},
		"other records left out":     {"-a always,exclude -F msgtype=CWD\n-w /etc/passwd -p wa", file, true},
		"people left out":            {"-a never,exclude -F auid=1000\n-w /etc/passwd -p wa", file, false},
		"a kind of disk left out":    {"-a never,filesystem -F fstype=0xef53\n-w /etc/passwd -p wa", file, false},
		"tracefs left out":           {"-a never,filesystem -F fstype=tracefs\n-w /etc/passwd -p wa", file, true},
		"nothing":                    {"", file, false},
		"a call":                     {"-a always,exit -F arch=b64 -S adjtimex,settimeofday", call, true},
		"a call, no arch":            {"-a always,exit -S settimeofday", call, true},
		"a call of 32 bits":          {"-a always,exit -F arch=b32 -S settimeofday", call, false},
		"a call, all":                {"-a always,exit -F arch=b64 -S all", call, true},
		"a call, by a field":         {"-a always,exit -F auid>=500", call, true},
		"another call":               {"-a always,exit -S adjtimex", call, false},
		"a call, never at its place": {"-a never,exit -F dir=/x\n-a always,exit -S settimeofday", call, true},
		"deleted, some place":        {"-a never,exit -F dir=/srv\n-a always,exit -S unlink", unlink, false},
		"deleted, place that is out": {"-a never,exit -F dir=/dev/shm -k x\n-a always,exit -S unlink", unlink, true},
		"denied":                     {"-a always,exit -F arch=b64 -S openat -F exit=-EACCES", denied, true},
		"denied by number":           {"-a always,exit -F arch=b64 -S openat -F exit=-13", denied, true},
		"denied, no success":         {"-a always,exit -F arch=b64 -S openat -F success=0", denied, true},
		"denied, success":            {"-a always,exit -F arch=b64 -S openat -F success=1", denied, false},
		"denied, other reason":       {"-a always,exit -F arch=b64 -S openat -F exit=-EPERM", denied, false},
		"denied, in a folder":        {"-a always,exit -F arch=b64 -S openat -F dir=/etc -F exit=-EACCES", denied, false},
		"as root":                    {"-a always,exit -F arch=b64 -S execve -F euid=0 -F auid>=1000 -F auid!=unset", sudo, true},
		"by comparison":              {"-a always,exit -F arch=b64 -C euid!=uid -F auid!=unset -S execve", sudo, true},
		"by equality":                {"-a always,exit -F arch=b64 -C euid=uid -S execve", sudo, false},
	} {
		r, err := auditrules.Parse([]byte(c.rules+"\n"), "x86_64")
		if err != nil || r.Stopped != nil {
			t.Errorf("%s: %v %v", name, r, err)
			continue
		}
		if _, got := r.Decides(c.event); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
