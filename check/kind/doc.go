// Package kind creates checks from data. A [Kind] is a named ready-made check with typed arguments.
// A [Compiler] turns the expression of a rule into a check.
//
// The arguments of a kind are the fields of a struct. Struct tags describe them:
//
//	type Fresh struct {
//		MaxDays int    `yaml:"max-days,required" unit:"days" doc:"the oldest that a list of packages may be"`
//		Mode    string `default:"strict" enum:"strict,lax" doc:"whether lists without a date count as old"`
//	}
//
//	k := kind.New("acme.fresh", Fresh.Check, kind.Doc("The lists of packages are not old."))
//
// A check without arguments uses an empty struct: kind.New("acme.on", func(struct{}) ...).
//
// The tags are:
//
//   - yaml: the name of the argument, by default that of the field in kebab case; ",required" makes
//     the argument mandatory
//   - default: the default value
//   - enum: the allowed values, separated by commas
//   - unit: the unit of the value
//   - doc: the meaning of the argument
//
// An argument is a string, boolean, number, [time.Duration] ("5m"), struct, slice, map with string
// keys, or a type with UnmarshalText and MarshalText, such as one for octal file modes. Invalid
// declarations are detected when the kind is declared. [Kind.Err] and [NewCompiler] return the
// error.
//
// Expressions may come from untrusted sources. The compiler limits their depth and number, and
// reports every mistake with its place or JSON Pointer.
package kind
