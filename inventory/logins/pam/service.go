package pam

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Entry is a line of a stack: a module, or the beginning of a substack.
type Entry struct {
	Line

	// Via are the lines that included that file, the outermost first, such as "etc/pam.d/sshd:3".
	Via []string
	// Level is how many substacks the entry is in.
	Level int
}

// Stack holds the modules of a service for one group, in order. The line that begins a substack is
// an entry without a module.
type Stack []Entry

// Config holds the stacks of a service.
type Config struct {
	Name string
	// Own means that the service has a file of its own. Without one it has the stacks of the
	// service "other".
	Own    bool
	Stacks map[Group]Stack
}

// dirs are the folders of services by pam.d(5), and those for files of the distribution that
// Linux-PAM can be built with. A file in an earlier folder hides those in later ones.
var dirs = []string{"etc/pam.d", "usr/lib/pam.d", "usr/etc/pam.d", "usr/share/pam.d"}

const (
	oldFile  = "etc/pam.conf"
	fallback = "other"
	// maxDepth is how deep files may include others. Linux-PAM allows no more substacks and, since
	// 1.6, no more includes.
	maxDepth = 16
	// maxEntries limits the entries that includes make of a few files.
	maxEntries = 2_000
)

// Service returns the stacks of a service by its name in lower case, with includes resolved. A
// group that is not in its file has the entries of the service "other". Without a folder of
// services etc/pam.conf counts. Without either Service returns [inventory.ErrAbsent]. An include
// that fails is an error, since the stack then refuses everybody.
var Service = inventory.NewKeyed("pam", collectService)

func collectService(ctx context.Context, s *inventory.System, name string) (*Config, error) {
	if !filetree.ValidName(name) || name == "." || strings.Contains(name, "/") {
		return nil, fmt.Errorf("%q is no service: %w", name, fs.ErrInvalid)
	}
	dirs, err := folders.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	r := &resolver{ctx: ctx, s: s, dirs: dirs, c: &Config{Name: name, Stacks: map[Group]Stack{}}}
	if len(dirs) == 0 {
		return r.readOldFile()
	}
	if r.c.Own, err = r.addService(name); err != nil {
		return nil, err
	}
	other := &resolver{ctx: ctx, s: s, dirs: dirs, c: &Config{Stacks: map[Group]Stack{}}}
	if _, err := other.addService(fallback); err != nil {
		return nil, err
	}
	r.c.fill(other.c.Stacks)
	return r.c, nil
}

// fill takes the stacks of the service "other" for groups without a stack.
func (c *Config) fill(other map[Group]Stack) {
	for g, stack := range other {
		if len(c.Stacks[g]) == 0 {
			c.Stacks[g] = stack
		}
	}
}

// Services returns the sorted names of all files of services, including those that other files
// include. Without a folder of services there are none.
var Services = inventory.NewFact("pam services", collectServices)

func collectServices(ctx context.Context, s *inventory.System) ([]string, error) {
	dirs, err := folders.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	return listNames(ctx, s, dirs)
}

// resolver builds the stacks of a service from its files.
type resolver struct {
	ctx  context.Context
	s    *inventory.System
	dirs []string
	c    *Config
	n    int // the number of entries so far
}

// addService adds the file of a service. It reports whether there is one.
func (r *resolver) addService(name string) (bool, error) {
	source, lines, err := r.open(name)
	if err != nil || source == "" {
		return false, err
	}
	return true, r.addLines(source, lines, "", 0, nil)
}

// open reads the file of a name from the first folder that has it. source is empty where none has.
func (r *resolver) open(name string) (source string, lines []Line, err error) {
	if strings.HasPrefix(name, "/") {
		source = strings.TrimPrefix(path.Clean(name), "/")
		lines, err = readLines(r.ctx, r.s, source)
		return source, lines, err
	}
	for _, dir := range r.dirs {
		source = path.Join(dir, name)
		lines, err = readLines(r.ctx, r.s, source)
		if !inventory.IsAbsent(err, source) {
			return source, lines, err
		}
	}
	return "", nil, nil
}

