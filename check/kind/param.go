package kind

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
)

// Param describes an argument of a kind.
type Param struct {
	Name     string
	Doc      string   // the meaning
	Type     string   // string, boolean, integer, number, duration, list of ..., map of ..., object
	Unit     string   // the unit, such as days or bytes
	Default  any      // the default value in the form of check.Expr.Args; nil if there is none
	Allowed  []string // the allowed values; empty if all are allowed
	Required bool     // whether the argument must be given
	Params   []Param  // the members of an object, or of the objects in a list or map

	index []int
	typ   reflect.Type
}

var (
	durationType  = reflect.TypeFor[time.Duration]()
	unmarshalType = reflect.TypeFor[encoding.TextUnmarshaler]()
	marshalType   = reflect.TypeFor[encoding.TextMarshaler]()
)

// isText reports whether values of t implement encoding.TextUnmarshaler.
func isText(t reflect.Type) bool { return reflect.PointerTo(t).Implements(unmarshalType) }

// declared caches the parameters of structs. Its keys are of type reflect.Type, its values []Param.
var declared sync.Map

// argsOf is like paramsOf, but caches the result for each type.
func argsOf(t reflect.Type) ([]Param, error) {
	if all, ok := declared.Load(t); ok {
		return all.([]Param), nil
	}
	all, err := paramsOf(t, nil)
	if err == nil {
		declared.Store(t, all)
	}
	return all, err
}

// paramsOf returns the parameters that the fields of the struct t declare. It returns none if t is
// among the enclosing structs within, so that it ends on recursive types.
func paramsOf(t reflect.Type, within []reflect.Type) ([]Param, error) {
	if slices.Contains(within, t) {
		return nil, nil
	}
	within = append(within, t)
	var all []Param
	var errs []error
	for _, f := range reflect.VisibleFields(t) {
		name, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if f.Anonymous && f.Type.Kind() == reflect.Pointer && !f.IsExported() {
			errs = append(errs, fmt.Errorf("%s is embedded by a pointer that nobody outside can set", f.Name))
		}
		if !f.IsExported() || f.Anonymous || name == "-" {
			continue
		}
		if name == "" {
			name = toKebab(f.Name)
		}
		p := Param{Name: name, Doc: f.Tag.Get("doc"), Unit: f.Tag.Get("unit"), Required: option == "required", index: f.Index, typ: f.Type}
		if err := p.declare(f.Tag, within); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
		if slices.ContainsFunc(all, func(o Param) bool { return o.Name == name }) {
			errs = append(errs, fmt.Errorf("%s is there twice", name))
		}
		all = append(all, p)
	}
	return all, errors.Join(errs...)
}

// declare validates p and sets its type, default and allowed values.
func (p *Param) declare(tag reflect.StructTag, within []reflect.Type) (err error) {
	if p.Type, p.Params, err = typeName(p.typ, within); err != nil {
		return err
	}
	if s := tag.Get("enum"); s != "" {
		p.Allowed = strings.Split(s, ",")
	}
	text, ok := tag.Lookup("default")
	if !ok {
		return nil
	}
	if p.Required {
		return errors.New("an argument that has to be stated has no default")
	}
	v := reflect.New(p.typ).Elem()
	if err := setText(v, text); err != nil {
		return fmt.Errorf("default %q: %w", text, err)
	}
	if err := p.allows(v); err != nil {
		return fmt.Errorf("default: %w", err)
	}
	p.Default, err = encode(v)
	return err
}

// typeName returns the name of t for documentation, and the parameters if t contains objects. It
// returns an error if no expression can state a value of t.
func typeName(t reflect.Type, within []reflect.Type) (string, []Param, error) {
	switch {
	case t == durationType:
		return "duration", nil, nil
	case isText(t):
		if !t.Implements(marshalType) && !reflect.PointerTo(t).Implements(marshalType) {
			return "", nil, fmt.Errorf("%s has UnmarshalText and no MarshalText", t)
		}
		return "string", nil, nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		return typeName(t.Elem(), within)
	case reflect.Slice:
		name, params, err := typeName(t.Elem(), within)
		return "list of " + name, params, err
	case reflect.Map:
		if t.Key().Kind() == reflect.String {
			name, params, err := typeName(t.Elem(), within)
			return "map of " + name, params, err
		}
	case reflect.Struct:
		params, err := paramsOf(t, within)
		return "object", params, err
	case reflect.String:
		return "string", nil, nil
	case reflect.Bool:
		return "boolean", nil, nil
	case reflect.Float64:
		return "number", nil, nil
	}
	if v := reflect.New(t).Elem(); v.CanInt() || v.CanUint() {
		return "integer", nil, nil
	}
	return "", nil, fmt.Errorf("an argument of type %s, which no expression can state", t)
}

// allows returns an error if v, or an element of the list v, is not among the allowed values.
func (p *Param) allows(v reflect.Value) error {
	if len(p.Allowed) == 0 {
		return nil
	}
	x, err := encode(v)
	if err != nil {
		return err
	}
	list, ok := x.([]any)
	if !ok {
		list = []any{x}
	}
	for _, one := range list {
		if !slices.Contains(p.Allowed, fmt.Sprint(one)) {
			return fmt.Errorf("want one of %q, not %q", p.Allowed, fmt.Sprint(one))
		}
	}
	return nil
}

// Complete sets the zero fields of args to their defaults. It returns an error if a required
// argument is missing or a value is not allowed. Check methods call it, so that arguments from Go
// code are treated like those from an expression. Numbers and booleans are never missing. Complete
// does not change objects in lists and maps.
func Complete[P any](args *P) error {
	v := reflect.ValueOf(args).Elem()
	params, err := argsOf(v.Type())
	if err != nil {
		return err
	}
	var errs []error
	for _, p := range params {
		f := reach(v, p.index)
		if f.IsZero() && p.Default != nil {
			d := decoder{}
			d.decode(p.Default, f, nil, 0)
		}
		switch {
		case !f.IsZero():
			if err := p.allows(f); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", p.Name, err))
			}
		case p.Required && !f.CanInt() && !f.CanUint() && !f.CanFloat() && f.Kind() != reflect.Bool:
			errs = append(errs, fmt.Errorf("%q is missing", p.Name))
		}
	}
	return errors.Join(errs...)
}

// toKebab returns a field name in kebab case: MaxAge is "max-age", UIDMin is "uid-min".
func toKebab(s string) string {
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
