package sshd

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/vendored"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/packages/dpkg"
)

const (
	server = "usr/sbin/sshd"
	folder = "etc/ssh"
	config = "etc/ssh/sshd_config"
)

// Fact returns the configuration of the system's OpenSSH server. Without usr/sbin/sshd it returns
// [inventory.ErrAbsent].
//
// The options of the service are those in ExecStart= of its unit, drop-ins included, with the
// variables of its environment files. Without a unit they are those that init scripts take from
// etc/default/ssh and etc/conf.d/sshd (SSHD_OPTS), and from etc/sysconfig/sshd (OPTIONS).
var Fact = inventory.NewFact("sshd", collect)

func collect(ctx context.Context, s *inventory.System) (*Config, error) {
	if _, err := s.Stat(ctx, server); inventory.IsAbsent(err, server) {
		return nil, fmt.Errorf("no OpenSSH server: %w", inventory.ErrAbsent)
	} else if err != nil {
		return nil, err
	}
	c := &Config{general: map[string]Value{}, matched: map[string][]Value{}}
	var err error
	if c.Version, c.Revision, err = readVersion(ctx, s); err != nil {
		return nil, err
	}
	if c.Version == (Version{}) {
		c.unsure = fmt.Errorf("the version of OpenSSH is not known: %w", inventory.ErrUnavailable)
	}
	opts, err := readServiceOptions(ctx, s)
	if err != nil {
		return nil, err
	}
	if opts.unknown != "" {
		c.override = fmt.Errorf("%s has an option that is not understood: %w", opts.unknown, inventory.ErrUnavailable)
	}
	l := &loader{ctx: ctx, s: s, old: c.Version.less(challengeMerged), files: map[string]file{}, globs: map[string][]string{}}
	_, main, err := vendored.Read(opts.config, l.read, inventory.IsAbsent)
	if err != nil {
		return nil, err
	}
	r := &reader{c: c, include: l.include, left: &l.left, blocks: map[block]bool{}, lists: map[string][]string{}}
	// Options come first, and the first value of a directive counts.
	for _, f := range opts.lines {
		r.follow(f, state{active: true})
	}
	r.follow(main, state{active: true})
	r.joinLists()
	return c, r.bad.Err()
}

// readVersion returns the version of the server: that of Debian's package, else the one in the text
// of the program.
func readVersion(ctx context.Context, s *inventory.System) (Version, string, error) {
	pkgs, err := dpkg.Fact.Of(ctx, s)
	if err != nil && !errors.Is(err, inventory.ErrAbsent) {
		return Version{}, "", err
	}
	for _, p := range pkgs {
		if p.Name == "openssh-server" && p.Present() {
			_, upstream, ok := strings.Cut(p.Version, ":")
			if !ok {
				upstream = p.Version
			}
			v, _ := ParseVersion(upstream)
			_, revision, _ := strings.Cut(upstream, "-")
			return v, revision, nil
		}
	}
	b, err := s.ReadFile(ctx, server)
	if err != nil {
		return Version{}, "", err
	}
	v, _ := findVersion(b)
	return v, "", nil
}

// loader reads the files of a configuration, each once.
type loader struct {
	ctx   context.Context
	s     *inventory.System
	left  budget.Budget
	old   bool // the server is older than 8.7, or may be
	files map[string]file
	globs map[string][]string // the names that a pattern matches
}

// read reads one file.
func (l *loader) read(name string) (file, error) {
	if f, ok := l.files[name]; ok {
		return f, l.left.Items(len(f.lines))
	}
	lines, err := inventory.ParseFile(l.ctx, l.s, name, func(b []byte) ([]Line, error) { return parse(b, &l.left, l.old) })
	if err != nil {
		return file{name: name}, err
	}
	l.files[name] = file{name, lines}
	return l.files[name], nil
}

// include returns the files that match a pattern of Include, sorted by name. A pattern without
// a match has none.
func (l *loader) include(pattern string) ([]file, error) {
	if err := l.left.Include(); err != nil {
		return nil, err
	}
	full := strings.TrimPrefix(path.Clean(pattern), "/")
	if !strings.HasPrefix(pattern, "/") {
		full = path.Join(folder, pattern)
	}
	names, ok := l.globs[full]
	if !ok {
		var err error
		if names, err = l.s.Glob(l.ctx, full); err != nil {
			return nil, err
		}
		l.globs[full] = names
	}
	var all []file
	var errs []error
	for _, name := range names {
		if err := l.left.Include(); err != nil {
			return nil, err
		}
		f, err := l.read(name)
		if errors.Is(err, budget.ErrLimit) {
			return nil, err
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		all = append(all, f)
	}
	return all, errors.Join(errs...)
}
