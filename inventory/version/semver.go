package version

// semver orders versions as Semantic Versioning 2.0.0 says (https://semver.org, rules 2, 9, 10
// and 11): three numbers, of any length, without zeros before them; no v, no white space.
// Build metadata does not count: 1.0.0+a and 1.0.0+b are equal.
//
// Its ranges are those of github.com/Masterminds/semver/v3, which helm and many
// programs in Go use; see parseRange.
type semver struct{}

func (semver) Name() string { return "semver" }

func (semver) Validate(v string) error {
	var x triple
	return x.valid("semver", v)
}

func (semver) Compare(a, b string) (int, error) {
	var x, y triple
	if err := x.valid("semver", a); err != nil {
		return 0, err
	}
	if err := y.valid("semver", b); err != nil {
		return 0, err
	}
	return x.compare(&y), nil
}

func (semver) split(v string) parts { return splitTriple(v) }

// valid parses a version of the scheme named, for its errors.
func (x *triple) valid(scheme, v string) error {
	if bad, expected := x.parse(v); bad >= 0 {
		return invalid(scheme, v, bad, expected)
	}
	return nil
}

func splitTriple(v string) parts {
	var x triple
	x.parse(v)
	return parts{upstream: v, prerelease: x.pre != ""}
}
