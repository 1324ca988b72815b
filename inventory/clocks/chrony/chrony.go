// Package chrony reads from which sources chronyd takes the time: etc/chrony/chrony.conf or
// etc/chrony.conf (chrony.conf(5)) and the files they include, as chronyd 4 reads them. A line that
// chronyd refuses is an error, as chronyd then does not start.
package chrony

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// Config is the configuration of chronyd.
type Config struct {
	Files []string // in the order in which chronyd reads them
	// Sources are the servers, pools, peers and reference clocks. The Name of each is the
	// directive, and the Value is its first argument. Sources with the option noselect are left
	// out, since the clock does not follow them.
	Sources []inventory.Setting
}

const (
	maxLine  = 2048 // bytes, the limit of chronyd
	maxDepth = 10   // includes in includes, the limit of chronyd
)

// Fact is the configuration of chronyd, from the file that its unit names with -f, else from
// etc/chrony/chrony.conf or etc/chrony.conf. The error is [inventory.ErrAbsent] if chronyd is not
// installed, and [inventory.ErrUnavailable] if it is not known which file chronyd reads. Sources
// from DHCP are found on a running system only, since their files are in run.
var Fact = inventory.NewFact("chrony", collect)

func collect(ctx context.Context, s *inventory.System) (*Config, error) {
	const program = "usr/sbin/chronyd"
	if _, err := s.Stat(ctx, program); inventory.IsAbsent(err, program) {
		return nil, fmt.Errorf("no chronyd: %w", inventory.ErrAbsent)
	} else if err != nil {
		return nil, err
	}
	// With -x chronyd does not set the clock.
	if other, err := systemd.Option(ctx, s, "-x", "chrony.service", "chronyd.service"); err != nil {
		return nil, err
	} else if other != "" {
		return nil, fmt.Errorf("the unit of chronyd tells it not to set the clock: %w", inventory.ErrUnavailable)
	}
	name, err := findFile(ctx, s)
	if err != nil {
		return nil, err
	}
	r := &reader{ctx: ctx, s: s, c: &Config{}, lines: map[string][]Line{}}
	if err := r.read(name, 1); err != nil {
		return nil, err
	}
	return r.c, r.readSources()
}

// usual are the files that chronyd reads on each distribution.
var usual = []struct{ name, platforms string }{
	{"etc/chrony/chrony.conf", "linux/debian linux/alpine"},
	{"etc/chrony.conf", "linux/rhel linux/fedora linux/centos linux/suse linux/amzn linux/arch"},
}

// findFile returns the file that chronyd reads: the one that its unit names, the usual one of the
// distribution, or the only one that exists. The usual file of another distribution is not read.
func findFile(ctx context.Context, s *inventory.System) (string, error) {
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
	return "", fmt.Errorf("it is not known which of etc/chrony/chrony.conf and etc/chrony.conf is read: %w",
		inventory.ErrUnavailable)
}

// reader reads a file and follows the directives that name other files.
type reader struct {
	ctx        context.Context
	s          *inventory.System
	c          *Config
	sourceDirs [][]string // the folders of each directive sourcedir
	limit      budget.Budget
	lines      map[string][]Line // those of the files that were read
}

// open returns the lines of a file, which is read once.
func (r *reader) open(name string) ([]Line, error) {
	if err := r.limit.Include(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	lines, again := r.lines[name]
	if again {
		if err := r.limit.Items(len(lines)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return lines, nil
	}
	lines, err := inventory.ParseFile(r.ctx, r.s, name, func(b []byte) ([]Line, error) { return parse(b, &r.limit) })
	if err == nil {
		r.lines[name] = lines
	}
	return lines, err
}

// read reads one file.
func (r *reader) read(name string, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%s: too many files that include others: %w", name, inventory.ErrLimit)
	}
	lines, err := r.open(name)
	if err != nil {
		return err
	}
	r.c.Files = append(r.c.Files, name)
	for _, l := range lines {
		if err := r.follow(l, name, depth); err != nil {
			return err
		}
	}
	return nil
}

// follow reads the files that a line names, or adds the source that it is.
func (r *reader) follow(l Line, name string, depth int) error {
	switch l.Directive {
	case "include", "confdir", "sourcedir": // a folder is listed for each
		if err := r.limit.Include(); err != nil {
			return fmt.Errorf("%s:%d: %w", name, l.Line, err)
		}
	}
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
		files, err := r.s.DropIns(r.ctx, ".conf", trimSlashes(l.Args)...)
		if err != nil {
			return err
		}
		for _, f := range files {
			if err := r.read(f, depth+1); err != nil {
				return err
			}
		}
	case "sourcedir":
		r.sourceDirs = append(r.sourceDirs, trimSlashes(l.Args))
	default:
		r.add(l, name)
	}
	return nil
}

// glob returns the files of a pattern. A name that is no pattern is returned even if it does not
// exist, so that to read it fails.
func (r *reader) glob(pattern string) ([]string, error) {
	pattern = strings.TrimPrefix(pattern, "/")
	if !strings.ContainsAny(pattern, "*?[") {
		return []string{pattern}, nil
	}
	return r.s.Glob(r.ctx, pattern)
}

// trimSlashes returns folders as names in the tree.
func trimSlashes(args []string) []string {
	var all []string
	for _, a := range args {
		all = append(all, strings.Trim(a, "/"))
	}
	return all
}

// add adds a line if it is a source that the clock follows.
func (r *reader) add(l Line, name string) {
	if !slices.Contains(sources, l.Directive) {
		return
	}
	if slices.ContainsFunc(l.Args[1:], func(a string) bool { return strings.EqualFold(a, "noselect") }) {
		return
	}
	source := inventory.Setting{Name: l.Directive, Value: l.Args[0],
		Position: inventory.Position{Source: name, Line: l.Line}}
	r.c.Sources = append(r.c.Sources, source)
}

// readSources reads the files of the folders of sourcedir. Like chronyd it ignores lines that it
// does not understand, and a last line without a newline.
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
			if err := r.limit.Include(); err != nil {
				return fmt.Errorf("%s: %w", f, err)
			}
			b, err := r.s.ReadText(r.ctx, f)
			if inventory.IsAbsent(err, f) {
				continue
			}
			if err != nil {
				return err
			}
			r.c.Files = append(r.c.Files, f)
			b = b[:bytes.LastIndexByte(b, '\n')+1]
			n := 0
			for text := range bytes.SplitSeq(b, []byte{'\n'}) {
				n++
				l, err := parseLine(text, n)
				if err != nil || l.Directive == "refclock" || l.Directive == "" {
					continue
				}
				if err := r.limit.Items(1 + len(l.Args)); err != nil {
					return fmt.Errorf("%s:%d: %w", f, n, err)
				}
				r.add(l, f)
			}
		}
	}
	return nil
}
