package inventory

import (
	"encoding/binary"
	"unicode/utf16"
)

// Registry is the registry of a Windows system, live or read from its hives.
// Paths are as regedit(1) writes them, a root and keys separated by backslashes:
// `HKLM\SOFTWARE\Microsoft`. The roots are HKLM, HKU and HKCR in this short form.
// Letter case does not matter. A path that is not there is an error that wraps
// [fs.ErrNotExist]; one that may not be read wraps [fs.ErrPermission].
type Registry interface {
	// Keys returns the names of the keys directly below path, sorted.
	Keys(path string) ([]string, error)
	// Values returns the values of the key, sorted by name; that of the default
	// value is empty.
	Values(path string) ([]Value, error)
}

// ValueType is the type of a registry value, by the numbers of winnt.h.
type ValueType uint32

// The types that settings have. Others exist and keep their number.
const (
	TypeNone     ValueType = 0
	TypeString   ValueType = 1 // REG_SZ, UTF-16LE with a final NUL
	TypeExpand   ValueType = 2 // REG_EXPAND_SZ
	TypeBinary   ValueType = 3
	TypeDWord    ValueType = 4  // 32 bits, little-endian
	TypeMultiStr ValueType = 7  // REG_MULTI_SZ
	TypeQWord    ValueType = 11 // 64 bits, little-endian
)

// Value is one value of a registry key, its data as stored.
type Value struct {
	Name string
	Type ValueType
	Data []byte
}

// Integer returns a REG_DWORD or REG_QWORD. It is false for any other type and
// for data of the wrong length.
func (v Value) Integer() (uint64, bool) {
	switch {
	case v.Type == TypeDWord && len(v.Data) == 4:
		return uint64(binary.LittleEndian.Uint32(v.Data)), true
	case v.Type == TypeQWord && len(v.Data) == 8:
		return binary.LittleEndian.Uint64(v.Data), true
	}
	return 0, false
}

// Text returns a REG_SZ or REG_EXPAND_SZ, variables not expanded, up to its first
// NUL. It is false for any other type and for data of odd length.
func (v Value) Text() (string, bool) {
	if v.Type != TypeString && v.Type != TypeExpand {
		return "", false
	}
	all, ok := utf16Strings(v.Data)
	if !ok || len(all) == 0 {
		return "", ok
	}
	return all[0], true
}

// Strings returns a REG_MULTI_SZ. It is false for any other type and for data of
// odd length.
func (v Value) Strings() ([]string, bool) {
	if v.Type != TypeMultiStr {
		return nil, false
	}
	return utf16Strings(v.Data)
}

// utf16Strings splits UTF-16LE at each NUL; an empty string ends the list.
func utf16Strings(data []byte) ([]string, bool) {
	if len(data)%2 != 0 {
		return nil, false
	}
	var all []string
	var units []uint16
	for i := 0; i < len(data); i += 2 {
		u := binary.LittleEndian.Uint16(data[i:])
		if u != 0 {
			units = append(units, u)
			continue
		}
		if len(units) == 0 {
			return all, true
		}
		all, units = append(all, string(utf16.Decode(units))), units[:0]
	}
	if len(units) > 0 {
		all = append(all, string(utf16.Decode(units)))
	}
	return all, true
}
