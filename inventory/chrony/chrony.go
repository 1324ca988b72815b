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

	"github.com/hardening-sdk/hardening/internal/shellvar"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/systemd"
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

var usual = []string{"etc/chrony/chrony.conf", "etc/chrony.conf"}

// configured answers the file that chronyd is started with.
func configured(ctx context.Context, s *inventory.System) (string, error) {
	name, err := started(ctx, s)
	if err != nil || name != "" {
		return name, err
	}
	var there []string
	for _, name := range usual {
		if _, err := s.Stat(ctx, name); err == nil {
			there = append(there, name)
		} else if !inventory.IsAbsent(err, name) {
			return "", err
		}
	}
	if len(there) > 1 {
		return "", fmt.Errorf("both %s are there: %w", strings.Join(there, " and "), inventory.ErrUnavailable)
	}
	if len(there) == 0 {
		return usual[0], nil
	}
	return there[0], nil
}

// started answers the file that the unit names.
func started(ctx context.Context, s *inventory.System) (string, error) {
	units, err := systemd.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	for _, unit := range []string{"chrony.service", "chronyd.service"} {
		u, ok := units.Unit(unit)
		if !ok {
			continue
		}
		for _, v := range u.Values("Service", "EnvironmentFile") {
			if err := plain(ctx, s, strings.TrimPrefix(v.Text, "-")); err != nil {
				return "", err
			}
		}
		for _, v := range u.Values("Service", "ExecStart") {
			all, _ := systemd.ParseCommand(v.Text)
			for _, c := range all {
				if i := slices.Index(c.Args, "-f"); i >= 0 && i+1 < len(c.Args) {
					return strings.TrimPrefix(c.Args[i+1], "/"), nil
				}
			}
		}
	}
	return "", nil
}

// plain says that options of a file name another configuration.
func plain(ctx context.Context, s *inventory.System, name string) error {
	name = strings.TrimPrefix(name, "/")
	if !inventory.ValidName(name) {
		return nil
	}
	b, err := s.ReadFile(ctx, name)
	if inventory.IsAbsent(err, name) {
		return nil
	}
	if err != nil {
		return err
	}
	vars, _ := shellvar.Parse(b) // what is no assignment sets nothing
	for _, v := range vars {
		if slices.ContainsFunc(strings.Fields(v.Value), func(w string) bool { return strings.HasPrefix(w, "-f") }) {
			return fmt.Errorf("%s:%d names another configuration: %w", name, v.Line, inventory.ErrUnavailable)
		}
	}
	return nil
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
		files, err := inventory.DropIns(r.ctx, r.s, ".conf", folders(l.Args)...)
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
	if slices.Contains(sources, l.Directive) && !slices.Contains(l.Args, "noselect") {
		r.c.Sources = append(r.c.Sources, inventory.Setting{Name: l.Directive, Value: l.Args[0], Source: name, Line: l.Number})
	}
}

// readSources reads the files of sourcedir, in which a line that makes no sense is passed over, and
// a last one without a newline too.
func (r *reader) readSources() error {
	for _, dirs := range r.sourceDirs {
		files, err := inventory.DropIns(r.ctx, r.s, ".sources", dirs...)
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
