// Package registry has ready-made checks of the settings that Windows keeps in its registry.
//
// They judge by what is stored, alike on a running host and on hives of an image. What
// Windows does where nothing is stored is another matter: each setting has a default of its
// own, which Microsoft states for most and which changes between releases. Who uses these
// checks says by an argument what absence means, and should know the source of it.
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

// Value is the kind registry.value: it asks that one value of the registry is as wanted: one of some integers, an integer
// within bounds, or one of some texts. A value of another type is not.
//
// Keys and values that hold passwords or their hashes are refused, and so are texts of
// values whose names speak of secrets, since what is found stands in the evidence. Data
// that is neither integer nor text is never shown.
type Value struct {
	Key      string   `yaml:"key,required" doc:"the key in the short form, such as HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa"`
	Name     string   `yaml:"name,required" doc:"the name of the value; empty for the default value of the key"`
	Integers []uint64 `doc:"accepted values of a REG_DWORD or REG_QWORD"`
	Min      *uint64  `doc:"the least integer that is accepted"`
	Max      *uint64  `doc:"the greatest integer that is accepted"`
	Texts    []string `doc:"accepted values of a REG_SZ or REG_EXPAND_SZ, letter case included"`
	Absent   Absent   `default:"fail" enum:"fail,pass,notapplicable" doc:"what it means that the value or its key is not there"`
}

// Absent is what it means that a value is not there.
type Absent string

// The meanings of absence. An empty one counts as [AbsentFails].
const (
	AbsentFails         Absent = "fail"          // it has to be set
	AbsentPasses        Absent = "pass"          // Windows does the right thing without it
	AbsentNotApplicable Absent = "notapplicable" // there is nothing to judge
)

// MarshalText returns the name of the meaning.
func (a Absent) MarshalText() ([]byte, error) { return []byte(a), nil }

// UnmarshalText reads one of the names of the meanings.
func (a *Absent) UnmarshalText(b []byte) error {
	*a = Absent(b)
	if !slices.Contains([]Absent{AbsentFails, AbsentPasses, AbsentNotApplicable}, *a) {
		return fmt.Errorf("%q is neither pass, fail nor notapplicable", b)
	}
	return nil
}

// Check makes the check.
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
	if err := validKey(a.Key); err != nil {
		return nil, err
	}
	if secret(a.Key, a.Name, len(a.Texts) > 0) {
		return nil, fmt.Errorf("%s of %s may hold a secret, and is not looked at", a.name(), a.Key)
	}
	return check.Func(a.examine), nil
}

// validKey is nil for a path of a key below one of the roots.
func validKey(key string) error {
	root, rest, _ := strings.Cut(key, `\`)
	switch {
	case !slices.Contains([]string{"HKLM", "HKU", "HKCR"}, root):
		return fmt.Errorf(`%q does not begin with HKLM\, HKU\ or HKCR\`, key)
	case strings.Contains(`\`+rest+`\`, `\\`) || strings.IndexByte(key, 0) >= 0:
		return fmt.Errorf("%q has an empty key or a NUL in it", key)
	}
	return nil
}

// secret reports whether a value can be a password or a hash of one: all of the accounts
// and the secrets of the local authority, and the password for logging on automatically
// ("How to turn on automatic logon in Windows" of Microsoft Learn). What is shown, a text,
// is held to more.
func secret(key, name string, shown bool) bool {
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

// judge returns what the value is, in words, and whether it is as wanted.
func (a Value) judge(v inventory.Value) (got string, ok bool) {
	n, isInteger := v.Integer()
	s, isText := v.Text()
	switch {
	case len(a.Texts) > 0 && isText:
		if slices.Contains(a.Texts, s) {
			return s, true
		}
		return "another text", false // which may be anything
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

func typeName(t inventory.ValueType) string {
	if name, ok := typeNames[t]; ok {
		return name
	}
	return strconv.FormatUint(uint64(t), 10)
}

// name is how the value is called in evidence.
func (a Value) name() string {
	if a.Name == "" {
		return "(default)"
	}
	return a.Name
}

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
