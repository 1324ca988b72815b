// Package registry provides ready-made checks of settings in the Windows registry. [Kinds] lists
// the names of the checks in baselines.
//
// The checks judge stored values, on a running host as well as in the hives of an image. They do
// not know what Windows does if a value is not set: each setting has its own default, and defaults
// change between releases. An argument says what the absence of a value means. Choose it by the
// documentation of Microsoft.
package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/platforms/regkey"
)

// Value is the kind registry.value. It requires that one value of the registry is one of Integers,
// an integer from Min to Max, or one of Texts. Exactly one of these must be given. A value of
// another type fails.
//
// Because evidence shows what was found, Check returns an error for keys and values that hold
// passwords or password hashes, and for texts of values whose names suggest a secret. Data that is
// neither an integer nor a text is never shown.
type Value struct {
	Key      string   `yaml:"key,required" doc:"the key in the short form, such as HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa"`
	Name     string   `yaml:"name,required" doc:"the name of the value; empty for the default value of the key"`
	Integers []uint64 `doc:"accepted values of a REG_DWORD or REG_QWORD"`
	Min      *uint64  `doc:"the least integer that is accepted"`
	Max      *uint64  `doc:"the greatest integer that is accepted"`
	Texts    []string `doc:"accepted values of a REG_SZ or REG_EXPAND_SZ, letter case included"`
	Absent   Absent   `default:"fail" enum:"fail,pass,notapplicable" doc:"what it means that the value or its key is not there"`
}

// Absent is the meaning of the absence of a value. The zero value means [AbsentFails].
type Absent string

// The meanings of absence.
const (
	AbsentFails         Absent = "fail"          // the value must be set
	AbsentPasses        Absent = "pass"          // the default of Windows is as required
	AbsentNotApplicable Absent = "notapplicable" // there is nothing to judge
)

// MarshalText returns "fail", "pass" or "notapplicable".
func (a Absent) MarshalText() ([]byte, error) { return []byte(a), nil }

// UnmarshalText parses "fail", "pass" or "notapplicable". Any other text is an error.
func (a *Absent) UnmarshalText(b []byte) error {
	*a = Absent(b)
	if !slices.Contains([]Absent{AbsentFails, AbsentPasses, AbsentNotApplicable}, *a) {
		return fmt.Errorf("%q is neither pass, fail nor notapplicable", b)
	}
	return nil
}

// Check returns the check. It returns an error if the arguments are invalid.
func (a Value) Check() (check.Check, error) {
	stated := a
	stated.Name = a.name() // an empty name is not missing
	if err := kind.Complete(&stated); err != nil {
		return nil, err
	}
	a.Absent = stated.Absent
	forms := 0
	for _, has := range []bool{len(a.Integers) > 0, a.Min != nil || a.Max != nil, len(a.Texts) > 0} {
		if has {
			forms++
		}
	}
	switch {
	case forms != 1:
		return nil, errors.New("want one of integers, min and max, or texts")
	case a.Min != nil && a.Max != nil && *a.Min > *a.Max:
		return nil, fmt.Errorf("min %d is over max %d", *a.Min, *a.Max)
	}
	if err := validateKey(a.Key); err != nil {
		return nil, err
	}
	if isSecret(a.Key, a.Name, len(a.Texts) > 0) {
		return nil, fmt.Errorf("%s of %s may hold a secret, and is not looked at", a.name(), a.Key)
	}
	return check.Func(a.examine), nil
}

