package rsyslog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

const (
	program  = "usr/sbin/rsyslogd"
	main     = "etc/rsyslog.conf"
	maxDepth = 10
)

// Fact is the configuration of rsyslogd, from the file that its unit names with -f, else from
// etc/rsyslog.conf. The error is [inventory.ErrAbsent] if rsyslogd is not installed.
var Fact = inventory.NewFact("rsyslog", collect)

func collect(ctx context.Context, s *inventory.System) (*Config, error) {
	if _, err := s.Stat(ctx, program); inventory.IsAbsent(err, program) {
		return nil, fmt.Errorf("no rsyslogd: %w", inventory.ErrAbsent)
	} else if err != nil {
		return nil, err
	}
	name, err := systemd.Option(ctx, s, "-f", "rsyslog.service")
	if err != nil {
		return nil, err
	}
	if name == "" {
		name = main
	}
	r := &reader{ctx: ctx, s: s, c: newConfig(), limit: new(budget.Budget),
		texts: map[string]*scanner{}, found: map[string][]string{}}
	if err := r.read(strings.TrimPrefix(name, "/"), 1, false); err != nil {
		return nil, err
	}
	umask, err := findUmask(ctx, s)
	if err != nil {
		return nil, err
	}
	r.c.applyUmask(umask)
	return r.c, nil
}

// findUmask returns the umask that the service gives to the program.
func findUmask(ctx context.Context, s *inventory.System) (uint32, error) {
	units, err := systemd.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return serviceUmask, nil
	}
	if err != nil {
		return 0, err
	}
	u, ok := units.Unit("rsyslog.service")
	if !ok {
		return serviceUmask, nil
	}
	if v, ok := u.Lookup("Service", "UMask"); ok {
		return parseMask(v.Text), nil
	}
	return serviceUmask, nil
}

// parseMask reads a umask in octal. It is 0 if the value is not understood.
func parseMask(v string) uint32 {
	n, err := strconv.ParseUint(v, 8, 12)
	if err != nil {
		return 0
	}
	return uint32(n)
}

// reader reads a file and those that it includes.
type reader struct {
	ctx context.Context
	s   *inventory.System
	c   *Config

	limit *budget.Budget
	texts map[string]*scanner // the files that were read, each at its beginning
	found map[string][]string // the files of the patterns that were looked for
}

// open returns a file at its beginning. What is read once more counts as expanded.
func (r *reader) open(name string) (*scanner, error) {
	if err := r.limit.Include(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	text, again := r.texts[name]
	if again {
		if err := r.limit.Expanded(len(text.b)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	} else {
		b, err := r.s.ReadText(r.ctx, name)
		if err != nil {
			return nil, err
		}
		text = newScanner(b)
		r.texts[name] = text
	}
	s := *text
	return &s, nil
}

// read reads one file. conditional says that it is included under a condition.
func (r *reader) read(name string, depth int, conditional bool) error {
	if depth > maxDepth {
		return fmt.Errorf("%s: too many files that include others: %w", name, inventory.ErrLimit)
	}
	text, err := r.open(name)
	if err != nil {
		return err
	}
	r.c.Files = append(r.c.Files, name)
	p := &parser{scanner: text, limit: r.limit, c: r.c, name: name, outer: conditional}
	var within error
	p.include = func(pattern string, optional bool) error {
		within = r.follow(pattern, optional, depth, p.isConditional())
		return within
	}
	if err := p.parse(); err != nil {
		if within != nil && errors.Is(err, within) {
			return within // it has the name of its own file
		}
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// follow reads the files of a pattern; a folder stands for the files in it.
func (r *reader) follow(pattern string, optional bool, depth int, conditional bool) error {
	if !strings.HasPrefix(pattern, "/") {
		return errors.New("the name of an included file is not absolute")
	}
	pattern = strings.Trim(pattern, "/")
	key := fmt.Sprint(optional, pattern)
	names, again := r.found[key]
	if !again {
		err := r.limit.Include()
		if err == nil {
			names, err = r.expand(pattern, optional)
		}
		if err != nil {
			return err
		}
		r.found[key] = names
	}
	for _, name := range names {
		if err := r.read(name, depth+1, conditional); err != nil {
			return err
		}
	}
	return nil
}

// expand returns the files of a pattern, and for a folder the files in it. An optional file may be
// missing.
func (r *reader) expand(pattern string, optional bool) ([]string, error) {
	all := []string{pattern}
	if strings.ContainsAny(pattern, "*?[") {
		var err error
		if all, err = r.s.Glob(r.ctx, pattern); err != nil {
			return nil, err
		}
		optional = true
	}
	var files []string
	for _, name := range all {
		info, err := r.s.Stat(r.ctx, name)
		if inventory.IsAbsent(err, name) && optional {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, name)
			continue
		}
		more, err := r.s.DropIns(r.ctx, "", name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		files = append(files, more...)
	}
	return files, nil
}
