package baseline

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/hardening-sdk/hardening/check"
)

// Kind is a ready-made check by its name in baselines. Make one with [NewKind].
type Kind struct {
	name   string
	params reflect.Type
	needs  check.Needs
	build  func(*decoder, *yaml.Node) (check.Check, bool)
}

// NewKind declares a ready-made check. P is a struct of its arguments; the keys of its
// fields in a baseline are their names in kebab case, or what the tag "yaml" says, where
// ",required" after the name makes one obligatory:
//
//	type Settings struct {
//		Unit string   `yaml:"unit,required"`
//		Want []string // want
//	}
//
// Fields are strings, booleans, numbers, [time.Duration] ("5m"), structs, slices, maps by
// string, and types with UnmarshalText, which is how octal modes come in. A kind with a field
// of another type is an error of [Load]. Unknown keys and wrong
// types are errors with their place. So is what build returns: it validates the
// arguments and makes the check.
//
// Needs are what each check of the kind asks of a scan. Those that depend on the arguments
// are declared by build, with [check.Needing].
func NewKind[P any](name string, build func(P) (check.Check, error), needs ...check.Needs) Kind {
	var all check.Needs
	for _, n := range needs {
		all |= n
	}
	return Kind{name, reflect.TypeFor[P](), all, func(d *decoder, n *yaml.Node) (check.Check, bool) {
		var p P
		if !d.decode(n, reflect.ValueOf(&p).Elem(), 0) {
			return nil, false
		}
		c, err := build(p)
		if err == nil && c == nil {
			err = fmt.Errorf("%s made no check", name)
		}
		if err != nil {
			d.add(n, "%s: %w", name, err)
			return nil, false
		}
		return check.Needing(c, all), true
	}}
}

// Name returns the name of the kind, such as "ssh.directive".
func (k Kind) Name() string { return k.name }

// Needs returns what each check of the kind asks of a scan, whatever its arguments.
func (k Kind) Needs() check.Needs { return k.needs }

// validate refuses a kind that no baseline could use.
func (k Kind) validate() error {
	if k.build == nil || k.name == "" {
		return errors.New("a kind was handed in that NewKind did not make, or without a name")
	}
	if err := statable(k.params, map[reflect.Type]bool{}); err != nil {
		return fmt.Errorf("kind %s: %w", k.name, err)
	}
	return nil
}

// statable reports as an error why a baseline cannot state a value of a type.
func statable(t reflect.Type, seen map[reflect.Type]bool) error {
	if seen[t] || t == durationType || t == nodeType || reflect.PointerTo(t).Implements(textType) {
		return nil
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return statable(t.Elem(), seen)
	case reflect.Map:
		if t.Key().Kind() == reflect.String {
			return statable(t.Elem(), seen)
		}
	case reflect.Struct:
		for _, f := range fieldsOf(t) {
			if err := statable(f.typ, seen); err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
		}
		return nil
	case reflect.String, reflect.Bool, reflect.Float64:
		return nil
	}
	if v := reflect.New(t).Elem(); v.CanInt() || v.CanUint() {
		return nil
	}
	return fmt.Errorf("an argument of type %s, which a baseline cannot state", t)
}

// Param is an argument of a kind.
type Param struct {
	Name     string
	Type     string // as Go names it
	Required bool
}

// Params returns the arguments of the kind in the order of their fields.
func (k Kind) Params() []Param {
	var all []Param
	for _, f := range fieldsOf(k.params) {
		all = append(all, Param{f.name, f.typ.String(), f.required})
	}
	return all
}

// field is a field of a struct as a baseline sees it.
type field struct {
	name     string
	index    []int
	typ      reflect.Type
	required bool
}

func fieldsOf(t reflect.Type) []field {
	if t.Kind() != reflect.Struct {
		return nil
	}
	var all []field
	for _, f := range reflect.VisibleFields(t) {
		if !f.IsExported() || f.Anonymous {
			continue
		}
		name, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name == "-" {
			continue
		}
		if name == "" {
			name = kebab(f.Name)
		}
		all = append(all, field{name, f.Index, f.Type, option == "required"})
	}
	return all
}

// kebab is MaxAge as "max-age" and UIDMin as "uid-min".
func kebab(s string) string {
	var b strings.Builder
	for i, r := range s {
		upper := 'A' <= r && r <= 'Z'
		if upper && i > 0 {
			before := s[i-1]
			next := i+1 < len(s) && 'a' <= s[i+1] && s[i+1] <= 'z'
			if 'a' <= before && before <= 'z' || '0' <= before && before <= '9' || next {
				b.WriteByte('-')
			}
		}
		if upper {
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
