package sudo

import (
	"errors"
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/sudoers"
)

// Setting is the kind sudo.setting. It requires that a Defaults setting of sudoers(5) has an
// accepted value for all, and in each line that sets it for some hosts, users or commands. Flags
// are on or off, and a number that is off is 0. Where no line sets it the value is Default, which is
// that of the program; without one it fails, but for use_pty, of which the version of sudo tells it.
// What lines add to a list and no later one takes out again is judged. A line that sudo passes over, such
// as a flag with a value, is an error.
type Setting struct {
	Name string `yaml:"name,required" doc:"the name of the setting, as sudoers(5) spells it"`
	setting.Accept
	Default string `doc:"the program's own value, which counts where no line sets it; where there is none that fails"`
}

// Check returns the check.
func (a Setting) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if err := a.Validate(); err != nil {
		return nil, err
	}
	return of(a.judge), nil
}

func (a Setting) judge(p policy) []finding {
	var all []finding
	names := joiner()
	if p.m.Unset(a.Name) {
		all = append(all, a.unset(p))
	}
	kept := keptOf(p, a.Name)
	for i, d := range p.Defaults {
		if d.Name != a.Name || !slices.Contains(lists, a.Name) && !p.m.Reaches(i) {
			continue
		}
		got := value(d)
		if kept != nil && !d.Off {
			got = strings.Join(kept[i], " ")
		}
		ev := check.Evidence{Position: d.Position, Subject: d.Name, Want: a.Wanted(), Got: shown(a, got)}
		if d.Scope != "" {
			ev.Subject += " (for " + names(d.For) + ")"
		}
		all = append(all, finding{good: a.accepts(got), Evidence: ev})
		if err := misused(d); err != nil {
			all = append(all, finding{err: err})
		}
	}
	return all
}

// keptOf returns for the lines of a list what they add to it that no later line takes out again. Lines
// for some only take nothing out. Of no list it is nil.
func keptOf(p policy, name string) map[int][]string {
	if !slices.Contains(lists, name) {
		return nil
	}
	added := map[string]int{} // the line of an element
	for _, commands := range []bool{false, true} {
		for i, d := range p.Defaults {
			if d.Name != name || (d.Scope == "!") != commands {
				continue
			}
			every := p.m.Everywhere(i)
			if every && (d.Off || d.Op == "=") {
				clear(added)
			}
			for element := range strings.FieldsSeq(d.Value) {
				if d.Op != "-=" {
					added[element] = i
				} else if every {
					delete(added, element)
				}
			}
		}
	}
	kept := map[int][]string{}
	for element, i := range added {
		kept[i] = append(kept[i], element)
	}
	for _, all := range kept {
		slices.Sort(all)
	}
	return kept
}

func shown(a Setting, got string) string {
	if slices.Contains(texts, a.Name) && got != "on" && got != "off" {
		return "a text"
	}
	return got
}

// pty is the first version that runs commands in a terminal of their own by itself, "What's new" of
// sudo 1.9.14.
var pty = sudoers.Version{Major: 1, Minor: 9, Patch: 14}

// unset judges the value of the program.
func (a Setting) unset(p policy) finding {
	ev := check.Evidence{Position: inventory.Position{Source: file}, Subject: a.Name, Want: a.Wanted(), Got: "not set"}
	own := a.Default
	if own == "" && a.Name == "use_pty" {
		v, err := p.version()
		if err != nil {
			return finding{err: err}
		}
		own = "on"
		if v.Less(pty) {
			own = "off"
		}
		ev.Got = own + ", which is the own value of sudo " + v.String()
	} else if own != "" {
		ev.Got = own + ", which is the program's own value"
	}
	return finding{good: own != "" && a.accepts(own), Evidence: ev}
}

