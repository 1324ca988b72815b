package version

import "strings"

// parseRange parses the constraints of github.com/hashicorp/go-version 1.9: comparisons, ~>
// among them, which is from the version to the next one of the number before its last:
// ~> 1.2.3 is >= 1.2.3, < 1.3. The other schemes' || is understood too.
func (s generic) parseRange(text string) ([]clause, error) {
	p := constraints{scheme: s, text: text, pessimistic: true}
	clauses, err := p.parse()
	if err != nil {
		return nil, err
	}
	for _, c := range clauses {
		for i := range c.tests {
			t := &c.tests[i]
			if t.op != in {
				continue
			}
			numbers := parseGeneric(t.version).numbers
			if numbers == "" {
				return nil, invalid("generic", text, 0, "numbers after ~>")
			}
			t.own = "~>"
			if t.until = nextOf(numbers); t.until == "" {
				t.op = ge
			}
		}
	}
	return clauses, nil
}

// match reports whether all tests hold for v. A pre-release also needs a test that names a
// pre-release of the same numbers. ~> with a pre-release contains pre-releases only.
func (s generic) match(c *clause, v string) (bool, error) {
	x := parseGeneric(v)
	for i := range c.tests {
		t := &c.tests[i]
		if ok, err := t.holds(s, v); !ok || err != nil {
			return false, err
		}
		if t.op == eq || t.op == ne {
			continue
		}
		bound := parseGeneric(t.version)
		switch {
		case x.stage == genericRelease:
			if t.own != "" && bound.stage != genericRelease {
				return false, nil
			}
		case bound.stage == genericRelease || compareDotted(x.numbers, bound.numbers) != 0:
			return false, nil
		}
	}
	return true, nil
}

func (generic) note(r Range) string {
	if r.dialect == nil {
		return ""
	}
	return "pre-releases are in the range only if it names one of the same numbers; its canonical form knows the order alone"
}

// nextOf drops the last of dotted numbers and adds 1 to the one before. It returns "" if there is
// only one.
func nextOf(dotted string) string {
	last := strings.LastIndexByte(dotted, '.')
	if last < 0 {
		return ""
	}
	start := strings.LastIndexByte(dotted[:last], '.') + 1
	return dotted[:start] + plusOne(dotted[start:last])
}
