package pam

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Code is a return code of a module, by its name in pam.d(5).
type Code string

// The codes that checks use. pam.d(5) has all of them.
const (
	Success       Code = "success"
	Ignore        Code = "ignore"
	AuthErr       Code = "auth_err"
	PermDenied    Code = "perm_denied"
	UserUnknown   Code = "user_unknown"
	InfoUnavail   Code = "authinfo_unavail"
	MaxTries      Code = "maxtries"
	AuthtokErr    Code = "authtok_err"
	SessionErr    Code = "session_err"
	ModuleUnknown Code = "module_unknown"
)

const (
	newAuthtok Code = "new_authtok_reqd"
	byDefault  Code = "default"
)

// codes are all return codes of modules, in the order in which Linux-PAM looks for them in a
// control.
var codes = []Code{Success, "open_err", "symbol_err", "service_err", "system_err", "buf_err", PermDenied, AuthErr,
	"cred_insufficient", InfoUnavail, UserUnknown, MaxTries, newAuthtok, "acct_expired", SessionErr,
	"cred_unavail", "cred_expired", "cred_err", "no_module_data", "conv_err", AuthtokErr, "authtok_recover_err",
	"authtok_lock_busy", "authtok_disable_aging", "try_again", Ignore, "abort", "authtok_expired", ModuleUnknown,
	"bad_item", "conv_again", "incomplete"}

// Action is what a return code does to its stack. A positive action jumps over that many entries.
type Action int

// The actions that are no jumps.
const (
	DoIgnore Action = -iota // the code does not count
	DoOK                    // the code counts, unless another module failed before
	DoDone                  // as DoOK, and the stack ends, unless another module failed before
	DoBad                   // the stack fails, and goes on
	DoDie                   // the stack fails and ends
	DoReset                 // the result so far is forgotten
)

var actions = []string{"ignore", "ok", "done", "bad", "die", "reset"}

// Control is what the return codes of a module do: the second word of a line.
type Control struct {
	Text string // as written: "required", "[success=1 default=ignore]"
	on   map[Code]Action
	rest Action
}

// On returns the action of a code.
func (c Control) On(code Code) Action {
	if a, ok := c.on[code]; ok {
		return a
	}
	return c.rest
}

// words maps the controls that are one word to their actions.
var words = map[string]Control{
	"required":   {on: map[Code]Action{Success: DoOK, newAuthtok: DoOK, Ignore: DoIgnore}, rest: DoBad},
	"requisite":  {on: map[Code]Action{Success: DoOK, newAuthtok: DoOK, Ignore: DoIgnore}, rest: DoDie},
	"optional":   {on: map[Code]Action{Success: DoOK, newAuthtok: DoOK}, rest: DoIgnore},
	"sufficient": {on: map[Code]Action{Success: DoDone, newAuthtok: DoDone}, rest: DoIgnore},
}

// parseControl reads a control that is not an include.
func parseControl(w word) (Control, error) {
	text := w.text
	if w.bracketed {
		text = "[" + text + "]"
	}
	// A word stands for actions of its own.
	if c, ok := words[strings.ToLower(w.text)]; ok {
		c.Text = text
		return c, nil
	}
	// In brackets each code has an action. A code without one fails the stack.
	c := Control{Text: text, on: map[Code]Action{}, rest: DoBad}
	first := true // only the first default counts
	for s := trim(w.text); s != ""; s = trim(s) {
		code, after, err := cutCode(s)
		if err != nil {
			return Control{}, err
		}
		act, after, err := cutAction(after)
		if err != nil {
			return Control{}, err
		}
		s = after
		if code != byDefault {
			c.on[code] = act
		} else if first {
			c.rest, first = act, false
		}
	}
	return c, nil
}

// trim removes white space at the beginning.
func trim(s string) string { return strings.TrimLeft(s, " \t\v\f") }

// cutCode cuts off a code and the equals sign. Of several codes that s begins with, the first in
// the order of the list is taken.
func cutCode(s string) (Code, string, error) {
	i := slices.IndexFunc(codes, func(c Code) bool { return strings.HasPrefix(s, string(c)) })
	code := byDefault
	if i >= 0 {
		code = codes[i]
	} else if !strings.HasPrefix(s, string(byDefault)) {
		return "", "", fmt.Errorf("want a code such as success in the control")
	}
	rest, ok := strings.CutPrefix(trim(s[len(code):]), "=")
	if !ok {
		return "", "", fmt.Errorf("want = after %s in the control", code)
	}
	return code, trim(rest), nil
}

// cutAction cuts off an action.
func cutAction(s string) (Action, string, error) {
	for i, name := range actions {
		if rest, ok := strings.CutPrefix(s, name); ok {
			return Action(-i), rest, nil
		}
	}
	end := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(s)
	}
	n, err := strconv.Atoi(s[:end])
	if err != nil || n == 0 || n > math.MaxInt32 {
		return 0, "", fmt.Errorf("want an action or a jump of one or more in the control")
	}
	return Action(n), s[end:], nil
}
