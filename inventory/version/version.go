package version

import (
	"errors"
	"fmt"
	"slices"
)

// A Scheme is the way in which one kind of software orders its versions. Those of
// this package are found by [Lookup]; a program may bring others, and [Sort], [Max],
// [Parse] and [ParseRange] take them as well.
//
// Compare is negative if a is before b, 0 if neither is before the other, and
// positive if a is after b. It is a total order of the strings that Validate takes, but for
// what the package's documentation says of some schemes: strings that differ may be equal in
// it, such as 1.0 and 1.00 of Debian. It fails with an error that wraps [ErrInvalid] if Validate
// refuses one of the two, or if their order is not known.
//
// The schemes of this package have no state: they may be used by several goroutines
// at once. Each takes time in proportion to the length of its arguments.
type Scheme interface {
	Name() string                     // lower case, such as deb
	Compare(a, b string) (int, error) // the order of two versions
	Validate(v string) error          // why v is no version; it wraps ErrInvalid
}

// Lookup finds a scheme by its name, which is the type of a package-url where there
// is one (https://github.com/package-url/purl-spec). Names are lower case. If there is none
// of that name it answers nil and false.
func Lookup(name string) (Scheme, bool) {
	for _, s := range schemes {
		if s.Name() == name {
			return s, true
		}
	}
	return nil, false
}

// Schemes are the schemes of this package, sorted by name.
func Schemes() []Scheme { return slices.Clone(schemes[:]) }

// Sort sorts vs in ascending order; versions that are equal stay as they were among
// themselves. If one of them is not valid, or the order of two is not known, that is an error that
// wraps [ErrInvalid], and vs is left as it is.
func Sort(s Scheme, vs []string) error {
	if err := validate(s, vs); err != nil {
		return err
	}
	var first error
	sorted := slices.Clone(vs)
	slices.SortStableFunc(sorted, func(a, b string) int {
		c, err := s.Compare(a, b)
		if first == nil {
			first = err
		}
		return c
	})
	if first != nil {
		return first
	}
	copy(vs, sorted)
	return nil
}

// Max returns the highest of vs, the first of those if several are equal. It is an
// error if one of them is not valid, if the order of two is not known, and if there is none.
func Max(s Scheme, vs ...string) (string, error) {
	if len(vs) == 0 {
		return "", errors.New("version: the highest of no versions")
	}
	if err := validate(s, vs); err != nil {
		return "", err
	}
	top := vs[0]
	for _, v := range vs[1:] {
		c, err := s.Compare(v, top)
		if err != nil {
			return "", err
		}
		if c > 0 {
			top = v
		}
	}
	return top, nil
}

// validate returns the first error of vs, and says which one it is, counted from 1.
func validate(s Scheme, vs []string) error {
	if s == nil {
		return fmt.Errorf("versions of %s: %w", name(s), ErrScheme)
	}
	for i, v := range vs {
		if err := s.Validate(v); err != nil {
			return fmt.Errorf("version %d of %d: %w", i+1, len(vs), err)
		}
	}
	return nil
}
