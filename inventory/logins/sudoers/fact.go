package sudoers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/nsswitch"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Policy is the policy of sudo, from all files in the order in which it reads them.
type Policy struct {
	Defaults []Default
	Rules    []Rule
	Aliases  []Alias
	// Complete means that the files have all of it: no directory service is asked for more,
	// nsswitch.conf(5).
	Complete bool
	// PassedOver are files that sudo ignores because they are not owned by root or others may write
	// to them. Their lines are in the policy all the same.
	PassedOver []string
	// Files are the files and folders of which the policy was read, sorted.
	Files []string
}

// mains are the paths of the main file. The first that exists counts.
var mains = []string{"etc/sudoers", "usr/etc/sudoers"}

// maxIncludes is how deep files may include others.
const maxIncludes = 128

// Fact returns the policy of the system. Without the file it returns [inventory.ErrAbsent]. If
// etc/sudo.conf names another file or plugin, the error is [inventory.ErrUnavailable].
var Fact = inventory.NewFact("sudoers", collect)

func collect(ctx context.Context, s *inventory.System) (*Policy, error) {
	for _, name := range mains {
		r := &reader{ctx: ctx, s: s, p: &Policy{}, files: map[string]*source{}, folders: map[string][]string{}, aliases: map[[2]string]bool{}}
		p := r.p
		err := r.read(name, nil)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err == nil {
			err = checkPlugin(ctx, s)
		}
		if err != nil {
			return nil, err
		}
		n, err := nsswitch.Fact.Of(ctx, s)
		if err != nil {
			return nil, err
		}
		p.Files = slices.Concat(slices.Collect(maps.Keys(r.files)), slices.Collect(maps.Keys(r.folders)))
		slices.Sort(p.Files)
		p.Files = slices.Compact(p.Files)
		p.Complete = !slices.ContainsFunc(n["sudoers"], func(service string) bool { return service != "files" })
		return p, nil
	}
	return nil, fmt.Errorf("no sudoers: %w", inventory.ErrAbsent)
}

// checkPlugin returns an error where a line of etc/sudo.conf, sudo.conf(5), makes sudo ask
// something else than its own file.
func checkPlugin(ctx context.Context, s *inventory.System) error {
	const name = "etc/sudo.conf"
	b, err := s.ReadText(ctx, name)
	if inventory.IsAbsent(err, name) {
		return nil
	}
	line := 0
	for text := range strings.SplitSeq(string(b), "\n") {
		line++
		if text = strings.TrimSpace(text); !strings.HasPrefix(text, "Plugin") {
			continue
		}
		f := strings.Fields(text)
		if len(f) < 3 || f[0] != "Plugin" || !strings.Contains(f[1], "policy") {
			continue
		}
		if path.Base(f[2]) != "sudoers.so" || strings.Contains(text, "sudoers_file") {
			return fmt.Errorf("%s:%d: a plugin of its own, or a file: %w", name, line, inventory.ErrUnavailable)
		}
	}
	return err
}

// reader collects a policy. It reads and parses each file once.
type reader struct {
	ctx     context.Context
	s       *inventory.System
	p       *Policy
	left    budget.Budget
	files   map[string]*source
	folders map[string][]string // the names that count in folders that are included
	aliases map[[2]string]bool  // kinds and names of those that were defined
}

// source is a file that was read.
type source struct {
	*File
	unsafe bool
}

// open returns a file. An include of a file that was read before takes as much of the budget again.
func (r *reader) open(name string) (*source, error) {
	if f := r.files[name]; f != nil {
		return f, r.left.Items(f.items)
	}
	file, err := inventory.ParseFile(r.ctx, r.s, name, func(b []byte) (*File, error) { return parse(b, &r.left) })
	if err != nil {
		return nil, err
	}
	unsafe, err := isUnsafe(r.ctx, r.s, name)
	if err != nil {
		return nil, err
	}
	f := &source{file, unsafe}
	r.files[name] = f
	return f, nil
}

// read adds a file. The files that it includes are added in the place of the include. from are the
// files that include each other up to this one.
func (r *reader) read(name string, from []string) error {
	f, err := r.open(name)
	if err != nil {
		return err
	}
	p := r.p
	if f.unsafe {
		p.PassedOver = append(p.PassedOver, name)
	}
	from = append(from, name)
	for _, st := range f.Statements {
		for _, d := range st.Defaults {
			d.Source = name
			p.Defaults = budget.Append(p.Defaults, d)
		}
		if n := len(st.Rules); len(p.Rules)+n > cap(p.Rules) {
			p.Rules = slices.Grow(p.Rules, max(n, len(p.Rules)))
		}
		for _, rule := range st.Rules {
			rule.Source = name
			p.Rules = append(p.Rules, rule)
		}
		for _, a := range st.Aliases {
			id := [2]string{a.Kind, a.Name}
			if r.aliases[id] {
				return fmt.Errorf("%s:%d: the alias %s is there twice, which sudo refuses", name, st.Line, a.Name)
			}
			r.aliases[id] = true
		}
		p.Aliases = append(p.Aliases, st.Aliases...)
		if st.Include == "" {
			continue
		}
		if err := r.include(st, from); err != nil {
			return fmt.Errorf("%s:%d: %w", name, st.Line, err)
		}
	}
	return nil
}

