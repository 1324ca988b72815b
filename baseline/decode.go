package baseline

import (
	"encoding"
	"reflect"
	"slices"
	"strconv"
	"strings"

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

// scalar reads a string: of the fields of a document the others read themselves.
func (d *decoder) scalar(n *yaml.Node, v reflect.Value) bool {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" {
		return d.wrong(n, "a string (quote it)")
	}
	v.SetString(n.Value)
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
			name = strings.ToLower(f.Name)
		}
		all = append(all, field{name, f.Index, f.Type, option == "required"})
	}
	return all
}
