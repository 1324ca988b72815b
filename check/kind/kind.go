package kind

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"

	"github.com/hardening-sdk/hardening/check"
)

// Kind is a ready-made check that expressions use by name. Create one with [New] or [In]. There is
// no global registry: pass kinds to [NewCompiler]. The zero value is invalid.
type Kind struct {
	name   string
	doc    string
	needs  check.Needs
	states check.States
	params []Param
	args   reflect.Type
	err    error // error of the declaration
	build  func(value reflect.Value, doc any, id string) (check.Check, error)
	parse  func([]byte) (any, error) // parses a document; nil for a kind without documents
}

// Option sets an optional property of a kind.
type Option func(*Kind)

// Doc returns an option that documents the kind. The text is a sentence that says what is true if a
// check of the kind passes.
func Doc(text string) Option { return func(k *Kind) { k.doc = text } }

// Needs returns an option that declares what every check of the kind requires of a scan, regardless
// of its arguments. Needs that depend on arguments are declared by rules.
func Needs(all ...check.Needs) Option {
	return func(k *Kind) {
		for _, n := range all {
			k.needs |= n
		}
	}
}

// States returns an option that declares which states of a system every check of the kind judges.
// Without it a kind judges what is configured.
func States(all ...check.States) Option {
	return func(k *Kind) {
		for _, s := range all {
			k.states |= s
		}
	}
}

// New declares a kind. P is the struct of its arguments. The function build validates the arguments
// and returns the check. The compiler reports errors of build with the place in the expression.
// [Kind.Err] returns errors of the declaration itself.
func New[P any](name string, build func(P) (check.Check, error), options ...Option) Kind {
	k := Kind{name: name, args: reflect.TypeFor[P]()}
	if build != nil {
		k.build = func(v reflect.Value, _ any, _ string) (check.Check, error) { return build(v.Interface().(P)) }
	}
	return k.declare(options)
}

// In is like [New] for checks that are parts of a document of the baseline, such as the definitions
// of an OVAL document. The compiler parses each document once. The function build receives the
// document and the ID from the expression, and returns an error if the document has no such part.
func In[P, D any](name string, parse func([]byte) (D, error), build func(p P, doc D, id string) (check.Check, error), options ...Option) Kind {
	k := Kind{name: name, args: reflect.TypeFor[P]()}
	if build != nil && parse != nil {
		k.parse = func(b []byte) (any, error) { return parse(b) }
		k.build = func(v reflect.Value, doc any, id string) (check.Check, error) {
			return build(v.Interface().(P), doc.(D), id)
		}
	}
	return k.declare(options)
}

var nameShape = regexp.MustCompile(`^[a-z][a-z0-9]*(\.[a-z0-9]+(-[a-z0-9]+)*)+$`)

// declare applies the options and validates the declaration.
func (k Kind) declare(options []Option) Kind {
	for _, o := range options {
		o(&k)
	}
	if k.states == 0 {
		k.states = check.Configured
	}
	var errs []error
	if !nameShape.MatchString(k.name) {
		errs = append(errs, errors.New("want a name such as subject.statement, in kebab case"))
	}
	if k.build == nil {
		errs = append(errs, errors.New("nothing builds its check"))
	}
	if k.args.Kind() != reflect.Struct {
		errs = append(errs, fmt.Errorf("its arguments are a %s, want a struct", k.args))
	} else {
		var err error
		k.params, err = argsOf(k.args)
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		k.err = fmt.Errorf("kind %q: %w", k.name, err)
	}
	return k
}

// Name returns the name of the kind, such as "ssh.directive".
func (k Kind) Name() string { return k.name }

// Doc returns the sentence that says what is true if a check of the kind passes.
func (k Kind) Doc() string { return k.doc }

// Needs returns what every check of the kind requires of a scan.
func (k Kind) Needs() check.Needs { return k.needs }

// States returns which states of a system every check of the kind judges.
func (k Kind) States() check.States { return k.states }

// Params returns the arguments of the kind in the order of the struct fields.
func (k Kind) Params() []Param {
	all := slices.Clone(k.params)
	for i := range all {
		all[i].Default = clone(all[i].Default)
	}
	return all
}

// clone returns a deep copy of an argument.
func clone(v any) any {
	switch v := v.(type) {
	case []any:
		all := make([]any, len(v))
		for i, x := range v {
			all[i] = clone(x)
		}
		return all
	case map[string]any:
		all := make(map[string]any, len(v))
		for name, x := range v {
			all[name] = clone(x)
		}
		return all
	}
	return v
}

// InDocument reports whether the kind was declared by [In].
func (k Kind) InDocument() bool { return k.parse != nil }

// Err returns the error of the declaration, or nil if the kind is valid.
func (k Kind) Err() error {
	if k.name == "" && k.build == nil && k.err == nil {
		return errors.New("a kind that was not declared by New")
	}
	return k.err
}
