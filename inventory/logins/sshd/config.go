package sshd

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Value is one value of a directive, in a normal form whatever its spelling in the file: choices
// are spelled as in sshd_config(5), times are in seconds, lists of algorithms are complete. Its
// name is in lower case. Its source is a configuration file or the file with the options of the
// service; a value without one is the default of the installed version.
type Value struct {
	inventory.Setting

	Match string // the criteria of its Match block; empty for the general value
}

// Config is the configuration of a server.
type Config struct {
	Version  Version            // the version of the server; zero where it is not known
	Revision string             // of the distribution's package, such as 2+deb12u10; may be empty
	Files    []string           // the files that were read, in their order
	general  map[string]Value   // values outside of Match blocks, by directive
	matched  map[string][]Value // values in Match blocks, by directive
	unsure   error              // the reason why defaults are not known
	override error              // the reason why an option may override general values
}

// Values returns the values of a directive: the general one first, then those for connections to
// which a Match block applies. The letter case of the name does not matter, and older names are
// accepted.
//
// If the general value is not known it is missing, and the error wraps [inventory.ErrUnavailable].
// The values of Match blocks are returned beside the error. A directive that the installed version
// does not have, or that this package does not read, is an error as well.
func (c *Config) Values(directiveName string) ([]Value, error) {
	key := canonicalName(directiveName)
	d, ok := directives[key]
	if !ok {
		return nil, fmt.Errorf("%s is not told: %w", directiveName, inventory.ErrUnavailable)
	}
	var all []Value
	general, err := c.lookupGeneral(key, d)
	if err == nil {
		all = append(all, general)
	}
	for _, s := range c.matched[key] {
		var errM error
		if s.Value, errM = c.expandAlgorithms(key, d, s.Value); errM != nil {
			err = errors.Join(err, errM)
			continue
		}
		all = append(all, s)
	}
	return all, err
}

// challenge is a directive of its own before version 8.7. If it is on it turns on
// kbdinteractiveauthentication.
const challenge = "challengeresponseauthentication"

// challengeMerged is the version since which both names are one directive.
var challengeMerged = Version{8, 7}

// lookupGeneral returns the general value of a directive.
func (c *Config) lookupGeneral(key string, d directive) (Value, error) {
	if c.override != nil {
		return Value{}, c.override
	}
	if key == "kbdinteractiveauthentication" && c.Version != (Version{}) && c.Version.less(challengeMerged) {
		s, ok := c.general[challenge]
		switch {
		case !ok && c.unsure == nil:
			return newValue(key, "yes"), nil
		case ok && s.Value == "yes":
			return s, nil
		case ok && c.general[key].Value == "":
			return s, nil
		}
	}
	if s, ok := c.general[key]; ok {
		var err error
		s.Value, err = c.expandAlgorithms(key, d, s.Value)
		return s, err
	}
	value, err := c.lookupDefault(key, d)
	return newValue(key, value), err
}

// newValue returns a general value without a source.
func newValue(name, value string) Value {
	return Value{Setting: inventory.Setting{Name: name, Value: value}}
}

// expandAlgorithms returns the complete list of algorithms where a value changes the default list.
func (c *Config) expandAlgorithms(key string, d directive, value string) (string, error) {
	if d.kind != algorithms || value == "" {
		return value, nil
	}
	if strings.IndexByte("+-^", value[0]) >= 0 {
		base, err := c.lookupDefault(key, d)
		if err != nil {
			return "", err
		}
		if value = mergeAlgorithms(value, base); value == "" {
			return "", fmt.Errorf("%s is left without an algorithm: %w", key, inventory.ErrUnavailable)
		}
	}
	if strings.ContainsAny(value, "*?") {
		return "", fmt.Errorf("%s has a pattern, which stands for algorithms that only the server knows: %w",
			key, inventory.ErrUnavailable)
	}
	return value, nil
}

// lookupDefault returns the default of a directive in the installed version.
func (c *Config) lookupDefault(key string, d directive) (string, error) {
	if c.unsure != nil {
		return "", fmt.Errorf("nothing sets %s, and its default is not known: %w", key, c.unsure)
	}
	value, ok := d.lookupDefault(c.Version)
	if !ok {
		return "", fmt.Errorf("the default of %s in OpenSSH %s is not known: %w", key, c.Version, inventory.ErrUnavailable)
	}
	if key == "kexalgorithms" {
		value = c.addRegisteredName(value)
	}
	return value, nil
}

// addRegisteredName adds the registered name of the post-quantum key exchange before the vendor's
// name. Debian's package has it since 1:9.2p1-2+deb12u4 (its changelog).
func (c *Config) addRegisteredName(value string) string {
	var update int
	n, err := fmt.Sscanf(c.Revision, "2+deb12u%d", &update)
	if n == 1 && err == nil && c.Version == (Version{9, 2}) && update >= 4 {
		return iana + "," + value
	}
	return value
}

