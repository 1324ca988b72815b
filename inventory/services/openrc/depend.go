package openrc

import (
	"maps"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// Depend tells what a script declares about other services in its function depend.
type Depend struct {
	Needs    []string // the names after need and want
	Provides []string // the names after provide
}

// Parse looks in a script for commands need, want and provide. It runs nothing: names that come
// from a variable are left out, and commands under a condition count. More names than anybody has are
// [inventory.ErrLimit].
func Parse(script []byte) (Depend, error) { return parse(script, &budget.Budget{}) }

// parse is Parse with the names that may still be kept.
func parse(script []byte, left *budget.Budget) (d Depend, err error) {
	for line := range strings.SplitSeq(strings.ReplaceAll(string(script), "\\\n", " "), "\n") {
		if i := strings.IndexByte(line, '#'); i >= 0 {
			line = line[:i]
		}
		for command := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(";&|{}", r) }) {
			var names *[]string // what the command adds to, once it is known
			for w := range strings.FieldsSeq(command) {
				if names == nil {
					if w == "then" || w == "else" || w == "do" { // keywords of a condition
						continue
					}
					if names = d.list(w); names == nil {
						break
					}
					continue
				}
				if strings.ContainsAny(w, "$`\"'()") {
					continue
				}
				if err := left.Items(1); err != nil {
					return Depend{}, err
				}
				*names = budget.Append(*names, w)
			}
		}
	}
	return d, nil
}

// list returns the list that a command adds to, or nil.
func (d *Depend) list(command string) *[]string {
	switch command {
	case "need", "want":
		return &d.Needs
	case "provide":
		return &d.Provides
	}
	return nil
}

// addNeeded adds the services that started ones need or want, directly or through others.
func (c *collector) addNeeded() error {
	depends := map[string]Depend{}
	var left budget.Budget
	for name, v := range c.all {
		d, err := inventory.ParseOnce(c.ctx, c.s, v.Script, func(b []byte) (Depend, error) { return parse(b, &left) })
		if err != nil {
			return err
		}
		depends[name] = d
	}
	// Which services provide a name?
	for _, name := range slices.Sorted(maps.Keys(depends)) {
		for _, p := range depends[name].Provides {
			c.provided[p] = append(c.provided[p], name)
		}
	}
	// Follow needs from the services that start, breadth first.
	queue := slices.DeleteFunc(slices.Sorted(maps.Keys(c.all)), func(name string) bool { return !c.all[name].Starts() })
	for len(queue) > 0 {
		by := queue[0]
		queue = queue[1:]
		for _, wanted := range depends[by].Needs {
			for _, name := range c.providers(wanted) {
				if v := c.all[name]; !v.Starts() {
					v.By = by
					c.all[name] = v
					queue = append(queue, name)
				}
			}
		}
	}
	return nil
}

// providers returns the services that a name stands for. A service of this name comes first. Else,
// where a provider starts already, nothing more is needed. Else all providers count, since OpenRC
// starts one of them.
func (c *collector) providers(wanted string) []string {
	if _, ok := c.all[wanted]; ok {
		return []string{wanted}
	}
	all := c.provided[wanted]
	if slices.ContainsFunc(all, func(name string) bool { return c.all[name].Starts() }) {
		return nil
	}
	return all
}
