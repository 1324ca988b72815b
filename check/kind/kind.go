package kind

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"

	"github.com/hardening-sdk/hardening/check"
)

// Kind is a ready-made check by its name in expressions. Make one with [New] or [In]. Kinds are
// handed to a [Compiler]; there is no registry of them.
type Kind struct {
	name   string
	doc    string
	needs  check.Needs
	params []Param
	args   reflect.Type
	err    error // of the declaration
	build  func(value reflect.Value, doc any, id string) (check.Check, error)
	parse  func([]byte) (any, error) // of a document; nil for a kind without one
}

// Option says more about a kind when it is declared.
type Option func(*Kind)

// Doc says in a sentence what is so where a check of the kind passes.
func Doc(text string) Option { return func(k *Kind) { k.doc = text } }

// Needs says what each check of the kind asks of a scan, whatever its arguments. What depends on
// them is stated by rules.
func Needs(all ...check.Needs) Option {
	return func(k *Kind) {
		for _, n := range all {
			k.needs |= n
		}
	}
}

// New declares a kind. P is the struct of its arguments; build validates them and makes the
// check. An error of build is one of the expression, with its place.
func New[P any](name string, build func(P) (check.Check, error), options ...Option) Kind {
	k := Kind{name: name, args: reflect.TypeFor[P]()}
	if build != nil {
		k.build = func(v reflect.Value, _ any, _ string) (check.Check, error) { return build(v.Interface().(P)) }
	}
	return k.declare(options)
}

// In declares a kind whose checks are part of a document that the baseline carries, such as the
// definitions of an OVAL document. The document is parsed once for all of them; build gets it
// beside the id that the expression means, and returns an error where it has no such part.
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

// declare takes the options over and validates what was declared.
func (k Kind) declare(options []Option) Kind {
	for _, o := range options {
		o(&k)
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

// Name returns the name, such as "ssh.directive".
func (k Kind) Name() string { return k.name }

// Doc returns what is so where a check of the kind passes.
func (k Kind) Doc() string { return k.doc }

// Needs returns what each check of the kind asks of a scan.
func (k Kind) Needs() check.Needs { return k.needs }

// Params returns the arguments in the order of their fields.
func (k Kind) Params() []Param {
	all := slices.Clone(k.params)
	for i := range all {
		all[i].Default = clone(all[i].Default)
	}
	return all
}

// clone returns a copy of an argument.
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

// InDocument reports whether checks of the kind are parts of a document.
func (k Kind) InDocument() bool { return k.parse != nil }

// Err returns what is wrong with the declaration of the kind, and nil where nothing is.
func (k Kind) Err() error {
	if k.name == "" && k.build == nil && k.err == nil {
		return errors.New("a kind that was not declared by New")
	}
	return k.err
}
