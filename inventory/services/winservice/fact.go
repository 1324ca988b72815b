package winservice

import (
	"context"
	"fmt"
	"slices"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// keys are the keys below [Key], which also have those of no service.
var keys = inventory.NewFact("windows service keys", func(ctx context.Context, s *inventory.System) ([]string, error) {
	names, err := s.Registry(ctx).Keys(Key)
	if inventory.IsAbsent(err, Key) { // no Windows is without
		err = fmt.Errorf("there is no %s: %w", Key, inventory.ErrUnavailable)
	}
	return names, err
})

// Fact is all services and drivers, sorted by name. One that cannot be read leaves no
// answer.
var Fact = inventory.NewFact("windows services", func(ctx context.Context, s *inventory.System) ([]Service, error) {
	names, err := keys.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	states, err := statesOf(ctx, s)
	if err != nil {
		return nil, err
	}
	all := []Service{}
	for _, name := range names {
		svc, ok, err := read(ctx, s, name, states)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, svc)
		}
	}
	slices.SortFunc(all, func(a, b Service) int { return compareNames(a.Name, b.Name) })
	return all, nil
})

// Named is one service or driver by its name, of which letter case does not matter. One
// that is not installed is [inventory.ErrAbsent]. It asks for no other, so that a key that
// may not be read is no hindrance to the rest.
var Named = inventory.NewKeyed("windows service", func(ctx context.Context, s *inventory.System, name string) (Service, error) {
	names, err := keys.Of(ctx, s)
	if err != nil {
		return Service{}, err
	}
	absent := fmt.Errorf("there is no service %s: %w", name, inventory.ErrAbsent)
	i := slices.IndexFunc(names, func(n string) bool { return compareNames(n, name) == 0 })
	if i < 0 {
		return Service{}, absent
	}
	states, err := statesOf(ctx, s)
	if err != nil {
		return Service{}, err
	}
	svc, ok, err := read(ctx, s, names[i], states)
	if err == nil && !ok {
		err = absent
	}
	return svc, err
})

// statesOf answers no states on an image, where nothing runs.
func statesOf(ctx context.Context, s *inventory.System) ([]Status, error) {
	if !s.Live() {
		return nil, nil
	}
	return States.Of(ctx, s)
}

// read answers one service that was listed. It is false where the key is of no service.
func read(ctx context.Context, s *inventory.System, name string, states []Status) (Service, bool, error) {
	path := Key + `\` + name
	values, err := s.Registry(ctx).Values(path)
	if inventory.IsAbsent(err, path) {
		err = fmt.Errorf("%s is gone: %w", path, filetree.ErrChanged)
	}
	if err != nil {
		return Service{}, false, err
	}
	svc, ok, err := parse(values)
	if err != nil {
		return Service{}, false, fmt.Errorf("%s: %w", path, err)
	}
	svc.Name, svc.Source = name, path
	if i, found := slices.BinarySearchFunc(states, name, func(st Status, n string) int { return compareNames(st.Name, n) }); found {
		svc.State = states[i].State
	}
	return svc, ok, nil
}
