package auditrules

import (
	"slices"
	"strconv"
	"strings"
)

// Event is something that may happen: a system call, or access to a file.
type Event struct {
	Arch    string // of the program: "b64" or "b32"
	Syscall string // the name of the call; empty for access to a file
	Path    string // of the file, without a slash at its start; a slash at its end means all files in the folder
	Perm    byte   // the kind of access: 'r', 'w', 'x', or 'a' for a change of attributes
	// Facts are the known fields of the event, as ranges of numbers. An event of a person who is
	// logged in has "auid" from 1000 to the largest user ID.
	Facts map[string]Range
	// Differ are pairs of fields that are known to differ, such as "uid" and "euid".
	Differ [][2]string
	// Ignored are folders whose files need no records.
	Ignored []string
}

// Range is the numbers from Min to Max.
type Range struct{ Min, Max int64 }

// verdict says whether a condition holds for an event.
type verdict int8

const (
	no verdict = iota
	maybe
	yes
)

// Decides returns the rule that decides about an event, and reports whether the event is recorded.
// The rule is nil if none decides; then the event is not recorded. In doubt the event counts as not
// recorded: a rule that leaves events out decides if it may hold, a rule that records them only if
// it holds for certain.
func (r *Rules) Decides(e Event) (rule *Rule, recorded bool) {
	// Rules of other lists apply to all system calls.
	for i := range r.All {
		if x := &r.All[i]; x.List != "exit" && x.List != "user" && x.List != "io_uring" && x.suppresses() {
			return x, false
		}
	}
	// The first rule of the list exit that holds decides.
	for i := range r.All {
		x := &r.All[i]
		if x.List != "exit" {
			continue
		}
		switch v := r.evalRule(x, e); {
		case x.Action == "never" && v != no:
			return x, false
		case x.Action == "always" && v == yes:
			return x, true
		}
	}
	return nil, false
}

// suppresses reports whether a rule of another list than exit keeps system calls from being
// recorded.
func (x *Rule) suppresses() bool {
	switch x.List {
	case "task":
		return x.Action == "never"
	case "filesystem":
		return x.Action == "never" && !slices.ContainsFunc(x.Fields, func(f Field) bool {
			return f.Name == "fstype" && f.Op == "=" && slices.Contains(virtual, f.Value)
		})
	}
	// The list exclude leaves records out, whatever its action is.
	for _, f := range x.Fields {
		otherRecord := f.Name == "msgtype" && f.Op == "=" && !slices.Contains(records, strings.ToUpper(f.Value))
		if otherRecord || f.isUnsetUser() {
			return false
		}
	}
	return true
}

// virtual are file systems without files of their own.
var virtual = []string{"tracefs", "debugfs", "cgroup", "cgroup2"}

// records are the records that an event of a system call needs.
var records = []string{"SYSCALL", "1300", "PATH", "1302", "EXECVE", "1309", "CONFIG_CHANGE", "1305"}

// isUnsetUser reports whether the field matches only events without a logged-in user.
func (f Field) isUnsetUser() bool {
	n, ok := parseInteger(f.Value)
	return f.Name == "auid" && f.Op == "=" && ok && n == unset
}

// evalRule returns whether a rule holds for an event.
func (r *Rules) evalRule(x *Rule, e Event) verdict {
	all := x.evalCall(e)
	for i := 0; i < len(x.Fields) && all != no; i++ {
		all = min(all, r.evalField(x.Fields[i], e))
	}
	return all
}

// evalCall returns whether the system calls of a rule include that of an event.
func (x *Rule) evalCall(e Event) verdict {
	switch {
	case len(x.Syscalls) == 0 || slices.Contains(x.Syscalls, "all"):
		return yes
	case e.Syscall != "" && slices.Contains(x.Syscalls, e.Syscall):
		return yes
	case slices.ContainsFunc(x.Syscalls, func(s string) bool { return isDigit(s[0]) }):
		return maybe // the number of a call
	case e.Syscall == "" && slices.ContainsFunc(x.Syscalls, func(s string) bool { return !accessesNoFile(s) }):
		return maybe
	}
	return no
}

// accessesNoFile reports whether a system call is no access to a file in the sense of rules with
// perm.
func accessesNoFile(s string) bool {
	return namesNoFile(s) || slices.Contains(mounting, s)
}

