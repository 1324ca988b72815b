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

// Expr is what a rule asks, as data: an operator over parts, or a leaf that names a ready-made
// check by its kind. It marshals to JSON and back. Package kind compiles it to a [Check].
type Expr struct {
	// Op is the operator, by the name of its truth table: "all", "any", "not", "when" (whose
	// parts are the condition and what is asked where it passes), or that of a [Table]. It is
	// empty for a leaf.
	Op    string `json:"op,omitempty"`
	Parts []Expr `json:"parts,omitempty"`

	// Kind is the kind of a leaf, such as "ssh.directive", and Args are its arguments with
	// their effective values, defaults filled in: as JSON has them, whole numbers as int64.
	Kind string         `json:"kind,omitempty"`
	Args map[string]any `json:"args,omitempty"`

	// Document is the digest, "sha256:...", of a document that the baseline carries, such as OVAL
	// definitions, and ID what the leaf means in it. The document is not flattened.
	Document string `json:"document,omitempty"`
	ID       string `json:"id,omitempty"`

	// Places says where things were stated, by JSON Pointer (RFC 6901) from this node: "" for
	// the node, "/args/name" for an argument. What has no place is a default.
	Places map[string]Place `json:"places,omitempty"`
}

// IsZero reports whether nothing is asked.
func (e Expr) IsZero() bool { return e.Op == "" && e.Kind == "" && len(e.Parts) == 0 }

// String writes the expression in one line, such as "(a.b x=1 and not c.d)".
func (e Expr) String() string {
	switch {
	case e.Op == "":
		return e.leaf()
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

// leaf writes a leaf with its arguments in the order of their names.
func (e Expr) leaf() string {
	text := "`" + e.Kind
	for _, name := range slices.Sorted(maps.Keys(e.Args)) {
		text += " " + name + "=" + flat(e.Args[name])
	}
	if e.ID != "" {
		text += " of " + e.ID
	}
	return text + "`"
}

// flat writes a value in one line.
func flat(v any) string {
	var parts []string
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			parts = append(parts, flat(x))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, name+": "+flat(v[name]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	if s, ok := v.(string); ok && (s == "" || strings.ContainsAny(s, " ,=[]{}`")) {
		return strconv.Quote(s)
	}
	return fmt.Sprint(v)
}

// clone returns an expression that shares no memory with e but for its places.
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

// WithoutPlaces returns the expression without its places.
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

// UnmarshalJSON reads what an Expr marshals to. Members that it does not know, or that are there
// twice, are an error: they would change what is asked.
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

// maxNesting is how deep an expression in JSON may nest.
const maxNesting = 128

// exprOf returns the expression that a JSON value is.
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
				_, err = number(e.Args)
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

// number returns v with each json.Number in it as an int64, as a uint64 where it is too large for
// that, or as a float64 where it has a fraction or exponent.
func number(v any) (any, error) {
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
		return v.Float64() // as a float64 is written that has no fraction
	case []any:
		for i := range v {
			if v[i], err = number(v[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for k := range v {
			if v[k], err = number(v[k]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// Place is where something stands in a document, lines and columns counted from 1.
type Place struct {
	File         string
	Line, Column int
}

// String is "file:line:column".
func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// MarshalText returns "file:line:column".
func (p Place) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads "file:line:column".
func (p *Place) UnmarshalText(b []byte) error {
	rest, column, ok1 := cutLast(string(b))
	file, line, ok2 := cutLast(rest)
	if !ok1 || !ok2 {
		return fmt.Errorf("%q is no place, want file:line:column", b)
	}
	*p = Place{file, line, column}
	return nil
}

// cutLast cuts a number off the end of s, behind a colon.
func cutLast(s string) (string, int, bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, 0, false
	}
	n, err := strconv.Atoi(s[i+1:])
	return s[:i], n, err == nil && n >= 0
}
