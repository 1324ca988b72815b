package registry_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/registry"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

const key = `HKLM\SYSTEM\CurrentControlSet\Control\Lsa`

// with is a registry whose key has one value, as reg export writes it.
func with(value string) string {
	return "-- @registry --\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Lsa]\n" + value + "\n"
}

func n(v uint64) *uint64 { return &v }

var (
	one     = registry.Value{Key: key, Name: "X", Integers: []uint64{1}}
	twelve  = registry.Value{Key: key, Name: "X", Integers: []uint64{1, 2}}
	between = registry.Value{Key: key, Name: "X", Min: n(1), Max: n(900)}
	least   = registry.Value{Key: key, Name: "X", Min: n(5)}
	most    = registry.Value{Key: key, Name: "X", Max: n(5)}
	text    = registry.Value{Key: key, Name: "X", Texts: []string{"0", "off"}}
	other   = registry.Value{Key: key, Name: "", Texts: []string{"a"}}
)

func but(v registry.Value, absent registry.Absent) registry.Value {
	v.Absent = absent
	return v
}

func TestValue(t *testing.T) {
	for name, tt := range map[string]struct {
		args    registry.Value
		fixture string
		status  check.Status
		want    string // of the evidence, as is got
		got     string
	}{
		"as wanted":             {one, with(`"X"=dword:00000001`), check.Pass, "1", "1"},
		"in other letters":      {one, with(`"x"=dword:00000001`), check.Pass, "1", "1"},
		"otherwise":             {one, with(`"X"=dword:00000000`), check.Fail, "1", "0"},
		"one of two":            {twelve, with(`"X"=dword:00000002`), check.Pass, "1 or 2", "2"},
		"large":                 {twelve, with(`"X"=hex(b):00,00,00,00,01,00,00,00`), check.Fail, "1 or 2", "4294967296"},
		"lower bound":           {between, with(`"X"=dword:00000001`), check.Pass, "1 to 900", "1"},
		"upper bound":           {between, with(`"X"=dword:00000384`), check.Pass, "1 to 900", "900"},
		"below":                 {between, with(`"X"=dword:00000000`), check.Fail, "1 to 900", "0"},
		"above":                 {between, with(`"X"=dword:00000385`), check.Fail, "1 to 900", "901"},
		"at least":              {least, with(`"X"=dword:00000005`), check.Pass, "5 or more", "5"},
		"less":                  {least, with(`"X"=dword:00000004`), check.Fail, "5 or more", "4"},
		"at most":               {most, with(`"X"=dword:00000000`), check.Pass, "5 or less", "0"},
		"more":                  {most, with(`"X"=dword:00000006`), check.Fail, "5 or less", "6"},
		"text":                  {text, with(`"X"="off"`), check.Pass, `"0" or "off"`, "off"},
		"text to be expanded":   {text, with(`"X"=hex(2):30,00,00,00`), check.Pass, `"0" or "off"`, "0"},
		"other text":            {text, with(`"X"="OFF"`), check.Fail, `"0" or "off"`, "another text"},
		"long text":             {text, with(`"X"="` + strings.Repeat("a", 300) + `"`), check.Fail, `"0" or "off"`, "another text"},
		"default value":         {other, with(`@="a"`), check.Pass, `"a"`, "a"},
		"a text for a number":   {one, with(`"X"="1"`), check.Fail, "1", "a value of the type REG_SZ"},
		"a number for a text":   {text, with(`"X"=dword:00000000`), check.Fail, `"0" or "off"`, "a value of the type REG_DWORD"},
		"binary is not shown":   {text, with(`"X"=hex:73,65,63,72`), check.Fail, `"0" or "off"`, "a value of the type REG_BINARY"},
		"of an unknown type":    {one, with(`"X"=hex(5):00,00,00,01`), check.Fail, "1", "a value of the type 5"},
		"of the wrong length":   {one, with(`"X"=hex(4):01`), check.Fail, "1", "a value of the type REG_DWORD"},
		"not set":               {one, with(`"Y"=dword:00000001`), check.Fail, "1", "not set"},
		"not set, passes":       {but(one, registry.AbsentPasses), with(`"Y"=dword:00000001`), check.Pass, "1", "not set"},
		"not set, no subject":   {but(one, registry.AbsentNotApplicable), with(`"Y"=dword:00000001`), check.NotApplicable, "1", "not set"},
		"no key":                {one, "-- @registry --\n[HKEY_LOCAL_MACHINE\\SYSTEM\\x]\n", check.Fail, "1", "not set"},
		"no key, passes":        {but(one, registry.AbsentPasses), "-- @registry --\n[HKEY_LOCAL_MACHINE\\SYSTEM\\x]\n", check.Pass, "1", "not set"},
		"no hive":               {but(one, registry.AbsentPasses), "-- @registry --\n[HKEY_LOCAL_MACHINE\\SOFTWARE]\n", check.Unknown, "", ""},
		"no registry":           {but(one, registry.AbsentPasses), "os: windows\n", check.Unknown, "", ""},
		"set, whatever absence": {but(one, registry.AbsentPasses), with(`"X"=dword:00000000`), check.Fail, "1", "0"},
	} {
		c, err := tt.args.Check()
		r, err := checktest.Judge(tt.fixture, c, err)
		if err != nil || r.Status != tt.status {
			t.Errorf("%s: got %s %s, %v, want %s", name, r.Status, r.Message, err, tt.status)
			continue
		}
		if tt.want == "" {
			continue
		}
		want := check.Evidence{Position: inventory.Position{Source: key}, Subject: "X", Want: tt.want, Got: tt.got}
		if tt.args.Name == "" {
			want.Subject = "(default)"
		}
		if len(r.Evidence) != 1 || r.Evidence[0].String() != want.String() {
			t.Errorf("%s: got %+v, want %+v", name, r.Evidence, want)
		}
	}
}