// namesNoFile reports whether a system call has no argument that names a file.
func namesNoFile(s string) bool {
	return slices.Contains(nameless, s)
}

var (
	mounting = strings.Fields("mount umount umount2 connect bind")
	nameless = strings.Fields(`
		adjtimex settimeofday clock_settime clock_adjtime stime sethostname setdomainname
		init_module delete_module kill socket accept ptrace personality setuid setreuid
		setresuid setgid setregid setresgid fork vfork clone clone3 exit exit_group`)
)

// ofFiles are the fields that only events of files have.
var ofFiles = []string{"path", "dir", "perm", "inode", "obj_uid", "filetype"}

// evalField returns whether a field of a rule holds for an event.
func (r *Rules) evalField(f Field, e Event) verdict {
	switch {
	case f.Compare:
		return evalComparison(f, e)
	case f.Name == "key":
		return yes
	case f.Name == "arch":
		same := r.machine.shortArch(strings.ToLower(f.Value)) == e.Arch
		return verdictOf(same == (f.Op == "="))
	case e.Syscall != "" && namesNoFile(e.Syscall) && slices.Contains(ofFiles, f.Name):
		return no
	case f.Name == "path" || f.Name == "dir":
		return evalPath(f, e)
	case f.Name == "perm":
		if e.Perm == 0 {
			return maybe
		}
		return verdictOf(strings.IndexByte(strings.ToLower(f.Value), e.Perm) >= 0)
	}
	known, ok := e.Facts[f.Name]
	n, is := parseInteger(f.Value)
	if !ok || !is {
		return maybe
	}
	return known.compare(f.Op, n)
}

// verdictOf returns yes or no.
func verdictOf(b bool) verdict {
	if b {
		return yes
	}
	return no
}

// evalPath compares the file of an event with that of a rule.
func evalPath(f Field, e Event) verdict {
	there := cleanPath(f.Value)
	if f.Op != "=" {
		return maybe
	}
	// An event without a file may concern any file that needs records.
	if e.Path == "" {
		if slices.ContainsFunc(e.Ignored, func(d string) bool { return isWithin(there, cleanPath(d)) }) {
			return no
		}
		return maybe
	}
	p, folder := cleanPath(e.Path), strings.HasSuffix(e.Path, "/")
	switch {
	case p == there && !folder || f.Name == "dir" && isWithin(p, there):
		return yes
	case isWithin(there, p) && (folder || f.Name == "dir"):
		return maybe // the rule covers a part of the folder of the event
	}
	return no
}

// isWithin reports whether a path is dir or below it. The empty path is the root.
func isWithin(p, dir string) bool { return p == dir || dir == "" || strings.HasPrefix(p, dir+"/") }

// evalComparison returns whether a comparison of two fields holds for an event.
func evalComparison(f Field, e Event) verdict {
	for _, d := range e.Differ {
		if d == [2]string{f.Name, f.Value} || d == [2]string{f.Value, f.Name} {
			return verdictOf(f.Op == "!=")
		}
	}
	return maybe
}

// unset is the number of a user who is not known.
const unset = 1<<32 - 1

// parseInteger reads the value of a field: a number as in C, "unset", or the name of an error.
func parseInteger(v string) (int64, bool) {
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

// compare returns whether an operator holds between the numbers of a range and n. If the range has
// no negative numbers, -1 is the user who is not known.
func (k Range) compare(op string, n int64) verdict {
	if n == -1 && k.Min >= 0 {
		n = unset
	}
	switch op {
	case "=":
		return k.isInside(n, n)
	case "!=":
		return yes - k.isInside(n, n)
	case ">=":
		return k.isInside(n, 1<<62)
	case ">":
		return k.isInside(n+1, 1<<62)
	case "<=":
		return k.isInside(-1<<62, n)
	case "<":
		return k.isInside(-1<<62, n-1)
	}
	return maybe
}

// isInside returns whether all numbers of k, some or none are from low to high.
func (k Range) isInside(low, high int64) verdict {
	switch {
	case k.Min >= low && k.Max <= high:
		return yes
	case k.Max < low || k.Min > high:
		return no
	}
	return maybe
}
