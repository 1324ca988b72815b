package auditrules

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
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
	ignore  bool // -i or -c was read
	placed  placed
}

// placed is the rules of the kernel while lines are loaded.
type placed struct {
	rules       map[string]*place          // by their identities
	keys        map[string]map[string]bool // the identities of the rules with a key
	first, last int                        // the places before and behind all rules
}

// place is a rule and its place in the order of the kernel.
type place struct {
	at   int
	rule *Rule
}

// remove takes a rule away.
func (p *placed) remove(same string) {
	for _, f := range p.rules[same].rule.Fields {
		if f.Name == "key" {
			delete(p.keys[f.Value], same)
		}
	}
	delete(p.rules, same)
}

// add puts a rule before or behind all others.
func (p *placed) add(same string, rule *Rule) {
	at := place{p.last, rule}
	if rule.prepend {
		at.at = p.first
		p.first--
	} else {
		p.last++
	}
	p.rules[same] = &at
	for _, f := range rule.Fields {
		if f.Name != "key" {
			continue
		}
		if p.keys[f.Value] == nil {
			p.keys[f.Value] = map[string]bool{}
		}
		p.keys[f.Value][same] = true
	}
}

// all returns the rules in their order.
func (p *placed) all() []Rule {
	places := slices.SortedFunc(maps.Values(p.rules), func(a, b *place) int { return cmp.Compare(a.at, b.at) })
	if len(places) == 0 {
		return nil
	}
	all := make([]Rule, len(places))
	for i, x := range places {
		all[i] = *x.rule
	}
	return all
}

// newPlaced returns a kernel without rules.
func newPlaced() placed {
	return placed{rules: map[string]*place{}, keys: map[string]map[string]bool{}, first: -1}
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
	all, err := splitLines([]file{{"", b}})
	if err != nil {
		return nil, err
	}
	return load(all, machine(machineName), func(*Rule) error { return nil })
}

// load goes through lines. checkFiles returns an error if the kernel does not find the files of a
// rule.
func load(all []line, m machine, checkFiles func(*Rule) error) (*Rules, error) {
	r := &Rules{Controls: map[string]inventory.Setting{}, machine: m, placed: newPlaced()}
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
	r.All, r.placed = r.placed.all(), placed{}
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
	_, there := r.placed.rules[same]
	switch {
	case rule.remove && !there:
		return errors.New("no such rule to delete")
	case rule.remove:
		r.placed.remove(same)
	case there:
		return errors.New("the rule is there already")
	default:
		r.placed.add(same, rule)
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
	if len(rest) == 0 {
		r.placed = newPlaced()
		return nil
	}
	for same := range r.placed.keys[rest[0].value] {
		r.placed.remove(same)
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
