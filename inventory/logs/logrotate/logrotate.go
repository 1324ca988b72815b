// Package logrotate reads how long rotated logs are kept. It reads etc/logrotate.conf
// (logrotate.conf(5)) and the files it includes, as logrotate 3.21 does, and takes from them how
// often a log is rotated and how many old logs are kept.
package logrotate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// Log is the settings of logs that are named together.
type Log struct {
	inventory.Position // where the names begin

	Patterns []string // absolute names, or patterns of [path.Match]

	settings
}

// settings are the settings of a log, or of all logs that follow.
type settings struct {
	Rotate  int     // the number of old logs that are kept; all if it is negative
	Days    float64 // between two rotations; 0 if the size decides
	MaxAge  int     // the days after which an old log is removed; 0 if age does not matter
	MaxSize bool    // a log may be rotated earlier because of its size
}

// Kept returns the number of days for which old logs are kept at least. forever reports that no log
// is removed. ok is false if the size decides when a log is rotated, so that the days are not
// known.
func (s settings) Kept() (days int, forever, ok bool) {
	switch {
	case s.Rotate < 0 && s.MaxAge == 0:
		return 0, true, true
	case s.Rotate < 0:
		return s.MaxAge, false, true
	case s.Days == 0 || s.MaxSize:
		return 0, false, s.Rotate == 0
	}
	days = int(s.Days * float64(s.Rotate))
	if s.MaxAge > 0 {
		days = min(days, s.MaxAge)
	}
	return days, false, true
}

// Config is the configuration of logrotate.
type Config struct {
	Files []string // in the order in which logrotate reads them
	Logs  []Log    // in their order; the first one that names a log counts
}

// Lookup returns the settings of a log by its absolute name, and reports whether there are any.
func (c *Config) Lookup(name string) (Log, bool) {
	matches := func(pattern string) bool {
		ok, _ := path.Match(pattern, name)
		return ok
	}
	for _, l := range c.Logs {
		if slices.ContainsFunc(l.Patterns, matches) {
			return l, true
		}
	}
	return Log{}, false
}

const (
	program  = "usr/sbin/logrotate"
	main     = "etc/logrotate.conf"
	maxDepth = 16
)

// taboo are the ends of the names of files in folders that logrotate ignores, logrotate(8).
var taboo = strings.Fields(`,v .cfsaved .disabled .dpkg-bak .dpkg-del .dpkg-dist .dpkg-new .dpkg-old
	.dpkg-tmp .rpmnew .rpmorig .rpmsave .swp .ucf-dist .ucf-new .ucf-old ~`)

// Fact is the configuration in etc/logrotate.conf. The error is [inventory.ErrAbsent] if logrotate
// is not installed.
var Fact = inventory.NewFact("logrotate", collect)

func collect(ctx context.Context, s *inventory.System) (*Config, error) {
	if _, err := s.Stat(ctx, program); inventory.IsAbsent(err, program) {
		return nil, fmt.Errorf("no logrotate: %w", inventory.ErrAbsent)
	} else if err != nil {
		return nil, err
	}
	r := newReader()
	r.ctx, r.s = ctx, s
	return &r.c, r.read(main, 1)
}

// reader reads a file and those that it includes.
type reader struct {
	ctx     context.Context
	s       *inventory.System
	c       Config
	general settings // the settings of logs that follow
	taboo   map[string]bool

	limit budget.Budget
	texts map[string][]byte // the files that were read
}

func newReader() *reader {
	r := &reader{taboo: make(map[string]bool, len(taboo)), texts: map[string][]byte{}}
	for _, t := range taboo {
		r.taboo[t] = true
	}
	return r
}

// isTaboo reports whether a name ends in one of the ends that are taboo.
func (r *reader) isTaboo(name string) bool {
	for i := range len(name) {
		if r.taboo[name[i:]] {
			return true
		}
	}
	return false
}

