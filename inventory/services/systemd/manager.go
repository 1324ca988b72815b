package systemd

import (
	"slices"
	"strings"
)

// Load says what the manager has of a unit at boot, as systemctl show -p LoadState.
type Load string

// What the manager can have of a unit.
const (
	Loaded     Load = "loaded"    // there is a file, and it can be parsed
	LoadMasked Load = "masked"    // the file is empty or a link to /dev/null
	LoadFailed Load = "error"     // the file cannot be parsed
	LoadAbsent Load = "not-found" // there is no file, or its link leads nowhere
)

// names is what the manager makes of the search path. It is other than what
// systemctl makes of it: the manager passes over links that are no valid aliases,
// and a link out of the search path is a unit of its own, however the file there is
// called.
type names struct {
	entries map[string]named
	aliases map[string][]string // other names by the unit's own, sorted
}

// named is what one name stands for: a file, or an alias of another name.
type named struct {
	path  string
	alias string
}

func (t *tree) newNames() *names {
	n := &names{map[string]named{}, map[string][]string{}}
	for _, dir := range t.dirs {
		for _, e := range t.list(dir) {
			if _, known := n.entries[e.name]; known || e.name[0] == '.' {
				continue
			}
			if _, ok := splitName(e.name); ok {
				if m, ok := t.standsFor(dir+"/"+e.name, e.kind); ok {
					n.entries[e.name] = m
				}
			}
		}
	}
	for name := range n.entries {
		u, _ := splitName(name)
		if id, _ := n.find(u); id.full != name && id.full != "" {
			n.aliases[id.full] = append(n.aliases[id.full], name)
		}
	}
	for _, list := range n.aliases {
		slices.Sort(list)
	}
	return n
}

func (t *tree) standsFor(path string, k kind) (named, bool) {
	switch k {
	case regular:
		return named{path: path}, true
	case link:
		target, err := t.destination(path)
		if err != nil {
			return named{}, false
		}
		if target == null || !searched(target) {
			return named{path: path}, true
		}
		if validAlias(base(path), base(target)) == nil {
			return named{path: path, alias: base(target)}, true
		}
	}
	return named{}, false
}

// find answers the unit that a name stands for and the path of its file, "" where
// there is none. The unit has no name in a ring of aliases.
func (n *names) find(u unitName) (id unitName, path string) {
	for range maxChain {
		e, ok := n.entries[u.full]
		if tmpl := u.template(); !ok && tmpl != "" {
			e, ok = n.entries[tmpl]
		}
		if !ok {
			return u, ""
		}
		if e.alias == "" {
			return u, e.path
		}
		to, _ := splitName(e.alias)
		if u.kind == instance && to.kind == template {
			filled, _ := splitName(to.fill(u.instance))
			if filled.full == u.full { // an instance that is a link to its own template
				return u, n.entries[to.full].path
			}
			to = filled
		}
		u = to
	}
	return unitName{}, ""
}

// known answers the other names of a unit, sorted.
func (n *names) known(id unitName) []string {
	list := slices.Clone(n.aliases[id.full])
	for _, tmpl := range n.aliases[id.template()] {
		if u, _ := splitName(tmpl); u.kind == template {
			list = append(list, u.fill(id.instance))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// fragment answers the file of a unit as the manager loads it.
func (t *tree) fragment(path string) (*node, Load) {
	if path == "" {
		return nil, LoadAbsent
	}
	real, k, err := t.final(path)
	switch {
	case err != nil:
		return nil, LoadAbsent
	case k == device:
		return nil, LoadMasked
	case k != regular:
		return nil, LoadAbsent
	}
	n := t.node(real)
	switch {
	case n.empty:
		return nil, LoadMasked
	case n.err != nil:
		return n, LoadFailed
	}
	return n, Loaded
}

// related answers the names of folders for a unit of a name, the most specific first,
// by repeatedly cutting the name after a dash, systemd.unit(5). Those for the template
// stand behind each name of an instance.
func related(u unitName) []string {
	var all []string
	var add func(prefix, inst string, k nameKind)
	add = func(prefix, inst string, k nameKind) {
		switch k {
		case instance:
			all = append(all, prefix+"@"+inst+"."+u.suffix)
			add(prefix, "", template)
		case template:
			all = append(all, prefix+"@."+u.suffix)
		default:
			all = append(all, prefix+"."+u.suffix)
		}
		if i := strings.LastIndexByte(strings.TrimSuffix(prefix, "-"), '-'); i > 0 {
			add(prefix[:i+1], inst, pickKind(k))
		}
	}
	add(u.prefix, u.instance, u.kind)
	return unique(all)
}

// pickKind is what is left of a name when its prefix is cut: the "@" stays with
// instances only.
func pickKind(k nameKind) nameKind {
	if k == instance {
		return instance
	}
	return plain
}

func unique(list []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(s string) bool {
		again := seen[s]
		seen[s] = true
		return again
	})
}

// folders answers the folders that belong to a unit, such as "cron.service.d": of its
// names, the shorter ones of each, and its type, systemd.unit(5). Those of the unit's
// own name take precedence over those of its aliases, and those over the type's;
// among them the order of the search path comes first.
func (t *tree) folders(n *names, id unitName, suffix string) []string {
	var all []string
	for _, name := range append([]string{id.full}, n.known(id)...) {
		u, _ := splitName(name)
		list := related(u)
		for i := range list {
			list[i] += suffix
		}
		all = append(all, t.below(list)...)
	}
	return unique(append(all, t.below([]string{id.suffix + suffix})...))
}
