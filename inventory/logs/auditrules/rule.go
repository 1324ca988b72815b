package auditrules

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Rule is one rule of a list of the kernel.
type Rule struct {
	inventory.Position

	List   string // "exit", "task", "exclude", "user", "filesystem", "io_uring"
	Action string // "always" or "never"
	// Syscalls are the names or numbers of system calls. Without any the rule is for all of them.
	Syscalls []string
	// Fields are the conditions, all of which have to hold. A watch has path or dir, and perm.
	Fields []Field

	remove  bool // -d or -W
	prepend bool // -A
	watch   bool // -w or -W; whether it has path or dir depends on the file
}

// Field is a condition of the options -F and -C: "auid>=1000", "path=/etc/passwd", "uid!=euid".
type Field struct {
	Name, Op, Value string
	Compare         bool // Value is the name of a field
}

var (
	lists   = []string{"task", "exit", "user", "exclude", "filesystem", "io_uring"}
	actions = []string{"always", "never"}
	// operators are in the order in which auditctl looks for them.
	operators = []string{"!=", ">=", "<=", "&=", "=", ">", "<", "&"}
	// fields are the names of all fields, libaudit 3.0 to 4.2.
	fields = strings.Fields(`pid uid euid suid fsuid gid egid sgid fsgid auid loginuid pers arch msgtype
		subj_user subj_role subj_type subj_sen subj_clr ppid obj_user obj_role obj_type obj_lev_low obj_lev_high
		sessionid devmajor devminor inode exit success path perm dir filetype fstype obj_uid obj_gid a0 a1 a2 a3
		key exe saddr_fam`)
	// exitOnly are the fields that only the list exit has.
	exitOnly = strings.Fields(`obj_user obj_role obj_type obj_lev_low obj_lev_high path dir perm filetype
		exit success devmajor devminor inode ppid`)
	// compared are the fields that -C compares.
	compared = strings.Fields("auid uid euid suid fsuid obj_uid gid egid sgid fsgid obj_gid")
)

// newRule makes a rule of the options of a line. It returns nil for a line with other options.
func newRule(all []option, m machine) (*Rule, error) {
	r := &Rule{}
	for _, o := range all {
		var err error
		switch o.name {
		case "a", "A", "d":
			err = r.setList(o)
		case "w", "W":
			err = r.setWatch(o)
		case "S":
			err = r.addSyscalls(o.value, m)
		case "F":
			err = r.addField(o.value, m)
		case "C":
			err = r.addComparison(o.value)
		case "p":
			err = r.setPerm(o.value)
		case "k":
			if err = errKey; r.takesKey() {
				err = r.addKey(o.value)
			}
		default:
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("-%s: %w", o.name, err)
		}
	}
	if r.List == "" {
		return nil, errors.New("no list")
	}
	if r.has("key") && !r.takesKey() {
		return nil, errKey
	}
	return r, nil
}

var errKey = errors.New("a key without a watch or system call before it")

// has reports whether the rule has a field that is no comparison.
func (r *Rule) has(name string) bool {
	return slices.ContainsFunc(r.Fields, func(f Field) bool { return f.Name == name && !f.Compare })
}

// takesKey reports whether the rule may have a key: it has system calls or a field of files.
func (r *Rule) takesKey() bool {
	return len(r.Syscalls) > 0 || slices.ContainsFunc([]string{"perm", "path", "dir", "exe", "fstype"}, r.has)
}

// setList reads the value of -a, -A or -d: a list and an action, in any order.
func (r *Rule) setList(o option) error {
	a, b, ok := strings.Cut(o.value, ",")
	if slices.Contains(actions, b) {
		a, b = b, a
	}
	switch {
	case r.List != "":
		return errors.New("a second list")
	case strings.Contains(o.value, "possible"):
		return fmt.Errorf("an action of old kernels: %w", errUnsure)
	case !ok || !slices.Contains(actions, a) || !slices.Contains(lists, b):
		return errors.New("no list and action")
	}
	r.Action, r.List, r.prepend, r.remove = a, b, o.name == "A", o.name == "d"
	return nil
}

// setWatch reads the value of -w or -W: the path of a file or folder.
func (r *Rule) setWatch(o option) error {
	if r.List != "" || len(r.Fields) > 0 || len(r.Syscalls) > 0 {
		return errors.New("a watch beside a rule")
	}
	if !strings.HasPrefix(o.value, "/") {
		return errors.New("no absolute path")
	}
	r.List, r.Action, r.watch, r.remove = "exit", "always", true, o.name == "W"
	r.Fields = []Field{{Name: "path", Op: "=", Value: trimSlash(o.value)}, {Name: "perm", Op: "=", Value: "rwxa"}}
	return nil
}

// trimSlash cuts the slashes at the end of a path off, except for the root.
func trimSlash(p string) string {
	if t := strings.TrimRight(p, "/"); t != "" {
		return t
	}
	return "/"
}