// isUnsafe reports whether sudo ignores a file by sudoers_uid, sudoers_gid and sudoers_mode of
// sudoers(5): its owner is not root, or everybody or another group than root's may write to it. If
// the tree does not know owner or mode, they count as safe.
func isUnsafe(ctx context.Context, s *inventory.System, name string) (bool, error) {
	info, err := s.Stat(ctx, name)
	if err != nil {
		return false, err
	}
	id := filetree.SysOf(info)
	mode := info.Mode().Perm()
	owned := id.Has&filetree.HasOwner != 0
	writable := id.Has&filetree.HasMode != 0 && (mode&0o002 != 0 || mode&0o020 != 0 && owned && id.GID != 0)
	return owned && id.UID != 0 || writable, nil
}

var errLoop = errors.New("includes itself")

// include adds the file or folder that a statement includes.
func (r *reader) include(st Statement, from []string) error {
	target := st.Include
	if strings.Contains(target, "%") {
		return fmt.Errorf("includes a name with the host's in it: %w", inventory.ErrUnavailable)
	}
	// Other names are relative to the file with the include.
	if !strings.HasPrefix(target, "/") {
		target = path.Dir(from[len(from)-1]) + "/" + target
	}
	target = strings.TrimPrefix(path.Clean("/"+target), "/")
	if !st.Folder {
		return r.readIncluded(target, from)
	}
	names, err := r.list(target)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := r.readIncluded(name, from); err != nil && !inventory.IsAbsent(err, name) {
			return err
		}
	}
	return nil
}

// readIncluded adds a file that another one includes.
func (r *reader) readIncluded(name string, from []string) error {
	if slices.Contains(from, name) || len(from) == maxIncludes {
		return errLoop
	}
	if err := r.left.Include(); err != nil {
		return err
	}
	return r.read(name, from)
}

// list returns the files of a folder that count: those without a dot in the name that are no backup
// copies. A folder that is not there has none.
func (r *reader) list(dir string) ([]string, error) {
	if names, ok := r.folders[dir]; ok {
		return names, nil
	}
	entries, err := r.s.ReadDir(r.ctx, dir)
	if err != nil && !inventory.IsAbsent(err, dir) {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if n := e.Name(); !strings.Contains(n, ".") && !strings.HasSuffix(n, "~") && !e.IsDir() {
			names = append(names, dir+"/"+n)
		}
	}
	r.folders[dir] = names
	return names, nil
}

// Lookup returns the last line that sets a default for all, and false where there is none. Lines
// for some users, hosts or commands are in Defaults.
func (p *Policy) Lookup(name string) (Default, bool) {
	for _, d := range slices.Backward(p.Defaults) {
		if d.Scope == "" && d.Name == name {
			return d, true
		}
	}
	return Default{Name: name}, false
}

// All reports whether a list of users or commands contains ALL, by itself or by an alias. kind is
// the kind of the aliases, User or Cmnd. A "!" before an alias negates each element of the alias.
func (p *Policy) All(kind string, list []Member) bool {
	return p.Finder(kind, func(name string) bool { return name == "ALL" })(list)
}

// Others reports whether a list of users or commands contains any name other than these. An alias
// counts as a name.
func (p *Policy) Others(kind string, list []Member, names []string) bool {
	return p.Finder(kind, func(name string) bool { return !slices.Contains(names, name) })(list)
}

// Finder returns a function that reports whether a list of users or commands contains a wanted
// name, by itself or by an alias of that kind. It looks at each alias once, and serves any number of
// lists.
func (p *Policy) Finder(kind string, wanted func(name string) bool) func(list []Member) bool {
	// users are the aliases that stand for all that a member stands for.
	users := map[Member][]Member{}
	found := map[Member]bool{}
	var todo []Member
	add := func(m Member) {
		if !found[m] {
			found[m] = true
			todo = append(todo, m)
		}
	}
	for _, a := range p.Aliases {
		if a.Kind != kind {
			continue
		}
		for _, m := range a.Members {
			for _, negated := range []bool{false, true} {
				by, m := Member{Name: a.Name, Negated: negated}, Member{Name: m.Name, Negated: m.Negated != negated}
				if isAlias(m.Name) {
					users[m] = append(users[m], by)
				}
				if !m.Negated && wanted(m.Name) {
					add(by)
				}
			}
		}
	}
	for len(todo) > 0 {
		m := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, by := range users[m] {
			add(by)
		}
	}
	return func(list []Member) bool {
		return slices.ContainsFunc(list, func(m Member) bool { m.Digest = false; return found[m] || !m.Negated && wanted(m.Name) })
	}
}
