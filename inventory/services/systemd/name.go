package systemd

import "strings"

// unitType tells what the manager allows for the units of one suffix.
type unitType struct {
	template bool // such as foo@.type, systemd.unit(5)
	alias    bool // Alias= and links to other units, systemd.unit(5)
	active   bool // Requires=sysinit.target by default, as in systemd.service(5)
}

// unitTypes maps the suffixes of unit names to their types.
var unitTypes = map[string]unitType{
	"service":   {template: true, alias: true, active: true},
	"socket":    {template: true, alias: true, active: true},
	"timer":     {template: true, alias: true, active: true},
	"path":      {template: true, alias: true, active: true},
	"target":    {template: true, alias: true},
	"device":    {alias: true},
	"mount":     {},
	"automount": {},
	"swap":      {},
	"slice":     {},
	"scope":     {},
}

// nameKind is one of the three kinds of unit names.
type nameKind uint8

const (
	plain    nameKind = iota // such as cron.service
	template                 // such as getty@.service
	instance                 // such as getty@tty1.service
)

// unitName is a valid unit name, split into its parts.
type unitName struct {
	full     string
	prefix   string // the text before the first "@", or before the suffix
	instance string // the text between "@" and the suffix
	suffix   string // the type of the unit, without the dot
	kind     nameKind
}

// maxName is the maximum length of a unit name in bytes.
const maxName = 255

// splitName splits a unit name as in systemd.unit(5): a prefix of ASCII letters, digits and
// ":-_.\", an "@" for templates and instances, and a type as suffix. It returns false for any other
// text.
func splitName(s string) (unitName, bool) {
	dot := strings.LastIndexByte(s, '.')
	if dot <= 0 || len(s) > maxName {
		return unitName{}, false
	}
	u := unitName{full: s, prefix: s[:dot], suffix: s[dot+1:]}
	if _, ok := unitTypes[u.suffix]; !ok || !isNameText(u.prefix) {
		return unitName{}, false
	}
	switch at := strings.IndexByte(u.prefix, '@'); {
	case at == 0:
		return unitName{}, false
	case at > 0:
		u.prefix, u.instance = s[:at], s[at+1:dot]
		u.kind = instance
		if u.instance == "" {
			u.kind = template
		}
	}
	return u, true
}

// isNameText reports whether all characters of s are allowed in a unit name.
func isNameText(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte(`@:-_.\`, c) >= 0) {
			return false
		}
	}
	return true
}

// template returns the name of the template that u is an instance of, or "".
func (u unitName) template() string {
	if u.kind != instance {
		return ""
	}
	return u.prefix + "@." + u.suffix
}

// fill returns the name of the instance i of the template u.
func (u unitName) fill(i string) string { return u.prefix + "@" + i + "." + u.suffix }

// typ returns what is allowed for units of this suffix.
func (u unitName) typ() unitType { return unitTypes[u.suffix] }

// base returns the last element of a path.
func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// parent returns a path without its last element, "." for a path of one element.
func parent(path string) string {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i]
	}
	return "."
}
