package systemd

import (
	"slices"
	"strings"
)

// Unit is what the files of a system say about one unit. Paths are names in the
// system, without a leading slash.
type Unit struct {
	// Name is the name that was asked for.
	Name string
	// ID is the unit's own name: other than Name where that is an alias.
	ID string
	// Aliases are the other names of the unit, sorted.
	Aliases []string
	// State and Preset are what systemctl list-unit-files prints.
	State  State
	Preset Preset
	// Err says why State is [Bad].
	Err error
	// Load and Path are the outcome of the manager's own search, which agrees
	// with State but for units that are Bad: some of them do load. Path is the
	// file or link that wins, "" where there is none.
	Load Load
	Path string
	// DropIns are the drop-ins in the order in which they apply.
	DropIns []DropIn
	// Install is the [Install] section that State is judged by.
	Install Install
	// Links are the links that name the unit, for a template those that name
	// its instances too, in the order of the search path.
	Links []Link

	installed string // the name that systemctl follows Name to
	file      *File  // of a unit that is loaded
}

// DropIn is a file that adds to the settings of a unit.
type DropIn struct {
	Path string
	// Masked says that the file is empty or a link to /dev/null: it only hides
	// those of its name in folders of lower precedence.
	Masked bool
	// Err says why the file, or what follows the line it names, does not apply.
	Err error

	file *File
}

// Value is one assignment with its place.
type Value struct {
	Text string
	File string
	Line int
}

// Values answers the assignments of a key that are in effect, drop-ins included, in
// their order. An empty assignment takes back the ones before it, as the pages of
// the settings have it: those of the same key, or of all keys of a group such as
// Condition* or ListenStream= and its kin. It takes back nothing of dependencies,
// such as Wants=. Of a setting that takes one value the last one counts: [Unit.Value].
//
// A unit that is not loaded has no values.
func (u *Unit) Values(section, key string) []Value {
	var list []Value
	collect := func(path string, f *File) {
		for _, a := range f.Assignments {
			if a.Section != section {
				continue
			}
			if a.Value == "" && (a.Key == key || together(section, a.Key, key)) && !additive(section, key) {
				list = nil
			}
			if a.Key == key && a.Value != "" {
				list = append(list, Value{a.Value, path, a.Line})
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

// Value answers the last assignment of a key that is in effect.
func (u *Unit) Value(section, key string) (Value, bool) {
	list := u.Values(section, key)
	if len(list) == 0 {
		return Value{}, false
	}
	return list[len(list)-1], true
}

// Bool answers a value that is a truth value, by systemd.syntax(7). It is not ok when
// the value is none.
func (v Value) Bool() (value, ok bool) {
	switch strings.ToLower(v.Text) {
	case "1", "yes", "y", "true", "t", "on":
		return true, true
	case "0", "no", "n", "false", "f", "off":
		return false, true
	}
	return false, false
}

// resetGroups hold keys of which an empty assignment takes back all, by
// systemd.unit(5), systemd.socket(5), systemd.timer(5) and systemd.path(5). A star
// stands for the rest of a key.
var resetGroups = map[string][][]string{
	"Unit": {{"Condition*"}, {"Assert*"}},
	"Socket": {{"ListenStream", "ListenDatagram", "ListenSequentialPacket", "ListenFIFO", "ListenSpecial",
		"ListenNetlink", "ListenMessageQueue", "ListenUSBFunction"}},
	"Timer": {{"OnActiveSec", "OnBootSec", "OnStartupSec", "OnUnitActiveSec", "OnUnitInactiveSec", "OnCalendar"}},
	"Path":  {{"PathExists", "PathExistsGlob", "PathChanged", "PathModified", "DirectoryNotEmpty"}},
}

// together reports whether an empty assignment of one key takes back the other too.
func together(section, a, b string) bool {
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

// dependencies are the keys of [Unit] that an empty assignment does not reset.
var dependencies = []string{"Wants", "Requires", "Requisite", "BindsTo", "PartOf", "Upholds", "Conflicts", "Before", "After",
	"OnFailure", "OnSuccess", "PropagatesReloadTo", "ReloadPropagatedFrom", "PropagatesStopTo", "StopPropagatedFrom", "JoinsNamespaceOf"}

func additive(section, key string) bool {
	return section == "Unit" && slices.Contains(dependencies, key) || section == "Install" && key == "Also"
}
