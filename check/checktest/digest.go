package checktest

import (
	"hash"
	"hash/fnv"
	"maps"
	"reflect"
	"strconv"
)

// digest returns a hash of v and everything that it points to, including unexported fields. For
// functions and channels it only includes whether they are nil.
func digest(v any) uint64 {
	h := fnv.New64a()
	hashValue(h, reflect.ValueOf(v), map[uintptr]bool{})
	return h.Sum64()
}

// hashValue adds v to h. It visits each pointer once.
func hashValue(h hash.Hash64, v reflect.Value, seen map[uintptr]bool) {
	put := func(s string) { h.Write([]byte(s)); h.Write([]byte{0}) }
	if !v.IsValid() {
		put("nil")
		return
	}
	put(v.Kind().String())
	switch v.Kind() {
	case reflect.Bool:
		put(strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		put(strconv.FormatInt(v.Int(), 10))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		put(strconv.FormatUint(v.Uint(), 10))
	case reflect.Float32, reflect.Float64:
		put(strconv.FormatFloat(v.Float(), 'g', -1, 64))
	case reflect.String:
		put(v.String())
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			put("nil")
			return
		}
		if v.Kind() == reflect.Pointer {
			if seen[v.Pointer()] {
				return
			}
			seen[v.Pointer()] = true
		}
		hashValue(h, v.Elem(), seen)
	case reflect.Slice, reflect.Array:
		put(strconv.Itoa(v.Len()))
		for i := range v.Len() {
			hashValue(h, v.Index(i), seen)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			hashValue(h, v.Field(i), seen)
		}
	case reflect.Map:
		hashMap(h, v, seen)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		put(strconv.FormatBool(v.IsNil()))
	}
}

// hashMap adds the entries of a map to h. The hash does not depend on their order.
func hashMap(h hash.Hash64, v reflect.Value, seen map[uintptr]bool) {
	var sum uint64
	for it := v.MapRange(); it.Next(); {
		e := fnv.New64a()
		hashValue(e, it.Key(), maps.Clone(seen))
		hashValue(e, it.Value(), maps.Clone(seen))
		sum += e.Sum64()
	}
	h.Write(strconv.AppendUint(nil, sum, 10))
}
