package auditrules

import (
	"slices"
	"strconv"
	"strings"
)

// Event is something that may happen: a system call, or access to a file.
type Event struct {
	Arch    string // "b64" or "b32": what the program is made for
	Syscall string // the name of the call, empty for access to a file
	Path    string // of the file, without a slash at its start; with one at its end, all in a folder
	Perm    byte   // how the file is accessed: 'r', 'w', 'x' or 'a', of a change of its attributes
	// Facts are the fields that are known of the event, as ranges of numbers: that a person
	// is logged in is "auid" from 1000 to the largest user ID.
	Facts map[string]Range
	// Differ are pairs of fields that are known not to be equal, "uid" and "euid".
	Differ [][2]string
	// Ignored are folders whose files need no records.
	Ignored []string
}

// Range is the numbers from Min to Max.
type Range struct{ Min, Max int64 }

// answer is whether a condition holds of an event.
type answer int8

const (
	no answer = iota
	maybe
	yes
)

// Decides answers the rule that decides whether an event is recorded, and whether it is. It
// errs towards false: a rule that leaves events out counts where it may hold, one that
// records only where it does. Where no rule decides, rule is nil.
func (r *Rules) Decides(e Event) (rule *Rule, recorded bool) {
	for i := range r.All {
		if x := &r.All[i]; x.List != "exit" && x.List != "user" && x.List != "io_uring" && x.suppresses() {
			return x, false
		}
	}
	for i := range r.All {
		x := &r.All[i]
		if x.List != "exit" {
			continue
		}
		switch a := r.holds(x, e); {
		case x.Action == "never" && a != no:
			return x, false
		case x.Action == "always" && a == yes:
			return x, true
		}
	}
	return nil, false
}

// suppresses reports whether a rule of another list than exit keeps system calls from being recorded.
func (x *Rule) suppresses() bool {
	switch x.List {
	case "task":
		return x.Action == "never"
	case "filesystem":
		return x.Action == "never" && !slices.ContainsFunc(x.Fields, func(f Field) bool {
			return f.Name == "fstype" && f.Op == "=" && slices.Contains(virtual, f.Value)
		})
	}
	for _, f := range x.Fields { // of the list exclude, whose action is never in any case
		if f.Name == "msgtype" && f.Op == "=" && !slices.Contains(records, strings.ToUpper(f.Value)) || f.unset() {
			return false
		}
	}
	return true
}

// virtual are filesystems whose files are no files.
var virtual = []string{"tracefs", "debugfs", "cgroup", "cgroup2"}

// records are the records without which an event of a system call says too little.
var records = []string{"SYSCALL", "1300", "PATH", "1302", "EXECVE", "1309", "CONFIG_CHANGE", "1305"}

// unset reports whether the field asks that nobody is logged in.
func (f Field) unset() bool {
	n, ok := integer(f.Value)
	return f.Name == "auid" && f.Op == "=" && ok && n == unset
}

// holds reports whether a rule holds of an event.
func (r *Rules) holds(x *Rule, e Event) answer {
	all := x.matchesCall(e)
	for _, f := range x.Fields {
		all = min(all, r.field(x, f, e))
	}
	return all
}

func (x *Rule) matchesCall(e Event) answer {
	switch {
	case len(x.Syscalls) == 0 || slices.Contains(x.Syscalls, "all"):
		return yes
	case e.Syscall != "" && slices.Contains(x.Syscalls, e.Syscall):
		return yes
	case slices.ContainsFunc(x.Syscalls, func(s string) bool { return digit(s[0]) }):
		return maybe // by number
	case e.Syscall == "" && slices.ContainsFunc(x.Syscalls, func(s string) bool { return !apart(s) }):
		return maybe
	}
	return no
}

// apart reports whether a system call is no access to a file as rules with perm have it.
func apart(s string) bool {
	return fileless(s) || slices.Contains(strings.Fields("mount umount umount2 connect bind"), s)
}

