// Package kind makes checks of data: a [Kind] is a ready-made check by its name, with typed
// arguments, and a [Compiler] turns the expression of a rule into a check.
//
// The arguments of a kind are the fields of a struct, which document themselves by tags:
//
//	type Fresh struct {
//		MaxDays int    `yaml:"max-days,required" unit:"days" doc:"the oldest that a list of packages may be"`
//		Mode    string `default:"strict" enum:"strict,lax" doc:"whether lists without a date count as old"`
//	}
//
//	k := kind.New("acme.fresh", Fresh.Check, kind.Doc("The lists of packages are not old."))
//
// A check without arguments takes a struct without fields: kind.New("acme.on", func(struct{}) ...).
//
// The name of an argument is that of its field in kebab case, or what the tag "yaml" says, where
// ",required" makes it obligatory. "default" is its value where none is stated, "enum" are the
// values that it may have, separated by commas, "unit" is what it counts in, "doc" what it means.
// An argument is a string, boolean, number, [time.Duration] ("5m"), struct, slice, map by string,
// or of a type with UnmarshalText and MarshalText, which is how octal modes come in. What does not
// fit is found when the kind is declared, and returned by [Kind.Err] and by everybody who is
// handed the kind.
//
// Expressions may come from strangers. Compiling them is bounded in depth and number, and names
// every mistake with the place, or the JSON Pointer, where it stands.
package kind
