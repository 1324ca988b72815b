package shellrc

// Mask is a mask for new files that a session may have.
type Mask struct {
	Text   Text   // octal, or not known
	Source string // the file that sets it; empty where none does
	Line   int    // in Source, counted from 1
}

// Masks returns all masks that a shell may have after the statements. begin are the masks that it
// may have before. There are several where conditional commands leave a choice.
func Masks(all []Statement, begin ...Mask) []Mask {
	now := begin
	for _, s := range all {
		if s.What != Umask {
			continue
		}
		set := Mask{s.Value, s.Source, s.Line}
		var next []Mask
		for _, m := range now {
			switch {
			case s.IfZero && m.Text.Known() && !isZero(m.Text):
				next = appendNew(next, m)
			case s.Conditional:
				next = appendNew(appendNew(next, m), set)
			default:
				next = appendNew(next, set)
			}
		}
		if now = next; len(now) > maxStates {
			now = []Mask{{unknown, s.Source, s.Line}}
		}
	}
	return now
}

// maxStates is how many outcomes are distinguished. More count as one that is unknown.
const maxStates = 64

// isZero reports whether a mask is 0.
func isZero(t Text) bool {
	for _, c := range []byte(t) {
		if c != '0' {
			return false
		}
	}
	return t != ""
}

// Variable is a value that a variable may have.
type Variable struct {
	Set       bool
	Value     Text
	Exported  bool
	Protected bool
	Source    string // the file that sets the value
	Line      int    // in Source, counted from 1
}

// Variables returns the values that a variable may have after all statements. There are several
// where conditional commands leave a choice.
func Variables(all []Statement, name string) []Variable {
	now := []Variable{{}}
	for _, s := range all {
		if s.Name != name {
			continue
		}
		var next []Variable
		for _, v := range now {
			if s.Conditional {
				next = appendNew(next, v)
			}
			next = appendNew(next, v.apply(s))
		}
		if now = next; len(now) > maxStates {
			now = []Variable{{Set: true, Value: unknown, Source: s.Source, Line: s.Line}}
		}
	}
	return now
}

// apply returns the variable after a statement.
func (v Variable) apply(s Statement) Variable {
	switch {
	case s.What == Export:
		v.Exported = true
	case s.What == Withhold:
		v.Exported = false
	case s.What == Protect:
		v.Protected = true
	case v.Protected:
	case s.What == Unset:
		return Variable{}
	case s.What == Assign:
		v.Set, v.Value, v.Source, v.Line = true, s.Value, s.Source, s.Line
	}
	return v
}

// appendNew adds an element unless it is there.
func appendNew[T comparable](all []T, x T) []T {
	for _, a := range all {
		if a == x {
			return all
		}
	}
	return append(all, x)
}
