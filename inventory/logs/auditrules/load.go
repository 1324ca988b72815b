package auditrules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Rules is what auditctl loads.
type Rules struct {
	// Loader is the unit that loads the rules when the system boots, empty where none does.
	Loader string
	// Files are the files that decide, in their order.
	Files []string
	// All are the rules in the kernel's order.
	All []Rule
	// Controls are the settings of the audit system by name, the last of each: "enabled" (-e), "failure"
	// (-f), "backlog" (-b), "rate" (-r), "backlog_wait_time" and "loginuid-immutable".
	Controls map[string]inventory.Setting
	// Stopped is the line at which auditctl gives up, nil where it does not.
	Stopped *Refusal
	// Skipped are the lines that auditctl passes over by -i or -c.
	Skipped []Refusal
	// Stale says that augenrules would make another etc/audit/audit.rules than there is on a
	// running system: what was changed was not loaded since. An image loads it at its next boot.
	Stale bool

	machine machine
	ignore  bool // -i or -c was seen
	seen    map[string]bool
}

// Refusal is a line that auditctl does not take.
type Refusal struct {
	Source string
	Line   int
	Why    string
}

// controls are the options that set the audit system, and the names that they are known by.
var controls = map[string]string{"e": "enabled", "f": "failure", "b": "backlog", "r": "rate",
	"backlog_wait_time": "backlog_wait_time", "loginuid-immutable": "loginuid-immutable"}

// Parse reads one file of rules as auditctl -R would load it on a machine of the name that uname(1)
// prints, or of any where the name is empty. An error tells lines of which it is not known
// what auditctl makes of them; what it refuses is in the answer.
func Parse(b []byte, machineName string) (*Rules, error) {
	return load(lines([]file{{"", b}}), machine(machineName), func(*Rule) error { return nil })
}

// load goes through lines. place says why the kernel would not find the file of a rule.
func load(all []line, m machine, place func(*Rule) error) (*Rules, error) {
	r := &Rules{Controls: map[string]inventory.Setting{}, machine: m, seen: map[string]bool{}}
	var unsure mistakes.List
	for _, l := range all {
		err := r.add(l, place)
		switch {
		case err == nil:
		case errors.Is(err, errUnsure) || !errors.As(err, new(refused)):
			unsure.Addf("%s:%d: %w", l.source, l.number, err)
		case r.ignore:
			r.Skipped = append(r.Skipped, Refusal{l.source, l.number, err.Error()})
		default:
			r.Stopped = &Refusal{l.source, l.number, err.Error()}
		}
		if unsure.Full() || r.Stopped != nil {
			break
		}
	}
	if err := unsure.Err(); err != nil {
		return nil, err
	}
	return r, nil
}

// refused is an error of a line that auditctl does not take.
type refused struct{ error }

func (r refused) Unwrap() error { return r.error }

// add takes one line.
func (r *Rules) add(l line, place func(*Rule) error) error {
	all, err := options(l.text)
	if err != nil {
		return refused{err}
	}
	if len(all) == 0 {
		return nil
	}
	if r.Controls["enabled"].Value == "2" {
		return refused{errors.New("the configuration is locked by -e 2")}
	}
	rule, err := newRule(all, r.machine)
	if err != nil {
		return refused{err}
	}
	if rule == nil {
		if err := r.control(all, l); err != nil {
			return refused{err}
		}
		return nil
	}
	rule.Source, rule.Line = l.source, l.number
	if err := place(rule); err != nil {
		return err
	}
	if err := r.enter(rule); err != nil {
		return refused{err}
	}
	return nil
}

// enter takes a rule into the kernel's list, or out of it.
func (r *Rules) enter(rule *Rule) error {
	same := rule.same()
	if rule.remove {
		if !r.seen[same] {
			return errors.New("no such rule to delete")
		}
		delete(r.seen, same)
		r.All = slices.DeleteFunc(r.All, func(x Rule) bool { return x.same() == same })
		return nil
	}
	if r.seen[same] {
		return errors.New("the rule is there already")
	}
	r.seen[same] = true
	if rule.prepend {
		r.All = slices.Insert(r.All, 0, *rule)
	} else {
		r.All = append(r.All, *rule)
	}
	return nil
}

// control takes a line of other options than those of rules.
func (r *Rules) control(all []option, l line) error {
	for i, o := range all {
		name := controls[o.name]
		switch o.name {
		case "i", "c":
			r.ignore = true
		case "D":
			return r.deleteAll(all[i+1:])
		case "e", "f":
			if o.value != "0" && o.value != "1" && o.value != "2" {
				return fmt.Errorf("%s is 0, 1 or 2", name)
			}
		case "b", "r", "backlog_wait_time":
			if o.value == "" || !digit(o.value[0]) {
				return fmt.Errorf("%s is no number", name)
			}
		case "loginuid-immutable":
			o.value = "yes"
		case "q", "t", "s", "reset-lost", "reset_backlog_wait_time_actual", "m", "l", "v":
		default:
			return errors.New("an option that does not stand in files")
		}
		if name != "" {
			r.Controls[name] = inventory.Setting{Name: name, Value: o.value, Source: l.source, Line: l.number}
		}
	}
	return nil
}

// deleteAll takes all rules out, or those with a key.
func (r *Rules) deleteAll(rest []option) error {
	if len(rest) > 1 || len(rest) == 1 && rest[0].name != "k" {
		return errors.New("-D with something else than a key")
	}
	r.All = slices.DeleteFunc(r.All, func(x Rule) bool {
		return len(rest) == 0 || slices.ContainsFunc(x.Fields, func(f Field) bool { return f.Name == "key" && f.Value == rest[0].value })
	})
	r.seen = map[string]bool{}
	for _, x := range r.All {
		r.seen[x.same()] = true
	}
	return nil
}

// Archs answers the ways into the kernel that rules have to watch: "b64", "b32" or both.
func (r *Rules) Archs() []string { return r.machine.archs() }

// Has reports whether the machine has a system call for programs of an arch, "b64" or "b32". What is
// not known it has.
func (r *Rules) Has(syscall, arch string) bool {
	letter := r.machine.letter(arch)
	on, known := syscalls[syscall]
	return letter == "" || !known || strings.Contains(on, letter)
}
