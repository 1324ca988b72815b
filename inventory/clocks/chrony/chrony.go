// Package chrony reads from which sources chronyd takes the time: chrony.conf(5) with what
// it includes, as chronyd 4 reads it. A line that chronyd does not take keeps it from starting
// and is an error.
package chrony

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// Config is what chronyd reads.
type Config struct {
	Files []string // in the order in which they are read
	// Sources are the servers, pools, peers and reference clocks: the directive is the name, its
	// first argument the value. Those with the option noselect are not among them, since
	// the clock does not follow them.
	Sources []inventory.Setting
}

const (
	maxLine  = 2048
	maxDepth = 10 // of includes, as chronyd has it
	maxFiles = 1000
)

// Fact is the configuration of chronyd: the file that its unit names with -f, else
// etc/chrony/chrony.conf or etc/chrony.conf. Where chronyd is not installed the answer is
// [inventory.ErrAbsent]; where the place of the file cannot be told, [inventory.ErrUnavailable]. Sources
// that DHCP brings are in files in run, and so on a running system only.
var Fact = inventory.NewFact("chrony", func(ctx context.Context, s *inventory.System) (*Config, error) {
	const program = "usr/sbin/chronyd"
	if _, err := s.Stat(ctx, program); inventory.IsAbsent(err, program) {
		return nil, fmt.Errorf("no chronyd: %w", inventory.ErrAbsent)
	} else if err != nil {
		return nil, err
	}
	// With -x chronyd watches the time and leaves the clock alone.
	if other, err := systemd.Option(ctx, s, "-x", "chrony.service", "chronyd.service"); err != nil {
		return nil, err
	} else if other != "" {
		return nil, fmt.Errorf("the unit of chronyd tells it not to set the clock: %w", inventory.ErrUnavailable)
	}
	name, err := configured(ctx, s)
	if err != nil {
		return nil, err
	}
	r := &reader{ctx: ctx, s: s, c: &Config{}}
	if err := r.read(name, 1); err != nil {
		return nil, err
	}
	return r.c, r.readSources()
})

// usual are the files that the builds of distributions read.
var usual = []struct{ name, platforms string }{
	{"etc/chrony/chrony.conf", "linux/debian linux/alpine"},
	{"etc/chrony.conf", "linux/rhel linux/fedora linux/centos linux/suse linux/amzn linux/arch"},
}

// configured answers the file that chronyd is started with. One that lies where another
// distribution has it is not read.
func configured(ctx context.Context, s *inventory.System) (string, error) {
	name, err := systemd.Option(ctx, s, "-f", "chrony.service", "chronyd.service")
	if err != nil || name != "" {
		return strings.TrimPrefix(name, "/"), err
	}
	p, err := s.Platform(ctx)
	if err != nil {
		return "", err
	}
	for _, u := range usual {
		for pattern := range strings.FieldsSeq(u.platforms) {
			if match, known := p.Match(pattern); match && known {
				return u.name, nil
			}
		}
	}
	var there []string
	for _, u := range usual {
		if _, err := s.Stat(ctx, u.name); err == nil {
			there = append(there, u.name)
		} else if !inventory.IsAbsent(err, u.name) {
			return "", err
		}
	}
	if len(there) == 1 {
		return there[0], nil
	}
	return "", fmt.Errorf("it is not known which of etc/chrony/chrony.conf and etc/chrony.conf is read: %w", inventory.ErrUnavailable)
}

// reader follows the directives that name other files.
type reader struct {
	ctx        context.Context
	s          *inventory.System
	c          *Config
	sourceDirs [][]string
}

func (r *reader) read(name string, depth int) error {
	if depth > maxDepth || len(r.c.Files) >= maxFiles {
		return fmt.Errorf("%s: too many files that include others: %w", name, inventory.ErrLimit)
	}
	b, err := r.s.ReadFile(r.ctx, name)
	if err != nil {
		return err
	}
	r.c.Files = append(r.c.Files, name)
	lines, err := Parse(b)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, l := range lines {
		if err := r.follow(l, name, depth); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) follow(l Line, name string, depth int) error {
	switch l.Directive {
	case "include":
		files, err := r.glob(l.Args[0])
		if err != nil {
			return err
		}
		for _, f := range files {
			if err := r.read(f, depth+1); err != nil {
				return err
			}
		}
	case "confdir":
		files, err := r.s.DropIns(r.ctx, ".conf", folders(l.Args)...)
		if err != nil {
			return err
		}
		for _, f := range files {
			if err := r.read(f, depth+1); err != nil {
				return err
			}
		}
	case "sourcedir":
		r.sourceDirs = append(r.sourceDirs, folders(l.Args))
	default:
		r.add(l, name)
	}
	return nil
}

// glob answers the files of a pattern; a name that is no pattern has to be there.
func (r *reader) glob(pattern string) ([]string, error) {
	pattern = strings.TrimPrefix(pattern, "/")
	if !strings.ContainsAny(pattern, "*?[") {
		return []string{pattern}, nil
	}
	return r.s.Glob(r.ctx, pattern)
}

func folders(args []string) []string {
	var all []string
	for _, a := range args {
		all = append(all, strings.Trim(a, "/"))
	}
	return all
}

func (r *reader) add(l Line, name string) {
	if slices.Contains(sources, l.Directive) && !slices.ContainsFunc(l.Args[1:], func(a string) bool { return strings.EqualFold(a, "noselect") }) {
		r.c.Sources = append(r.c.Sources, inventory.Setting{Name: l.Directive, Value: l.Args[0], Source: name, Line: l.Number})
	}
}

// readSources reads the files of sourcedir, in which a line that makes no sense is passed over, and
// a last one without a newline too.
func (r *reader) readSources() error {
	for _, dirs := range r.sourceDirs {
		files, err := r.s.DropIns(r.ctx, ".sources", dirs...)
		if errors.Is(err, inventory.ErrNotLive) {
			continue
		}
		if err != nil {
			return err
		}
		for _, f := range files {
			b, err := r.s.ReadFile(r.ctx, f)
			if inventory.IsAbsent(err, f) {
				continue
			}
			if err != nil {
				return err
			}
			r.c.Files = append(r.c.Files, f)
			b = b[:bytes.LastIndexByte(b, '\n')+1]
			for n, text := range bytes.Split(b, []byte{'\n'}) {
				if l, err := line(text, n+1); err == nil && l.Directive != "refclock" && l.Directive != "" {
					r.add(l, f)
				}
			}
		}
	}
	return nil
}