func TestValueConforms(t *testing.T) {
	systems := []string{with(`"X"=dword:00000001`), with(`"X"=dword:00000000`), with(`"Y"="a"`), "-- @registry --\n[HKEY_LOCAL_MACHINE\\SYSTEM\\x]\n"}
	for _, absent := range []registry.Absent{"", registry.AbsentPasses, registry.AbsentNotApplicable} {
		c, err := but(one, absent).Check()
		if err != nil {
			t.Fatal(err)
		}
		conformance := checktest.Conformance{}
		if absent != "" {
			conformance.Optional = []string{"HKLM*Lsa"} // then a missing key is an answer
		}
		var all []inventory.Config
		for _, fixture := range systems {
			all = append(all, inventorytest.Config(t, fixture))
		}
		conformance.Test(t, check.Compiled{Rule: check.Rule{ID: "test.rule"}, Check: c}, all...)
	}
}

func TestValueIsRefused(t *testing.T) {
	set := func(f func(*registry.Value)) registry.Value {
		v := one
		f(&v)
		return v
	}
	for name, v := range map[string]registry.Value{
		"nothing wanted":       set(func(v *registry.Value) { v.Integers = nil }),
		"two forms":            set(func(v *registry.Value) { v.Texts = []string{"a"} }),
		"integers and bounds":  set(func(v *registry.Value) { v.Min = n(1) }),
		"bounds crossed":       {Key: key, Name: "X", Min: n(2), Max: n(1)},
		"no key":               set(func(v *registry.Value) { v.Key = "" }),
		"long root":            set(func(v *registry.Value) { v.Key = `HKEY_LOCAL_MACHINE\SYSTEM` }),
		"other root":           set(func(v *registry.Value) { v.Key = `HKCU\SYSTEM` }),
		"empty key":            set(func(v *registry.Value) { v.Key = `HKLM\\SYSTEM` }),
		"ends in a backslash":  set(func(v *registry.Value) { v.Key = `HKLM\SYSTEM\` }),
		"NUL":                  set(func(v *registry.Value) { v.Key = "HKLM\\a\x00" }),
		"accounts":             set(func(v *registry.Value) { v.Key = `HKLM\sam\SAM\Domains` }),
		"secrets":              set(func(v *registry.Value) { v.Key = `HKLM\SECURITY` }),
		"password of logon":    set(func(v *registry.Value) { v.Name = "defaultPassword" }),
		"other password":       set(func(v *registry.Value) { v.Name = "AltDefaultPassword" }),
		"a password":           set(func(v *registry.Value) { v.Name = "Password" }),
		"a text like a secret": {Key: key, Name: "ProxyPassword", Texts: []string{"a"}},
		"no such absence":      set(func(v *registry.Value) { v.Absent = "ok" }),
		"a text like a token":  {Key: key, Name: "AccessToken1", Texts: []string{"a"}},
	} {
		if c, err := v.Check(); err == nil {
			t.Errorf("%s: got %v", name, c)
		}
	}
	// Settings about passwords are no passwords.
	for _, v := range []registry.Value{
		set(func(v *registry.Value) { v.Name = "LimitBlankPasswordUse" }),
		set(func(v *registry.Value) {
			v.Key, v.Name = `HKLM\SYSTEM\CurrentControlSet\Services\LanmanWorkstation\Parameters`, "EnablePlainTextPassword"
		}),
		set(func(v *registry.Value) { v.Key = `HKLM\SAMPLE` }),
	} {
		if _, err := v.Check(); err != nil {
			t.Error(err)
		}
	}
	for _, s := range []string{"", "Pass", "ok"} {
		if err := new(registry.Absent).UnmarshalText([]byte(s)); err == nil {
			t.Errorf("%q: got no error", s)
		}
	}
	var a registry.Absent
	if err := a.UnmarshalText([]byte("pass")); a != registry.AbsentPasses || err != nil {
		t.Errorf("got %s, %v", a, err)
	}
}

func ExampleValue() {
	c, err := registry.Value{
		Key: `HKLM\SYSTEM\CurrentControlSet\Control\Lsa`, Name: "LimitBlankPasswordUse", Integers: []uint64{1},
	}.Check()
	r, err := checktest.Judge(`
-- @registry --
[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Lsa]
"LimitBlankPasswordUse"=dword:00000000
`, c, err)
	fmt.Println(r.Status, r.Evidence[0].Subject, r.Evidence[0].Got, err)
	// Output: fail LimitBlankPasswordUse 0 <nil>
}
