package systemd

import (
	"errors"
	"fmt"
	"strings"
)

// Install is the [Install] section of a unit with its drop-ins. systemctl enable reads it, and the
// manager ignores it. Names are as written. Only in Also and DefaultInstance specifiers are
// replaced, where the unit's name is enough to do so.
type Install struct {
	WantedBy, RequiredBy []string
	UpheldBy             []string // empty for systemd 252 and older, which do not know it
	Also                 []string
	Alias                []string
	DefaultInstance      string
}

// hasRules reports whether enabling the unit itself would make links.
func (in *Install) hasRules() bool {
	return len(in.Alias)+len(in.WantedBy)+len(in.RequiredBy)+len(in.UpheldBy) > 0
}

// add applies the [Install] section of one file. An error makes the unit [Bad].
func (in *Install) add(n *node, u unitName, t *tree) error {
	for _, a := range n.install {
		before := in.size()
		if err := in.set(a, u, t); err != nil {
			return &SyntaxError{a.Line, fmt.Errorf("%s=: %w", a.Key, err)}
		}
		t.take(u.full, 1+max(0, in.size()-before))
	}
	return nil
}

// size returns how many words there are.
func (in *Install) size() int {
	return len(in.WantedBy) + len(in.RequiredBy) + len(in.UpheldBy) + len(in.Also) + len(in.Alias)
}

// set applies one assignment.
func (in *Install) set(a Assignment, u unitName, t *tree) error {
	switch a.Key {
	case "WantedBy":
		in.WantedBy = extend(in.WantedBy, a.Value)
	case "RequiredBy":
		in.RequiredBy = extend(in.RequiredBy, a.Value)
	case "UpheldBy":
		if t.after252() {
			in.UpheldBy = extend(in.UpheldBy, a.Value)
		}
	case "Alias":
		if u.typ().alias {
			in.Alias = extend(in.Alias, a.Value)
		}
	case "Also":
		return in.addAlso(a.Value, u)
	case "DefaultInstance":
		return in.setDefaultInstance(a.Value, u)
	}
	return nil
}

// extend adds the words of a value to a list. An empty value empties the list. Words before a quote
// that is not closed count, as in systemd.
func extend(list []string, value string) []string {
	if value == "" {
		return nil
	}
	w, _ := splitWords(value, installWords)
	return append(list, w...)
}

// addAlso adds units to Also. Unlike the other keys it is not reset by an empty value.
func (in *Install) addAlso(value string, u unitName) error {
	list, err := splitWords(value, alsoWords)
	if err != nil {
		return err
	}
	for _, w := range list {
		name, known, err := replaceSpecifiers(w, u)
		if err != nil {
			return err
		}
		if _, ok := splitName(name); known && !ok {
			return fmt.Errorf("%q is no unit name", name)
		}
		in.Also = append(in.Also, name)
	}
	return nil
}

// setDefaultInstance applies DefaultInstance=, which only templates have.
func (in *Install) setDefaultInstance(value string, u unitName) error {
	if u.kind != template {
		return nil
	}
	name, known, err := replaceSpecifiers(value, u)
	if err != nil {
		return err
	}
	if known && !isNameText(name) {
		return fmt.Errorf("%q is no name of an instance", name)
	}
	in.DefaultInstance = name
	return nil
}

// hostSpecifiers are the specifiers that need more than the name of the unit. They are those that
// systemd.unit(5) lists for the [Install] section, and %A and %M of its table.
const hostSpecifiers = "aAbBgGHlmMoquUvwW"

var errSpecifier = errors.New("unknown specifier")

// longest is how long a text may become that is made of specifiers. No name of a unit is longer.
const longest = 4096

// replaceSpecifiers replaces the specifiers of s that come from the name of the unit,
// systemd.unit(5). If s has a specifier of the host, it returns s unchanged and known as false.
func replaceSpecifiers(s string, u unitName) (out string, known bool, err error) {
	if !strings.Contains(s, "%") {
		return s, true, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		if b.Len() > longest {
			break
		}
		i++
		if v, ok := u.lookupSpecifier(s[i]); ok {
			b.WriteString(v)
		} else if strings.IndexByte(hostSpecifiers, s[i]) >= 0 {
			return s, false, nil
		} else {
			return s, false, fmt.Errorf("%w %%%c", errSpecifier, s[i])
		}
	}
	return b.String(), true, nil
}

// lookupSpecifier returns the value of a specifier that comes from the name of the unit.
func (u unitName) lookupSpecifier(c byte) (string, bool) {
	switch c {
	case '%':
		return "%", true
	case 'i':
		return u.instance, true
	case 'j':
		return u.prefix[strings.LastIndexByte(u.prefix, '-')+1:], true
	case 'n':
		return u.full, true
	case 'N':
		return strings.TrimSuffix(u.full, "."+u.suffix), true
	case 'p':
		return u.prefix, true
	}
	return "", false
}