// accepts is Accepts of a value of sudo: a number may have a fraction, a list has all that its patterns
// match, and a path for programs has whole names alone, of folders that not everybody may write to.
func (a Setting) accepts(value string) bool {
	switch {
	case slices.Contains(numbers, a.Name) && value == "off":
		value = "0"
	case slices.Contains(numbers, a.Name) && strings.Contains(value, "."):
		n, err := strconv.ParseFloat(value, 64)
		return err == nil && math.Abs(n) < 1e9 && a.Accepts(strconv.Itoa(int(math.Floor(n)))) && a.Accepts(strconv.Itoa(int(math.Ceil(n))))
	case slices.Contains(lists, a.Name) && len(a.Forbid) > 0:
		return !slices.ContainsFunc(strings.Fields(value), a.forbids)
	case a.Name == "secure_path" && value != "off" && value != "on" && !safePath(value):
		return false
	}
	return a.Accepts(value)
}

// representatives are names that stand for forbidden patterns.
var representatives = strings.Fields("LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT BASH_FUNC_x%% PERL5LIB PERL5OPT PERL5DB PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONINSPECT")

// forbids reports whether an element of a list, in which stars stand for anything, has a forbidden
// variable.
func (a Setting) forbids(element string) bool {
	name, _, _ := strings.Cut(element, "=")
	if !strings.Contains(name, "*") {
		return !a.Accepts(name)
	}
	parts := strings.Split(name, "*")
	return slices.ContainsFunc(slices.Concat(a.Forbid, representatives), func(variable string) bool {
		return !a.Accepts(variable) && like(parts, variable)
	})
}

// like reports whether a name is parts with anything between them.
func like(parts []string, name string) bool {
	last := parts[len(parts)-1]
	if len(name) < len(parts[0])+len(last) || !strings.HasPrefix(name, parts[0]) || !strings.HasSuffix(name, last) {
		return false
	}
	name = name[len(parts[0]) : len(name)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(name, part)
		if i < 0 {
			return false
		}
		name = name[i+len(part):]
	}
	return true
}

// open are folders to which everybody may write, or where users keep what is their own.
var open = []string{"/tmp", "/var/tmp", "/dev/shm", "/home", "/run/user"}

func safePath(value string) bool {
	for dir := range strings.SplitSeq(value, ":") {
		if !strings.HasPrefix(dir, "/") || slices.ContainsFunc(open, func(o string) bool { return strings.HasPrefix(path.Clean(dir)+"/", o+"/") }) {
			return false
		}
	}
	return true
}

// Settings of sudoers(5): those that take no value, the lists, to which lines may add, and numbers.
var (
	flags   = strings.Fields("authenticate env_reset log_allowed log_denied requiretty setenv tty_tickets use_pty visiblepw")
	lists   = strings.Fields("env_check env_delete env_keep")
	numbers = strings.Fields("timestamp_timeout passwd_timeout")
)

var errPassedOver = errors.New("sudo passes over it")

// misused returns why sudo passes over a line, and warns of it.
func misused(d sudoers.Default) error {
	why := ""
	switch {
	case slices.Contains(flags, d.Name) && d.Op != "":
		why = "takes no value"
	case !slices.Contains(flags, d.Name) && d.Op == "" && !d.Off && needsValue(d.Name):
		why = "needs a value"
	case d.Op != "" && d.Op != "=" && !slices.Contains(lists, d.Name):
		why = "is no list"
	default:
		return nil
	}
	return fmt.Errorf("%s:%d: %s %s, so that %w", d.Source, d.Line, d.Name, why, errPassedOver)
}

// needsValue reports whether a setting is known to be nothing without a value.
func needsValue(name string) bool {
	return slices.Contains(lists, name) || slices.Contains([]string{"exempt_group", "logfile", "secure_path", "syslog_goodpri", "syslog_badpri", "timestamp_timeout", "timestamp_type"}, name)
}

func value(d sudoers.Default) string {
	switch {
	case d.Off:
		return "off"
	case d.Op == "":
		return "on"
	}
	return d.Value
}

// texts are the settings of sudoers(5) that are words for people or options of a mail program.
var texts = []string{"authfail_message", "badpass_message", "mailerflags", "mailsub", "passprompt"}
