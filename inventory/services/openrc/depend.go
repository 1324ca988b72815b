package openrc

import (
	"maps"
	"slices"
	"strings"
)

// Depend tells what a script declares about other services in its function depend.
type Depend struct {
	Needs    []string // the names after need and want
	Provides []string // the names after provide
}

// Parse looks in a script for commands need, want and provide. It runs nothing: names that come
// from a variable are left out, and commands under a condition count.
func Parse(script []byte) Depend {
	var d Depend
	for line := range strings.SplitSeq(strings.ReplaceAll(string(script), "\\\n", " "), "\n") {
		if i := strings.IndexByte(line, '#'); i >= 0 {
			line = line[:i]
		}
		for command := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(";&|{}", r) }) {
			// Leave out the keywords of a condition.
			words := strings.Fields(command)
			for len(words) > 0 && slices.Contains([]string{"then", "else", "do"}, words[0]) {
				words = words[1:]
			}
			if len(words) == 0 {
				continue
			}
			names := slices.DeleteFunc(slices.Clone(words[1:]), func(w string) bool { return strings.ContainsAny(w, "$`\"'()") })
			switch words[0] {
			case "need", "want":
				d.Needs = append(d.Needs, names...)
			case "provide":
				d.Provides = append(d.Provides, names...)
			}
		}
	}
	return d
}

// addNeeded adds the services that started ones need or want, directly or through others.
func (c *collector) addNeeded() error {
	depends := map[string]Depend{}
	for name, v := range c.all {
		b, err := c.s.ReadText(c.ctx, v.Script)
		if err != nil {
			return err
		}
		depends[name] = Parse(b)
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