// fileless reports whether a system call names no file.
func fileless(s string) bool {
	return slices.Contains(strings.Fields(`adjtimex settimeofday clock_settime clock_adjtime stime sethostname setdomainname
		init_module delete_module kill socket accept ptrace personality setuid setreuid setresuid setgid setregid setresgid
		fork vfork clone clone3 exit exit_group`), s)
}

func (r *Rules) field(x *Rule, f Field, e Event) answer {
	switch {
	case f.Compare:
		return compare(f, e)
	case f.Name == "key":
		return yes
	case f.Name == "arch":
		same := r.machine.native(strings.ToLower(f.Value)) == e.Arch
		return truth(same == (f.Op == "="))
	case e.Syscall != "" && fileless(e.Syscall) && slices.Contains([]string{"path", "dir", "perm", "inode", "obj_uid", "filetype"}, f.Name):
		return no
	case f.Name == "path" || f.Name == "dir":
		return place(f, e)
	case f.Name == "perm":
		if e.Perm == 0 {
			return maybe
		}
		return truth(strings.IndexByte(strings.ToLower(f.Value), e.Perm) >= 0)
	}
	known, ok := e.Facts[f.Name]
	n, is := integer(f.Value)
	if !ok || !is {
		return maybe
	}
	return known.holds(f.Op, n)
}

func truth(b bool) answer {
	if b {
		return yes
	}
	return no
}

// place compares the file of an event with that of a rule.
func place(f Field, e Event) answer {
	there := clean(f.Value)
	if f.Op != "=" {
		return maybe
	}
	if e.Path == "" {
		return truth2(!slices.ContainsFunc(e.Ignored, func(d string) bool { return within(there, clean(d)) }), maybe)
	}
	p, folder := clean(e.Path), strings.HasSuffix(e.Path, "/")
	switch {
	case p == there && !folder || f.Name == "dir" && within(p, there):
		return yes
	case within(there, p) && (folder || f.Name == "dir"):
		return maybe // a part of the folder of the event
	}
	return no
}

func truth2(b bool, a answer) answer {
	if b {
		return a
	}
	return no
}

func within(p, dir string) bool { return p == dir || dir == "" || strings.HasPrefix(p, dir+"/") }

func compare(f Field, e Event) answer {
	for _, d := range e.Differ {
		if d == [2]string{f.Name, f.Value} || d == [2]string{f.Value, f.Name} {
			return truth(f.Op == "!=")
		}
	}
	return maybe
}

// unset is the number of a user who is not known.
const unset = 1<<32 - 1

// integer reads the value of a field: a number as in C, "unset", or an error's name.
func integer(v string) (int64, bool) {
	sign := int64(1)
	if rest, ok := strings.CutPrefix(v, "-"); ok {
		sign, v = -1, rest
	}
	switch v {
	case "unset":
		return unset, sign == 1
	case "EPERM":
		return sign, true
	case "EACCES":
		return sign * 13, true
	}
	n, err := strconv.ParseInt(v, 0, 64)
	return sign * n, err == nil
}

// holds compares a range with a number. -1 is the user who is not known, but where
// the range has numbers below zero.
func (k Range) holds(op string, n int64) answer {
	if n == -1 && k.Min >= 0 {
		n = unset
	}
	switch op {
	case "=":
		return k.inside(n, n)
	case "!=":
		return yes - k.inside(n, n)
	case ">=":
		return k.inside(n, 1<<62)
	case ">":
		return k.inside(n+1, 1<<62)
	case "<=":
		return k.inside(-1<<62, n)
	case "<":
		return k.inside(-1<<62, n-1)
	}
	return maybe
}

// inside reports whether the numbers of k are from low to high.
func (k Range) inside(low, high int64) answer {
	switch {
	case k.Min >= low && k.Max <= high:
		return yes
	case k.Max < low || k.Min > high:
		return no
	}
	return maybe
}
