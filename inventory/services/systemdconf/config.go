package systemdconf

import (
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// Config is one configuration, main file and drop-ins.
type Config struct {
	Name  string   // such as "journald.conf"
	Files []string // in the order in which they were read

	daemon daemon
	lines  []line
}

// line is an assignment and its file.
type line struct {
	systemd.Assignment
	file string
}

// Lookup answers a setting in effect: the last line that makes sense for it, else what
// the manual gives as the value compiled in. The value is in one form: "yes" or "no", seconds,
// bytes, the words of a list with one blank between, else as written. It is not ok
// where nothing sets it and the compiled value differs from build to build or is none, and
// where an empty assignment comes last, which versions read in different ways.
func (c *Config) Lookup(section, key string) (inventory.Setting, bool) {
	s := c.spec(section, key)
	if s.is == list {
		return c.list(section, key)
	}
	for i := len(c.lines) - 1; i >= 0; i-- {
		l := c.lines[i]
		if l.Section != section || l.Key != key {
			continue
		}
		if l.Value == "" && (s.is != text || s.choices != "") {
			return inventory.Setting{}, false
		}
		if v, ok := s.is.read(l.Value); ok && (s.choices == "" || contains(s.choices, v)) {
			return inventory.Setting{Name: key, Value: v, Source: l.file, Line: l.Line}, true
		}
	}
	return inventory.Setting{Name: key, Value: s.compiled}, s.compiled != ""
}

func (c *Config) spec(section, key string) spec {
	if section == c.daemon.section {
		return c.daemon.settings[key]
	}
	return spec{}
}

// list answers the words of all lines since the last empty one.
func (c *Config) list(section, key string) (inventory.Setting, bool) {
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
		words = append(words, strings.Fields(l.Value)...)
	}
	found.Value = strings.Join(words, " ")
	return found, found.Source != ""
}

func contains(choices, v string) bool {
	for c := range strings.FieldsSeq(choices) {
		if c == v {
			return true
		}
	}
	return false
}
