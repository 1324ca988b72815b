// Package logging has ready-made checks of the system's log: that it outlives a restart, goes to
// another machine and gets there encrypted, and that files and ports of rsyslog are closed to
// others.
//
// Services count where they start when the system boots. Without systemd that is not known.
// [Kinds] has the names of the checks in baselines.
package logging

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/internal/localhost"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logs/rsyslog"
	"github.com/hardening-sdk/hardening/inventory/services"
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
	h, held := y.units.Hold(name)
	return (y.units.StartsAtBoot(name) || len(y.units.ActivatedBy(name)) > 0) && !(held && h.Known)
}

// idle returns what shows that a service that starts at boot does not run at this moment, on a running
// system, else nil.
func idle(ctx context.Context, sys *inventory.System, name string) (*check.Evidence, error) {
	s, now, err := services.NowOf(ctx, sys, name)
	if err != nil || now.State != services.Inactive {
		return nil, err
	}
	return &check.Evidence{Position: now.Position, Subject: name, Want: "active", Got: now.After(s.How)}, nil
}

// judgeRunning records what is good about a service, unless the service is idle.
func judgeRunning(ctx context.Context, sys *inventory.System, v *check.Verdict, name string, good check.Evidence) error {
	bad, err := idle(ctx, sys, name)
	switch {
	case err != nil:
		return err
	case bad != nil:
		v.Bad(*bad)
	default:
		v.Good(good)
	}
	return nil
}

// unread returns a service that may do what is asked, and cannot be looked into, as an error.
func (y *system) unread() error {
	for _, name := range others {
		if y.starts(name) {
			return fmt.Errorf("the configuration of %s is not read: %w", name, inventory.ErrUnavailable)
		}
	}
	return nil
}

// off says that there is no rsyslog to judge.
func off(v *check.Verdict) {
	v.Say("rsyslog does not start")
	v.Absent(check.Evidence{Subject: "rsyslog.service", Want: "started at boot", Got: "not started"})
}

// mainFile returns the first file that rsyslog reads.
func mainFile(c *rsyslog.Config) inventory.Position {
	if len(c.Files) == 0 {
		return inventory.Position{}
	}
	return inventory.Position{Source: c.Files[0]}
}

// of judges what the checks of this package ask of the system.
func of(judge func(context.Context, *inventory.System, *check.Verdict, *system) error) check.Check {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		y, err := collect(ctx, sys)
		if err != nil {
			return err
		}
		return judge(ctx, sys, v, y)
	})
}

// Elsewhere is the kind logging.elsewhere. It requires that the log goes to another machine: by an
// action of rsyslog for messages of all kinds, by systemd-journal-upload, or by an agent that
// starts. On a running system the one that does has to run, by [services.Now].
type Elsewhere struct {
	Agents []string `doc:"units of programs that send logs away"`
}

const uploader = "systemd-journal-upload.service"

const everywhere = "all messages sent to another machine"

// Check returns the check.
func (a Elsewhere) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	return of(a.examine), nil
}

func (a Elsewhere) examine(ctx context.Context, sys *inventory.System, v *check.Verdict, y *system) error {
	whole, part := sent(y)
	upload, err := uploads(ctx, sys, y)
	if err != nil {
		return err
	}
	// Each way counts that is one of a service that runs; without one, those that do not are shown.
	type way struct {
		name string
		good check.Evidence
	}
	var ways []way
	if whole != nil {
		ways = append(ways, way{"rsyslog.service", *whole})
	}
	if upload.Value != "" {
		ways = append(ways, way{uploader, check.Evidence{Position: upload.Position, Subject: "systemd-journal-upload", Want: everywhere, Got: "sent"}})
	}
	for _, name := range a.Agents {
		if u, ok := y.units.Unit(name); ok && y.starts(name) {
			ways = append(ways, way{name, check.Evidence{Position: inventory.Position{Source: u.Path}, Subject: name, Want: everywhere, Got: "started at boot"}})
		}
	}
	for _, w := range ways {
		bad, err := idle(ctx, sys, w.name)
		if err != nil {
			return err
		}
		if bad == nil {
			v.Good(w.good)
			return nil
		}
		part = append(part, *bad)
	}
	if err := y.unread(); err != nil {
		return err
	}
	for _, ev := range part {
		v.Bad(ev)
	}
	if len(part) == 0 {
		v.Bad(check.Evidence{Subject: "log of the system", Want: everywhere, Got: "nothing that sends them"})
	}
	return nil
}

// sent returns the action by which rsyslog sends all messages to another machine, else those by
// which it sends some.
func sent(y *system) (whole *check.Evidence, part []check.Evidence) {
	if y.rsyslog == nil {
		return nil, nil
	}
	left := true // no message has ended its way
	for _, o := range reached(y.rsyslog.Outputs) {
		if o.Type == rsyslog.Stop && !o.Conditional {
			left = false
		}
		if o.Local() {
			continue
		}
		ev := check.Evidence{Position: o.Position, Subject: o.Type, Want: everywhere, Got: "sent"}
		switch {
		case !left || o.Conditional || !takesAll(o.Filter):
			ev.Got = "some of them sent"
		case !hears(y.rsyslog):
			ev.Got = "rsyslog has no input for messages of the system"
		default:
			return &ev, nil
		}
		part = append(part, ev)
	}
	return nil, part
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
		if o.Type == rsyslog.Stop && !o.Conditional && takesAll(o.Filter) {
			return all[:i]
		}
	}
	return all
}

// everything are selectors of all facilities that leave out debugging at most.
var everything = []string{"*.*", "*.debug", "*.info"}

