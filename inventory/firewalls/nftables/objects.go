package nftables

import (
	"slices"
	"strconv"
	"strings"
)

// checkBase returns what nft does not take of "type T hook H [device D] priority P", or "".
func checkBase(family string, st statement) string {
	c := checker{st: st[1:]}
	kind := c.word()
	if hooksOfType[kind] == nil {
		return "a type of chains that is not known"
	}
	c.next()
	if !c.take("hook") {
		return "a chain without a hook"
	}
	hook := c.word()
	if !hooks[family][hook] || !hooksOfType[kind][hook] && !(kind == "filter" && hooks[family][hook]) {
		return "a hook that is not known"
	}
	c.next()
	device := c.take("device")
	if (hook == "ingress" || hook == "egress") && !device && c.word() != "devices" {
		return "a device that is missing"
	}
	if device && !c.takeText() || !device && c.take("devices") && (!c.take("=") || !c.takeBlock()) {
		return "a device that is missing"
	}
	if !c.take("priority") {
		return "a chain without a priority"
	}
	if !c.takePriority(family, hook) || len(c.st) > 0 {
		return "a priority that is not understood"
	}
	return ""
}

// takeBlock skips a block.
func (c *checker) takeBlock() bool {
	if len(c.st) == 0 || !c.st[0].braced && !strings.HasPrefix(c.word(), "$") {
		return false
	}
	c.next()
	return true
}

// takePriority skips a priority: a number, or a name and perhaps an offset.
func (c *checker) takePriority(family, hook string) bool {
	var text strings.Builder
	for len(c.st) > 0 && !c.st[0].braced {
		text.WriteString(c.st[0].text)
		c.next()
	}
	s := text.String()
	if _, err := strconv.ParseInt(s, 10, 32); err == nil {
		return true
	}
	name := s
	if i := strings.IndexAny(s, "+-"); i > 0 {
		name = s[:i]
		if _, err := strconv.ParseUint(s[i+1:], 10, 31); err != nil {
			return false
		}
	}
	if at := hookOfPriority[name]; at != nil && !at[hook] {
		return false
	}
	return priorities[name] && (family == "bridge" || name != "out")
}

// runObject carries out a command for a set or another object of a table.
func (l *loader) runObject(verb string, st statement) error {
	what, rest := st.word(0), st[1:]
	if what == "ct" {
		if !slices.Contains([]string{"helper", "timeout", "expectation"}, rest.word(0)) {
			return l.mistake(st, "a command that is not understood")
		}
		rest = rest[1:]
	}
	family, rest := familyOf(rest)
	if len(rest) < 2 || rest[0].braced || rest[1].braced {
		return l.mistake(st, "a name is missing")
	}
	t := l.find(family, rest[0].text)
	if t == nil {
		if verb == "destroy" {
			return nil
		}
		return l.mistake(st, "an object of a table that is not there")
	}
	name := rest[1].text
	isSet := what == "set" || what == "map" || what == "element" || what == "meter"
	switch {
	case verb == "destroy":
		if what != "element" {
			delete(t.sets, name)
		}
		return nil
	case isSet && (what == "element" || verb != "add" && verb != "create") && t.sets[name] == nil:
		return l.mistake(st, "a set that is not there")
	case what == "element":
		if len(rest) != 3 || !rest[2].braced {
			return l.mistake(st, "elements that are missing")
		}
		return l.checkElements(st, rest[2], t.sets[name])
	case verb == "flush" && len(rest) == 2:
		return nil
	case verb == "delete" && isSet && len(rest) == 2:
		delete(t.sets, name)
		return nil
	case verb == "delete" && !isSet:
		return l.mistake(st, "an object that is not looked into")
	case verb == "add" || verb == "create":
		return l.makeObject(t, what, st, rest[1:])
	}
	return l.mistake(st, "a command that is not understood")
}

// inBody are the words with which the statements in the body of an object begin.
var inBody = map[string]map[string]bool{
	"set":       set("type typeof flags timeout gc-interval elements size policy auto-merge comment counter quota limit last"),
	"map":       set("type typeof flags timeout gc-interval elements size policy comment counter quota limit last"),
	"counter":   set("packets comment"),
	"quota":     set("over until comment"),
	"limit":     set("rate comment"),
	"ct":        set("type protocol l3proto policy dport timeout size comment"),
	"flowtable": set("hook devices flags counter"),
	"secmark":   nil,
	"synproxy":  set("mss wscale timestamp sack-perm comment"),
}

