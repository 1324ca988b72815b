package sudoers

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

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
}

// mains are the paths of the main file. The first that exists counts.
var mains = []string{"etc/sudoers", "usr/etc/sudoers"}

// maxIncludes is how deep files may include others.
const maxIncludes = 128

// Fact returns the policy of the system. Without the file it returns [inventory.ErrAbsent]. If
// etc/sudo.conf names another file or plugin, the error is [inventory.ErrUnavailable].
var Fact = inventory.NewFact("sudoers", collect)

func collect(ctx context.Context, s *inventory.System) (*Policy, error) {
	p := &Policy{}
	for _, name := range mains {
		err := p.read(ctx, s, name, nil)
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

// read adds a file. The files that it includes are added in the place of the include. from are the
// files that include each other up to this one.
func (p *Policy) read(ctx context.Context, s *inventory.System, name string, from []string) error {
	f, err := inventory.ParseFile(ctx, s, name, Parse)
	if err != nil {
		return err
	}
	if p.PassedOver, err = appendUnsafe(ctx, s, p.PassedOver, name); err != nil {
		return err
	}
	from = append(from, name)
	for _, st := range f.Statements {
		for _, d := range st.Defaults {
			d.Source = name
			p.Defaults = append(p.Defaults, d)
		}
		for _, r := range st.Rules {
			r.Source = name
			p.Rules = append(p.Rules, r)
		}
		p.Aliases = append(p.Aliases, st.Aliases...)
		if st.Include == "" {
			continue
		}
		if err := p.include(ctx, s, st, from); err != nil {
			return fmt.Errorf("%s:%d: %w", name, st.Line, err)
		}
	}
	return nil
}

// appendUnsafe adds a file that sudo ignores by sudoers_uid, sudoers_gid and sudoers_mode of
// sudoers(5): its owner is not root, or everybody or another group than root's may write to it. If
// the tree does not know owner or mode, they count as safe.
func appendUnsafe(ctx context.Context, s *inventory.System, all []string, name string) ([]string, error) {
	info, err := s.Stat(ctx, name)
	if err != nil {
		return nil, err
	}
	id := filetree.SysOf(info)
	mode := info.Mode().Perm()
	owned := id.Has&filetree.HasOwner != 0
	writable := id.Has&filetree.HasMode != 0 && (mode&0o002 != 0 || mode&0o020 != 0 && owned && id.GID != 0)
	if owned && id.UID != 0 || writable {
		all = append(all, name)
	}
	return all, nil
}

var errLoop = errors.New("includes itself")

// include adds the file or folder that a statement includes.
func (p *Policy) include(ctx context.Context, s *inventory.System, st Statement, from []string) error {
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
		if slices.Contains(from, target) || len(from) == maxIncludes {
			return errLoop
		}
		return p.read(ctx, s, target, from)
	}
	// A folder: its files count unless they have a dot in the name or are backup copies.
	entries, err := s.ReadDir(ctx, target)
	if inventory.IsAbsent(err, target) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if n := e.Name(); strings.Contains(n, ".") || strings.HasSuffix(n, "~") || e.IsDir() {
			continue
		}
		name := target + "/" + e.Name()
		if slices.Contains(from, name) || len(from) == maxIncludes {
			return errLoop
		}
		if err := p.read(ctx, s, name, from); err != nil && !inventory.IsAbsent(err, name) {
			return err
		}
	}
	return nil
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
	return p.contains(kind, list, false, map[Member]bool{}, func(name string) bool { return name == "ALL" })
}

// Others reports whether a list of users or commands contains any name other than these. An alias
// counts as a name.
func (p *Policy) Others(kind string, list []Member, names []string) bool {
	other := func(name string) bool { return !slices.Contains(names, name) }
	return p.contains(kind, list, false, map[Member]bool{}, other)
}

// contains reports whether wanted is true of a name in a list, or in an alias of the list. negated
// means that a "!" is before the list.
func (p *Policy) contains(
	kind string, list []Member, negated bool, seen map[Member]bool, wanted func(name string) bool,
) bool {
	for _, m := range list {
		m.Negated = m.Negated != negated
		if seen[m] {
			continue
		}
		seen[m] = true
		if !m.Negated && wanted(m.Name) {
			return true
		}
		for _, a := range p.Aliases {
			if a.Kind == kind && a.Name == m.Name && p.contains(kind, a.Members, m.Negated, seen, wanted) {
				return true
			}
		}
	}
	return false
}
