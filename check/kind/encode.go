package kind

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// encode returns v in the form of check.Expr.Args. It is the inverse of decode.
func encode(v reflect.Value) (any, error) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, nil
		}
		return encode(v.Elem())
	}
	if isText(v.Type()) {
		m, ok := v.Interface().(encoding.TextMarshaler)
		if !ok { // the method has a pointer receiver
			p := reflect.New(v.Type())
			p.Elem().Set(v)
			m = p.Interface().(encoding.TextMarshaler)
		}
		b, err := m.MarshalText()
		return string(b), err
	}
	switch {
	case v.Type() == durationType:
		return time.Duration(v.Int()).String(), nil
	case v.CanInt():
		return v.Int(), nil
	case v.CanUint() && v.Uint() > math.MaxInt64:
		return v.Uint(), nil
	case v.CanUint():
		return int64(v.Uint()), nil
	case v.CanFloat():
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, errors.New("not a finite number")
		}
		return v.Float(), nil
	}
	switch v.Kind() {
	case reflect.String:
		return v.String(), nil
	case reflect.Bool:
		return v.Bool(), nil
	case reflect.Slice:
		all := make([]any, v.Len())
		for i := range all {
			x, err := encode(v.Index(i))
			if err != nil {
				return nil, err
			}
			all[i] = x
		}
		return all, nil
	case reflect.Map:
		all := make(map[string]any, v.Len())
		for it := v.MapRange(); it.Next(); {
			x, err := encode(it.Value())
			if err != nil {
				return nil, err
			}
			all[it.Key().String()] = x
		}
		return all, nil
	case reflect.Struct:
		params, err := argsOf(v.Type())
		if err != nil {
			return nil, err
		}
		all := map[string]any{}
		for _, p := range params {
			f, err := v.FieldByIndexErr(p.index)
			if err != nil || f.IsZero() {
				continue // not given
			}
			if all[p.Name], err = encode(f); err != nil {
				return nil, err
			}
		}
		return all, nil
	}
	return nil, fmt.Errorf("a value of type %s", v.Type())
}

// setText sets v to the value that text represents in a struct tag. Elements of lists are separated
// by commas.
func setText(v reflect.Value, text string) error {
	d := decoder{}
	switch {
	case v.Kind() == reflect.Slice && !isText(v.Type()):
		all := []any{}
		for s := range strings.SplitSeq(text, ",") {
			all = append(all, literal(v.Type().Elem(), s))
		}
		d.decode(all, v, nil, 0)
	default:
		d.decode(literal(v.Type(), text), v, nil, 0)
	}
	return d.err()
}

// literal returns the scalar that text represents for a value of type t.
func literal(t reflect.Type, text string) any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == durationType, isText(t), t.Kind() == reflect.String:
		return text
	case t.Kind() == reflect.Bool:
		return Scalar{"bool", text}
	}
	if _, err := strconv.ParseInt(text, 10, 64); err == nil {
		return Scalar{"int", text}
	}
	return Scalar{"float", text}
}
