package kind_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// mode reads and writes itself.
type mode uint32

func (m mode) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%04o", uint32(m)), nil }

func (m *mode) UnmarshalText(b []byte) error {
	_, err := fmt.Sscanf(string(b), "%o", (*uint32)(m))
	return err
}

// mute reads itself and cannot be written.
type mute string

func (m *mute) UnmarshalText([]byte) error { return nil }

type item struct {
	Name string `yaml:"name,required" doc:"its name"`
	Max  uint8
}

type common struct {
	Except []string `doc:"names that are not judged"`
}

type args struct {
	common
	Dir     string        `yaml:"folder,required" doc:"a folder"`
	Days    int           `unit:"days" default:"90"`
	Modes   []mode        `default:"0640,0600"`
	Wait    time.Duration `default:"1m30s"`
	Level   string        `enum:"low,high" default:"low"`
	Strict  *bool         `default:"true"`
	Ratio   float64       `default:"0.5"`
	Items   []item
	ByName  map[string]item
	Ignored string `yaml:"-"`
	_       int
}

func made[P any](P) (check.Check, error) { return says(check.Pass), nil }

func TestParams(t *testing.T) {
	k := kind.New("acme.all", made[args], kind.Doc("All is well."), kind.Needs(check.NeedsWalk, check.NeedsLive))
	if err := k.Err(); err != nil {
		t.Fatal(err)
	}
	items := []kind.Param{{Name: "name", Doc: "its name", Type: "string", Required: true}, {Name: "max", Type: "integer"}}
	want := []kind.Param{
		{Name: "except", Doc: "names that are not judged", Type: "list of string"},
		{Name: "folder", Doc: "a folder", Type: "string", Required: true},
		{Name: "days", Type: "integer", Unit: "days", Default: int64(90)},
		{Name: "modes", Type: "list of string", Default: []any{"0640", "0600"}},
		{Name: "wait", Type: "duration", Default: "1m30s"},
		{Name: "level", Type: "string", Default: "low", Allowed: []string{"low", "high"}},
		{Name: "strict", Type: "boolean", Default: true},
		{Name: "ratio", Type: "number", Default: 0.5},
		{Name: "items", Type: "list of object", Params: items},
		{Name: "by-name", Type: "map of object", Params: items},
	}
	if d := cmp.Diff(k.Params(), want, cmpopts.IgnoreUnexported(kind.Param{})); d != "" {
		t.Error(d)
	}
	if k.Name() != "acme.all" || k.Doc() != "All is well." || k.Needs() != check.NeedsWalk|check.NeedsLive || k.InDocument() {
		t.Errorf("got %s %q %s", k.Name(), k.Doc(), k.Needs())
	}
}

