package version

import "strings"

// next returns the first version after the public version of x and all its local versions.
func (x *pypiVersion) next() *pypiVersion {
	y := *x
	switch {
	case y.dev.kind != pypiNone:
		y.dev.number = plusOne(y.dev.number)
		return &y
	case y.post.kind != pypiNone:
		y.post.number = plusOne(y.post.number)
	default:
		y.post = pypiPart{pypiPost, "0"}
	}
	return y.first()
}

// first returns the first version that starts like x.
func (x *pypiVersion) first() *pypiVersion {
	y := *x
	if y.dev.kind == pypiNone {
		y.dev = pypiPart{pypiDev, "0"}
	}
	return &y
}

// after returns the first version after those that start like x.
func (x *pypiVersion) after() *pypiVersion {
	y := *x
	switch {
	case y.dev.kind != pypiNone:
		y.dev.number = plusOne(y.dev.number)
	case y.post.kind != pypiNone:
		y.post.number = plusOne(y.post.number)
	case y.pre.kind != pypiNone:
		y.pre.number = plusOne(y.pre.number)
	default:
		last := strings.LastIndexByte(y.release, '.') + 1
		y.release = y.release[:last] + plusOne(y.release[last:])
	}
	return y.first()
}

// text returns x without its local version, as Python writes it.
func (x *pypiVersion) text() string {
	var b strings.Builder
	if epoch := trimZeros(x.epoch); epoch != "" {
		b.WriteString(epoch + "!")
	}
	sep := ""
	for n := range strings.SplitSeq(x.release, ".") {
		b.WriteString(sep + shortest(n))
		sep = "."
	}
	put := func(p pypiPart, words ...string) {
		if p.kind != pypiNone {
			b.WriteString(words[p.kind-1] + shortest(p.number))
		}
	}
	put(x.pre, "a", "b", "rc")
	put(x.post, ".post")
	put(x.dev, ".dev")
	return b.String()
}

// shortest returns a number without leading zeros.
func shortest(number string) string {
	if number = trimZeros(number); number == "" {
		return "0"
	}
	return number
}

// normal returns the text of x as Python writes it.
func (x *pypiVersion) normal() string {
	var b strings.Builder
	b.WriteString(x.text())
	sep := "+"
	for rest := x.local; rest != ""; sep = "." {
		var part string
		if part, rest = cutPyPILocal(rest); digits(part) {
			part = shortest(part)
		}
		b.WriteString(sep + part)
	}
	return pyLower(b.String())
}

// pyLower returns the lower case of Python, for the letters that versions are made of.
func pyLower(text string) string {
	return strings.ToLower(strings.ReplaceAll(text, "\u0130", "i\u0307"))
}