// open returns the text of a file. What is read once more counts as expanded.
func (r *reader) open(name string) ([]byte, error) {
	if err := r.limit.Include(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	b, again := r.texts[name]
	if again {
		if err := r.limit.Expanded(len(b)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return b, nil
	}
	b, err := r.s.ReadOnce(r.ctx, name)
	if err == nil {
		r.texts[name] = b
	}
	return b, err
}

// read reads one file.
func (r *reader) read(name string, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%s: too many files that include others: %w", name, inventory.ErrLimit)
	}
	b, err := r.open(name)
	if err != nil {
		return err
	}
	r.c.Files = append(r.c.Files, name)
	p := parser{b: b, name: name, r: r, depth: depth}
	return p.parse()
}

// include reads a file, or the files of a folder, those whose names begin with a dot too. Settings
// in them hold for the logs that follow.
func (r *reader) include(name string, depth int) error {
	if !strings.HasPrefix(name, "/") {
		return errors.New("the name of an included file is not absolute")
	}
	name = strings.Trim(path.Clean(name), "/")
	info, err := r.s.Stat(r.ctx, name)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return r.read(name, depth+1)
	}
	entries, err := r.s.ReadDir(r.ctx, name)
	if err == nil {
		err = r.limit.Items(len(entries)) // each is looked at
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		last := e.Name()
		if r.isTaboo(last) {
			continue
		}
		info, err := r.s.Stat(r.ctx, name+"/"+last)
		if inventory.IsAbsent(err, name+"/"+last) { // a dangling link
			continue
		}
		if err != nil {
			return err
		}
		if info.Mode().IsRegular() {
			if err := r.read(name+"/"+last, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// Parse reads the text of one file. The Source of the logs is left empty, and files that it
// includes are not read. The first line that is not understood is the error.
func Parse(b []byte) (*Config, error) {
	r := newReader()
	p := parser{b: b, r: r}
	if err := p.parse(); err != nil {
		return nil, err
	}
	return &r.c, nil
}

// parser reads the lines of a file.
type parser struct {
	b     []byte
	name  string
	line  int
	r     *reader
	depth int

	open *Log // the block that is being read
}

// parse reads all lines.
func (p *parser) parse() error {
	for len(p.b) > 0 {
		line, rest, _ := bytes.Cut(p.b, []byte{'\n'})
		p.b = rest
		p.line++
		if line = bytes.Trim(line, " \t"); len(line) == 0 || line[0] == '#' {
			continue
		}
		err := checkBytes(line)
		if err == nil {
			err = p.readLine(string(line))
		}
		if err != nil {
			if errors.As(err, new(*included)) {
				return err
			}
			return fmt.Errorf("%s:%d: %w", p.name, p.line, err)
		}
	}
	if p.open != nil {
		return fmt.Errorf("%s:%d: a block that does not end", p.name, p.line)
	}
	return nil
}

// checkBytes returns an error for bytes that logrotate takes for blanks at some places, and for a part
// of a word at others. A carriage return at the end of a line is refused as well.
func checkBytes(line []byte) error {
	if bytes.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r >= 0x7f }) {
		return errors.New("a special character")
	}
	return nil
}

// included is an error in another file, which has the place in its text.
type included struct{ error }

func (e *included) Unwrap() error { return e.error }

// readLine reads a line, or what is left of one.
func (p *parser) readLine(s string) error {
	for s != "" && s[0] != '#' {
		switch {
		case s[0] == '{' && p.open != nil && p.open.Line < 0:
			p.open.Line = -p.open.Line
			s = s[1:]
		case s[0] == '}' && p.open != nil && p.open.Line > 0:
			if err := p.r.limit.Items(1); err != nil {
				return err
			}
			p.r.c.Logs = append(p.r.c.Logs, *p.open)
			p.open = nil
			if s = strings.TrimLeft(s[1:], " \t"); s != "" && s[0] != '#' {
				return errors.New("text behind a block")
			}
		case p.open != nil && p.open.Line < 0 || p.open == nil && strings.IndexByte("/\"'~*", s[0]) >= 0:
			var err error
			if s, err = p.readNames(s); err != nil {
				return err
			}
		default:
			var err error
			if s, err = p.readDirective(s); err != nil {
				return err
			}
		}
		s = strings.Trim(s, " \t")
	}
	return nil
}

// readNames reads the names of logs up to the brace or the end of the line. Until the brace the
// Line of the block is negative.
func (p *parser) readNames(s string) (rest string, err error) {
	if p.open == nil {
		p.open = &Log{Position: inventory.Position{Source: p.name, Line: -p.line}, settings: p.r.general}
	}
	for s != "" && s[0] != '{' {
		var name string
		if s[0] == '"' || s[0] == '\'' {
			end := strings.IndexByte(s[1:], s[0])
			if end < 0 {
				return "", errors.New("a quote that is not closed")
			}
			name, s = s[1:end+1], s[end+2:]
		} else {
			end := strings.IndexAny(s, " \t{")
			if end < 0 {
				end = len(s)
			}
			name, s = s[:end], s[end:]
		}
		if err := p.r.limit.Items(1); err != nil {
			return "", err
		}
		p.open.Patterns = append(p.open.Patterns, name)
		s = strings.TrimLeft(s, " \t")
	}
	return s, nil
}
