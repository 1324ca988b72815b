package kind

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Scalar is a value of a document that is no string, as it stands there: "0640" of the tag "int"
// is a number that nobody should write. Loaders hand scalars in as they read them.
type Scalar struct {
	Tag  string // "int", "float", "bool", "null" or another
	Text string
}

// maxDepth is how deep arguments and parts may nest.
const maxDepth = 32

// decoder reads arguments into typed values and collects every mistake. A mistake in one
// place never hides another.
type decoder struct{ list []*Error }

// place is where a value stands: a member or an element of what is around. It becomes a JSON
// Pointer for mistakes only.
type place struct {
	in   *place
	name string
	i    int // of an element, where name is empty
}

func (p *place) String() string {
	switch {
	case p == nil:
		return ""
	case p.name == "":
		return p.in.String() + "/" + strconv.Itoa(p.i)
	}
	return member(p.in.String(), p.name)
}

func (d *decoder) add(at *place, format string, args ...any) bool {
	d.list = append(d.list, &Error{Path: at.String(), Err: fmt.Errorf(format, args...)})
	return false
}

func (d *decoder) err() error {
	errs := make([]error, len(d.list))
	for i, e := range d.list {
		errs[i] = e.Err
	}
	return errors.Join(errs...)
}

// decode reads x into v. It returns what was stated in the form of check.Expr.Args, with the
// defaults of objects filled in, and reports whether it could.
func (d *decoder) decode(x any, v reflect.Value, at *place, depth int) (effective any, ok bool) {
	if depth > maxDepth {
		return nil, d.add(at, "nested deeper than %d", maxDepth)
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		return d.decode(x, v.Elem(), at, depth)
	}
	switch {
	case isText(v.Type()):
		ok = d.text(x, v.Addr().Interface().(encoding.TextUnmarshaler), at)
	case v.Kind() == reflect.Struct:
		params, err := argsOf(v.Type())
		if err != nil {
			return nil, d.add(at, "%w", err)
		}
		return d.structure(x, v, params, at, depth)
	case v.Kind() == reflect.Slice:
		return d.slice(x, v, at, depth)
	case v.Kind() == reflect.Map:
		return d.mapping(x, v, at, depth)
	default:
		ok = d.scalar(x, v, at)
	}
	if !ok {
		return nil, false
	}
	if s, isString := x.(string); isString && v.Kind() == reflect.String && !isText(v.Type()) {
		return x, s == v.String()
	}
	effective, err := encode(v)
	if err != nil {
		return nil, d.add(at, "%w", err)
	}
	return effective, true
}

func (d *decoder) text(x any, v encoding.TextUnmarshaler, at *place) bool {
	s, ok := scalarOf(x)
	if !ok || s.Tag == "null" {
		return d.wrong(x, at, "a string")
	}
	if err := v.UnmarshalText([]byte(s.Text)); err != nil {
		return d.add(at, "%w", err)
	}
	return true
}

func (d *decoder) wrong(x any, at *place, want string) bool {
	return d.add(at, "want %s, not %s", want, describe(x))
}

// scalarOf returns a scalar as a [Scalar], and reports whether x is one.
func scalarOf(x any) (Scalar, bool) {
	switch x := x.(type) {
	case nil:
		return Scalar{"null", ""}, true
	case string:
		return Scalar{"str", x}, true
	case bool:
		return Scalar{"bool", strconv.FormatBool(x)}, true
	case int:
		return Scalar{"int", strconv.Itoa(x)}, true
	case int64:
		return Scalar{"int", strconv.FormatInt(x, 10)}, true
	case uint64:
		return Scalar{"int", strconv.FormatUint(x, 10)}, true
	case float64:
		return Scalar{"float", strconv.FormatFloat(x, 'g', -1, 64)}, true
	case json.Number:
		if strings.ContainsAny(x.String(), ".eE") {
			return Scalar{"float", x.String()}, true
		}
		return Scalar{"int", x.String()}, true
	case Scalar:
		return x, true
	}
	return Scalar{}, false
}

func describe(x any) string {
	switch x.(type) {
	case map[string]any:
		return "a mapping"
	case []any:
		return "a list"
	}
	s, ok := scalarOf(x)
	switch {
	case !ok:
		return fmt.Sprintf("a %T", x)
	case s.Tag == "str":
		return "the string " + strconv.Quote(s.Text)
	case s.Tag == "null":
		return "nothing"
	}
	return s.Tag + " " + s.Text
}

