package inventorytest

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/hardening-sdk/hardening/inventory"
)

// prober returns recorded documents.
type prober map[string][]byte

func (p prober) Probe(_ context.Context, name string) ([]byte, error) {
	doc, ok := p[name]
	if !ok {
		return nil, fmt.Errorf("not recorded: %w", inventory.ErrUnavailable)
	}
	return doc, nil
}

// registry holds keys by their path in lower case.
type registry map[string]*regKey

type regKey struct {
	keys   map[string]string // by lower case
	values []inventory.Value
}

func (r registry) Keys(path string) ([]string, error) {
	k := r[strings.ToLower(path)]
	if k == nil {
		return nil, &fs.PathError{Op: inventory.OpKeys, Path: path, Err: fs.ErrNotExist}
	}
	return slices.Sorted(maps.Values(k.keys)), nil
}

func (r registry) Values(path string) ([]inventory.Value, error) {
	k := r[strings.ToLower(path)]
	if k == nil {
		return nil, &fs.PathError{Op: inventory.OpValues, Path: path, Err: fs.ErrNotExist}
	}
	return slices.Clone(k.values), nil
}

// key returns the key of path, made with all above it.
func (r registry) key(path string) *regKey {
	if k := r[strings.ToLower(path)]; k != nil {
		return k
	}
	k := &regKey{keys: map[string]string{}}
	r[strings.ToLower(path)] = k
	if i := strings.LastIndexByte(path, '\\'); i >= 0 {
		r.key(path[:i]).keys[strings.ToLower(path[i+1:])] = path[i+1:]
	}
	return k
}

// rootNames are the short forms of the roots that reg export spells out.
var rootNames = map[string]string{
	"HKEY_LOCAL_MACHINE": "HKLM", "HKEY_USERS": "HKU", "HKEY_CLASSES_ROOT": "HKCR",
}

// parseRegistry reads the text format of reg export (version 5.00): keys in brackets,
// values as "name"="text", dword:, qword:, hex: and hex(N):. The headline may be
// left out.
func parseRegistry(b []byte) (registry, error) {
	r := registry{}
	var at *regKey
	text := strings.ReplaceAll(strings.ReplaceAll(string(b), "\r\n", "\n"), "\\\n", "")
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "", line[0] == ';', strings.HasPrefix(line, "Windows Registry Editor"):
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			root, rest, _ := strings.Cut(line[1:len(line)-1], `\`)
			if short := rootNames[root]; short != "" {
				root = short
			}
			at = r.key(strings.TrimSuffix(root+`\`+rest, `\`))
		case at == nil:
			return nil, fmt.Errorf("line %d: a value outside of a key", i+1)
		default:
			v, err := parseValue(line)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", i+1, err)
			}
			at.values = append(at.values, v)
		}
	}
	for _, k := range r {
		slices.SortFunc(k.values, func(a, b inventory.Value) int { return strings.Compare(a.Name, b.Name) })
	}
	return r, nil
}

func parseValue(line string) (v inventory.Value, err error) {
	rest := line
	if rest[0] == '@' {
		rest = rest[1:]
	} else {
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil {
			return v, fmt.Errorf("want \"name\"=")
		}
		if v.Name, err = strconv.Unquote(quoted); err != nil {
			return v, err
		}
		rest = line[len(quoted):]
	}
	rest, ok := strings.CutPrefix(rest, "=")
	if !ok {
		return v, fmt.Errorf("want = after the name")
	}
	kind, data, _ := strings.Cut(rest, ":")
	switch {
	case strings.HasPrefix(rest, `"`):
		s, err := strconv.Unquote(rest)
		v.Type, v.Data = inventory.TypeString, utf16z(s)
		return v, err
	case kind == "dword":
		n, err := strconv.ParseUint(data, 16, 32)
		v.Type, v.Data = inventory.TypeDWord, binary.LittleEndian.AppendUint32(nil, uint32(n))
		return v, err
	case kind == "hex":
		v.Type = inventory.TypeBinary
	case strings.HasPrefix(kind, "hex("):
		n, err := strconv.ParseUint(strings.Trim(kind[3:], "()"), 16, 32)
		if err != nil {
			return v, err
		}
		v.Type = inventory.ValueType(n)
	default:
		return v, fmt.Errorf("unknown kind of value %q", kind)
	}
	v.Data, err = hex.DecodeString(strings.NewReplacer(",", "", " ", "").Replace(data))
	return v, err
}

func utf16z(s string) []byte {
	var b []byte
	for _, u := range append(utf16.Encode([]rune(s)), 0) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}
