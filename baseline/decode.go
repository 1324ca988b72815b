package baseline

import (
	"encoding"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// decoder reads nodes into typed values and collects every mistake. A mistake in one
// place never hides another.
type decoder struct {
	mistakes
	fields map[reflect.Type][]field // of the structs that were met
}

// fieldsOf is the function of that name, asked once for each type.
func (d *decoder) fieldsOf(t reflect.Type) []field {
	all, ok := d.fields[t]
	if !ok {
		if d.fields == nil {
			d.fields = map[reflect.Type][]field{}
		}
		all = fieldsOf(t)
		d.fields[t] = all
	}
	return all
}

var textType = reflect.TypeFor[encoding.TextUnmarshaler]()

// decode reads n into v and reports whether it could.
func (d *decoder) decode(n *yaml.Node, v reflect.Value, depth int) bool {
	if depth > maxDepth {
		d.add(n, "nested deeper than %d", maxDepth)
		return false
	}
	if v.Type() == nodeType {
		v.Set(reflect.ValueOf(yamlNode{n}))
		return true
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		return d.decode(n, v.Elem(), depth)
	}
	if v.Addr().Type().Implements(textType) {
		return d.text(n, v.Addr().Interface().(encoding.TextUnmarshaler))
	}
	switch v.Kind() {
	case reflect.Struct:
		return d.structure(n, v, depth)
	case reflect.Slice:
		return d.slice(n, v, depth)
	case reflect.Map:
		return d.mapping(n, v, depth)
	}
	return d.scalar(n, v)
}

func (d *decoder) text(n *yaml.Node, v encoding.TextUnmarshaler) bool {
	if n.Kind != yaml.ScalarNode {
		return d.wrong(n, "a string")
	}
	if err := v.UnmarshalText([]byte(n.Value)); err != nil {
		d.add(n, "%w", err)
		return false
	}
	return true
}

func (d *decoder) wrong(n *yaml.Node, want string) bool {
	d.add(n, "want %s, not %s", want, describe(n))
	return false
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!str":
		return "the string " + strconv.Quote(n.Value)
	case "!!null":
		return "nothing"
	}
	return strings.TrimPrefix(n.ShortTag(), "!!") + " " + n.Value
}

// scalar reads by the type of v and the tag of n: a number is no string and a string no
// number, so that 0640 cannot come in as 416, nor as 640.
func (d *decoder) scalar(n *yaml.Node, v reflect.Value) bool {
	tag := ""
	if n.Kind == yaml.ScalarNode {
		tag = n.ShortTag()
	}
	switch {
	case v.Type() == durationType:
		return d.duration(n, v, tag)
	case v.Kind() == reflect.String:
		if tag != "!!str" {
			return d.wrong(n, "a string (quote it)")
		}
		v.SetString(n.Value)
	case v.Kind() == reflect.Bool:
		b, err := strconv.ParseBool(n.Value)
		if tag != "!!bool" || err != nil {
			return d.wrong(n, "true or false")
		}
		v.SetBool(b)
	case v.CanInt() || v.CanUint() || v.Kind() == reflect.Float64:
		return d.number(n, v, tag)
	default:
		d.add(n, "the kind has an argument of type %s, which a baseline cannot state", v.Type())
		return false
	}
	return true
}

// number reads a decimal number. One with a leading zero is octal elsewhere and refused.
func (d *decoder) number(n *yaml.Node, v reflect.Value, tag string) bool {
	if digits := strings.TrimLeft(n.Value, "+-"); tag == "!!int" && len(digits) > 1 && digits[0] == '0' {
		d.add(n, "want a decimal number without a leading zero, not %s", n.Value)
		return false
	}
	bits := strconv.Itoa(v.Type().Bits())
	switch {
	case v.CanInt():
		i, err := strconv.ParseInt(n.Value, 10, v.Type().Bits())
		if tag != "!!int" || err != nil {
			return d.wrong(n, "a decimal number of "+bits+" bits")
		}
		v.SetInt(i)
	case v.CanUint():
		u, err := strconv.ParseUint(n.Value, 10, v.Type().Bits())
		if tag != "!!int" || err != nil {
			return d.wrong(n, "a decimal number, not negative, of "+bits+" bits")
		}
		v.SetUint(u)
	default:
		f, err := strconv.ParseFloat(n.Value, 64)
		if tag != "!!float" && tag != "!!int" || err != nil {
			return d.wrong(n, "a number")
		}
		v.SetFloat(f)
	}
	return true
}

var durationType = reflect.TypeFor[time.Duration]()

// duration reads a time with its unit, such as 5m, as time.ParseDuration has it. A number
// alone would be nanoseconds, which nobody means.
func (d *decoder) duration(n *yaml.Node, v reflect.Value, tag string) bool {
	t, err := time.ParseDuration(n.Value)
	if tag != "!!str" || err != nil {
		return d.wrong(n, "a time with its unit, such as 90s, 5m or 12h")
	}
	v.SetInt(int64(t))
	return true
}

func (d *decoder) slice(n *yaml.Node, v reflect.Value, depth int) bool {
	if n.Kind != yaml.SequenceNode {
		return d.wrong(n, "a list")
	}
	ok := true
	s := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	for i, e := range n.Content {
		ok = d.decode(e, s.Index(i), depth+1) && ok
	}
	v.Set(s)
	return ok
}

func (d *decoder) mapping(n *yaml.Node, v reflect.Value, depth int) bool {
	if v.Type().Key().Kind() != reflect.String {
		return d.scalar(n, v)
	}
	if n.Kind != yaml.MappingNode {
		return d.wrong(n, "a mapping")
	}
	ok := true
	m := reflect.MakeMap(v.Type())
	for key, value := range d.pairs(n) {
		e := reflect.New(v.Type().Elem()).Elem()
		ok = d.decode(value, e, depth+1) && ok
		m.SetMapIndex(reflect.ValueOf(key.Value).Convert(v.Type().Key()), e)
	}
	v.Set(m)
	return ok
}

func (d *decoder) structure(n *yaml.Node, v reflect.Value, depth int) bool {
	if n.Kind != yaml.MappingNode {
		return d.wrong(n, "a mapping")
	}
	fields := d.fieldsOf(v.Type())
	ok := true
	seen := map[string]bool{}
	for key, value := range d.pairs(n) {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == key.Value })
		if i < 0 {
			d.add(key, "unknown key %q, want one of %q", key.Value, names(fields))
			ok = false
			continue
		}
		seen[key.Value] = true
		ok = d.decode(value, reach(v, fields[i].index), depth+1) && ok
	}
	for _, f := range fields {
		if f.required && !seen[f.name] {
			d.add(n, "%q is missing", f.name)
			ok = false
		}
	}
	return ok
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

func names(fields []field) []string {
	all := make([]string, len(fields))
	for i, f := range fields {
		all[i] = f.name
	}
	return all
}

// pairs yields the keys and values of a mapping. A key that is there twice, or is no
// string, is a mistake and left out.
func (d *decoder) pairs(n *yaml.Node) func(func(key, value *yaml.Node) bool) {
	return func(yield func(key, value *yaml.Node) bool) {
		seen := map[string]int{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			switch {
			case key.Kind != yaml.ScalarNode || key.ShortTag() != "!!str":
				d.add(key, "a key has to be a string, not %s", describe(key))
				continue
			case seen[key.Value] > 0:
				d.add(key, "%q is there twice, first in line %d", key.Value, seen[key.Value])
				continue
			}
			seen[key.Value] = key.Line
			if !yield(key, n.Content[i+1]) {
				return
			}
		}
	}
}
