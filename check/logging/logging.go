// Package logging has ready-made checks of the system's log: that it outlives a restart, goes to
// another machine and gets there encrypted, and that files and ports of rsyslog are closed to others.
//
// Services count where they start when the system boots. Without systemd that is not known.
package logging

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logs/rsyslog"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
	"github.com/hardening-sdk/hardening/inventory/services/systemdconf"
)

// others are system log services whose configuration is not read.
var others = []string{"syslog-ng.service", "syslog-ng@default.service"}

// system is what the checks of this package ask of the system.
type system struct {
	units   *systemd.Units
	rsyslog *rsyslog.Config // nil where it does not start
}

func collect(ctx context.Context, s *inventory.System) (*system, error) {
	units, err := systemd.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return nil, fmt.Errorf("without systemd it is not known what starts: %w", inventory.ErrUnavailable)
	}
	if err != nil {
		return nil, err
	}
	y := &system{units: units}
	if !y.starts("rsyslog.service") {
		return y, nil
	}
	if y.rsyslog, err = rsyslog.Fact.Of(ctx, s); errors.Is(err, inventory.ErrAbsent) {
		return y, nil // the program of the unit is gone
	}
	return y, err
}

func (y *system) starts(name string) bool {
	return y.units.StartsAtBoot(name) || len(y.units.ActivatedBy(name)) > 0
}

// unread returns a service that may do what is asked, and cannot be looked into.
func (y *system) unread() string {
	for _, name := range others {
		if y.starts(name) {
			return name
		}
	}
	return ""
}

// of judges what the checks of this package ask of the system.
func of(judge func(context.Context, *inventory.System, *system) check.Result) check.Check {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		y, err := collect(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		return judge(ctx, sys, y)
	})
}

// ofRsyslog judges the configuration of rsyslog where that starts.
func ofRsyslog(judge func(*rsyslog.Config) check.Result) check.Check {
	return of(func(_ context.Context, _ *inventory.System, y *system) check.Result {
		if y.rsyslog == nil {
			return check.Absent("rsyslog does not start")
		}
		return judge(y.rsyslog)
	})
}

// Elsewhere asks that the log goes to another machine: by an action of rsyslog for messages of all kinds,
// by systemd-journal-upload, or by an agent that starts.
type Elsewhere struct {
	Agents []string // units of programs that send logs away
}

// Check makes the check.
func (a Elsewhere) Check() (check.Check, error) {
	return of(func(ctx context.Context, sys *inventory.System, y *system) check.Result {
		var part []check.Evidence
		if y.rsyslog != nil {
			left := true // no message has ended its way
			for _, o := range reached(y.rsyslog.Outputs) {
				if o.Type == rsyslog.Stop && !o.Conditional {
					left = false
				}
				if o.Local() {
					continue
				}
				ev := check.Evidence{Position: o.Position, Subject: o.Type, Want: "all messages sent to another machine", Got: "sent"}
				switch {
				case !left || o.Conditional || !whole(o.Filter):
				case !hears(y.rsyslog):
					ev.Got = "rsyslog has no input for messages of the system"
					part = append(part, ev)
					continue
				default:
					return check.Passed("", ev)
				}
				ev.Got = "some of them sent"
				part = append(part, ev)
			}
		}
		upload, err := uploads(ctx, sys, y)
		if err != nil {
			return check.FromError(err)
		}
		if upload.Value != "" {
			return check.Passed("", check.Evidence{Position: upload.Position, Subject: "systemd-journal-upload", Got: "sent"})
		}
		for _, name := range a.Agents {
			if u, ok := y.units.Unit(name); ok && y.starts(name) {
				return check.Passed("", check.Evidence{Position: inventory.Position{Source: u.Path}, Subject: name, Got: "started at boot"})
			}
		}
		if name := y.unread(); name != "" {
			return check.FromError(fmt.Errorf("the configuration of %s is not read: %w", name, inventory.ErrUnavailable))
		}
		if len(part) == 0 {
			part = []check.Evidence{{Subject: "log of the system", Want: "all messages sent to another machine", Got: "nothing that sends them"}}
		}
		return check.Failed("", part...)
	}), nil
}

// hears reports whether rsyslog has an input for messages of the system itself, each of which is a
// module that has to be loaded.
func hears(c *rsyslog.Config) bool {
	return slices.ContainsFunc(c.Modules, func(m string) bool {
		name := strings.TrimSuffix(path.Base(m), ".so")
		return name == "imuxsock" || name == "imjournal"
	})
}

// reached returns the outputs that messages get to: none behind a stop for all of them.
func reached(all []rsyslog.Output) []rsyslog.Output {
	for i, o := range all {
		if o.Type == rsyslog.Stop && !o.Conditional && whole(o.Filter) {
			return all[:i]
		}
	}
	return all
}

// everything are selectors of all facilities that leave out debugging at most.
var everything = []string{"*.*", "*.debug", "*.info"}

// whole reports whether a selector takes messages of all facilities, those of logins among them.
func whole(filter string) bool {
	first, rest, _ := strings.Cut(strings.ToLower(filter), ";")
	if !slices.Contains(everything, first) {
		return false
	}
	for part := range strings.SplitSeq(rest, ";") {
		facilities, _, _ := strings.Cut(part, ".")
		for f := range strings.SplitSeq(facilities, ",") {
			if f == "auth" || f == "authpriv" || f == "*" {
				return false
			}
		}
	}
	return true
}

