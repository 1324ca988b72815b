package version

import "strings"

// operators are those of comparisons; the first that fits is meant.
var operators = [...]struct {
	text string
	op   op
}{
	{"==", eq}, {"!=", ne}, {"<=", le}, {">=", ge}, {"<<", lt}, {">>", gt}, {"=", eq}, {"<", lt}, {">", gt},
}

// cutOperator takes an operator off the start of text. Without one the op is 0.
func cutOperator(text string) (op, string) {
	for _, o := range operators {
		if rest, ok := strings.CutPrefix(text, o.text); ok {
			return o.op, rest
		}
	}
	return 0, text
}

// parseConstraints understands the comparisons that [ParseRange] describes.
func parseConstraints(s Scheme, text string) ([]clause, error) {
	var clauses []clause
	start := 0
	for alternative := range strings.SplitSeq(text, "||") {
		var c clause
		at := start
		for part := range strings.SplitSeq(alternative, ",") {
			t, all, err := parseConstraint(s, text, at, part)
			if err != nil {
				return nil, err
			}
			if !all {
				c.tests = append(c.tests, t)
			}
			at += len(part) + len(",")
		}
		clauses = append(clauses, c)
		start += len(alternative) + len("||")
	}
	return clauses, nil
}

// parseConstraint understands one comparison, part, which starts at a byte of text.
func parseConstraint(s Scheme, text string, at int, part string) (t test, all bool, err error) {
	const space = " \t"
	rest := strings.TrimLeft(part, space)
	at += len(part) - len(rest)
	rest = strings.TrimRight(rest, space)
	if rest == "*" {
		return test{}, true, nil
	}
	o, v := cutOperator(rest)
	if doubled := strings.HasPrefix(rest, "<<") || strings.HasPrefix(rest, ">>"); doubled && s.Name() != "deb" && s.Name() != "opkg" {
		return test{}, false, invalid(s.Name(), text, at, "one of = == != < <= > >=")
	}
	at += len(rest) - len(v)
	rest = strings.TrimLeft(v, space)
	at += len(v) - len(rest)
	if rest == "" {
		return test{}, false, invalid(s.Name(), text, at, "a version")
	}
	if o == 0 {
		o = eq
	}
	if err := s.Validate(rest); err != nil {
		return test{}, false, within(err, text, at)
	}
	return test{op: o, version: rest}, false, nil
}
