package version

// cargo orders versions as the semver crate of Rust does, which Cargo uses: Semantic Versioning
// 2.0.0, with numbers below 2^64; those of pre-releases have any length. Build metadata
// does not count, as in the crate's cmp_precedence and in Cargo's requirements. (The crate's Ord
// has 1.0.0 before 1.0.0+a.)
type cargo struct{}

func (cargo) Name() string { return "cargo" }

func (cargo) Validate(v string) error {
	var x triple
	return x.parseCargo(v)
}

func (cargo) Compare(a, b string) (int, error) {
	var x, y triple
	if err := x.parseCargo(a); err != nil {
		return 0, err
	}
	if err := y.parseCargo(b); err != nil {
		return 0, err
	}
	return x.compare(&y), nil
}

func (cargo) split(v string) parts { return splitTriple(v) }

func (x *triple) parseCargo(v string) error {
	if err := x.valid("cargo", v); err != nil {
		return err
	}
	at := 0
	for _, n := range x.number {
		if tooLarge(n) {
			return invalid("cargo", v, at, "a number up to "+maxUint64)
		}
		at += len(n) + len(".")
	}
	return nil
}

const maxUint64 = "18446744073709551615"

// tooLarge reports whether a number without leading zeros is no uint64.
func tooLarge(n string) bool {
	return len(n) >= len(maxUint64) && compareNatural(n, maxUint64) > 0
}
