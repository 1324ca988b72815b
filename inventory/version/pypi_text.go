package version

import "strings"

// next is the version that comes after the public one of x with all its local versions.
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

// first is the first version that starts as x does.
func (x *pypiVersion) first() *pypiVersion {
	y := *x
	if y.dev.kind == pypiNone {
		y.dev = pypiPart{pypiDev, "0"}
	}
	return &y
}

// after is the first version after those that start as x does.
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

// text is x without its local version, as Python writes it.
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

// shortest is a number without zeros in front.
func shortest(number string) string {
	if number = trimZeros(number); number == "" {
		return "0"
	}
	return number
}

// normal is the text of x as Python writes it.
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

// pyLower is lower case as Python has it, of the letters that versions are made of.
func pyLower(text string) string {
	return strings.ToLower(strings.ReplaceAll(text, "\u0130", "i\u0307"))
}
