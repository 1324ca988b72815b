package check

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/jsonkeys"
)

// Expr says what a rule checks. It is either an operator with parts, or a leaf that names a
// ready-made check by its kind. It can be marshaled to JSON and back. Package kind compiles it to a
// [Check]. The zero value checks nothing.
type Expr struct {
	// Op is the name of the operator: "all", "any", "not", "when", or the name of a [Table]. The
	// parts of "when" are the condition and the check to make if the condition passes. Op is
	// empty for a leaf.
	Op    string `json:"op,omitempty"`
	Parts []Expr `json:"parts,omitempty"`

	// Kind is the kind of a leaf, such as "ssh.directive". Args are its arguments, including
	// defaults, in the types that encoding/json decodes to, except that integers are int64.
	Kind string         `json:"kind,omitempty"`
	Args map[string]any `json:"args,omitempty"`

	// Document is the digest, "sha256:...", of a document of the baseline, such as OVAL
	// definitions. ID names the part of the document that the leaf refers to.
	Document string `json:"document,omitempty"`
	ID       string `json:"id,omitempty"`

	// Places maps JSON Pointers (RFC 6901) relative to this node to their places in the source:
	// "" is the node itself, "/args/name" an argument. A default value has no place.
	Places map[string]Place `json:"places,omitempty"`
}

// IsZero reports whether e has no operator, kind or parts.
func (e Expr) IsZero() bool { return e.Op == "" && e.Kind == "" && len(e.Parts) == 0 }

// String returns the expression as one line, such as "(`a.b x=1` and not `c.d`)".
func (e Expr) String() string {
	switch {
	case e.Op == "":
		return e.formatLeaf()
	case e.Op == "not" && len(e.Parts) == 1:
		return "not " + e.Parts[0].String()
	case e.Op == "when" && len(e.Parts) == 2:
		return "if " + e.Parts[0].String() + " then " + e.Parts[1].String()
	}
	word, ok := map[string]string{"all": " and ", "any": " or "}[e.Op]
	if !ok {
		word = ", "
	}
	parts := make([]string, len(e.Parts))
	for i, p := range e.Parts {
		parts[i] = p.String()
	}
	text := strings.Join(parts, word)
	switch {
	case !ok:
		return e.Op + "(" + text + ")"
	case len(parts) > 1:
		return "(" + text + ")"
	}
	return text
}

// formatLeaf returns a leaf with its arguments, sorted by name.
func (e Expr) formatLeaf() string {
	text := "`" + e.Kind
	for _, name := range slices.Sorted(maps.Keys(e.Args)) {
		text += " " + name + "=" + formatValue(e.Args[name])
	}
	if e.ID != "" {
		text += " of " + e.ID
	}
	return text + "`"
}

