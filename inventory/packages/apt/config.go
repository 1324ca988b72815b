package apt

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// Config is the merged configuration. The letter case of names does not matter.
type Config struct {
	root  node
	limit budget.Budget          // of all files together
	files map[string][]Statement // those that were read, by their names
}

// node is one name of the configuration with all names below it.
type node struct {
	name     string // empty for an element of a list
	set      bool   // a file gives it a value
	setting  inventory.Setting
	children []*node
	named    map[string]*node // the children that have names, by these in lower case
}

// Lookup returns the value of a name. It returns false where no file sets it.
func (c *Config) Lookup(name string) (inventory.Setting, bool) {
	n := c.root.find(name)
	if n == nil || !n.set {
		return inventory.Setting{Name: name}, false
	}
	return n.setting, true
}

// Everywhere returns all values of a name: the one for all programs, and those for single programs,
// such as Binary::apt-get::NAME. The latter take precedence for their program.
func (c *Config) Everywhere(name string) []inventory.Setting {
	var all []inventory.Setting
	if v, ok := c.Lookup(name); ok {
		all = append(all, v)
	}
	programs := c.root.find("Binary")
	if programs == nil {
		return all
	}
	for _, p := range programs.children {
		if n := p.find(name); n != nil && n.set {
			all = append(all, n.setting)
		}
	}
	return all
}

// List returns the elements of a list in their order, such as those of
// Unattended-Upgrade::Origins-Pattern.
func (c *Config) List(name string) []inventory.Setting {
	n := c.root.find(name)
	if n == nil {
		return nil
	}
	var all []inventory.Setting
	for _, child := range n.children {
		if child.set {
			all = append(all, child.setting)
		}
	}
	return all
}

// find returns the node of a name, or nil. An element without a name is in no list.
func (n *node) find(name string) *node {
	for element := range strings.SplitSeq(name, "::") {
		if n = n.named[strings.ToLower(element)]; n == nil {
			return nil
		}
	}
	return n
}

// make returns the node of a name, which it creates if it is missing. An element of a list has no
// name and is always a new child.
func (c *Config) make(name string) (*node, error) {
	n := &c.root
	for element := range strings.SplitSeq(name, "::") {
		lower := strings.ToLower(element)
		if next := n.named[lower]; next != nil {
			n = next
			continue
		}
		if err := c.limit.Items(1); err != nil {
			return nil, err
		}
		next := &node{name: element}
		n.children = append(n.children, next)
		if element != "" {
			if n.named == nil {
				n.named = map[string]*node{}
			}
			n.named[lower] = next
		}
		n = next
	}
	return n, nil
}

// apply applies one statement of a file.
func (c *Config) apply(file string, s Statement) error {
	switch s.Action {
	case Set:
		n, err := c.make(s.Name)
		if err != nil {
			return err
		}
		n.set, n.setting = true, inventory.Setting{Name: s.Name, Value: s.Value,
			Position: inventory.Position{Source: file, Line: s.Line}}
	case Clear:
		if n := c.root.find(s.Name); n != nil {
			n.set, n.children, n.named = false, nil, nil
		}
	}
	return nil
}

const (
	main  = "etc/apt/apt.conf"
	parts = "etc/apt/apt.conf.d"
)

// partName matches the names that APT reads in a folder of parts. The ending has to be right as
// well.
var partName = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// Fact returns the configuration of the system, from etc/apt/apt.conf.d and etc/apt/apt.conf.
// Without etc/apt it returns [inventory.ErrAbsent].
var Fact = inventory.NewFact("apt.conf", collect)

func collect(ctx context.Context, s *inventory.System) (*Config, error) {
	if _, err := s.Stat(ctx, "etc/apt"); inventory.IsAbsent(err, "etc/apt") {
		return nil, fmt.Errorf("no etc/apt: %w", inventory.ErrAbsent)
	} else if err != nil {
		return nil, err
	}
	names, err := listParts(ctx, s, parts, "", ".conf")
	if err != nil {
		return nil, err
	}
	c := &Config{files: map[string][]Statement{}}
	for _, name := range append(names, main) {
		if err := c.read(ctx, s, name, 0); err != nil && !inventory.IsAbsent(err, name) {
			return nil, err
		}
	}
	c.files = nil
	return c, c.checkFolders("Dir::Etc::Main", "Dir::Etc::Parts")
}

// checkFolders returns an error where one of the names, or a folder above all of them, is set: APT
// then reads other files than those that were read here.
func (c *Config) checkFolders(names ...string) error {
	for _, name := range append([]string{"RootDir", "Dir", "Dir::Etc"}, names...) {
		if v, ok := c.Lookup(name); ok {
			return fmt.Errorf("%s:%d: %s names other folders: %w", v.Source, v.Line, name, inventory.ErrUnavailable)
		}
	}
	return nil
}

// listParts returns the files of a folder of parts in the order in which APT reads them.
func listParts(ctx context.Context, s *inventory.System, dir string, endings ...string) ([]string, error) {
	entries, err := s.ReadDir(ctx, dir)
	if inventory.IsAbsent(err, dir) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []string
	for _, e := range entries {
		n := e.Name()
		if e.IsDir() || strings.HasPrefix(n, ".") || !partName.MatchString(n) {
			continue
		}
		if slices.Contains(endings, path.Ext(n)) {
			all = append(all, dir+"/"+n)
		}
	}
	return all, nil
}

// maxIncludes is how deep APT follows includes.
const maxIncludes = 10

// open returns the statements of a file, which is read once.
func (c *Config) open(ctx context.Context, s *inventory.System, name string) ([]Statement, error) {
	all, again := c.files[name]
	if again {
		if err := c.limit.Items(len(all)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return all, nil
	}
	all, err := inventory.ParseOnce(ctx, s, name, func(b []byte) ([]Statement, error) { return parse(b, &c.limit) })
	if err == nil {
		c.files[name] = all
	}
	return all, err
}

// read applies a file. The files that it includes are applied in the place of the include.
func (c *Config) read(ctx context.Context, s *inventory.System, name string, depth int) error {
	all, err := c.open(ctx, s, name)
	if err != nil {
		return err
	}
	for _, st := range all {
		if st.Action != Include {
			if err := c.apply(name, st); err != nil {
				return fmt.Errorf("%s:%d: %w", name, st.Line, err)
			}
			continue
		}
		// A folder or a pattern of several files cannot be followed.
		target := strings.TrimPrefix(path.Clean("/"+st.Name), "/")
		if depth == maxIncludes || !strings.HasPrefix(st.Name, "/") || strings.HasSuffix(st.Name, "/") {
			return fmt.Errorf("%s:%d: includes what cannot be followed: %w", name, st.Line, inventory.ErrUnavailable)
		}
		err := c.limit.Include()
		if err == nil {
			err = c.read(ctx, s, target, depth+1)
		}
		if err != nil {
			return fmt.Errorf("%s:%d: includes %w", name, st.Line, err)
		}
	}
	return nil
}