// scalar reads by the type of v and the tag: a number is no string and a string no number, so
// that 0640 cannot come in as 416, nor as 640.
func (d *decoder) scalar(x any, v reflect.Value, at *place) bool {
	s, _ := scalarOf(x)
	switch {
	case v.Type() == durationType:
		t, err := time.ParseDuration(s.Text)
		if s.Tag != "str" || err != nil { // a number alone would be nanoseconds, which nobody means
			return d.wrong(x, at, "a time with its unit, such as 90s, 5m or 12h")
		}
		v.SetInt(int64(t))
	case v.Kind() == reflect.String:
		if s.Tag != "str" {
			return d.wrong(x, at, "a string (quote it)")
		}
		v.SetString(s.Text)
	case v.Kind() == reflect.Bool:
		b, err := strconv.ParseBool(s.Text)
		if s.Tag != "bool" || err != nil {
			return d.wrong(x, at, "true or false")
		}
		v.SetBool(b)
	case v.CanInt() || v.CanUint() || v.Kind() == reflect.Float64:
		return d.number(x, s, v, at)
	default:
		return d.add(at, "an argument of type %s, which no expression can state", v.Type())
	}
	return true
}

// number reads a decimal number. One with a leading zero is octal elsewhere and refused.
func (d *decoder) number(x any, s Scalar, v reflect.Value, at *place) bool {
	if digits := strings.TrimLeft(s.Text, "+-"); s.Tag == "int" && len(digits) > 1 && digits[0] == '0' {
		return d.add(at, "want a decimal number without a leading zero, not %s", s.Text)
	}
	bits := strconv.Itoa(v.Type().Bits())
	switch {
	case v.CanInt():
		i, err := strconv.ParseInt(s.Text, 10, v.Type().Bits())
		if s.Tag != "int" || err != nil {
			return d.wrong(x, at, "a decimal number of "+bits+" bits")
		}
		v.SetInt(i)
	case v.CanUint():
		u, err := strconv.ParseUint(s.Text, 10, v.Type().Bits())
		if s.Tag != "int" || err != nil {
			return d.wrong(x, at, "a decimal number, not negative, of "+bits+" bits")
		}
		v.SetUint(u)
	default:
		f, err := strconv.ParseFloat(s.Text, 64)
		if s.Tag != "float" && s.Tag != "int" || err != nil {
			return d.wrong(x, at, "a number")
		}
		v.SetFloat(f)
	}
	return true
}

func (d *decoder) slice(x any, v reflect.Value, at *place, depth int) (any, bool) {
	list, isList := x.([]any)
	if !isList {
		return nil, d.wrong(x, at, "a list")
	}
	ok := true
	s := reflect.MakeSlice(v.Type(), len(list), len(list))
	effective := make([]any, len(list))
	for i, e := range list {
		var good bool
		effective[i], good = d.decode(e, s.Index(i), &place{in: at, i: i}, depth+1)
		ok = ok && good
	}
	v.Set(s)
	return effective, ok
}

// member returns the JSON Pointer to a member of what a path leads to.
func member(path, name string) string {
	if strings.ContainsAny(name, "~/") {
		name = strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
	}
	return path + "/" + name
}

func (d *decoder) mapping(x any, v reflect.Value, at *place, depth int) (any, bool) {
	m, isMap := x.(map[string]any)
	if !isMap {
		return nil, d.wrong(x, at, "a mapping")
	}
	ok := true
	all := reflect.MakeMapWithSize(v.Type(), len(m))
	effective := make(map[string]any, len(m))
	for _, name := range slices.Sorted(maps.Keys(m)) {
		e := reflect.New(v.Type().Elem()).Elem()
		var good bool
		effective[name], good = d.decode(m[name], e, &place{in: at, name: name}, depth+1)
		ok = ok && good
		all.SetMapIndex(reflect.ValueOf(name).Convert(v.Type().Key()), e)
	}
	v.Set(all)
	return effective, ok
}

// structure reads a mapping into a struct and returns the effective arguments: those that are
// stated and the defaults of the others.
func (d *decoder) structure(x any, v reflect.Value, params []Param, at *place, depth int) (map[string]any, bool) {
	m, isMap := x.(map[string]any)
	if !isMap {
		return nil, d.wrong(x, at, "a mapping")
	}
	ok := true
	effective := make(map[string]any, len(m))
	found := 0
	for i := range params {
		p := &params[i]
		stated, there := m[p.Name]
		where := at
		switch {
		case there:
			found++
			where = &place{in: at, name: p.Name}
		case p.Required:
			ok = d.add(at, "%q is missing", p.Name)
			continue
		case p.Default == nil:
			continue
		default:
			stated = p.Default
		}
		f := reach(v, p.index)
		value, good := d.decode(stated, f, where, depth+1)
		if good {
			if err := p.allows(f); err != nil {
				good = d.add(where, "%w", err)
			}
		}
		effective[p.Name], ok = value, ok && good
	}
	if found < len(m) {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			if !slices.ContainsFunc(params, func(p Param) bool { return p.Name == name }) {
				ok = d.add(&place{in: at, name: name}, "unknown key %q, want one of %q", name, names(params))
			}
		}
	}
	return effective, ok
}

// reach returns the field of an index, with embedded pointers on the way to it made.
func reach(v reflect.Value, index []int) reflect.Value {
	for _, i := range index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}

func names(params []Param) []string {
	all := make([]string, len(params))
	for i, p := range params {
		all[i] = p.Name
	}
	return all
}
