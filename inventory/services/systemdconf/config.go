package systemdconf

import (
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// Config is one configuration, merged from the main file and its drop-ins.
type Config struct {
	Name  string   // such as "journald.conf"
	Files []string // in the order in which they were read

	daemon daemon
	lines  []line
	left   budget.Budget
}

// line is an assignment and its file.
type line struct {
	systemd.Assignment
	file string
}

// Lookup returns the value of a setting in effect: the last one that makes sense, else the compiled
// default that the manual documents. The value has a normal form: "yes" or "no", seconds, bytes,
// the words of a list joined by blanks, else the text as written. Lookup returns false where
// nothing sets the key and it has no compiled default, or one that differs between builds. It also
// returns false where an empty assignment comes last, which versions read in different ways, and for
// a list with quotes or backslashes, which daemons read so.
func (c *Config) Lookup(section, key string) (inventory.Setting, bool) {
	s := c.findSpec(section, key)
	if s.is == list {
		return c.joinList(section, key)
	}
	for i := len(c.lines) - 1; i >= 0; i-- {
		l := c.lines[i]
		if l.Section != section || l.Key != key {
			continue
		}
		if l.Value == "" && (s.is != text || s.choices != "") {
			return inventory.Setting{}, false
		}
		if v, ok := s.is.normalize(l.Value); ok && (s.choices == "" || contains(s.choices, v)) {
			return inventory.Setting{Name: key, Value: v,
				Position: inventory.Position{Source: l.file, Line: l.Line}}, true
		}
	}
	return inventory.Setting{Name: key, Value: s.compiled}, s.compiled != ""
}

// findSpec returns how a setting is read. An unknown one is text.
func (c *Config) findSpec(section, key string) spec {
	if section == c.daemon.section {
		return c.daemon.settings[key]
	}
	return spec{}
}

// joinList returns the words of all lines after the last empty one.
func (c *Config) joinList(section, key string) (inventory.Setting, bool) {
	found := inventory.Setting{Name: key}
	var words []string
	for _, l := range c.lines {
		if l.Section != section || l.Key != key {
			continue
		}
		found.Source, found.Line = l.file, l.Line
		if l.Value == "" {
			words = nil
		}
		if strings.ContainsAny(l.Value, "\\\"'") {
			return inventory.Setting{}, false // which a daemon may take for a part of a word, or not
		}
		words = append(words, strings.FieldsFunc(l.Value, func(r rune) bool { return strings.ContainsRune(blanks, r) })...)
	}
	found.Value = strings.Join(words, " ")
	return found, found.Source != ""
}

// contains reports whether v is one of the choices, which are separated by blanks.
func contains(choices, v string) bool {
	for c := range strings.FieldsSeq(choices) {
		if c == v {
			return true
		}
	}
	return false
}
