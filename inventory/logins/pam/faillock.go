package pam

import (
	"context"
	"fmt"
	"strconv"

	"github.com/hardening-sdk/hardening/inventory"
)

// faillockOwn is what pam_faillock has where nothing is set, faillock.conf(5): seconds, and 0
// where an account stays locked until somebody unlocks it.
var faillockOwn = map[string]string{"deny": "3", "fail_interval": "900", "unlock_time": "600", "action": "preauth"}

// longest is the most seconds that pam_faillock takes for an interval; it passes over more.
const longest = 604_800

const faillockFile = "faillock.conf"

// faillock reads faillock.conf and then the arguments. The setting "action" is what the entry
// does: preauth, authfail or authsucc.
func (e Entry) faillock(ctx context.Context, s *inventory.System) (Settings, error) {
	all := compiled(faillockOwn)
	source, b, err := e.file(ctx, s, faillockFile)
	if err != nil {
		return nil, err
	}
	lines, long := pairs(b)
	if long > 0 {
		return nil, fmt.Errorf("%s:%d: longer than pam_faillock reads", source, long)
	}
	for _, p := range lines {
		if err := all.setFaillock(p.name, p.value, source, p.line); err != nil {
			return nil, err
		}
	}
	for _, a := range e.Args {
		switch name, value := argument(a); a {
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

// setFaillock sets a value. One that the module passes over changes nothing; a number that
// it wraps around is an error.
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
	n, ok := leading(value)
	switch {
	case name == "unlock_time" && value == "never":
		n = 0
	case !ok && value != "" && value[0] == '-', name == "deny" && n > 65535:
		return fmt.Errorf("%s:%d: %s is out of range", source, line, name)
	case !ok, name != "deny" && n > longest:
		return nil
	}
	s.set(name, strconv.Itoa(n), source, line)
	return nil
}

// tallyOwn is what pam_tally2 and pam_tally have where their line sets nothing: they count
// and lock nobody.
var tallyOwn = map[string]string{"deny": "0", "unlock_time": "0"}

func (e Entry) tally() Settings {
	all := compiled(tallyOwn)
	for _, a := range e.Args {
		name, value := argument(a)
		if n, ok := leading(value); ok && tallyOwn[name] != "" && n < 65536 {
			all.set(name, strconv.Itoa(n), e.Source, e.Line.Line)
		}
	}
	return all
}
