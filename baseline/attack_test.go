package baseline_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/hardening-sdk/hardening/baseline"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// textOfAttack is a text argument that accepts anything, such as a version or a pattern.
type textOfAttack string

func (t textOfAttack) MarshalText() ([]byte, error)  { return []byte(t), nil }
func (t *textOfAttack) UnmarshalText(b []byte) error { *t = textOfAttack(b); return nil }

type inOfAttack struct {
	Max  int  `default:"30"`
	Off  bool `default:"true"`
	Need int  `yaml:"need,required"`
}

type argsOfAttack struct {
	Names  []string `default:"root"`
	V      textOfAttack
	Big    uint64
	F      float64
	In     *inOfAttack
	Inners []inOfAttack
	S      struct {
		A string `default:"x"`
	}
}

var lastOfAttack []argsOfAttack

func optsOfAttack() baseline.LoadOptions {
	return baseline.LoadOptions{Kinds: []kind.Kind{
		kind.New("test.a", func(a argsOfAttack) (check.Check, error) {
			lastOfAttack = append(lastOfAttack, a)
			return says(check.Pass), nil
		}),
		kind.New("test.b", func(struct{}) (check.Check, error) { return says(check.Fail), nil }),
	}}
}

const hOfAttack = `{"format":"hardening/v1","id":"t","title":"T","version":"1"`

func docOfAttack(rule string) string {
	return hOfAttack + `,"rules":[{"id":"linux.a.b","title":"T","severity":"high",` + rule + `}]}`
}

// What one path accepts, or makes of a text, the other does too.
func TestAttackQuickIsStrict(t *testing.T) {
	c := `"check":{"kind":"test.a"}`
	for name, text := range map[string]string{
		"no rules":                  hOfAttack + `}`,
		"null rules":                hOfAttack + `,"rules":null}`,
		"keys in capitals":          `{"FORMAT":"hardening/v1","Id":"t","TITLE":"T","Version":"1","RULES":[]}`,
		"severity twice by case":    docOfAttack(c + `,"Severity":"low"`),
		"check twice by case":       docOfAttack(c + `,"Check":{"kind":"test.b"}`),
		"args merged by case":       docOfAttack(`"check":{"kind":"test.a","args":{"f":1}},"CHECK":{"args":{"big":2}}`),
		"rules twice by case":       hOfAttack + `,"rules":[{"id":"linux.a.b","title":"T","severity":"high",` + c + `}],"Rules":[]}`,
		"parts twice by case":       docOfAttack(`"check":{"op":"all","parts":[{"kind":"test.a","Kind":"test.b"}]}`),
		"parts twice":               docOfAttack(`"check":{"op":"all","parts":[{"kind":"test.a"}],"Parts":[{"kind":"test.b"}]}`),
		"null title of nested":      docOfAttack(c + `,"rationale":null`),
		"null platforms":            docOfAttack(c + `,"platforms":null`),
		"null args":                 docOfAttack(`"check":{"kind":"test.a","args":null}`),
		"null needs":                docOfAttack(c + `,"needs":null`),
		"null reference":            docOfAttack(c + `,"references":{"x":[null]}`),
		"null struct":               docOfAttack(`"check":{"kind":"test.a","args":{"s":null}}`),
		"null text":                 docOfAttack(`"check":{"kind":"test.a","args":{"v":null}}`),
		"text as number":            docOfAttack(`"check":{"kind":"test.a","args":{"v":1.10}}`),
		"text as number in parts":   docOfAttack(`"check":{"op":"all","parts":[{"kind":"test.a","args":{"v":1.10}}]}`),
		"text as exponent in parts": docOfAttack(`"check":{"op":"all","parts":[{"kind":"test.a","args":{"v":1e2}}]}`),
		"text bool":                 docOfAttack(`"check":{"kind":"test.a","args":{"v":true}}`),
		"-0 in parts":               docOfAttack(`"check":{"op":"all","parts":[{"kind":"test.a","args":{"v":-0}}]}`),
		"invalid UTF-8":             docOfAttack("\"check\":{\"kind\":\"test.a\",\"args\":{\"names\":[\"a\xff\"]}}"),
		"lone surrogate":            docOfAttack(`"check":{"kind":"test.a","args":{"names":["a\ud800"]}}`),
		"surrogate pair":            docOfAttack(`"check":{"kind":"test.a","args":{"names":["\ud83d\ude00"]}}`),
		"raw control":               docOfAttack("\"check\":{\"kind\":\"test.a\",\"args\":{\"names\":[\"a\u009b31m\x7f\"]}}"),
		"places":                    docOfAttack(`"check":{"kind":"test.a","places":{"":"/etc/forged:3:4"}}`),
		"parts of a leaf":           docOfAttack(`"check":{"kind":"test.a","parts":[]}`),
		"op of a leaf":              docOfAttack(`"check":{"kind":"test.a","op":""}`),
		"kind of op":                docOfAttack(`"check":{"op":"all","kind":"","parts":[{"kind":"test.b"}]}`),
		"id of op":                  docOfAttack(`"check":{"op":"all","id":"","parts":[{"kind":"test.b"}]}`),
		"big":                       docOfAttack(`"check":{"kind":"test.a","args":{"big":18446744073709551615}}`),
		"merge key":                 docOfAttack(`"check":{"kind":"test.a","args":{"<<":{"f":1}}}`),
		"U+2028, NEL":               docOfAttack("\"check\":{\"kind\":\"test.a\",\"args\":{\"names\":[\"a\u2028b\u0085c\"]}}"),
		"escaped slash":             docOfAttack(`"check":{"kind":"test.a","args":{"names":["a\/b\u0041"]}}`),
		"NUL":                       docOfAttack(`"check":{"kind":"test.a","args":{"names":["a\u0000b"]}}`),
		"newlines of a string":      docOfAttack("\"check\":{\"kind\":\"test.a\",\"args\":{\"names\":[\"  a   b  \"]}}"),
	} {
		lastOfAttack = nil
		q, qerr := load(text, optsOfAttack())
		qa := fmt.Sprintf("%+v", lastOfAttack)
		lastOfAttack = nil
		y, yerr := load("\n"+text, optsOfAttack())
		ya := fmt.Sprintf("%+v", lastOfAttack)
		switch {
		case qerr == nil && yerr != nil:
			rule := ""
			if len(q.Rules) > 0 {
				rule = fmt.Sprintf("%d rules, %s %s %v", len(q.Rules), q.Rules[0].Severity, q.Rules[0].Expr, q.Rules[0].Expr.Places)
			}
			t.Errorf("%-26s accepted (%s), and refused by the other path: %.160v", name, rule, yerr)
		case qerr != nil && yerr == nil:
			t.Errorf("%s: refused %v, accepted by the other path", name, qerr)
		case qerr == nil:
			a, _ := json.Marshal(q)
			b, _ := json.Marshal(y)
			if string(a) != string(b) || qa != ya {
				t.Errorf("%-26s means\n\t%q %s\nand\n\t%q %s", name, a, qa, b, ya)
			}
		}
	}
}

