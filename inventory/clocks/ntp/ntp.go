// Package ntp reads from which servers three daemons take the time: ntpd of ntp.org (etc/ntp.conf)
// and of NTPsec (etc/ntpsec/ntp.conf), ntp.conf(5), and OpenNTPD (etc/openntpd/ntpd.conf or
// etc/ntpd.conf), ntpd.conf(5). A line that is not understood is ignored, as ntpd does. OpenNTPD
// does not start with such a line, which this package does not detect.
package ntp

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
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
		r := &reader{ctx: ctx, s: s, done: map[string]lines{}}
		if err := r.follow(name, 0); err != nil {
			return nil, err
		}
		if daemon == Sec {
			err = r.readFolder(path.Dir(name) + "/ntp.d")
		}
		return r.all, err
	}
	return nil, fmt.Errorf("no configuration of %s: %w", daemon, inventory.ErrAbsent)
}

// reader reads a file and those that it includes.
type reader struct {
	ctx   context.Context
	s     *inventory.System
	all   []inventory.Setting
	limit budget.Budget
	done  map[string]lines // the files that were read
}

// lines are the lines of a file that matter.
type lines struct{ sources, includes []inventory.Setting }

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
	if l.sources, l.includes, err = parse(b, &r.limit); err != nil {
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
		s.Source = name
		r.all = append(r.all, s)
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

// Parse returns the sources in the text of a file, and the files that it includes. The Name of each
// is its directive, and the Source is left empty. A source with the option noselect is left out,
// since the clock does not follow it, and so is the local clock, 127.127.1.x. Too many lines are
// [inventory.ErrLimit].
func Parse(b []byte) (sources, includes []inventory.Setting, err error) {
	sources, includes, err = parse(b, new(budget.Budget))
	if err != nil {
		err = fmt.Errorf("line %w", err)
	}
	return sources, includes, err
}

// parse is Parse within a budget.
func parse(b []byte, limit *budget.Budget) (sources, includes []inventory.Setting, err error) {
	n := 0
	for text := range strings.SplitSeq(string(b), "\n") {
		n++
		line, _, _ := strings.Cut(text, "#")
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		name, args := words[0], words[1:]
		for len(args) > 1 && strings.HasPrefix(args[0], "-") { // -4 and -6
			args = args[1:]
		}
		v := inventory.Setting{Name: name, Value: strings.Trim(args[0], `"`), Position: inventory.Position{Line: n}}
		switch name {
		case "includefile":
			if err := limit.Items(1); err != nil {
				return nil, nil, fmt.Errorf("%d: %w", n, err)
			}
			includes = append(includes, v)
		case "server", "servers", "pool", "peer", "manycastclient", "refclock", "sensor":
			if err := limit.Items(1); err != nil {
				return nil, nil, fmt.Errorf("%d: %w", n, err)
			}
			isLocal := strings.HasPrefix(v.Value, "127.127.1.") || v.Value == "local"
			if !isLocal && !slices.Contains(args, "noselect") {
				sources = append(sources, v)
			}
		}
	}
	return sources, includes, nil
}
