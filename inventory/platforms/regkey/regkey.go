// Package regkey reads the values of a key of the Windows registry, live or from hives alike. Paths
// are those of [inventory.Registry].
package regkey

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Values returns the values of a key, sorted by name. A key that does not exist has none. Where the
// whole hive of the key is missing, as it may be in an image, nothing is known of the key: the
// error is [inventory.ErrUnavailable].
var Values = inventory.NewKeyed("registry key", readValues)

func readValues(ctx context.Context, s *inventory.System, key string) ([]inventory.Value, error) {
	values, err := s.Registry(ctx).Values(key)
	if inventory.IsAbsent(err, key) {
		return nil, checkHive(ctx, s, key)
	}
	return values, err
}

// checkHive returns nil where the hive of a key can be read.
func checkHive(ctx context.Context, s *inventory.System, key string) error {
	elems := strings.SplitN(key, `\`, 3)
	hive := strings.Join(elems[:min(len(elems), 2)], `\`)
	_, err := s.Registry(ctx).Keys(hive)
	if inventory.IsAbsent(err, hive) {
		return fmt.Errorf("there is no %s: %w", hive, inventory.ErrUnavailable)
	}
	return err
}

// Lookup returns the value of a name among those of a key. Letter case does not matter.
func Lookup(all []inventory.Value, name string) (inventory.Value, bool) {
	for _, v := range all {
		if strings.EqualFold(v.Name, name) {
			return v, true
		}
	}
	return inventory.Value{}, false
}