// file is one configuration file.
type file struct {
	name  string
	lines []Line
}

// reader follows the lines of a configuration in their order.
type reader struct {
	c       *Config
	include func(pattern string) ([]file, error)
	bad     mistakes.List
	left    *budget.Budget
	blocks  map[block]bool      // directives that were set already in each Match block
	lists   map[string][]string // what further lines add to general values
	match   int                 // the number of Match lines so far
}

// block is a directive in a Match block.
type block struct {
	match int
	key   string
}

// maxDepth is how deep files may include others, SERVCONF_MAX_DEPTH of OpenSSH. maxFiles is how
// many files are read, a limit of this package.
const maxDepth, maxFiles = 16, 512

// state is the place of a line in the configuration.
type state struct {
	active bool   // the line counts for all connections
	match  string // the criteria of the Match blocks that it is in
	block  int    // the number of the innermost one
	depth  int    // how many files include one another up to here
}

// follow reads a file. A Match block ends with the file that it begins in.
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
			if err := checkMatch(l.Args, r.c.Version); err != nil {
				r.bad.Add(addPlace(f.name, l.Line, err))
				continue
			}
			criteria := strings.Join(l.Args, " ")
			st = outer
			if err := r.left.Expanded(len(outer.match)); err != nil {
				r.bad.Add(addPlace(f.name, l.Line, err))
				return
			}
			st.active = outer.active && strings.EqualFold(criteria, "all")
			st.match = strings.TrimSpace(outer.match + " " + criteria)
			r.match++
			st.block = r.match
		case "include":
			r.includeFiles(f, l, st)
		default:
			if err := r.set(f, l, st); err != nil && r.bad.Full() {
				r.bad.Add(err)
			} else if err != nil {
				r.bad.Add(addPlace(f.name, l.Line, err))
			}
		}
	}
}

// includeFiles reads the files of an Include line.
func (r *reader) includeFiles(f file, l Line, st state) {
	st.depth++
	for _, pattern := range l.Args {
		if r.bad.Full() {
			return
		}
		if len(r.c.Files) >= maxFiles {
			r.bad.Add(addPlace(f.name, l.Line, fmt.Errorf("%w: more than %d files", inventory.ErrLimit, maxFiles)))
			return
		}
		files, err := r.include(pattern)
		if errors.Is(err, budget.ErrLimit) {
			r.bad.Add(addPlace(f.name, l.Line, err))
			return
		}
		r.bad.Add(err)
		for _, inner := range files {
			r.follow(inner, st)
		}
	}
}

var errUnknown = errors.New("a directive that is not known; OpenSSH would not start with it")

// joinLists adds to general values what further lines add to them.
func (r *reader) joinLists() {
	for key, more := range r.lists {
		v := r.c.general[key]
		v.Value = strings.Join(append([]string{v.Value}, more...), " ")
		r.c.general[key] = v
	}
}

var (
	errAny   = errors.New("the value of authenticationmethods is any beside others, with which OpenSSH does not start")
	errAgain = errors.New("maxstartups is set again, and which one counts is not known")
)

// lastStartups is the newest version that is known to take the last MaxStartups instead of the first.
var lastStartups = Version{10, 0}

// set applies a line that sets a directive.
func (r *reader) set(f file, l Line, st state) error {
	if !isKnown(l.Keyword) {
		return errUnknown
	}
	key := canonicalName(l.Keyword)
	if l.Keyword == challenge && r.c.Version != (Version{}) && r.c.Version.less(challengeMerged) {
		key = challenge
	}
	d, told := directives[canonicalName(key)]
	if st.match != "" && globalOnly[key] {
		return fmt.Errorf("%s may not be in a Match block", key)
	}
	if !told {
		return nil
	}
	err := checkWords(key, d.kind, l.Args)
	value := ""
	if err == nil {
		value, err = d.normalize(l.Args)
	}
	if err != nil {
		return fmt.Errorf("the value of %s %w", key, err)
	}
	if key == "authenticationmethods" && value == "any" && r.c.general[key].Value != "" {
		return errAny
	}
	s := newValue(key, value)
	s.Position = inventory.Position{Source: f.name, Line: l.Line}
	if st.active {
		switch _, set := r.c.general[key]; {
		case !set || d.kind == startups && r.c.Version != (Version{}) && !lastStartups.less(r.c.Version):
			r.c.general[key] = s
		case d.kind == startups && r.c.general[key].Value != value:
			return errAgain
		case d.kind == list:
			r.lists[key] = budget.Append(r.lists[key], value)
		}
	}
	// In a Match block the first value of a directive counts as well.
	if id := (block{st.block, key}); st.match != "" && (d.kind == list || !r.blocks[id]) {
		r.blocks[id] = true
		s.Match = st.match
		r.c.matched[key] = budget.Append(r.c.matched[key], s)
	}
	return nil
}