// formatValue returns a value as one line.
func formatValue(v any) string {
	var parts []string
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			parts = append(parts, formatValue(x))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, name+": "+formatValue(v[name]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	if s, ok := v.(string); ok && (s == "" || strings.ContainsAny(s, " ,=[]{}`")) {
		return strconv.Quote(s)
	}
	return fmt.Sprint(v)
}

// clone returns a copy of e. The copy shares the maps of places with e and nothing else.
func (e Expr) clone() Expr {
	if e.Args != nil {
		e.Args = cloneValue(e.Args).(map[string]any)
	}
	e.Parts = slices.Clone(e.Parts)
	for i, p := range e.Parts {
		e.Parts[i] = p.clone()
	}
	return e
}

func cloneValue(v any) any {
	switch v := v.(type) {
	case []any:
		all := make([]any, len(v))
		for i, x := range v {
			all[i] = cloneValue(x)
		}
		return all
	case map[string]any:
		all := make(map[string]any, len(v))
		for name, x := range v {
			all[name] = cloneValue(x)
		}
		return all
	}
	return v
}

// WithoutPlaces returns a copy of e in which neither e nor its parts have places.
func (e Expr) WithoutPlaces() Expr {
	e.Places = nil
	if e.Parts != nil {
		parts := make([]Expr, len(e.Parts))
		for i, p := range e.Parts {
			parts[i] = p.WithoutPlaces()
		}
		e.Parts = parts
	}
	return e
}

// UnmarshalJSON parses the JSON form of an Expr. Unknown and duplicate members are errors, because
// ignoring them could change what is checked.
func (e *Expr) UnmarshalJSON(b []byte) error {
	if err := jsonkeys.Check(b, maxNesting); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var x any
	if err := d.Decode(&x); err != nil {
		return err
	}
	read, err := exprOf(x)
	if err == nil {
		*e = read
	}
	return err
}

// maxNesting is the maximum nesting depth of an expression in JSON.
const maxNesting = 128

// exprOf converts a decoded JSON value to an expression.
func exprOf(x any) (e Expr, err error) {
	m, ok := x.(map[string]any)
	if !ok {
		return e, fmt.Errorf("an expression is an object, not %T", x)
	}
	var errs []error
	for name, v := range m {
		ok, err := true, error(nil)
		switch name {
		case "op":
			e.Op, ok = v.(string)
		case "kind":
			e.Kind, ok = v.(string)
		case "document":
			e.Document, ok = v.(string)
		case "id":
			e.ID, ok = v.(string)
		case "args":
			if e.Args, ok = v.(map[string]any); ok {
				_, err = convertNumbers(e.Args)
			}
		case "parts":
			e.Parts, ok, err = partsOf(v)
		case "places":
			e.Places, ok, err = placesOf(v)
		default:
			err = fmt.Errorf("unknown field %q", name)
		}
		if !ok {
			err = fmt.Errorf("%q is of the wrong type", name)
		}
		errs = append(errs, err)
	}
	return e, join(errs...)
}

func partsOf(v any) (parts []Expr, ok bool, err error) {
	list, ok := v.([]any)
	for _, x := range list {
		p, perr := exprOf(x)
		if err == nil {
			err = perr
		}
		parts = append(parts, p)
	}
	return parts, ok, err
}

func placesOf(v any) (places map[string]Place, ok bool, err error) {
	m, ok := v.(map[string]any)
	for path, x := range m {
		var p Place
		s, _ := x.(string)
		if perr := p.UnmarshalText([]byte(s)); perr != nil {
			err = perr
		}
		if places == nil {
			places = map[string]Place{}
		}
		places[path] = p
	}
	return places, ok, err
}

// convertNumbers replaces each json.Number in v and returns v. A number with a fraction or an
// exponent becomes a float64, an integer an int64, and an integer too large for int64 a uint64.
func convertNumbers(v any) (any, error) {
	var err error
	switch v := v.(type) {
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return v.Float64()
		}
		n, err := strconv.ParseInt(v.String(), 10, 64)
		if err == nil {
			return n, nil
		}
		if u, err := strconv.ParseUint(v.String(), 10, 64); err == nil {
			return u, nil
		}
		return v.Float64() // a large float64 is written without a fraction
	case []any:
		for i := range v {
			if v[i], err = convertNumbers(v[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for k := range v {
			if v[k], err = convertNumbers(v[k]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// Place is a position in a document. Lines and columns start at 1.
type Place struct {
	File         string
	Line, Column int
}

// String returns "file:line:column".
func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// MarshalText returns "file:line:column".
func (p Place) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText parses "file:line:column".
func (p *Place) UnmarshalText(b []byte) error {
	rest, column, ok1 := cutLast(string(b))
	file, line, ok2 := cutLast(rest)
	if !ok1 || !ok2 {
		return fmt.Errorf("%q is no place, want file:line:column", b)
	}
	*p = Place{file, line, column}
	return nil
}

// cutLast splits s at its last colon and parses the number after it. It reports whether there is
// such a number and it is not negative.
func cutLast(s string) (string, int, bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, 0, false
	}
	n, err := strconv.Atoi(s[i+1:])
	return s[:i], n, err == nil && n >= 0
}
