package systemd

import (
	"slices"
	"strings"
)

// isRefused reports whether the manager reads the files of a unit and refuses it all the same, because
// what its type needs was taken back or makes no sense: LoadState bad-setting. The rules are those of
// systemd.service(5), systemd.socket(5), systemd.timer(5), systemd.path(5), systemd.mount(5) and
// systemd.swap(5). Of a unit that names nothing at all, such as a service without any ExecStart=, only
// timers are refused here: what starts is meant to err towards true.
func (u *Unit) isRefused(suffix string) bool {
	lost := func(section string, keys ...string) bool {
		set := false
		for _, k := range keys {
			if _, ok := u.Lookup(section, k); ok {
				return false
			}
			set = set || u.names(section, k)
		}
		return set
	}
	switch suffix {
	case "service":
		return u.isServiceRefused()
	case "socket":
		return lost("Socket", "ListenStream", "ListenDatagram", "ListenSequentialPacket", "ListenFIFO", "ListenSpecial", "ListenNetlink",
			"ListenMessageQueue", "ListenUSBFunction")
	case "timer":
		return !u.hasTime()
	case "path":
		return lost("Path", "PathExists", "PathExistsGlob", "PathChanged", "PathModified", "DirectoryNotEmpty")
	case "mount":
		return lost("Mount", "What")
	case "swap":
		return lost("Swap", "What")
	}
	return false
}

func (u *Unit) isServiceRefused() bool {
	starts := u.Values("Service", "ExecStart")
	kind, _ := u.Lookup("Service", "Type")
	oneshot := kind.Text == "oneshot"
	_, stops := u.Lookup("Service", "ExecStop")
	_, succeeds := u.Lookup("Unit", "SuccessAction")
	n := 0
	for _, v := range starts {
		all, err := ParseCommand(v.Text)
		if n += len(all); err != nil && !strings.HasPrefix(strings.TrimLeft(v.Text, "@:+!|"), "-") {
			return true
		}
	}
	if n == 0 {
		return u.names("Service", "ExecStart") && (!oneshot || !stops && !succeeds)
	}
	_, bus := u.Lookup("Service", "BusName")
	return n > 1 && !oneshot || kind.Text == "dbus" && !bus
}

// times are the settings by which a timer elapses.
var times = []string{"OnActiveSec", "OnBootSec", "OnStartupSec", "OnUnitActiveSec", "OnUnitInactiveSec"}

// hasTime reports whether a timer has a time that the manager takes.
func (u *Unit) hasTime() bool {
	for _, key := range times {
		for _, v := range u.Values("Timer", key) {
			if isTimeSpan(v.Text) {
				return true
			}
		}
	}
	for _, v := range u.Values("Timer", "OnCalendar") {
		if isCalendar(v.Text) {
			return true
		}
	}
	for _, key := range []string{"OnClockChange", "OnTimezoneChange"} {
		if v, ok := u.Lookup("Timer", key); ok {
			if yes, _ := v.Bool(); yes {
				return true
			}
		}
	}
	return false
}

// names reports whether a file of the unit assigns a key, if only to take it back.
func (u *Unit) names(section, key string) bool {
	has := func(f *File) bool {
		return f != nil && slices.ContainsFunc(f.Assignments, func(a Assignment) bool { return a.Section == section && a.Key == key })
	}
	return has(u.file) || slices.ContainsFunc(u.DropIns, func(d DropIn) bool { return has(d.file) })
}