// validateKey returns an error if key is not a path below one of the roots.
func validateKey(key string) error {
	root, rest, _ := strings.Cut(key, `\`)
	switch {
	case !slices.Contains([]string{"HKLM", "HKU", "HKCR"}, root):
		return fmt.Errorf(`%q does not begin with HKLM\, HKU\ or HKCR\`, key)
	case strings.Contains(`\`+rest+`\`, `\\`) || strings.IndexByte(key, 0) >= 0:
		return fmt.Errorf("%q has an empty key or a NUL in it", key)
	}
	return nil
}

// isSecret reports whether a value may be a password or a password hash: everything in the hives
// SAM and SECURITY, and the password for automatic logon ("How to turn on automatic logon in
// Windows" in Microsoft Learn). The rules are stricter if the value is shown, that is, if it is a
// text.
func isSecret(key, name string, shown bool) bool {
	key, name = strings.ToUpper(key)+`\`, strings.ToUpper(name)
	for _, k := range []string{`HKLM\SAM\`, `HKLM\SECURITY\`} {
		if strings.HasPrefix(key, k) {
			return true
		}
	}
	for _, word := range []string{"PASSWORD", "PASSWD", "PWD", "SECRET", "CREDENTIAL", "TOKEN"} {
		if name == word || shown && strings.Contains(name, word) {
			return true
		}
	}
	return name == "DEFAULTPASSWORD" || name == "ALTDEFAULTPASSWORD"
}

// examine looks the value up and judges it.
func (a Value) examine(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
	values, err := regkey.Values.Of(ctx, sys, a.Key)
	if err != nil {
		return err
	}
	ev := check.Evidence{Position: inventory.Position{Source: a.Key}, Subject: a.name(), Want: a.want(), Got: "not set"}
	value, set := regkey.Lookup(values, a.Name)
	switch {
	case set:
		var good bool
		ev.Got, good = a.judge(value)
		v.Judge(good, ev)
	case a.Absent == AbsentPasses:
		v.Say("not set, where Windows does as wanted")
		v.Good(ev)
	case a.Absent == AbsentNotApplicable:
		v.Say(ev.Subject + " is not set")
		v.Absent(ev)
	default:
		v.Bad(ev)
	}
	return nil
}

// judge returns a description of the value, and reports whether it is as required.
func (a Value) judge(v inventory.Value) (got string, ok bool) {
	n, isInteger := v.Integer()
	s, isText := v.Text()
	switch {
	case len(a.Texts) > 0 && isText:
		if slices.Contains(a.Texts, s) {
			return s, true
		}
		return "another text", false // it could be a secret
	case len(a.Texts) > 0 || !isInteger:
		return "a value of the type " + typeName(v.Type), false
	case len(a.Integers) > 0:
		ok = slices.Contains(a.Integers, n)
	default:
		ok = (a.Min == nil || n >= *a.Min) && (a.Max == nil || n <= *a.Max)
	}
	return strconv.FormatUint(n, 10), ok
}

var typeNames = map[inventory.ValueType]string{
	inventory.TypeNone: "REG_NONE", inventory.TypeString: "REG_SZ", inventory.TypeExpand: "REG_EXPAND_SZ",
	inventory.TypeBinary: "REG_BINARY", inventory.TypeDWord: "REG_DWORD", inventory.TypeMultiStr: "REG_MULTI_SZ",
	inventory.TypeQWord: "REG_QWORD",
}

// typeName returns the name of a type, such as REG_SZ, or its number.
func typeName(t inventory.ValueType) string {
	if name, ok := typeNames[t]; ok {
		return name
	}
	return strconv.FormatUint(uint64(t), 10)
}

// name returns the name of the value for evidence.
func (a Value) name() string {
	if a.Name == "" {
		return "(default)"
	}
	return a.Name
}

// want returns the accepted values for evidence.
func (a Value) want() string {
	var all []string
	for _, n := range a.Integers {
		all = append(all, strconv.FormatUint(n, 10))
	}
	for _, s := range a.Texts {
		all = append(all, strconv.Quote(s))
	}
	switch {
	case len(all) > 0:
		return strings.Join(all, " or ")
	case a.Max == nil:
		return fmt.Sprintf("%d or more", *a.Min)
	case a.Min == nil:
		return fmt.Sprintf("%d or less", *a.Max)
	}
	return fmt.Sprintf("%d to %d", *a.Min, *a.Max)
}
