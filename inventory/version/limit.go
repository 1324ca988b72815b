package version

// most is how many bytes are looked at when all comparisons of a range meet the longest of
// its versions. Each of them may do so several times: what has both very many comparisons
// and a very long version would take the square of its length.
const most = 1 << 26

// affordable says whether n versions may be compared with one of some length.
func affordable(n, length int) bool { return length == 0 || n <= most/length }

// checkSize refuses clauses of text that would take too long to compare.
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

// usual is a length up to which nobody looks at how many comparisons a range has.
const usual = 256

// checkVersion refuses a version that would take too long to compare with those of the range.
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
