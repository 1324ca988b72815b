package kind_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
)

type okOfAttack struct{}

func (okOfAttack) Examine(context.Context, *inventory.System) check.Result {
	return check.Result{Status: check.Pass}
}

type BaseOfAttack struct {
	Names []string `yaml:"names,required"`
	Max   int      `default:"30"`
}

type innerOfAttack struct{ N int }

func compilerOfAttack(t *testing.T, ks ...kind.Kind) *kind.Compiler {
	t.Helper()
	c, err := kind.NewCompiler(ks, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func leafOfAttack(args map[string]any) check.Rule {
	return check.Rule{ID: "r", Expr: check.Expr{Kind: "test.a", Args: args}}
}

// After the limit no rule may come without a check and without an error.
func TestAttackLimitOfChecks(t *testing.T) {
	c := compilerOfAttack(t, kind.New("test.a", func(struct{}) (check.Check, error) { return okOfAttack{}, nil }))
	for i := range 5003 {
		made, err := c.Compile(leafOfAttack(nil))
		if err == nil && made.Check == nil {
			t.Fatalf("rule %d: no check and no error", i+1)
		}
	}
}

// Complete treats what was made in Go like what an expression states.
func TestAttackComplete(t *testing.T) {
	type p struct{ *BaseOfAttack }
	var got p
	if err := kind.Complete(&got); err == nil {
		t.Errorf("names are required and missing: got %+v and no error", got)
	}
	_, err := compilerOfAttack(t, kind.New("test.a", func(p) (check.Check, error) { return okOfAttack{}, nil })).Compile(leafOfAttack(nil))
	t.Log("as an expression:", err)
}

func TestAttackUnexportedEmbeddedPointer(t *testing.T) {
	type p struct{ *innerOfAttack }
	k := kind.New("test.a", func(p) (check.Check, error) { return okOfAttack{}, nil })
	if k.Err() != nil {
		return
	}
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("a declared kind panics when it is compiled: %v", r)
		}
	}()
	compilerOfAttack(t, k).Compile(leafOfAttack(map[string]any{"n": 1}))
}

// What a rule says that it asked does not change when the caller's map does.
func TestAttackCallersArgs(t *testing.T) {
	list := []any{"root"}
	made, err := compilerOfAttack(t, kind.New("test.a", func(struct{ Names []string }) (check.Check, error) { return okOfAttack{}, nil })).Compile(leafOfAttack(map[string]any{"names": list}))
	if err != nil {
		t.Fatal(err)
	}
	before := made.Digest()
	list[0] = "mallory"
	if made.Digest() != before {
		t.Errorf("the compiled rule now says %s", made.Expr)
	}
}

func TestAttackNaN(t *testing.T) {
	type p struct {
		F float64 `default:"NaN"`
		N string
	}
	k := kind.New("test.a", func(p) (check.Check, error) { return okOfAttack{}, nil })
	if k.Err() != nil {
		return
	}
	a, _ := compilerOfAttack(t, k).Compile(leafOfAttack(map[string]any{"n": "a"}))
	b, _ := compilerOfAttack(t, k).Compile(leafOfAttack(map[string]any{"n": "b"}))
	_, err := json.Marshal(a.Rule)
	if a.Digest() == b.Digest() {
		t.Errorf("two rules have the digest %q; as JSON: %v", a.Digest(), err)
	}
}

// Values that were stated alike have one form.
func TestAttackOneForm(t *testing.T) {
	type p struct {
		M check.Needs
		T textOfAttack
	}
	k := kind.New("test.a", func(p) (check.Check, error) { return okOfAttack{}, nil })
	a, err1 := compilerOfAttack(t, k).Compile(leafOfAttack(map[string]any{"t": true}))
	b, err2 := compilerOfAttack(t, k).Compile(leafOfAttack(map[string]any{"t": "true"}))
	if err1 == nil && err2 == nil && a.Digest() != b.Digest() {
		t.Errorf("%#v and %#v", a.Expr.Args, b.Expr.Args)
	}
}

type textOfAttack string

func (t textOfAttack) MarshalText() ([]byte, error)  { return []byte(t), nil }
func (t *textOfAttack) UnmarshalText(b []byte) error { *t = textOfAttack(b); return nil }

// A kind whose build panics is a mistake of the expression, with its place.
func TestAttackPanickingBuild(t *testing.T) {
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("a panic of a kind's build ends the load: %v", r)
		}
	}()
	_, err := compilerOfAttack(t, kind.New("test.a", func(struct{}) (check.Check, error) { panic("of this kind") })).Compile(leafOfAttack(nil))
	t.Log(err)
}
