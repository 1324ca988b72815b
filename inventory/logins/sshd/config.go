package sshd

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Setting is a value that a directive has, in one form whatever the spelling in the file:
// choices in the spelling of sshd_config(5), times in seconds, lists of algorithms whole.
type Setting struct {
	Value  string
	Match  string // the criteria of the Match block it stands in; empty for what holds in general
	Source string // the file, or the one with the options of the service; empty for a default
	Line   int    // in Source, counted from 1; 0 for a default
}

// Compiled reports whether the value is the default of the installed version.
func (s Setting) Compiled() bool { return s.Source == "" }

// Config is the configuration of a server.
type Config struct {
	Version  Version // of the server; zero where it is not known
	Revision string  // of the distribution's package, such as 2+deb12u10
	Files    []string
	general  map[string]Setting
	matched  map[string][]Setting
	unsure   error // why what nothing sets has no known default
	override error // why what is set in general may be overridden by an option
}

// Values answers the values that a directive has: the one in general first, then those for
// connections that a Match block applies to. The name's letter case does not matter, and
// older names are understood.
//
// Where the general value is not known it is missing, and the error wraps
// [inventory.ErrUnavailable]; values of Match blocks come beside it. A directive that the
// installed version does not have, or that this package does not tell, is an error as
// well.
func (c *Config) Values(directiveName string) ([]Setting, error) {
	key := name(directiveName)
	d, ok := directives[key]
	if !ok {
		return nil, fmt.Errorf("%s is not told: %w", directiveName, inventory.ErrUnavailable)
	}
	var all []Setting
	general, err := c.inGeneral(key, d)
	if err == nil {
		all = append(all, general)
	}
	for _, s := range c.matched[key] {
		var errM error
		if s.Value, errM = c.whole(key, d, s.Value); errM != nil {
			err = errors.Join(err, errM)
			continue
		}
		all = append(all, s)
	}
	return all, err
}

// The directive that before 8.7 stood beside kbdinteractiveauthentication, and turned that
// on where it was on itself.
const challenge = "challengeresponseauthentication"

var challengeMerged = Version{8, 7}

func (c *Config) inGeneral(key string, d directive) (Setting, error) {
	if c.override != nil {
		return Setting{}, c.override
	}
	if key == "kbdinteractiveauthentication" && c.Version != (Version{}) && c.Version.less(challengeMerged) {
		s, ok := c.general[challenge]
		switch {
		case !ok && c.unsure == nil:
			return Setting{Value: "yes"}, nil
		case ok && s.Value == "yes":
			return s, nil
		case ok && c.general[key].Value == "":
			return s, nil
		}
	}
	if s, ok := c.general[key]; ok {
		var err error
		s.Value, err = c.whole(key, d, s.Value)
		return s, err
	}
	value, err := c.compiled(key, d)
	return Setting{Value: value}, err
}

// whole answers a list of algorithms that changes the default one as the list it makes.
func (c *Config) whole(key string, d directive, value string) (string, error) {
	if d.kind != algorithms || value == "" {
		return value, nil
	}
	if strings.IndexByte("+-^", value[0]) >= 0 {
		base, err := c.compiled(key, d)
		if err != nil {
			return "", err
		}
		value = assemble(value, base)
	}
	if strings.ContainsAny(value, "*?") {
		return "", fmt.Errorf("%s has a pattern, which stands for algorithms that only the server knows: %w", key, inventory.ErrUnavailable)
	}
	return value, nil
}

func (c *Config) compiled(key string, d directive) (string, error) {
	if c.unsure != nil {
		return "", fmt.Errorf("nothing sets %s, and its default is not known: %w", key, c.unsure)
	}
	value, ok := d.compiled(c.Version)
	if !ok {
		return "", fmt.Errorf("the default of %s in OpenSSH %s is not known: %w", key, c.Version, inventory.ErrUnavailable)
	}
	if key == "kexalgorithms" {
		value = c.withRegisteredName(value)
	}
	return value, nil
}

