package shellrc

import "github.com/hardening-sdk/hardening/inventory"

// Mask is a mask for new files that a session may have.
type Mask struct {
	inventory.Position // what sets it; zero where nothing does

	Text Text // octal, or not known
}

// Masks returns all masks that a shell may have after the statements. begin are the masks that it
// may have before. There are several where conditional commands leave a choice.
func Masks(all []Statement, begin ...Mask) []Mask {
	now := begin
	for _, s := range all {
		if s.What != Umask {
			continue
		}
		set := Mask{s.Position, s.Value}
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
			now = []Mask{{s.Position, unknown}}
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
	inventory.Position // what sets the value

	Set       bool
	Value     Text
	Exported  bool
	Protected bool
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
			now = []Variable{{Set: true, Value: unknown, Position: s.Position}}
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