// makeObject adds a set or another object to a table. Its name begins rest.
func (l *loader) makeObject(t *Table, what string, st, rest statement) error {
	if what == "ct" && len(rest) > 0 && slices.Contains([]string{"helper", "timeout", "expectation"}, rest.word(0)) {
		rest = rest[1:]
	}
	if len(rest) == 0 || rest[0].braced {
		return l.mistake(st, "a name is missing")
	}
	name := rest[0].text
	isSet := what == "set" || what == "map"
	if len(rest) == 1 && !isSet {
		return nil // a counter or the like that begins at nothing
	}
	if what == "counter" || what == "quota" || what == "limit" || what == "synproxy" {
		if len(rest) > 1 && !rest[1].braced {
			return nil // in one line
		}
	}
	if len(rest) != 2 || !rest[1].braced {
		return l.mistake(st, "an object in a form that is not understood")
	}
	if isSet {
		kind, err := l.checkSet(st, what, rest[1])
		if err == nil {
			t.sets[name] = kind
		}
		return err
	}
	for _, s := range rest[1].block {
		if known := inBody[what]; known != nil && !known[s.word(0)] && !isNumber(s.word(0)) {
			return l.mistake(s, "not understood in an object")
		}
	}
	return nil
}

// kindOfSet is what the elements of a set are.
type kindOfSet struct {
	key    string // the subject whose values the keys are, if that is known
	valued bool   // it is a map
}

// checkSet returns what the elements of a set or map are, and an error if nft refuses its body.
func (l *loader) checkSet(st statement, what string, body token) (*kindOfSet, error) {
	typed, kind := false, &kindOfSet{valued: what == "map"}
	for _, s := range body.block {
		word := s.word(0)
		switch {
		case word == "include" || word == "define":
			return nil, l.mistake(s, "not understood in a set")
		case !inBody[what][word]:
			return nil, l.mistake(s, "not understood in a set")
		case word == "type":
			typed = true
			c := checker{st: s[1:]}
			first := c.word()
			for {
				if !types[c.word()] {
					return nil, l.mistake(s, "a type that is not known")
				}
				c.next()
				if !c.take(".", ":") {
					break
				}
				first = ""
			}
			if len(c.st) > 0 {
				return nil, l.mistake(s, "a type that is not known")
			}
			kind.key = keyOfType[first]
			if what == "map" && !slices.ContainsFunc(s, func(t token) bool { return t.text == ":" }) {
				return nil, l.mistake(s, "a map without the type of its values")
			}
		case word == "typeof":
			typed = true
		}
	}
	if !typed {
		return nil, l.mistake(st, "a set without a type")
	}
	for _, s := range body.block {
		if s.word(0) != "elements" {
			continue
		}
		if len(s) != 3 || s.word(1) != "=" || !s[2].braced {
			return nil, l.mistake(s, "elements in a form that is not understood")
		}
		if err := l.checkElements(s, s[2], kind); err != nil {
			return nil, err
		}
	}
	return kind, nil
}

// keyOfType is the subject whose values a type has.
var keyOfType = map[string]string{"ipv4_addr": "ip saddr", "ipv6_addr": "ip6 saddr", "inet_service": "tcp dport",
	"ct_state": "ct state", "icmp_type": "icmp type", "icmpv6_type": "icmpv6 type", "inet_proto": "meta l4proto"}

// checkElements returns an error if nft refuses elements of a set.
func (l *loader) checkElements(st statement, t token, kind *kindOfSet) error {
	all, wrong := elementsOf(t)
	for _, e := range all {
		valued := slices.ContainsFunc(e, func(t token) bool { return t.text == ":" && !t.quoted })
		switch {
		case wrong != "":
		case kind.valued && st.word(0) == "elements" && !valued, valued && !kind.valued:
			wrong = "an element without a value, or with one too many"
		default:
			wrong = checkElement(e, kind.key, true)
		}
	}
	if wrong != "" {
		return l.mistake(st, wrong)
	}
	return nil
}