// A baseline as JSON means the same when it is read again.
func TestAttackRoundTrip(t *testing.T) {
	for name, args := range map[string]string{
		"zero beside a default in an object": `"in":{"need":1,"max":0,"off":false}`,
		"zero of what is required":           `"in":{"need":0}`,
		"in a list":                          `"inners":[{"need":1,"max":0,"off":false}]`,
		"uint64":                             `"big":18446744073709551615`,
		"empty string beside default":        `"s":{"a":""}`,
		"float":                              `"f":100000000000000000000`,
	} {
		lastOfAttack = nil
		b, err := load(docOfAttack(`"check":{"kind":"test.a","args":{`+args+`}}`), optsOfAttack())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		show := func() string { b, _ := json.Marshal(lastOfAttack); return string(b) }
		want := show()
		j, err := json.Marshal(b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		lastOfAttack = nil
		if _, err := load(string(j), optsOfAttack()); err != nil {
			t.Errorf("%-35s does not come back: %v", name, err)
		} else if got := show(); got != want {
			t.Errorf("%-35s\n got %s\nwant %s", name, got, want)
		}
	}
}

func TestAttackAliases(t *testing.T) {
	o := optsOfAttack()
	text := hOfAttack + `,"platforms":["linux"],"rules":[{"id":"linux.a.b","title":"T","severity":"high","check":{"kind":"test.a"}},{"id":"linux.a.c","title":"T","severity":"high","check":{"kind":"test.a"}}]}`
	b, err := load(text, o)
	if err != nil {
		t.Fatal(err)
	}
	b.Rules[0].Platforms[0] = "windows"
	if b.Rules[1].Platforms[0] != "linux" || b.Platforms[0] != "linux" || b.Compiled()[0].Platforms[0] != "linux" {
		t.Errorf("platforms are shared: %v %v %v", b.Rules[1].Platforms, b.Platforms, b.Compiled()[0].Platforms)
	}
	b.Rules[0].Expr.Args["names"].([]any)[0] = "mallory"
	if got := b.Rules[1].Expr.Args["names"].([]any)[0]; got != "root" {
		t.Errorf("args are shared between rules: %v", got)
	}
	lastOfAttack = nil
	if _, err := load(text, o); err != nil || lastOfAttack[0].Names[0] != "root" {
		t.Errorf("the default of the kind is now %v, %v", lastOfAttack[0].Names, err)
	}
	o = optsOfAttack()
	o.Kinds[0].Params()[0].Default.([]any)[0] = "eve"
	lastOfAttack = nil
	if _, err := load(text, o); err != nil || lastOfAttack[0].Names[0] != "root" {
		t.Errorf("after Params(): the default of the kind is now %v, %v", lastOfAttack[0].Names, err)
	}
}

// Two folders of different rules have one digest.
func TestAttackDigestOfIncludes(t *testing.T) {
	const r1 = `{"id":"linux.a.one","title":"T","severity":"high","check":{"kind":"test.a"}}`
	const r2 = `{"id":"linux.a.two","title":"T","severity":"high","check":{"kind":"test.b"}}`
	main := start + "include: [x.yaml, y.yaml, z.yaml]\n"
	both := map[string]string{"b/main.yaml": main, "b/x.yaml": `{"rules":[` + r1 + `]}` + "\n#", "b/y.yaml": `{"rules":[` + r2 + `]}` + "\n", "b/z.yaml": `{"rules":[]}` + "\n#" + `{"rules":[]}`}
	less := map[string]string{"b/main.yaml": main, "b/x.yaml": `{"rules":[` + r1 + `]}` + "\n#" + `{"rules":[` + r2 + `]}` + "\n", "b/y.yaml": `{"rules":[]}` + "\n#", "b/z.yaml": `{"rules":[]}`}
	a, err := loadFS(both, optsOfAttack())
	if err != nil {
		t.Fatal(err)
	}
	b, err := loadFS(less, optsOfAttack())
	if err != nil {
		t.Fatal(err)
	}
	if a.Digest == b.Digest {
		t.Errorf("%d and %d rules have the digest %s", len(a.Rules), len(b.Rules), a.Digest)
	}
}