// content is the lines of a file, or that it is not there.
type content struct {
	lines  []Line
	absent error
}

// file is the content of one file. Most files are included by many services.
var file = inventory.NewKeyed("pam file", collectFile)

func collectFile(ctx context.Context, s *inventory.System, name string) (content, error) {
	lines, err := inventory.ParseFile(ctx, s, name, Parse)
	if inventory.IsAbsent(err, name) {
		return content{absent: err}, nil
	}
	return content{lines: lines}, err
}

// readLines returns the lines of a file, each read only once.
func readLines(ctx context.Context, s *inventory.System, name string) ([]Line, error) {
	c, err := file.Of(ctx, s, name)
	if err != nil {
		return nil, err
	}
	return c.lines, c.absent
}

// addLines adds the lines of a file to the stacks: those of one group, or of all groups where only
// is empty.
func (r *resolver) addLines(source string, lines []Line, only Group, level int, via []string) error {
	for _, l := range lines {
		if l.Group != "" && only != "" && l.Group != only {
			continue
		}
		l.Source = source
		e := Entry{Line: l, Via: via, Level: level}
		if r.n++; r.n > maxEntries {
			return fmt.Errorf("%s: more than %d entries: %w", e.Place(), maxEntries, inventory.ErrLimit)
		}
		if l.Include == "" {
			r.c.Stacks[l.Group] = append(r.c.Stacks[l.Group], e)
			continue
		}
		if err := r.include(e, only); err != nil {
			return err
		}
	}
	return nil
}

// include adds the lines of the file that an entry includes.
func (r *resolver) include(e Entry, only Group) error {
	level, g := e.Level, e.Group
	if g == "" {
		g = only // "@include" in a file that is included for one group
	}
	if e.Substack {
		r.c.Stacks[g] = append(r.c.Stacks[g], e)
		level++
	}
	if len(e.Via)+1 >= maxDepth {
		return fmt.Errorf("%s: files take in one another more than %d deep; Linux-PAM fails the stack", e.Place(), maxDepth)
	}
	source, lines, err := r.open(e.Include)
	if err == nil && source == "" {
		err = fmt.Errorf("no file of the name %q; Linux-PAM fails the stack", e.Include)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", e.Place(), err)
	}
	via := append(e.Via[:len(e.Via):len(e.Via)], e.Place())
	return r.addLines(source, lines, g, level, via)
}

// readOldFile reads the stacks from etc/pam.conf. Its lines begin with the service.
func (r *resolver) readOldFile() (*Config, error) {
	b, err := r.s.ReadOnce(r.ctx, oldFile)
	if inventory.IsAbsent(err, oldFile) {
		return nil, fmt.Errorf("no PAM: %w", inventory.ErrAbsent)
	}
	if err != nil {
		return nil, err
	}
	// Only the lines of the service and of "other" are parsed.
	byService := map[string][]Line{}
	var left budget.Budget
	err = joinLines(b, func(n int, w []word) error {
		if len(w) == 0 {
			return errGroup
		}
		name := strings.ToLower(w[0].text)
		if name != r.c.Name && name != fallback {
			return nil
		}
		l, err := parseLine(w[1:])
		if err == nil {
			err = left.Items(1 + len(l.Args))
		}
		l.Line = n
		byService[name] = budget.Append(byService[name], l)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", oldFile, err)
	}
	r.c.Own = byService[r.c.Name] != nil
	if err := r.addLines(oldFile, byService[r.c.Name], "", 0, nil); err != nil {
		return nil, err
	}
	other := &resolver{ctx: r.ctx, s: r.s, c: &Config{Stacks: map[Group]Stack{}}}
	if err := other.addLines(oldFile, byService[fallback], "", 0, nil); err != nil {
		return nil, err
	}
	r.c.fill(other.c.Stacks)
	return r.c, nil
}
