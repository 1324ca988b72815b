package baseline

import (
	"encoding"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// decoder decodes nodes into typed values. It continues after a mistake and collects all of them.
type decoder struct {
	mistakes
	fields map[reflect.Type][]field // cache of fieldsOf
}

// fieldsOf is like the function fieldsOf, but caches the result for each type.
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

// decode decodes n into v and reports whether it succeeded.
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
		return d.decodeText(n, v.Addr().Interface().(encoding.TextUnmarshaler))
	}
	switch v.Kind() {
	case reflect.Struct:
		return d.decodeStruct(n, v, depth)
	case reflect.Slice:
		return d.decodeSlice(n, v, depth)
	}
	return d.decodeString(n, v)
}

func (d *decoder) decodeText(n *yaml.Node, v encoding.TextUnmarshaler) bool {
	if n.Kind != yaml.ScalarNode {
		return d.wrong(n, "a string")
	}
	if err := v.UnmarshalText([]byte(n.Value)); err != nil {
		d.add(n, "%w", err)
		return false
	}
	return true
}

// wrong records that n is not what was wanted and returns false.
func (d *decoder) wrong(n *yaml.Node, want string) bool {
	d.add(n, "want %s, not %s", want, describe(n))
	return false
}

// describe returns a description of n for error messages.
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

// decodeString decodes a string. Scalar fields of other types implement encoding.TextUnmarshaler.
func (d *decoder) decodeString(n *yaml.Node, v reflect.Value) bool {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" {
		return d.wrong(n, "a string (quote it)")
	}
	v.SetString(n.Value)
	return true
}

func (d *decoder) decodeSlice(n *yaml.Node, v reflect.Value, depth int) bool {
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

func (d *decoder) decodeStruct(n *yaml.Node, v reflect.Value, depth int) bool {
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
		ok = d.decode(value, v.FieldByIndex(fields[i].index), depth+1) && ok
	}
	for _, f := range fields {
		if f.required && !seen[f.name] {
			d.add(n, "%q is missing", f.name)
			ok = false
		}
	}
	return ok
}

func names(fields []field) []string {
	all := make([]string, len(fields))
	for i, f := range fields {
		all[i] = f.name
	}
	return all
}

// pairs returns an iterator over the keys and values of a mapping. It records a mistake for
// duplicate keys and for keys that are not strings, and skips them.
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

// field describes a struct field as a key of a mapping.
type field struct {
	name     string
	index    []int
	typ      reflect.Type
	required bool
}

// fieldsOf returns the exported fields of the struct t, or nil if t is not a struct.
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
			name = strings.ToLower(f.Name)
		}
		all = append(all, field{name, f.Index, f.Type, option == "required"})
	}
	return all
}
