// Package ntp reads from which servers three daemons take the time: ntpd of ntp.org (etc/ntp.conf)
// and of NTPsec (etc/ntpsec/ntp.conf), ntp.conf(5), and OpenNTPD (etc/openntpd/ntpd.conf or
// etc/ntpd.conf), ntpd.conf(5). A line whose directive is not known is ignored, as ntpd does, and is an
// error for OpenNTPD, which does not start with it.
package ntp

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// The daemons whose configuration [Fact] reads, as its keys.
const (
	Org   = "ntp"      // etc/ntp.conf
	Sec   = "ntpsec"   // etc/ntpsec/ntp.conf and etc/ntpsec/ntp.d
	OpenD = "openntpd" // etc/openntpd/ntpd.conf, or etc/ntpd.conf
)

// files are the files of each daemon, of which the first one that exists is read.
var files = map[string][]string{
	Org:   {"etc/ntp.conf"},
	Sec:   {"etc/ntpsec/ntp.conf"},
	OpenD: {"etc/openntpd/ntpd.conf", "etc/ntpd.conf"},
}

const (
	maxDepth = 5 // includes in includes, the limit of ntpd
)

// Fact is the list of the sources of one daemon. The Name of each is its directive, and the Value
// is the server. The error is [inventory.ErrAbsent] if the file of the daemon is missing.
var Fact = inventory.NewKeyed("ntp", collect)

func collect(ctx context.Context, s *inventory.System, daemon string) ([]inventory.Setting, error) {
	for _, name := range files[daemon] {
		_, err := s.Stat(ctx, name)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return nil, err
		}
		r := &reader{ctx: ctx, s: s, daemon: daemon, done: map[string]lines{}, barred: map[string]bool{}, taken: map[string]bool{}}
		if err := r.follow(name, 0); err != nil {
			return nil, err
		}
		if daemon == Sec {
			err = r.readFolder(path.Dir(name) + "/ntp.d")
		}
		if err != nil {
			return nil, err
		}
		return r.all, r.checkBarred()
	}
	return nil, fmt.Errorf("no configuration of %s: %w", daemon, inventory.ErrAbsent)
}

// reader reads a file and those that it includes.
type reader struct {
	ctx    context.Context
	s      *inventory.System
	daemon string
	all    []inventory.Setting
	limit  budget.Budget
	done   map[string]lines // the files that were read
	taken  map[string]bool  // the names of all sources
	barred map[string]bool  // the names with noselect
}

// lines are the lines of a file that matter.
type lines struct {
	sources, includes []inventory.Setting
	barred            []string // the servers that the clock does not follow
}

// checkBarred returns an error if a server is named with noselect and without. The daemon has it once,
// as the line has it that it reads first.
func (r *reader) checkBarred() error {
	for _, s := range r.all {
		if r.barred[s.Value] {
			return fmt.Errorf("%s:%d: %s is named with noselect and without", s.Source, s.Line, s.Value)
		}
	}
	return nil
}

// open returns the lines of a file, which is read once.
func (r *reader) open(name string) (lines, error) {
	if err := r.limit.Include(); err != nil {
		return lines{}, fmt.Errorf("%s: %w", name, err)
	}
	l, again := r.done[name]
	if again {
		if err := r.limit.Items(len(l.sources) + len(l.includes)); err != nil {
			return lines{}, fmt.Errorf("%s: %w", name, err)
		}
		return l, nil
	}
	b, err := r.s.ReadText(r.ctx, name)
	if err != nil {
		return lines{}, err
	}
	if l, err = parse(b, r.daemon, &r.limit); err != nil {
		return lines{}, fmt.Errorf("%s:%w", name, err)
	}
	r.done[name] = l
	return l, nil
}

// readFolder reads the files *.conf of a folder.
func (r *reader) readFolder(dir string) error {
	names, err := r.s.DropIns(r.ctx, ".conf", dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := r.follow(name, 1); err != nil {
			return err
		}
	}
	return nil
}

// follow reads one file and those that it includes.
func (r *reader) follow(name string, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%s: too many files that include others: %w", name, inventory.ErrLimit)
	}
	l, err := r.open(name)
	if err != nil {
		return err
	}
	for _, s := range l.sources {
		if s.Source = name; !r.taken[s.Value] {
			r.all = append(r.all, s)
		}
		r.taken[s.Value] = true
	}
	for _, name := range l.barred {
		r.barred[name] = true
	}
	for _, i := range l.includes {
		if !strings.HasPrefix(i.Value, "/") {
			return fmt.Errorf("%s:%d: the name of an included file is not absolute", name, i.Line)
		}
		err := r.follow(strings.TrimPrefix(path.Clean(i.Value), "/"), depth+1)
		if err != nil && !errors.Is(err, inventory.ErrNotLive) {
			return err
		}
	}
	return nil
}
