package inventory

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"github.com/hardening-sdk/hardening/internal/sys"
	"github.com/hardening-sdk/hardening/internal/wtf8"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// winRegistry is the registry of the running Windows in its 64-bit view. A link in it
// leads where it does for any program. One key's values have no more bytes than the
// default of [Limits.FileSize], and neither keys nor values are more than that of
// [Limits.DirEntries].
type winRegistry struct{}

var regBounds = sys.RegBounds{Entries: filetree.Limits{}.OrDefault().DirEntries, Bytes: defaultFileSize}

func (winRegistry) Keys(path string) ([]string, error) {
	return readRegistry(OpKeys, path, func(root windows.Handle, key string) ([]string, bool, error) {
		all, within, err := sys.RegKeys(root, key, regBounds)
		names := make([]string, len(all))
		for i, units := range all {
			names[i] = wtf8.Text(units)
		}
		slices.Sort(names)
		return names, within, err
	})
}

func (winRegistry) Values(path string) ([]Value, error) {
	return readRegistry(OpValues, path, func(root windows.Handle, key string) ([]Value, bool, error) {
		all, within, err := sys.RegValues(root, key, regBounds)
		values := make([]Value, len(all))
		for i, v := range all {
			values[i] = Value{Name: wtf8.Text(v.Name), Type: ValueType(v.Type), Data: v.Data}
		}
		slices.SortFunc(values, func(a, b Value) int { return strings.Compare(a.Name, b.Name) })
		return values, within, err
	})
}

var regHandles = map[string]registry.Key{
	"HKLM": registry.LOCAL_MACHINE, "HKU": registry.USERS, "HKCR": registry.CLASSES_ROOT,
}

func readRegistry[T any](op, path string, read func(windows.Handle, string) ([]T, bool, error)) ([]T, error) {
	root, rest, err := splitRegistry(path)
	if err != nil {
		return nil, filetree.PathError(op, path, err)
	}
	all, within, err := read(windows.Handle(regHandles[root]), rest)
	switch {
	case err == sys.ErrRegChanged:
		err = fmt.Errorf("%w: %w", filetree.ErrChanged, err)
	case err == windows.ERROR_KEY_DELETED:
		err = fmt.Errorf("is gone: %w", filetree.ErrChanged)
	case err == nil && !within:
		err = ErrLimit
	}
	if err != nil {
		return nil, filetree.PathError(op, path, err)
	}
	return all, nil
}
