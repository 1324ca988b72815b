package version

import (
	"errors"
	"fmt"
	"slices"
)

// A Scheme is the way in which one kind of software orders its versions. [Lookup] finds those of
// this package. A program may have others, which [Sort], [Max], [Parse] and [ParseRange] accept
// too.
//
// Compare is negative if a is before b, 0 if neither is before the other, and positive if a is
// after b. It is a total order of the strings that Validate accepts, except for what the
// documentation of the package says about some schemes. Different strings may be equal, such as 1.0
// and 1.00 of Debian. Compare fails with an error that wraps [ErrInvalid] if Validate refuses one
// of the two, or if their order is not known.
//
// The schemes of this package have no state, so that several goroutines may use them at once. They
// take time in proportion to the length of their arguments.
type Scheme interface {
	Name() string                     // in lower case, such as deb
	Compare(a, b string) (int, error) // the order of two versions
	Validate(v string) error          // nil, or an error that says why v is no version and wraps ErrInvalid
}

// Lookup returns the scheme of a name, and reports whether there is one. The name is in lower case.
// It is the type of a package-url if there is one (https://github.com/package-url/purl-spec).
func Lookup(name string) (Scheme, bool) {
	for _, s := range schemes {
		if s.Name() == name {
			return s, true
		}
	}
	return nil, false
}

// Schemes returns the schemes of this package, sorted by name.
func Schemes() []Scheme { return slices.Clone(schemes[:]) }

// Sort sorts vs in ascending order. Equal versions keep their order. If a version is not valid, or
// the order of two is not known, it returns an error that wraps [ErrInvalid] and leaves vs as it
// is.
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

// Max returns the highest of vs, and the first one if several are equal. It fails if vs is empty,
// if a version is not valid, or if the order of two is not known.
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

// validate returns the first error of vs with the number of the version, counted from 1.
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
