package winservice

import (
	"context"
	"fmt"
	"slices"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// keys returns the names of the keys below [Key]. Some belong to no service.
var keys = inventory.NewFact("windows service keys", collectKeys)

func collectKeys(ctx context.Context, s *inventory.System) ([]string, error) {
	names, err := s.Registry(ctx).Keys(Key)
	if inventory.IsAbsent(err, Key) { // every Windows has this key
		err = fmt.Errorf("there is no %s: %w", Key, inventory.ErrUnavailable)
	}
	return names, err
}

// Fact returns all services and drivers, sorted by name. If one of them cannot be read, the result
// is an error.
var Fact = inventory.NewFact("windows services", collect)

func collect(ctx context.Context, s *inventory.System) ([]Service, error) {
	names, err := keys.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	states, err := readStates(ctx, s)
	if err != nil {
		return nil, err
	}
	all := []Service{}
	for _, name := range names {
		svc, ok, err := readService(ctx, s, name, states)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, svc)
		}
	}
	slices.SortFunc(all, func(a, b Service) int { return compareNames(a.Name, b.Name) })
	return all, nil
}

// Named returns one service or driver by its name, without regard to letter case. A service that is
// not installed is [inventory.ErrAbsent]. No other service is read, so that a key which may not be
// read does no harm to the rest.
var Named = inventory.NewKeyed("windows service", readNamed)

func readNamed(ctx context.Context, s *inventory.System, name string) (Service, error) {
	names, err := keys.Of(ctx, s)
	if err != nil {
		return Service{}, err
	}
	absent := fmt.Errorf("there is no service %s: %w", name, inventory.ErrAbsent)
	i := slices.IndexFunc(names, func(n string) bool { return compareNames(n, name) == 0 })
	if i < 0 {
		return Service{}, absent
	}
	states, err := readStates(ctx, s)
	if err != nil {
		return Service{}, err
	}
	svc, ok, err := readService(ctx, s, names[i], states)
	if err == nil && !ok {
		err = absent
	}
	return svc, err
}

// readStates returns the states of all services. On an image nothing runs, and there are none.
func readStates(ctx context.Context, s *inventory.System) ([]Status, error) {
	if !s.Live() {
		return nil, nil
	}
	return States.Of(ctx, s)
}

// readService reads one service by the name of its key. It returns false where the key belongs to
// no service.
func readService(ctx context.Context, s *inventory.System, name string, states []Status) (Service, bool, error) {
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
	i, found := slices.BinarySearchFunc(states, name, func(st Status, n string) int { return compareNames(st.Name, n) })
	if found {
		svc.State = states[i].State
	}
	return svc, ok, nil
}
