package systemd

import "strings"

// unitType is what the manager allows for the units of one suffix.
type unitType struct {
	template bool // foo@.type exists, systemd.unit(5)
	alias    bool // Alias= and links to other units are allowed, systemd.unit(5)
	active   bool // has Requires=sysinit.target by default, e.g. systemd.service(5)
}

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

// nameKind tells the three kinds of unit names apart.
type nameKind uint8

const (
	plain    nameKind = iota // cron.service
	template                 // getty@.service
	instance                 // getty@tty1.service
)

// unitName is a valid unit name in its parts.
type unitName struct {
	full     string
	prefix   string // before the first "@", or all but the suffix
	instance string
	suffix   string // the type, without the dot
	kind     nameKind
}

// maxName is the longest unit name, in bytes.
const maxName = 255

// splitName answers the parts of a unit name as systemd.unit(5) has them: a
// prefix of ASCII letters, digits and ":-_.\", for templates and instances an
// "@", and a type for suffix.
func splitName(s string) (unitName, bool) {
	dot := strings.LastIndexByte(s, '.')
	if dot <= 0 || len(s) > maxName {
		return unitName{}, false
	}
	u := unitName{full: s, prefix: s[:dot], suffix: s[dot+1:]}
	if _, ok := unitTypes[u.suffix]; !ok || !nameChars(u.prefix) {
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

// nameChars reports whether all of s may stand in a unit name or an instance.
func nameChars(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte(`@:-_.\`, c) >= 0) {
			return false
		}
	}
	return true
}

// template is the name of the template that u is an instance of, or "".
func (u unitName) template() string {
	if u.kind != instance {
		return ""
	}
	return u.prefix + "@." + u.suffix
}

// fill is the instance of the template u that i names.
func (u unitName) fill(i string) string { return u.prefix + "@" + i + "." + u.suffix }

// typ answers what is allowed for units of this type.
func (u unitName) typ() unitType { return unitTypes[u.suffix] }

// base is the last element of a path.
func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// parent is a path without its last element, "." for one element.
func parent(path string) string {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i]
	}
	return "."
}
