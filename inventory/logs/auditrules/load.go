package auditrules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Rules is the rules and settings that auditctl loads.
type Rules struct {
	// Loader is the unit that loads the rules when the system boots. It is empty if none does.
	Loader string
	// Files are the files with the lines that are loaded, in their order.
	Files []string
	// All are the rules in the order of the kernel.
	All []Rule
	// Controls are the settings of the audit system by name, the last one of each: "enabled" (-e),
	// "failure" (-f), "backlog" (-b), "rate" (-r), "backlog_wait_time" and "loginuid-immutable".
	Controls map[string]inventory.Setting
	// Stopped is the line at which auditctl stops. It is nil if auditctl loads all lines.
	Stopped *Refusal
	// Skipped are the lines that auditctl refuses and skips because of -i or -c.
	Skipped []Refusal
	// Stale says of a running system that augenrules would make another etc/audit/audit.rules than
	// there is, so that changes were not loaded yet. On an image it is false, as the next boot
	// loads them.
	Stale bool

	machine machine
	ignore  bool            // -i or -c was read
	seen    map[string]bool // the identities of All
}

// Refusal is a line that auditctl refuses.
type Refusal struct {
	inventory.Position

	Why string // the reason
}

// controls are the options that set the audit system, and the names of these settings.
var controls = map[string]string{"e": "enabled", "f": "failure", "b": "backlog", "r": "rate",
	"backlog_wait_time": "backlog_wait_time", "loginuid-immutable": "loginuid-immutable"}

// Parse reads the text of one file as "auditctl -R" would load it. machineName is the name that
// uname -m prints, or empty for any machine. Lines that auditctl refuses are Stopped and Skipped of
// the rules. Lines are errors if it is not known what auditctl makes of them; then no rules are
// returned.
func Parse(b []byte, machineName string) (*Rules, error) {
	return load(splitLines([]file{{"", b}}), machine(machineName), func(*Rule) error { return nil })
}

// load goes through lines. checkFiles returns an error if the kernel does not find the files of a
// rule.
func load(all []line, m machine, checkFiles func(*Rule) error) (*Rules, error) {
	r := &Rules{Controls: map[string]inventory.Setting{}, machine: m, seen: map[string]bool{}}
	var unsure mistakes.List
	for _, l := range all {
		err := r.add(l, checkFiles)
		switch {
		case err == nil:
		case errors.Is(err, errUnsure) || !errors.As(err, new(refused)):
			unsure.Addf("%s:%d: %w", l.source, l.number, err)
		case r.ignore:
			r.Skipped = append(r.Skipped, Refusal{inventory.Position{Source: l.source, Line: l.number}, err.Error()})
		default:
			r.Stopped = &Refusal{inventory.Position{Source: l.source, Line: l.number}, err.Error()}
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

// refused is the error of a line that auditctl refuses.
type refused struct{ error }

func (r refused) Unwrap() error { return r.error }

// add loads one line.
func (r *Rules) add(l line, checkFiles func(*Rule) error) error {
	all, err := parseOptions(l.text)
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
		if err := r.setControls(all, l); err != nil {
			return refused{err}
		}
		return nil
	}
	rule.Source, rule.Line = l.source, l.number
	if err := checkFiles(rule); err != nil {
		return err
	}
	if err := r.update(rule); err != nil {
		return refused{err}
	}
	return nil
}

// update adds a rule to the rules of the kernel, or removes it.
func (r *Rules) update(rule *Rule) error {
	same := rule.identity()
	if rule.remove {
		if !r.seen[same] {
			return errors.New("no such rule to delete")
		}
		delete(r.seen, same)
		r.All = slices.DeleteFunc(r.All, func(x Rule) bool { return x.identity() == same })
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

// setControls loads a line that has no rule: the settings of the audit system, and other options.
func (r *Rules) setControls(all []option, l line) error {
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
			if o.value == "" || !isDigit(o.value[0]) {
				return fmt.Errorf("%s is no number", name)
			}
		case "loginuid-immutable":
			o.value = "yes"
		case "q", "t", "s", "reset-lost", "reset_backlog_wait_time_actual", "m", "l", "v":
		default:
			return errors.New("an option that does not stand in files")
		}
		if name != "" {
			r.Controls[name] = inventory.Setting{Name: name, Value: o.value,
				Position: inventory.Position{Source: l.source, Line: l.number}}
		}
	}
	return nil
}

// deleteAll removes all rules, or those with a key.
func (r *Rules) deleteAll(rest []option) error {
	if len(rest) > 1 || len(rest) == 1 && rest[0].name != "k" {
		return errors.New("-D with something else than a key")
	}
	r.All = slices.DeleteFunc(r.All, func(x Rule) bool {
		return len(rest) == 0 || slices.ContainsFunc(x.Fields, func(f Field) bool {
			return f.Name == "key" && f.Value == rest[0].value
		})
	})
	r.seen = map[string]bool{}
	for _, x := range r.All {
		r.seen[x.identity()] = true
	}
	return nil
}

// Archs returns the arches of programs that the machine runs and rules have to cover: "b64", "b32"
// or both.
func (r *Rules) Archs() []string { return r.machine.archs() }

// Has reports whether the machine has a system call for programs of an arch, "b64" or "b32". It is
// true if the machine or the system call is not known.
func (r *Rules) Has(syscall, arch string) bool {
	letter := r.machine.letter(arch)
	on, known := syscalls[syscall]
	return letter == "" || !known || strings.Contains(on, letter)
}
