package usbguard

import (
	"regexp"
	"strings"
)

// settings are those of usbguard-daemon.conf(5).
var settings = strings.Fields(`RuleFile RuleFolder ImplicitPolicyTarget PresentDevicePolicy
	PresentControllerPolicy InsertedDevicePolicy AuthorizedDefault RestoreControllerDeviceState
	DeviceManagerBackend IPCAllowedUsers IPCAllowedGroups IPCAccessControlFiles DeviceRulesWithPort
	AuditBackend AuditFilePath HidePII`)

// isSpecial reports whether a character is none that people write.
func isSpecial(r rune) bool {
	return r < ' ' && r != '\t' || r == 0x7f || r == '\u00a0' || r == '\ufeff'
}

// isValue reports whether the daemon takes a value of a setting.
func isValue(name, value string) bool {
	switch name {
	case "ImplicitPolicyTarget":
		return value == "allow" || value == "block" || value == "reject"
	case "PresentDevicePolicy", "PresentControllerPolicy", "InsertedDevicePolicy":
		return strings.Contains(" allow block reject keep apply-policy ", " "+value+" ") && value != ""
	}
	return !strings.ContainsFunc(value, isSpecial)
}

// The forms of values, usbguard-rules.conf(5).
var (
	text      = regexp.MustCompile(`^"(?:[^"\\]|\\.)*"$`)
	ids       = regexp.MustCompile(`^(?:[0-9A-Fa-f]{4}:(?:[0-9A-Fa-f]{4}|\*)|\*:\*)$`)
	interf    = regexp.MustCompile(`^(?:[0-9A-Fa-f]{2}:(?:[0-9A-Fa-f]{2}:(?:[0-9A-Fa-f]{2}|\*)|\*:\*)|\*:\*:\*)$`)
	condition = regexp.MustCompile(`^!?[a-z-]+$`)
	words     = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|[{}]|\([^()]*\)|[^ \t{}"()]+`)
	values    = map[string]*regexp.Regexp{"id": ids, "with-interface": interf, "if": condition, "hash": text,
		"parent-hash": text, "name": text, "serial": text, "via-port": text, "with-connect-type": text, "label": text}
	operators = map[string]bool{"all-of": true, "one-of": true, "none-of": true, "equals": true,
		"equals-ordered": true, "match-all": true}
)

// isRule reports whether a text is attributes with their values, each at most once.
func isRule(s string) bool {
	if strings.ContainsFunc(s, isSpecial) || strings.Trim(words.ReplaceAllString(s, ""), " \t") != "" {
		return false
	}
	w := words.FindAllString(s, -1)
	seen := map[string]bool{}
	for len(w) > 0 {
		name := w[0]
		form, ok := values[name]
		if !ok || seen[name] {
			return false
		}
		seen[name] = true
		if w, ok = cutValue(w[1:], form); !ok {
			return false
		}
	}
	return true
}

// cutValue returns the words behind a value, or behind a set of values in braces.
func cutValue(w []string, form *regexp.Regexp) (rest []string, ok bool) {
	one := func() bool {
		if len(w) == 0 || !form.MatchString(w[0]) {
			return false
		}
		if w = w[1:]; form == condition && len(w) > 0 && w[0][0] == '(' {
			w = w[1:]
		}
		return true
	}
	if len(w) > 1 && operators[w[0]] && w[1] == "{" {
		w = w[1:]
	}
	if len(w) == 0 || w[0] != "{" {
		ok = one()
		return w, ok
	}
	for w = w[1:]; len(w) > 0 && w[0] != "}"; {
		if !one() {
			return nil, false
		}
	}
	if len(w) == 0 {
		return nil, false
	}
	return w[1:], true
}