// takesAll reports whether a selector takes messages of all facilities, those of logins among them.
func takesAll(filter string) bool {
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
	if !y.starts(uploader) {
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
	text := v.Value
	if !strings.HasPrefix(text, "http://") && !strings.HasPrefix(text, "https://") {
		text = "https://" + text
	}
	if u, err := url.Parse(text); err != nil || !localhost.Valid(u.Hostname()) || localhost.Is(u.Hostname()) {
		return inventory.Setting{}, nil // nothing reaches another machine
	}
	return v, nil
}

// Encrypted is the kind logging.encrypted. It requires that what rsyslog and
// systemd-journal-upload send to other machines is encrypted: by TLS, by RELP with TLS or by
// HTTPS. Where nothing is sent there is nothing to judge.
type Encrypted struct {
	Auth []string `doc:"the ways in which the other side may show who it is: x509/name, x509/fingerprint, x509/certvalid; any will do where it is empty, none at all too"`
}

// Check returns the check.
func (a Encrypted) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	return of(a.examine), nil
}

func (a Encrypted) examine(ctx context.Context, sys *inventory.System, v *check.Verdict, y *system) error {
	upload, err := uploads(ctx, sys, y)
	if err != nil {
		return err
	}
	var outputs []rsyslog.Output
	if y.rsyslog != nil {
		outputs = slices.DeleteFunc(slices.Clone(y.rsyslog.Outputs), rsyslog.Output.Local)
	}
	for _, o := range outputs {
		a.judge(v, o)
	}
	if upload.Value != "" {
		// Without a scheme it is https, systemd-journal-upload(8).
		ev := check.Evidence{Position: upload.Position, Subject: "systemd-journal-upload", Want: "https", Got: "https"}
		plain := strings.HasPrefix(upload.Value, "http://")
		if plain {
			ev.Got = "http"
		}
		v.Judge(!plain, ev)
	}
	if len(outputs) == 0 && upload.Value == "" {
		v.Say("nothing is sent to other machines")
		v.Absent(check.Evidence{Subject: "log of the system", Want: "encrypted on its way", Got: "not sent to other machines"})
	}
	return nil
}

// judge judges one output to another machine.
func (a Encrypted) judge(v *check.Verdict, o rsyslog.Output) {
	if o.Type != "omfwd" && o.Type != "omrelp" {
		v.Err(fmt.Errorf("%s: it is not known whether %s encrypts: %w", o.Place(), o.Type, inventory.ErrUnavailable))
		return
	}
	ev := check.Evidence{Position: o.Position, Subject: o.Type, Want: "TLS", Got: "TLS"}
	known := true
	if len(a.Auth) > 0 {
		ev.Want, ev.Got = "TLS with one of "+strings.Join(a.Auth, ", "), "TLS with "+auth(o.Auth)
		known = slices.Contains(a.Auth, strings.ToLower(o.Auth))
	}
	if !o.TLS {
		ev.Want, ev.Got = "TLS", strings.TrimSpace(o.Protocol+" without TLS")
	}
	v.Judge(o.TLS && known, ev)
}

func auth(v string) string {
	if v == "" {
		return "nothing stated"
	}
	return v
}

// NoReception is the kind logging.no-reception. It requires that rsyslog takes no messages from the
// network; ports on the loopback interface are none.
type NoReception struct {
	Allow []string `doc:"inputs that are needed: imudp, imtcp, imrelp"`
}

// Check returns the check.
func (a NoReception) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	return of(func(_ context.Context, _ *inventory.System, v *check.Verdict, y *system) error {
		if err := y.unread(); err != nil {
			return err
		}
		if y.rsyslog == nil {
			off(v)
			return nil
		}
		for _, i := range y.rsyslog.Inputs {
			a.judge(v, i)
		}
		if len(y.rsyslog.Inputs) == 0 {
			v.Good(check.Evidence{Position: mainFile(y.rsyslog), Subject: "inputs of rsyslog", Want: noInput, Got: "none on a port"})
		}
		return nil
	}), nil
}

const noInput = "no input from the network"

func (a NoReception) judge(v *check.Verdict, i rsyslog.Input) {
	ev := check.Evidence{Position: i.Position, Subject: i.Type, Want: noInput}
	good := true
	switch {
	case !i.Network():
		ev.Got = "an input that is not of the network"
	case i.Local():
		ev.Got = "a port for the system itself"
	case slices.Contains(a.Allow, i.Type):
		ev.Got = "an open port that is allowed"
	default:
		good, ev.Got = false, "an open port"
	}
	v.Judge(good, ev)
}

// NewFiles is the kind logging.new-files. It requires that rsyslog makes its files with no more
// than some permission bits.
type NewFiles struct {
	MaxMode file.Mode `yaml:"max-mode,required" doc:"the permission bits that new files may have, in octal"`
}

// Check returns the check.
func (a NewFiles) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	return of(func(_ context.Context, _ *inventory.System, v *check.Verdict, y *system) error {
		if y.rsyslog == nil {
			off(v)
			return nil
		}
		want := "new files with mode " + a.MaxMode.String() + " or less"
		for _, o := range filesOf(y.rsyslog.Outputs) {
			mode := file.Mode(o.Mode)
			v.Judge(mode&^a.MaxMode == 0, check.Evidence{Position: o.Position, Subject: o.Target, Want: want, Got: mode.String()})
		}
		v.Absent(check.Evidence{Position: mainFile(y.rsyslog), Subject: "files of rsyslog", Want: want, Got: "none"})
		return nil
	}), nil
}

// filesOf returns the outputs to files on disk.
func filesOf(all []rsyslog.Output) []rsyslog.Output {
	return slices.DeleteFunc(slices.Clone(all), func(o rsyslog.Output) bool {
		return o.Type != "omfile" || strings.HasPrefix(path.Clean(o.Target), "/dev/")
	})
}
