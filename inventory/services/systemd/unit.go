package systemd

import (
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Unit is what the files of a system say about one unit. Paths have no leading slash.
type Unit struct {
	// Name is the name that was asked for.
	Name string
	// ID is the unit's own name. It differs from Name where Name is an alias.
	ID string
	// Aliases are the other names of the unit, sorted.
	Aliases []string
	// State and Preset are what systemctl list-unit-files prints.
	State  State
	Preset Preset
	// Err is the reason why State is [Bad], else nil.
	Err error
	// Load and Path are the result of the manager's own search. It agrees with State except for
	// units that are Bad: some of them can be loaded. Path is the file or link that counts, ""
	// where there is none.
	Load Load
	Path string
	// DropIns are the drop-ins in the order in which they apply.
	DropIns []DropIn
	// Install is the [Install] section by which State is decided.
	Install Install
	// Links are the links that name the unit, in the order of the search path. A template also has
	// the links that name its instances.
	Links []Link

	installed string // the name at the end of the aliases that systemctl follows from Name
	file      *File  // the parsed file of a loaded unit, else nil
}

// DropIn is a file that adds to the settings of a unit.
type DropIn struct {
	Path string
	// Masked means that the file is empty or a link to /dev/null. It then only hides the files of
	// its name in folders of lower precedence.
	Masked bool
	// Err is the reason why the file does not apply, or only the lines before the one that it
	// names.
	Err error

	file *File
}

// Value is one assignment with its place.
type Value struct {
	inventory.Position

	Text string // the value as written
}

// Values returns the assignments of a key that are in effect, drop-ins included, in their order. An
// empty assignment takes back the ones before it, as the manual pages describe: those of the same
// key, or those of all keys of a group such as Condition* or ListenStream= and the like. For
// dependencies such as Wants= it takes back nothing. Of a setting with a single value the last one
// counts, see [Unit.Lookup].
//
// A unit that is not loaded has no values.
func (u *Unit) Values(section, key string) []Value {
	var list []Value
	collect := func(path string, f *File) {
		for _, a := range f.Assignments {
			if a.Section != section {
				continue
			}
			if a.Value == "" && (a.Key == key || resetsTogether(section, a.Key, key)) && !isAdditive(section, key) {
				list = nil
			}
			if a.Key == key && a.Value != "" {
				list = append(list, Value{inventory.Position{Source: path, Line: a.Line}, a.Value})
			}
		}
	}
	if u.file == nil {
		return nil
	}
	collect(u.Path, u.file)
	for _, d := range u.DropIns {
		if d.file != nil {
			collect(d.Path, d.file)
		}
	}
	return list
}

// Lookup returns the last assignment of a key that is in effect, and false where there is none.
func (u *Unit) Lookup(section, key string) (Value, bool) {
	list := u.Values(section, key)
	if len(list) == 0 {
		return Value{}, false
	}
	return list[len(list)-1], true
}

// Bool parses a truth value by systemd.syntax(7). It returns ok as false for any other text.
func (v Value) Bool() (value, ok bool) {
	switch strings.ToLower(v.Text) {
	case "1", "yes", "y", "true", "t", "on":
		return true, true
	case "0", "no", "n", "false", "f", "off":
		return false, true
	}
	return false, false
}

// resetGroups are groups of keys that one empty assignment takes back together, by systemd.unit(5),
// systemd.socket(5), systemd.timer(5) and systemd.path(5). A star stands for the rest of a key.
var resetGroups = map[string][][]string{
	"Unit": {{"Condition*"}, {"Assert*"}},
	"Socket": {{"ListenStream", "ListenDatagram", "ListenSequentialPacket", "ListenFIFO", "ListenSpecial",
		"ListenNetlink", "ListenMessageQueue", "ListenUSBFunction"}},
	"Timer": {{"OnActiveSec", "OnBootSec", "OnStartupSec", "OnUnitActiveSec", "OnUnitInactiveSec", "OnCalendar"}},
	"Path":  {{"PathExists", "PathExistsGlob", "PathChanged", "PathModified", "DirectoryNotEmpty"}},
}

// resetsTogether reports whether an empty assignment of one key also takes back the other.
func resetsTogether(section, a, b string) bool {
	for _, group := range resetGroups[section] {
		in := func(key string) bool {
			return slices.ContainsFunc(group, func(g string) bool {
				stem, wild := strings.CutSuffix(g, "*")
				return g == key || wild && strings.HasPrefix(key, stem)
			})
		}
		if in(a) && in(b) {
			return true
		}
	}
	return false
}

// dependencies are the keys of [Unit] that an empty assignment does not take back.
var dependencies = []string{
	"Wants", "Requires", "Requisite", "BindsTo", "PartOf", "Upholds", "Conflicts", "Before", "After",
	"OnFailure", "OnSuccess", "PropagatesReloadTo", "ReloadPropagatedFrom", "PropagatesStopTo",
	"StopPropagatedFrom", "JoinsNamespaceOf",
}

// isAdditive reports whether an empty assignment of a key takes nothing back.
func isAdditive(section, key string) bool {
	return section == "Unit" && slices.Contains(dependencies, key) || section == "Install" && key == "Also"
}