// uploads returns where systemd-journal-upload sends the journal, if it starts.
func uploads(ctx context.Context, sys *inventory.System, y *system) (inventory.Setting, error) {
	if !y.starts("systemd-journal-upload.service") {
		return inventory.Setting{}, nil
	}
	c, err := systemdconf.Fact.Of(ctx, sys, "journal-upload.conf")
	if errors.Is(err, inventory.ErrAbsent) {
		return inventory.Setting{}, nil
	}
	if err != nil {
		return inventory.Setting{}, err
	}
	v, _ := c.Lookup("Upload", "URL")
	if host, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(v.Value, "https://"), "http://"), "/"); loopback(host) {
		return inventory.Setting{}, nil
	}
	return v, nil
}

// loopback reports whether a host, perhaps with a port, is the machine itself.
func loopback(host string) bool {
	if a, err := netip.ParseAddrPort(host); err == nil {
		return a.Addr().IsLoopback()
	}
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	name, _, _ := strings.Cut(host, ":")
	return strings.EqualFold(name, "localhost") || err == nil && a.IsLoopback()
}

// Encrypted asks that what rsyslog and systemd-journal-upload send to other machines is encrypted:
// by TLS, by RELP with TLS or by HTTPS. Where nothing is sent there is nothing to judge.
type Encrypted struct {
	// Auth are the ways in which the other side may show who it is: x509/name, x509/fingerprint,
	// x509/certvalid. Any will do where it is empty, none at all too.
	Auth []string
}

// Check makes the check.
func (a Encrypted) Check() (check.Check, error) {
	return of(func(ctx context.Context, sys *inventory.System, y *system) check.Result {
		var sent []check.Evidence
		var unclear error
		bad := map[int]bool{}
		note := func(ev check.Evidence, good bool) {
			bad[len(sent)] = !good
			sent = append(sent, ev)
		}
		if y.rsyslog != nil {
			for _, o := range y.rsyslog.Outputs {
				switch {
				case o.Local():
				case o.Type != "omfwd" && o.Type != "omrelp":
					unclear = fmt.Errorf("%s:%d: it is not known whether %s encrypts: %w", o.Source, o.Line, o.Type, inventory.ErrUnavailable)
				default:
					note(a.evidence(o))
				}
			}
		}
		upload, err := uploads(ctx, sys, y)
		if err != nil {
			return check.FromError(err)
		}
		if upload.Value != "" {
			// Without a scheme it is https, systemd-journal-upload(8).
			plain := strings.HasPrefix(upload.Value, "http://")
			note(check.Evidence{Position: upload.Position, Subject: "systemd-journal-upload", Want: "https", Got: map[bool]string{true: "http", false: "https"}[plain]}, !plain)
		}
		i := -1
		r := check.Each(sent, func(ev check.Evidence) (check.Evidence, bool) { i++; return ev, bad[i] })
		if unclear != nil && r.Status != check.Fail {
			return check.FromError(unclear)
		}
		if r.Status == check.NotApplicable {
			r.Message = "nothing is sent to other machines"
		}
		return r
	}), nil
}

func (a Encrypted) evidence(o rsyslog.Output) (check.Evidence, bool) {
	ev := check.Evidence{Position: o.Position, Subject: o.Type, Want: "TLS", Got: "TLS"}
	switch {
	case !o.TLS:
		ev.Got = strings.TrimSpace(o.Protocol + " without TLS")
		return ev, false
	case len(a.Auth) > 0 && !slices.Contains(a.Auth, strings.ToLower(o.Auth)):
		ev.Want, ev.Got = "TLS with one of "+strings.Join(a.Auth, ", "), "TLS with "+auth(o.Auth)
		return ev, false
	}
	return ev, true
}

func auth(v string) string {
	if v == "" {
		return "nothing stated"
	}
	return v
}

// NoReception asks that rsyslog takes no messages from the network; ports on the loopback
// interface are none.
type NoReception struct {
	Allow []string // inputs that are needed: imudp, imtcp, imrelp
}

// Check makes the check.
func (a NoReception) Check() (check.Check, error) {
	return of(func(_ context.Context, _ *inventory.System, y *system) check.Result {
		if name := y.unread(); name != "" {
			return check.FromError(fmt.Errorf("the configuration of %s is not read: %w", name, inventory.ErrUnavailable))
		}
		if y.rsyslog == nil {
			return check.Absent("rsyslog does not start")
		}
		var ev []check.Evidence
		for _, i := range y.rsyslog.Inputs {
			if i.Network() && !i.Local() && !slices.Contains(a.Allow, i.Type) {
				ev = append(ev, check.Evidence{Position: i.Position, Subject: i.Type, Want: "no input from the network", Got: "an open port"})
			}
		}
		if len(ev) > 0 {
			return check.Failed("", ev[:min(len(ev), check.MaxEvidence)]...)
		}
		return check.Passed("")
	}), nil
}

// NewFiles asks that rsyslog makes its files with no more than some permission bits.
type NewFiles struct {
	MaxMode file.Mode `yaml:"max-mode,required"`
}

// Check makes the check.
func (a NewFiles) Check() (check.Check, error) {
	return ofRsyslog(func(c *rsyslog.Config) check.Result {
		return check.Each(filesOf(c.Outputs), func(o rsyslog.Output) (check.Evidence, bool) {
			return check.Evidence{Position: o.Position, Subject: o.Target, Want: "new files with mode " + a.MaxMode.String() + " or less", Got: file.Mode(o.Mode).String()},
				file.Mode(o.Mode)&^a.MaxMode != 0
		})
	}), nil
}

// filesOf returns the outputs to files on disk.
func filesOf(all []rsyslog.Output) []rsyslog.Output {
	return slices.DeleteFunc(slices.Clone(all), func(o rsyslog.Output) bool {
		return o.Type != "omfile" || strings.HasPrefix(path.Clean(o.Target), "/dev/")
	})
}
