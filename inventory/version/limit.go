package version

// most bounds the number of comparisons of a range times the bytes of its longest version. A text
// with very many comparisons and a very long version would otherwise take time in proportion to the
// square of its length.
const most = 1 << 26

// affordable reports whether n versions may be compared with one of a length.
func affordable(n, length int) bool { return length == 0 || n <= most/length }

// checkSize returns an error if the clauses of text would take too long to compare.
func checkSize(s Scheme, text string, clauses []clause) error {
	n, longest := 0, 0
	for i := range clauses {
		n += len(clauses[i].tests)
		for j := range clauses[i].tests {
			t := &clauses[i].tests[j]
			longest = max(longest, len(t.version), len(t.until))
		}
	}
	if affordable(n, longest) {
		return nil
	}
	return invalid(s.Name(), text, 0, "fewer comparisons, or versions that are shorter")
}

// usual is the length up to which the comparisons of a range are not counted.
const usual = 256

// checkVersion returns an error if v would take too long to compare with the versions of the range.
func (r Range) checkVersion(v string) error {
	n := 0
	for i := range r.clauses {
		n += len(r.clauses[i].tests)
	}
	if affordable(n, len(v)) {
		return nil
	}
	return invalid(r.scheme.Name(), v, 0, "a shorter version, for a range of so many comparisons")
}
