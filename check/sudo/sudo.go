// Package sudo has ready-made checks of what sudo(8) lets whom do, and how it keeps record of
// it. A system without sudo has nothing to judge. Where a directory service holds more
// rules, what the files hold can fail, and not pass. [Kinds] names the checks.
//
// Of the rules that match who asks for what the last one decides, and of the Defaults lines, whatever they
// are for, the last one as well, but that those for commands come after all others. A rule or a line that
// is sure to be passed over for a later one is not judged. Rules that are for other hosts by their name
// or that have ended, NOTAFTER, are not judged either.
package sudo

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/group"
	"github.com/hardening-sdk/hardening/inventory/accounts/nsswitch"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/logins/sudoers"
	"github.com/hardening-sdk/hardening/inventory/platforms"
)

// file is where a line would stand that is not there.
const file = "etc/sudoers"

// finding is something that was judged, or could not be.
type finding struct {
	good bool
	check.Evidence
	err error
}

// policy is what is judged, with what is known of the system.
type policy struct {
	*sudoers.Policy
	m *sudoers.Matcher
	// version asks for the version of sudo.
	version func() (sudoers.Version, error)
}

type judge func(policy) []finding

// of judges the policy, and lets it pass only where files hold all of it, and sudo reads
// them. Who is who on the system is asked only where it matters: where something is bad otherwise.
func of(judge judge) check.Check {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		p, err := sudoers.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		version := func() (sudoers.Version, error) { return sudoers.Program.Of(ctx, sys) }
		m := p.Matcher(sudoers.Names{Now: sys.Now()})
		all := judge(policy{p, m, version})
		if slices.ContainsFunc(all, func(f finding) bool { return !f.good && f.err == nil }) && matters(p) {
			names, err := namesOf(ctx, sys)
			if err != nil {
				return err
			}
			m = p.Matcher(names)
			all = judge(policy{p, m, version})
		}
		for _, f := range all {
			if v.Err(f.err); f.good || f.err == nil {
				v.Judge(f.good, f.Evidence)
			}
		}
		if len(all) == 0 {
			v.Absent(check.Evidence{Position: inventory.Position{Source: file}, Subject: "rules", Got: "none"})
		}
		switch {
		case m.Exhausted():
			v.Err(fmt.Errorf("%w: more rules of sudo than can be compared", inventory.ErrUnavailable))
		case !p.Complete:
			v.Err(fmt.Errorf("a directory service holds more rules of sudo: %w", inventory.ErrUnavailable))
		case len(p.PassedOver) > 0:
			v.Err(fmt.Errorf("%s: sudo passes over a file that others than root own or may write to", p.PassedOver[0]))
		}
		return nil
	})
}

// matters reports whether anything could hide anything else, or be for another host.
func matters(p *sudoers.Policy) bool {
	return len(p.Rules) > 1 || len(p.Defaults) > 1 || len(p.Rules) > 0 && !p.All("Host", p.Rules[0].Hosts)
}

// namesOf returns who is who on a system. Where the files of accounts are missing nobody is known.
func namesOf(ctx context.Context, sys *inventory.System) (sudoers.Names, error) {
	n := sudoers.Names{Now: sys.Now()}
	users, err := passwd.Fact.Of(ctx, sys)
	if inventory.IsAbsent(err, "etc/passwd") {
		return n, nil
	}
	if err != nil {
		return n, err
	}
	groups, err := group.Fact.Of(ctx, sys)
	if inventory.IsAbsent(err, "etc/group") {
		return n, nil
	}
	if err != nil {
		return n, err
	}
	services, err := nsswitch.Fact.Of(ctx, sys)
	if err != nil {
		return n, err
	}
	host, err := platforms.Fact.Of(ctx, sys)
	if err != nil {
		return n, err
	}
	n.Host, n.Closed = host.Name, true
	for _, database := range []string{"passwd", "group", "initgroups"} {
		n.Closed = n.Closed && !slices.ContainsFunc(services[database], func(s string) bool { return s != "files" && s != "systemd" })
	}
	n.Users, n.Groups = map[string]uint32{}, map[string][]string{}
	primary := map[uint32][]string{}
	for _, u := range users {
		if _, ok := n.Users[u.Name]; !ok { // the first line of a name counts
			n.Users[u.Name] = u.UID
			primary[u.GID] = append(primary[u.GID], u.Name)
		}
	}
	for _, g := range groups {
		id := "#" + strconv.FormatUint(uint64(g.GID), 10)
		for _, name := range []string{g.Name, id} {
			n.Groups[name] = append(n.Groups[name], g.Members...)
		}
		n.Groups[g.Name] = append(n.Groups[g.Name], primary[g.GID]...)
		if members := primary[g.GID]; len(members) > 0 {
			n.Groups[id] = append(n.Groups[id], members...)
			primary[g.GID] = nil
		}
	}
	return n, nil
}
