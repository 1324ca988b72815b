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

// Scalar is a value of a document other than a string, in its original spelling. Loaders pass
// scalars unconverted, so that the compiler can reject ambiguous ones, such as the int "0640".
type Scalar struct {
	Tag  string // "int", "float", "bool", "null" or another YAML tag
	Text string // the value as written
}

// maxDepth is the maximum nesting depth of arguments and of parts.
const maxDepth = 32

// decoder decodes arguments into typed values. It continues after a mistake and collects all of
// them.
type decoder struct{ list []*Error }

// place is the path to a value: a member or an element of its parent.
type place struct {
	in   *place // the parent
	name string // name of a member
	i    int    // index of an element, if name is empty
}

// String returns the path as a JSON Pointer.

func (p *place) String() string {
	switch {
	case p == nil:
		return ""
	case p.name == "":
		return p.in.String() + "/" + strconv.Itoa(p.i)
	}
	return member(p.in.String(), p.name)
}

// add records a mistake and returns false.
func (d *decoder) add(at *place, format string, args ...any) bool {
	d.list = append(d.list, &Error{Path: at.String(), Err: fmt.Errorf(format, args...)})
	return false
}

// err returns the mistakes without their places, joined, or nil.
func (d *decoder) err() error {
	errs := make([]error, len(d.list))
	for i, e := range d.list {
		errs[i] = e.Err
	}
	return errors.Join(errs...)
}

// decode decodes x into v. It returns the value in the form of check.Expr.Args, with the defaults
// of objects filled in, and reports whether it succeeded.
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
		ok = d.decodeText(x, v.Addr().Interface().(encoding.TextUnmarshaler), at)
	case v.Kind() == reflect.Struct:
		params, err := argsOf(v.Type())
		if err != nil {
			return nil, d.add(at, "%w", err)
		}
		return d.decodeStruct(x, v, params, at, depth)
	case v.Kind() == reflect.Slice:
		return d.decodeSlice(x, v, at, depth)
	case v.Kind() == reflect.Map:
		return d.decodeMap(x, v, at, depth)
	default:
		ok = d.decodeScalar(x, v, at)
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

func (d *decoder) decodeText(x any, v encoding.TextUnmarshaler, at *place) bool {
	s, ok := scalarOf(x)
	if !ok || s.Tag == "null" {
		return d.wrong(x, at, "a string")
	}
	if err := v.UnmarshalText([]byte(s.Text)); err != nil {
		return d.add(at, "%w", err)
	}
	return true
}

// wrong records that x is not what was wanted and returns false.
func (d *decoder) wrong(x any, at *place, want string) bool {
	return d.add(at, "want %s, not %s", want, describe(x))
}

// scalarOf converts x to a [Scalar] and reports whether x is a scalar.
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

// describe returns a description of x for error messages.
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

// decodeScalar decodes x if its tag fits the type of v. It does not convert between numbers and
// strings, so that 0640 is neither 416 nor 640.
func (d *decoder) decodeScalar(x any, v reflect.Value, at *place) bool {
	s, _ := scalarOf(x)
	switch {
	case v.Type() == durationType:
		t, err := time.ParseDuration(s.Text)
		if s.Tag != "str" || err != nil { // a number without a unit would mean nanoseconds
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
		return d.decodeNumber(x, s, v, at)
	default:
		return d.add(at, "an argument of type %s, which no expression can state", v.Type())
	}
	return true
}

// decodeNumber decodes a decimal number. It rejects leading zeros, which mean octal in some
// formats.
func (d *decoder) decodeNumber(x any, s Scalar, v reflect.Value, at *place) bool {
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

func (d *decoder) decodeSlice(x any, v reflect.Value, at *place, depth int) (any, bool) {
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

// member returns the JSON Pointer to the member name of the value at path.
func member(path, name string) string {
	if strings.ContainsAny(name, "~/") {
		name = strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
	}
	return path + "/" + name
}

func (d *decoder) decodeMap(x any, v reflect.Value, at *place, depth int) (any, bool) {
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

// decodeStruct decodes a mapping into a struct. It returns the effective arguments: the given ones
// and the defaults of the others.
func (d *decoder) decodeStruct(x any, v reflect.Value, params []Param, at *place, depth int) (map[string]any, bool) {
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

// reach returns the field of v with the given index. It allocates embedded pointers on the way.
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
