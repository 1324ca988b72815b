// Package regkey tells what values a key of the Windows registry has, live or from hives alike.
// Paths are those of [inventory.Registry].
package regkey

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Values is the values of a key, sorted by name, and none of a key that is not there. Where the
// whole part of the registry is missing that the key would be in, such as a hive of an image,
// that says nothing of the key: [inventory.ErrUnavailable].
var Values = inventory.NewKeyed("registry key", readValues)

func readValues(ctx context.Context, s *inventory.System, key string) ([]inventory.Value, error) {
	values, err := s.Registry(ctx).Values(key)
	if inventory.IsAbsent(err, key) {
		return nil, readHive(ctx, s, key)
	}
	return values, err
}

// readHive is nil where the part of the registry that a key would be in can be read.
func readHive(ctx context.Context, s *inventory.System, key string) error {
	elems := strings.SplitN(key, `\`, 3)
	hive := strings.Join(elems[:min(len(elems), 2)], `\`)
	_, err := s.Registry(ctx).Keys(hive)
	if inventory.IsAbsent(err, hive) {
		return fmt.Errorf("there is no %s: %w", hive, inventory.ErrUnavailable)
	}
	return err
}
