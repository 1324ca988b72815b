package pam

import (
	"context"
	"fmt"
	"maps"
	"math"
	"strconv"

	"github.com/hardening-sdk/hardening/inventory"
)

// faillockDefaults are the defaults of pam_faillock, faillock.conf(5). Times are in seconds. With
// an unlock time of 0 an account stays locked until somebody unlocks it.
var faillockDefaults = map[string]string{"deny": "3", "fail_interval": "900", "unlock_time": "600", "action": "preauth"}

// longest is the maximum of an interval in seconds. pam_faillock ignores a longer one.
const longest = 604_800

const faillockFile = "faillock.conf"

// readFaillock reads faillock.conf and then the arguments. The setting "action" is what the entry
// does: preauth, authfail or authsucc.
func (e Entry) readFaillock(ctx context.Context, s *inventory.System) (Settings, error) {
	source, b, err := e.readFile(ctx, s, faillockFile)
	if err != nil {
		return nil, err
	}
	all := newSettings(faillockDefaults)
	if b != nil {
		file, err := faillock.Of(ctx, s, source)
		if err != nil {
			return nil, err
		}
		all = maps.Clone(file)
	}
	for _, a := range e.Args {
		switch name, value := splitArgument(a); a {
		case "preauth", "authfail", "authsucc":
			all.set("action", a, e.Source, e.Line.Line)
		default:
			if err := all.setFaillock(name, value, e.Source, e.Line.Line); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// faillock is what a file sets, by its path. Many entries have the same file.
var faillock = inventory.NewKeyed("faillock", collectFaillock)

func collectFaillock(ctx context.Context, s *inventory.System, source string) (Settings, error) {
	b, err := s.ReadOnce(ctx, source)
	if err != nil {
		return nil, err
	}
	if long := findLong(b); long > 0 {
		return nil, fmt.Errorf("%s:%d: longer than pam_faillock reads", source, long)
	}
	all := newSettings(faillockDefaults)
	for p := range parsePairs(b) {
		if err := all.setFaillock(p.name, p.value, source, p.line); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// setFaillock sets a value. A value that the module ignores changes nothing. A number that
// overflows in the module is an error.
func (s Settings) setFaillock(name, value, source string, line int) error {
	switch name {
	case "even_deny_root", "local_users_only":
		s.set(name, on, source, line)
		return nil
	case "admin_group":
		s.set(name, value, source, line)
		return nil
	case "deny", "fail_interval", "unlock_time":
	default:
		return nil
	}
	n, ok := parseLeading(value)
	switch {
	case name == "unlock_time" && value == "never":
		n = 0
	case !ok && value != "" && value[0] == '-', name == "deny" && n > math.MaxUint16,
		!ok && n > 0, uint64(n) > math.MaxUint32: // too large for an int, or for the module
		return fmt.Errorf("%s:%d: %s is out of range", source, line, name)
	case !ok, name != "deny" && n > longest:
		return nil
	}
	s.set(name, strconv.Itoa(n), source, line)
	return nil
}

// tallyDefaults are the defaults of pam_tally2 and pam_tally, which count and lock nobody.
var tallyDefaults = map[string]string{"deny": "0", "unlock_time": "0"}

// readTally reads the arguments of pam_tally2 or pam_tally.
func (e Entry) readTally() Settings {
	all := newSettings(tallyDefaults)
	for _, a := range e.Args {
		name, value := splitArgument(a)
		if n, ok := parseLeading(value); ok && tallyDefaults[name] != "" && n < 65536 {
			all.set(name, strconv.Itoa(n), e.Source, e.Line.Line)
		}
	}
	return all
}