// withRegisteredName adds the registered name of the post-quantum method where Debian's
// package has it since 1:9.2p1-2+deb12u4 (its changelog), before the vendor's name of the
// same method.
func (c *Config) withRegisteredName(value string) string {
	var update int
	if n, err := fmt.Sscanf(c.Revision, "2+deb12u%d", &update); n == 1 && err == nil && c.Version == (Version{9, 2}) && update >= 4 {
		return iana + "," + value
	}
	return value
}

// file is one that is read, or included.
type file struct {
	name  string
	lines []Line
}

// reader follows the lines of a configuration in their order.
type reader struct {
	c       *Config
	include func(pattern string) ([]file, error)
	bad     mistakes.List
	blocks  map[string]bool // directives of Match blocks that were set there already
}

// maxDepth is how deep files may include others, SERVCONF_MAX_DEPTH of OpenSSH; maxFiles
// how many there may be, which is our own bound.
const maxDepth, maxFiles = 16, 512

// state is where in the configuration a line stands.
type state struct {
	active bool   // it holds in general
	match  string // the criteria of the Match blocks around it
	block  string // where the innermost of them begins
	depth  int
}

// follow reads a file. What a Match block in it begins ends with it.
func (r *reader) follow(f file, st state) {
	switch {
	case r.bad.Full():
		return
	case st.depth > maxDepth:
		r.bad.Addf("%s: included deeper than %d", f.name, maxDepth)
		return
	case len(r.c.Files) >= maxFiles:
		r.bad.Addf("%s: %w: more than %d files", f.name, inventory.ErrLimit, maxFiles)
		return
	}
	r.c.Files = append(r.c.Files, f.name)
	outer := st
	for _, l := range f.lines {
		switch l.Keyword {
		case "match":
			criteria := strings.Join(l.Args, " ")
			st = outer
			st.active = outer.active && strings.EqualFold(criteria, "all")
			st.match = strings.TrimSpace(outer.match + " " + criteria)
			st.block = fmt.Sprintf("%s:%d", f.name, l.Line)
		case "include":
			r.included(f, l, st)
		default:
			if err := r.set(f, l, st); err != nil {
				r.bad.Add(place(f.name, l.Line, err))
			}
		}
	}
}

func (r *reader) included(f file, l Line, st state) {
	st.depth++
	for _, pattern := range l.Args {
		if r.bad.Full() {
			return
		}
		if len(r.c.Files) >= maxFiles {
			r.bad.Add(place(f.name, l.Line, fmt.Errorf("%w: more than %d files", inventory.ErrLimit, maxFiles)))
			return
		}
		files, err := r.include(pattern)
		r.bad.Add(err)
		for _, inner := range files {
			r.follow(inner, st)
		}
	}
}

func (r *reader) set(f file, l Line, st state) error {
	if !known(l.Keyword) {
		return errors.New("a directive that is not known; OpenSSH would not start with it")
	}
	key := name(l.Keyword)
	if l.Keyword == challenge && r.c.Version != (Version{}) && r.c.Version.less(challengeMerged) {
		key = challenge
	}
	d, told := directives[name(key)]
	if !told {
		return nil
	}
	value, err := d.canonical(l.Args)
	if err != nil {
		return fmt.Errorf("the value of %s %w", key, err)
	}
	s := Setting{Value: value, Source: f.name, Line: l.Line}
	if st.active {
		old, set := r.c.general[key]
		switch {
		case !set:
			r.c.general[key] = s
		case d.kind == list:
			old.Value += " " + value
			r.c.general[key] = old
		}
	}
	if id := st.block + " " + key; st.match != "" && (d.kind == list || !r.blocks[id]) {
		r.blocks[id] = true
		s.Match = st.match
		r.c.matched[key] = append(r.c.matched[key], s)
	}
	return nil
}