// addSyscalls reads the value of -S, which is a list separated by commas.
func (r *Rule) addSyscalls(value string, m machine) error {
	switch r.List {
	case "task", "user", "exclude", "filesystem":
		return errors.New("system calls on a list that has none")
	case "io_uring":
		r.Syscalls = append(r.Syscalls, value)
		return nil
	}
	for name := range strings.SplitSeq(value, ",") {
		if name == "" {
			continue
		}
		if err := m.checkSyscall(name, r.arch()); err != nil {
			return err
		}
		r.Syscalls = append(r.Syscalls, name)
	}
	return nil
}

// arch returns the value of the field arch, or "".
func (r *Rule) arch() string {
	for _, f := range r.Fields {
		if f.Name == "arch" && f.Op == "=" {
			return strings.ToLower(f.Value)
		}
	}
	return ""
}

// addField reads the value of -F. The order of the cases is that in which auditctl checks.
func (r *Rule) addField(text string, m machine) error {
	f, ok := cutField(text, operators)
	switch {
	case r.List == "":
		return errors.New("a field before the list")
	case !ok:
		return errors.New("no field, operator and value")
	case f.Name == "key" && f.Op == "=":
		return r.addKey(f.Value)
	case !slices.Contains(fields, f.Name):
		return fmt.Errorf("a field: %w", errUnsure)
	case slices.Contains(exitOnly, f.Name) && r.List != "exit":
		return fmt.Errorf("%s is for the list exit only", f.Name)
	case f.Name == "arch" && len(r.Syscalls) > 0:
		return errors.New("arch after system calls")
	case f.Name == "arch":
		if err := m.checkArch(f.Value); err != nil {
			return err
		}
	case f.Name == "perm" && (f.Op != "=" || !isPerm(f.Value)):
		return errors.New("no permissions of rwxa")
	case f.Name == "success" && (f.Value[0] < '0' || f.Value[0] > '9'):
		return errors.New("success is 0 or 1")
	}
	if f.Name == "loginuid" {
		f.Name = "auid"
	}
	if f.Name == "dir" || f.Name == "path" {
		f.Value = trimSlash(f.Value)
	}
	r.Fields = append(r.Fields, f)
	return nil
}

// cutField splits a condition at the first of some operators that it contains.
func cutField(text string, operators []string) (Field, bool) {
	for _, op := range operators {
		if name, value, ok := strings.Cut(text, op); ok {
			return Field{Name: name, Op: op, Value: value}, name != "" && value != ""
		}
	}
	return Field{}, false
}

// addComparison reads the value of -C.
func (r *Rule) addComparison(text string) error {
	f, ok := cutField(text, []string{"!=", "="})
	if !ok || r.List != "exit" || !slices.Contains(compared, f.Name) || !slices.Contains(compared, f.Value) {
		return errors.New("no comparison of two fields on the list exit")
	}
	f.Compare = true
	r.Fields = append(r.Fields, f)
	return nil
}

// setPerm reads the value of -p.
func (r *Rule) setPerm(value string) error {
	if len(r.Fields) == 0 || !isPerm(value) {
		return errors.New("no permissions of rwxa after a watch")
	}
	for i, f := range r.Fields {
		if f.Name == "perm" {
			r.Fields[i].Value = value
			return nil
		}
	}
	r.Fields = append(r.Fields, Field{Name: "perm", Op: "=", Value: value})
	return nil
}

// isPerm reports whether a value is a set of the letters rwxa.
func isPerm(value string) bool {
	return len(value) <= 4 && strings.Trim(strings.ToLower(value), "rwxa") == ""
}

// addKey adds the value of -k or of the field key.
func (r *Rule) addKey(value string) error {
	if r.List == "" {
		return errKey
	}
	r.Fields = append(r.Fields, Field{Name: "key", Op: "=", Value: value})
	return nil
}

// identity returns a text that two rules share exactly if the kernel treats them as one.
func (r *Rule) identity() string {
	var b strings.Builder
	fmt.Fprint(&b, r.List, r.Action)
	calls := slices.Sorted(slices.Values(r.Syscalls))
	fmt.Fprintf(&b, "%q", slices.Compact(calls))
	for _, f := range r.Fields {
		if f.Name == "perm" {
			f.Value = string(slices.Compact(slices.Sorted(slices.Values([]byte(strings.ToLower(f.Value))))))
		}
		fmt.Fprintf(&b, "%q%q%q%t", f.Name, f.Op, f.Value, f.Compare)
	}
	return b.String()
}

// cleanPath returns a path without a slash at its start, and with run in the place of var/run,
// which is a link to it.
func cleanPath(p string) string {
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	p = strings.TrimPrefix(path.Clean(p), "/")
	if rest, ok := strings.CutPrefix(p, "var/run/"); ok {
		return "run/" + rest
	}
	return p
}
