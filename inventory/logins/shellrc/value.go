package shellrc

// Mask is a mask for new files that a session may have.
type Mask struct {
	Text   Text   // octal, or not known
	Source string // empty where nothing sets it
	Line   int
}

// Masks answers the masks that a shell may have which begins with one of some: all that are
// possible by what is conditional.
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
			case s.IfZero && m.Text.Known() && !zero(m.Text):
				next = add(next, m)
			case s.Conditional:
				next = add(add(next, m), set)
			default:
				next = add(next, set)
			}
		}
		if now = next; len(now) > maxStates {
			now = []Mask{{unknown, s.Source, s.Line}}
		}
	}
	return now
}

// maxStates is how many outcomes are told apart; more are one that is not known.
const maxStates = 64

func zero(t Text) bool {
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
	Source    string // of the value
	Line      int
}

// Variables answers the values that a variable may have after all statements: several where
// that depends on what is conditional.
func Variables(all []Statement, name string) []Variable {
	now := []Variable{{}}
	for _, s := range all {
		if s.Name != name {
			continue
		}
		var next []Variable
		for _, v := range now {
			if s.Conditional {
				next = add(next, v)
			}
			next = add(next, v.after(s))
		}
		if now = next; len(now) > maxStates {
			now = []Variable{{Set: true, Value: unknown, Source: s.Source, Line: s.Line}}
		}
	}
	return now
}

func (v Variable) after(s Statement) Variable {
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

func add[T comparable](all []T, x T) []T {
	for _, a := range all {
		if a == x {
			return all
		}
	}
	return append(all, x)
}