// What no expression could state, and what contradicts itself, is found when it is declared.
func TestDeclarations(t *testing.T) {
	type inner struct{ F func() }
	type tree struct{ Kids []tree }
	if err := kind.New("test.tree", made[tree]).Err(); err != nil {
		t.Errorf("a type within itself: %v", err)
	}
	for want, k := range map[string]kind.Kind{
		"not declared by New":                   {},
		"want a name such as":                   kind.New("Bad name", made[struct{}]),
		"nothing builds its check":              kind.New[struct{}]("a.b", nil),
		"its arguments are a string":            kind.New("a.b", made[string]),
		"f: an argument of type func()":         kind.New("a.b", made[inner]),
		"list: f: an argument of type func()":   kind.New("a.b", made[struct{ List []inner }]),
		"m: an argument of type map[int]string": kind.New("a.b", made[struct{ M map[int]string }]),
		"any: an argument of type interface {}": kind.New("a.b", made[struct{ Any any }]),
		"c: an argument of type chan int":       kind.New("a.b", made[struct{ C chan int }]),
		"has UnmarshalText and no MarshalText":  kind.New("a.b", made[struct{ M mute }]),
		"has no default": kind.New("a.b", made[struct {
			A string `yaml:"a,required" default:"x"`
		}]),
		`default "soon": want a time`: kind.New("a.b", made[struct {
			A time.Duration `default:"soon"`
		}]),
		`default "300": want a decimal number, not negative, of 8 bits`: kind.New("a.b", made[struct {
			A uint8 `default:"300"`
		}]),
		`default: want one of ["a" "b"], not "c"`: kind.New("a.b", made[struct {
			A []string `enum:"a,b" default:"a,c"`
		}]),
		"x is there twice": kind.New("a.b", made[struct {
			A string `yaml:"x"`
			X string
		}]),
		"nothing builds": kind.In[struct{}, int]("a.b", nil, nil),
	} {
		if err := k.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
}

// The effective arguments are what was stated and the defaults of the rest, whoever states them.
func TestEffectiveArguments(t *testing.T) {
	var got args
	k := kind.New("acme.all", func(a args) (check.Check, error) { got = a; return says(check.Pass), nil })
	c, err := kind.NewCompiler([]kind.Kind{k}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	stated := map[string]any{"folder": "etc", "days": kind.Scalar{Tag: "int", Text: "7"}, "modes": []any{"640"}, "strict": false,
		"items": []any{map[string]any{"name": "a", "max": 3}}, "except": []any{}}
	made, err := c.Compile(check.Rule{Expr: check.Expr{Kind: "acme.all", Args: stated}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"folder": "etc", "days": int64(7), "modes": []any{"0640"}, "wait": "1m30s", "level": "low", "strict": false,
		"ratio": 0.5, "items": []any{map[string]any{"name": "a", "max": int64(3)}}, "except": []any{}}
	if d := cmp.Diff(made.Expr.Args, want); d != "" {
		t.Error(d)
	}
	if got.Days != 7 || got.Modes[0] != 0o640 || got.Wait != 90*time.Second || *got.Strict || got.Items[0].Max != 3 || got.Level != "low" {
		t.Errorf("got %+v", got)
	}
	first := got
	again, err := c.Compile(made.Rule) // what is effective is stated now, and means the same
	if err != nil || !cmp.Equal(again.Expr, made.Expr) || !cmp.Equal(got, first, cmp.AllowUnexported(args{}, common{})) {
		t.Errorf("compiled again: %v %v", err, again.Expr)
	}
}

func TestNumbersOfDocuments(t *testing.T) {
	type params struct {
		Wait  time.Duration
		Count int
		Mask  uint16
	}
	c, err := kind.NewCompiler([]kind.Kind{kind.New("test.time", made[params])}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		v    any
		want string
	}{
		{"count", kind.Scalar{Tag: "int", Text: "0640"}, "leading zero"}, {"count", kind.Scalar{Tag: "int", Text: "0x10"}, "decimal number"},
		{"mask", -1, "not negative"}, {"mask", 70000, "16 bits"}, {"wait", 5, "with its unit"}, {"count", 1.5, "decimal number"}, {"count", nil, "not nothing"},
	} {
		_, err := c.Compile(check.Rule{Expr: check.Expr{Kind: "test.time", Args: map[string]any{tt.name: tt.v}}})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: got %v, want %q", tt.v, err, tt.want)
		}
	}
}

// Arguments that were made in Go are completed and held to the same.
func TestComplete(t *testing.T) {
	a := args{Dir: "etc", Days: 3}
	if err := kind.Complete(&a); err != nil || a.Days != 3 || a.Wait != 90*time.Second || len(a.Modes) != 2 || !*a.Strict {
		t.Errorf("got %+v, %v", a, err)
	}
	if err := kind.Complete(&args{Level: "none"}); err == nil || !strings.Contains(err.Error(), `"folder" is missing`) || !strings.Contains(err.Error(), "level: want one of") {
		t.Errorf("got %v", err)
	}
	if err := kind.Complete(&struct{ F func() }{}); err == nil {
		t.Error("a function is taken")
	}
}

func TestBuildersErrors(t *testing.T) {
	c, err := kind.NewCompiler([]kind.Kind{
		kind.New("a.fails", func(struct{}) (check.Check, error) { return nil, errors.New("no such day") }),
		kind.New("a.nothing", func(struct{}) (check.Check, error) { return nil, nil }),
	}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Compile(check.Rule{Expr: check.Expr{Op: "all", Parts: []check.Expr{{Kind: "a.fails"}, {Kind: "a.nothing"}}}})
	if want := "/parts/0/args: a.fails: no such day\n/parts/1/args: a.nothing: no check was made"; fmt.Sprint(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
