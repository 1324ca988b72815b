// Package logrotate reads how long rotated logs are kept: the part of logrotate.conf(5) that
// says how often and how many times a log is rotated, with what it includes, as logrotate 3.21
// reads it.
package logrotate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Log is the settings of logs that are named together.
type Log struct {
	Patterns []string // of path.Match, absolute names
	Source   string
	Line     int // where the names begin
	settings
}

// settings are those of a log, or of all logs that follow.
type settings struct {
	Rotate  int     // how many old logs are kept; below 0 all
	Days    float64 // between two rotations, 0 where the size decides
	MaxAge  int     // in days after which an old log is removed, 0 for never
	MaxSize bool    // a log may be rotated earlier because of its size
}

// Kept answers for how many days old logs are kept at least. Forever says that none is removed;
// it is not ok where the size decides when a log is rotated.
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

// Config is what logrotate reads.
type Config struct {
	Files []string
	Logs  []Log // in their order; of several that name a log the first counts
}

// Of answers the settings of a log by its absolute name.
func (c *Config) Of(name string) (Log, bool) {
	for _, l := range c.Logs {
		if slices.ContainsFunc(l.Patterns, func(p string) bool { ok, _ := path.Match(p, name); return ok }) {
			return l, true
		}
	}
	return Log{}, false
}

const (
	program  = "usr/sbin/logrotate"
	main     = "etc/logrotate.conf"
	maxDepth = 16
	maxFiles = 1000
)

// taboo are the ends of names that are passed over in folders, logrotate(8).
var taboo = strings.Fields(`,v .cfsaved .disabled .dpkg-bak .dpkg-del .dpkg-dist .dpkg-new .dpkg-old .dpkg-tmp .rpmnew .rpmorig .rpmsave
	.swp .ucf-dist .ucf-new .ucf-old ~`)

// Fact is the configuration in etc/logrotate.conf. Where logrotate is not installed the answer is
// [inventory.ErrAbsent].
var Fact = inventory.NewFact("logrotate", func(ctx context.Context, s *inventory.System) (*Config, error) {
	if _, err := s.Stat(ctx, program); inventory.IsAbsent(err, program) {
		return nil, fmt.Errorf("no logrotate: %w", inventory.ErrAbsent)
	} else if err != nil {
		return nil, err
	}
	r := &reader{ctx: ctx, s: s, taboo: taboo}
	return &r.c, r.read(main, 1)
})

type reader struct {
	ctx     context.Context
	s       *inventory.System
	c       Config
	general settings
	taboo   []string
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
	p := parser{b: b, name: name, r: r, depth: depth}
	return p.file()
}

// include reads a file, or the files of a folder: settings in them hold for what follows. Dots
// before a name hide nothing.
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
	if err != nil {
		return err
	}
	for _, e := range entries {
		last := e.Name()
		if slices.ContainsFunc(r.taboo, func(t string) bool { return strings.HasSuffix(last, t) }) {
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

// Parse reads one file. Files that it includes are passed over.
func Parse(b []byte) (*Config, error) {
	r := &reader{taboo: taboo}
	p := parser{b: b, r: r}
	if err := p.file(); err != nil {
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

	open *Log // the block that is read
}

func (p *parser) file() error {
	for len(p.b) > 0 {
		line, rest, _ := bytes.Cut(p.b, []byte{'\n'})
		p.b = rest
		p.line++
		if err := p.text(strings.TrimSpace(string(line))); err != nil {
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

// included is an error of another file, which names its own place.
type included struct{ error }

func (e *included) Unwrap() error { return e.error }

// text reads what is left of a line.
func (p *parser) text(s string) error {
	for s != "" && s[0] != '#' {
		switch {
		case s[0] == '{' && p.open != nil && p.open.Line < 0:
			p.open.Line = -p.open.Line
			s = s[1:]
		case s[0] == '}' && p.open != nil && p.open.Line > 0:
			p.r.c.Logs = append(p.r.c.Logs, *p.open)
			p.open = nil
			s = s[1:]
		case p.open != nil && p.open.Line < 0 || p.open == nil && strings.IndexByte("/\"'~*", s[0]) >= 0:
			var err error
			if s, err = p.names(s); err != nil {
				return err
			}
		default:
			return p.directive(s)
		}
		s = strings.TrimSpace(s)
	}
	return nil
}

// names reads the names of logs up to the end of the line or the bracket. Until there the line
// of the block is kept below zero.
func (p *parser) names(s string) (rest string, err error) {
	if p.open == nil {
		p.open = &Log{Source: p.name, Line: -p.line, settings: p.r.general}
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
		p.open.Patterns = append(p.open.Patterns, name)
		s = strings.TrimLeft(s, " \t")
	}
	return s, nil
}

var periods = map[string]float64{"hourly": 1. / 24, "daily": 1, "weekly": 7, "monthly": 30, "yearly": 365}

// directive reads a line of a setting.
func (p *parser) directive(s string) error {
	end := strings.IndexFunc(s, func(r rune) bool { return r|0x20 < 'a' || r|0x20 > 'z' })
	if end < 0 {
		end = len(s)
	}
	key, value := s[:end], strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(s[end:]), "="))
	to := &p.r.general
	if p.open != nil {
		to = &p.open.settings
	}
	if days, ok := periods[key]; ok {
		to.Days = days
		return nil
	}
	switch key {
	case "":
		return errors.New("neither a setting nor the name of a log")
	case "rotate", "maxage":
		n, err := strconv.Atoi(value)
		if err != nil || n < -1 {
			return fmt.Errorf("%s is no number", key)
		}
		if key == "rotate" {
			to.Rotate = n
		} else {
			to.MaxAge = max(n, 0)
		}
	case "size":
		to.Days = 0
	case "maxsize":
		to.MaxSize = true
	case "prerotate", "postrotate", "firstaction", "lastaction", "preremove":
		return p.script()
	case "include":
		if p.depth > 0 {
			if err := p.r.include(value, p.depth); err != nil {
				return &included{err}
			}
		}
	case "tabooext":
		p.tabooext(value)
	}
	return nil
}

func (p *parser) tabooext(value string) {
	more, add := strings.CutPrefix(value, "+")
	words := strings.FieldsFunc(more, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' })
	if add {
		words = append(slices.Clone(p.r.taboo), words...)
	}
	p.r.taboo = words
}

// script passes over the lines of a script.
func (p *parser) script() error {
	for len(p.b) > 0 {
		line, rest, _ := bytes.Cut(p.b, []byte{'\n'})
		p.b = rest
		p.line++
		if strings.TrimSpace(string(line)) == "endscript" {
			return nil
		}
	}
	return errors.New("a script that does not end")
}
