package systemdconf

import (
	"maps"
	"slices"
)

// daemon is a program of systemd that has a configuration file.
type daemon struct {
	program  string // its name in /usr/lib/systemd
	section  string // the section with its settings
	settings map[string]spec
}

// spec tells how one setting is read.
type spec struct {
	is       kind
	compiled string // the default in the form of [Config.Lookup]; empty where builds differ or there is none
	choices  string // the only values that make sense, separated by blanks; empty for any value
	since    int    // the version of systemd that added it; 0 for those of 247
}

var (
	yes = spec{is: boolean, compiled: "yes"}
	no  = spec{is: boolean, compiled: "no"}
)

// of returns the spec of a text with a default.
func of(compiled string) spec { return spec{compiled: compiled} }

// daemons maps the names of the files to what reads them. The defaults are those on which the
// manual pages of systemd 247, 252 and 257 agree. Defaults that differ between builds are left out,
// such as those of ForwardToSyslog=, KillUserProcesses= and FallbackNTP=.
var daemons = map[string]daemon{
	"journald.conf": {"systemd-journald", "Journal", map[string]spec{
		"Storage": {compiled: "auto", choices: "volatile persistent auto none"}, "Compress": of("yes"), "Seal": yes,
		"SplitMode":            {compiled: "uid", choices: "uid none login"},
		"RateLimitIntervalSec": {is: span, compiled: "30"}, "RateLimitBurst": of("10000"),
		"SyncIntervalSec": {is: span, compiled: "300"},
		"SystemMaxUse":    {is: size}, "SystemKeepFree": {is: size}, "SystemMaxFileSize": {is: size},
		"SystemMaxFiles": of("100"),
		"RuntimeMaxUse":  {is: size}, "RuntimeKeepFree": {is: size}, "RuntimeMaxFileSize": {is: size},
		"RuntimeMaxFiles": of("100"),
		"MaxRetentionSec": {is: span, compiled: "0"}, "MaxFileSec": {is: span, compiled: "2629800"},
		"ForwardToSyslog": {is: boolean}, "ForwardToKMsg": no, "ForwardToConsole": no, "ForwardToWall": yes,
		"MaxLevelStore": of("debug"), "MaxLevelSyslog": of("debug"), "MaxLevelKMsg": of("notice"),
		"MaxLevelConsole": of("info"), "MaxLevelWall": of("emerg"), "ReadKMsg": yes, "Audit": {},
		"LineMax": {is: size, compiled: "49152"},
	}},
	"coredump.conf": {"systemd-coredump", "Coredump", map[string]spec{
		"Storage": {compiled: "external", choices: "none external journal"}, "Compress": yes,
		"ProcessSizeMax": {is: sizeOrInfinity}, "ExternalSizeMax": {is: sizeOrInfinity}, "JournalSizeMax": {is: size},
		"MaxUse": {is: size}, "KeepFree": {is: size},
	}},
	"timesyncd.conf": {"systemd-timesyncd", "Time", map[string]spec{
		"NTP": {is: list}, "FallbackNTP": {is: list}, "RootDistanceMaxSec": {is: span, compiled: "5"},
		"PollIntervalMinSec": {is: span, compiled: "32"}, "PollIntervalMaxSec": {is: span, compiled: "2048"},
		"ConnectionRetrySec": {is: span, compiled: "30", since: 248},
		"SaveIntervalSec":    {is: span, compiled: "60", since: 250},
	}},
	"logind.conf": {"systemd-logind", "Login", map[string]spec{
		"NAutoVTs": of("6"), "ReserveVT": of("6"), "KillUserProcesses": {is: boolean},
		"KillOnlyUsers": {is: list}, "KillExcludeUsers": {is: list},
		"IdleAction": of("ignore"), "IdleActionSec": {is: span, compiled: "1800"},
		"InhibitDelayMaxSec": {is: span, compiled: "5"},
		"UserStopDelaySec":   {is: span, compiled: "10"}, "StopIdleSessionSec": {is: span, compiled: infinity, since: 252},
		"HandlePowerKey": of("poweroff"), "HandleSuspendKey": of("suspend"), "HandleHibernateKey": of("hibernate"),
		"HandleRebootKey": of("reboot"), "HandleLidSwitch": of("suspend"), "HandleLidSwitchDocked": of("ignore"),
		"HandlePowerKeyLongPress": {compiled: "ignore", since: 250}, "RemoveIPC": {is: boolean},
		"SessionsMax": of("8192"), "InhibitorsMax": of("8192"),
	}},
	"resolved.conf": {"systemd-resolved", "Resolve", map[string]spec{
		"DNS": {is: list}, "FallbackDNS": {is: list}, "Domains": {is: list}, "DNSSEC": {}, "DNSOverTLS": {},
		"LLMNR": {}, "MulticastDNS": {},
		"Cache": {}, "DNSStubListener": {}, "ReadEtcHosts": yes,
	}},
	"system.conf": {"systemd", "Manager", map[string]spec{
		"CtrlAltDelBurstAction": of("reboot-force"), "DumpCore": yes, "CrashShell": no, "ShowStatus": {}, "LogLevel": {},
		"DefaultLimitCORE": {}, "DefaultTimeoutStartSec": {is: span, compiled: "90"},
		"DefaultTimeoutStopSec": {is: span, compiled: "90"},
	}},
	"sleep.conf": {"systemd-sleep", "Sleep", map[string]spec{
		"AllowSuspend": yes, "AllowHibernation": yes, "AllowSuspendThenHibernate": {is: boolean},
		"AllowHybridSleep": {is: boolean},
	}},
	"journal-upload.conf": {"systemd-journal-upload", "Upload", map[string]spec{
		"URL": {}, "ServerKeyFile": {}, "ServerCertificateFile": {}, "TrustedCertificateFile": {},
	}},
}

// Names returns the names of the configuration files, sorted.
func Names() []string { return slices.Sorted(maps.Keys(daemons)) }

// Section returns the section of a configuration file in which a setting belongs. It returns false
// for an unknown setting.
func Section(name, key string) (string, bool) {
	d := daemons[name]
	_, ok := d.settings[key]
	return d.section, ok
}
