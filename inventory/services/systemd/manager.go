package systemd

import (
	"slices"
	"strings"
)

// Load is the state of a unit in the manager at boot, as systemctl show -p LoadState prints it.
type Load string

// The states of a unit in the manager.
const (
	Loaded     Load = "loaded"    // there is a file, and it can be parsed
	LoadMasked Load = "masked"    // the file is empty or a link to /dev/null
	LoadFailed Load = "error"     // the file cannot be parsed
	LoadAbsent Load = "not-found" // there is no file, or its link leads nowhere
)

// names is how the manager reads the names in the search path. It differs from systemctl in two
// ways. The manager skips links that are not valid aliases. A link out of the search path is a unit
// of its own, whatever the name of its target.
type names struct {
	entries map[string]named
	aliases map[string][]string // maps a unit's own name to its other names, sorted
}

// named is what one name stands for: a file, or an alias of another name.
type named struct {
	path  string
	alias string
}

// newNames reads the names in the search path.
func (t *tree) newNames() *names {
	n := &names{map[string]named{}, map[string][]string{}}
	for _, dir := range t.dirs {
		for _, e := range t.list(dir) {
			if _, known := n.entries[e.name]; known || e.name[0] == '.' {
				continue
			}
			if _, ok := splitName(e.name); ok {
				if m, ok := t.lookupEntry(dir+"/"+e.name, e.kind); ok {
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

// lookupEntry returns what a name in the search path stands for. It returns false where the manager
// skips it.
func (t *tree) lookupEntry(path string, k kind) (named, bool) {
	switch k {
	case regular:
		return named{path: path}, true
	case link:
		target, err := t.resolveLink(path)
		if err != nil {
			return named{}, false
		}
		if target == null || !t.isSearched(target) {
			return named{path: path}, true
		}
		if checkAlias(base(path), base(target)) == nil {
			return named{path: path, alias: base(target)}, true
		}
	}
	return named{}, false
}

// find returns the unit that a name stands for, and the path of its file, "" where there is none.
// In a ring of aliases the unit has no name.
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

// listAliases returns the other names of a unit, sorted.
func (n *names) listAliases(id unitName) []string {
	list := slices.Clone(n.aliases[id.full])
	for _, tmpl := range n.aliases[id.template()] {
		if u, _ := splitName(tmpl); u.kind == template {
			list = append(list, u.fill(id.instance))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// loadFragment returns the main file of a unit as the manager loads it.
func (t *tree) loadFragment(path string) (*node, Load) {
	if path == "" {
		return nil, LoadAbsent
	}
	real, k, err := t.resolveAll(path)
	switch {
	case err != nil:
		return nil, LoadAbsent
	case k == device:
		return nil, LoadMasked
	case k != regular:
		return nil, LoadAbsent
	}
	n := t.readNode(real)
	switch {
	case n.empty:
		return nil, LoadMasked
	case n.err != nil:
		return n, LoadFailed
	}
	return n, Loaded
}

// listRelated returns the names whose folders count for a unit, the most specific one first. They
// are made by repeatedly cutting the name after a dash, systemd.unit(5). The name of the template
// follows each name of an instance. Suffix is added to all of them.
func listRelated(u unitName, suffix string) []string {
	all := make([]string, 0, 4)
	suffix = "." + u.suffix + suffix
	var add func(prefix, inst string, k nameKind)
	add = func(prefix, inst string, k nameKind) {
		switch k {
		case instance:
			all = append(all, prefix+"@"+inst+suffix)
			add(prefix, "", template)
		case template:
			all = append(all, prefix+"@"+suffix)
		default:
			all = append(all, prefix+suffix)
		}
		if i := strings.LastIndexByte(strings.TrimSuffix(prefix, "-"), '-'); i > 0 {
			add(prefix[:i+1], inst, pickKind(k))
		}
	}
	add(u.prefix, u.instance, u.kind)
	return dedupe(all)
}

// pickKind returns the kind of a name whose prefix was cut. Only instances keep the "@".
func pickKind(k nameKind) nameKind {
	if k == instance {
		return instance
	}
	return plain
}

// dedupe removes repeated texts and keeps the first of each.
func dedupe(list []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(s string) bool {
		again := seen[s]
		seen[s] = true
		return again
	})
}

// listFolders returns the folders that belong to a unit, such as "cron.service.d", systemd.unit(5).
// They are the folders of its names, of the shorter forms of each, and of its type. The folders of
// its own name take precedence over those of its aliases, and these over the type's. Among them the
// order of the search path counts.
func (t *tree) listFolders(n *names, id unitName, suffix string) []string {
	all := t.findFolders(listRelated(id, suffix))
	for _, name := range n.listAliases(id) {
		u, _ := splitName(name)
		all = append(all, t.findFolders(listRelated(u, suffix))...)
	}
	return dedupe(append(all, t.findFolders([]string{id.suffix + suffix})...))
}
