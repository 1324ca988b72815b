package kind

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/check"
)

// Error is one mistake in an expression.
type Error struct {
	Path  string      // JSON Pointer from the root of the expression
	Place check.Place // place in the source; zero if the expression has no places
	Err   error       // the mistake
}

// Error returns "place: text", or "path: text" if there is no place.
func (e *Error) Error() string {
	if e.Place.Line > 0 {
		return e.Place.String() + ": " + e.Err.Error()
	}
	return e.Path + ": " + e.Err.Error()
}

// Unwrap returns the mistake without its place.
func (e *Error) Unwrap() error { return e.Err }

const (
	maxErrors = 100
	maxChecks = 5000 // per compiler
)

// Compiler compiles the rules of one baseline. It creates at most 5000 checks. It is not safe for
// concurrent use, and does not copy the arguments of [NewCompiler].
type Compiler struct {
	kinds  map[string]Kind
	tables map[string]check.Table
	docs   map[string][]byte
	parsed map[[2]string]parsed // by kind and digest
	made   int                  // number of checks so far
}

type parsed struct {
	value any
	err   error
}

// NewCompiler returns a compiler for expressions that may use the given kinds, the given tables
// besides all, any, not and when, and the given documents, which are keyed by their digests.
//
// It returns an error if a kind is invalid or occurs twice, if a table has no Decide or no unique
// name, or if a key is not the digest of its document.
func NewCompiler(kinds []Kind, tables []check.Table, documents map[string][]byte) (*Compiler, error) {
	c := &Compiler{kinds: make(map[string]Kind, len(kinds)), docs: documents, parsed: map[[2]string]parsed{},
		tables: map[string]check.Table{}}
	var errs []error
	for _, k := range kinds {
		if err := k.Err(); err != nil {
			errs = append(errs, err)
		} else if _, twice := c.kinds[k.name]; twice {
			errs = append(errs, fmt.Errorf("kind %s was handed in twice", k.name))
		}
		c.kinds[k.name] = k
	}
	for _, t := range tables {
		if _, twice := c.tables[t.Op]; twice || t.Op == "" || t.Decide == nil || slices.Contains(operators, t.Op) {
			errs = append(errs, fmt.Errorf("table %q: want a name of its own and what it decides", t.Op))
		}
		c.tables[t.Op] = t
	}
	for digest, b := range documents {
		sum := sha256.Sum256(b)
		if is := "sha256:" + hex.EncodeToString(sum[:]); digest != is {
			errs = append(errs, fmt.Errorf("document %s: its digest is %s", digest, is))
		}
	}
	return c, errors.Join(errs...)
}

// operators are the names of the operators that every expression may use.
var operators = []string{"all", "any", "not", "when"}

// Compile returns the rule r with its check. The expression of the returned rule includes default
// arguments, its needs include those of the kinds, and its states are those of the kinds. The error joins up to 100 values of type
// [*Error], one for each mistake.
func (c *Compiler) Compile(r check.Rule) (check.Compiled, error) {
	x := &compilation{c: c, root: r.Expr, needs: r.Needs}
	made, expr := x.compileNode(r.Expr, "", 0)
	if len(x.list) > 0 {
		errs := make([]error, len(x.list))
		for i, e := range x.list {
			errs[i] = e
		}
		return check.Compiled{}, errors.Join(errs...)
	}
	r.Expr, r.Needs, r.States = expr, x.needs, x.states
	return check.Compiled{Rule: r, Check: made}, nil
}

// compilation is the state of compiling one expression.
type compilation struct {
	decoder
	c      *Compiler
	root   check.Expr
	needs  check.Needs
	states check.States
	full   bool // whether too many checks have been reported
}

// addError records a mistake at base+below, with the place of the nearest enclosing element that
// has one.
func (x *compilation) addError(e check.Expr, base, below string, err error) {
	if len(x.list) >= maxErrors {
		return
	}
	place := e.Places[below]
	for at := below; place.Line == 0 && at != ""; {
		at = at[:strings.LastIndexByte(at, '/')]
		place = e.Places[at]
	}
	x.list = append(x.list, &Error{base + below, place, err})
}

// compileNode returns the check for e and e with its effective arguments.
func (x *compilation) compileNode(e check.Expr, path string, depth int) (check.Check, check.Expr) {
	if depth > maxDepth {
		x.addError(e, path, "", fmt.Errorf("nested deeper than %d", maxDepth))
		return nil, e
	}
	if x.c.made++; x.c.made > maxChecks {
		if !x.full {
			x.addError(e, path, "", fmt.Errorf("more than %d checks", maxChecks))
		}
		x.full = true
		return nil, e
	}
	switch {
	case e.Op != "" && e.Kind != "":
		x.addError(e, path, "", errors.New("want an operator or a kind, not both"))
	case e.Op != "":
		return x.compileOperator(e, path, depth)
	case e.Kind != "":
		return x.compileLeaf(e, path)
	default:
		x.addError(e, path, "", errors.New("want an operator or a kind"))
	}
	return nil, e
}

func (x *compilation) compileOperator(e check.Expr, path string, depth int) (check.Check, check.Expr) {
	if e.Args != nil || e.Document != "" || e.ID != "" {
		x.addError(e, path, "", errors.New("arguments are of kinds, not of operators"))
	}
	table, own := x.c.tables[e.Op]
	want := map[string]int{"not": 1, "when": 2}[e.Op]
	switch {
	case own:
		want = table.Parts
	case !slices.Contains(operators, e.Op):
		x.addError(e, path, "/op", fmt.Errorf("operator %q is not known", e.Op))
		return nil, e
	}
	if len(e.Parts) == 0 || want > 0 && len(e.Parts) != want {
		x.addError(e, path, "/parts", fmt.Errorf("%s has %d parts, want %s", e.Op, len(e.Parts), formatCount(want)))
		return nil, e
	}
	checks := make([]check.Check, len(e.Parts))
	parts := make([]check.Expr, len(e.Parts))
	for i, p := range e.Parts {
		checks[i], parts[i] = x.compileNode(p, path+"/parts/"+strconv.Itoa(i), depth+1)
		if x.c.made > maxChecks {
			return nil, e
		}
	}
	e.Parts = parts
	switch e.Op {
	case "all":
		return check.All(checks...), e
	case "any":
		return check.Any(checks...), e
	case "not":
		return check.Not(checks[0]), e
	case "when":
		return check.When(checks[0], checks[1]), e
	}
	return table.Of(checks...), e
}

// formatCount returns the text for a number of parts, where 0 means any number.
func formatCount(n int) string {
	if n == 0 {
		return "one at least"
	}
	return fmt.Sprint(n)
}

func (x *compilation) compileLeaf(e check.Expr, path string) (check.Check, check.Expr) {
	k, ok := x.c.kinds[e.Kind]
	if !ok {
		x.addError(e, path, "/kind", fmt.Errorf("check %q is not known%s", e.Kind, x.c.similar(e.Kind)))
		return nil, e
	}
	if len(e.Parts) > 0 {
		x.addError(e, path, "/parts", errors.New("parts are of operators, not of kinds"))
		return nil, e
	}
	x.needs, x.states = x.needs|k.needs, x.states|k.states
	d := decoder{}
	args := reflect.New(k.args).Elem()
	stated := e.Args
	if stated == nil {
		stated = map[string]any{}
	}
	effective, ok := d.decodeStruct(stated, args, k.params, &place{name: "args"}, 0)
	for _, m := range d.list {
		x.addError(e, path, m.Path, m.Err)
	}
	doc, err := x.c.document(k, e)
	if err != nil {
		x.addError(e, path, "/document", err)
		ok = false
	}
	if !ok {
		return nil, e
	}
	made, err := k.make(args, doc, e.ID)
	if err == nil && made == nil {
		err = errors.New("no check was made")
	}
	if err != nil {
		x.addError(e, path, "/args", fmt.Errorf("%s: %w", k.name, err))
		return nil, e
	}
	if e.Args = effective; len(effective) == 0 {
		e.Args = nil
	}
	return made, e
}

// make builds a check. If the build function panics, make returns an error.
func (k Kind) make(args reflect.Value, doc any, id string) (made check.Check, err error) {
	defer func() {
		if p := recover(); p != nil {
			made, err = nil, fmt.Errorf("making the check panicked: %v", p)
		}
	}()
	return k.build(args, doc, id)
}

// similar returns a hint for an unknown name: the kinds with the same subject, else all subjects.
func (c *Compiler) similar(name string) string {
	subject, _, _ := strings.Cut(name, ".")
	var same, subjects []string
	for k := range c.kinds {
		s, _, _ := strings.Cut(k, ".")
		if s == subject {
			same = append(same, k)
		}
		subjects = append(subjects, s)
	}
	slices.Sort(same)
	slices.Sort(subjects)
	if len(same) > 0 {
		return fmt.Sprintf(", of %s there are %q", subject, same)
	}
	return fmt.Sprintf(", there are kinds of %q", slices.Compact(subjects))
}

// document returns the parsed document of a leaf, or nil if the kind needs none.
func (c *Compiler) document(k Kind, e check.Expr) (any, error) {
	switch {
	case k.parse == nil && (e.Document != "" || e.ID != ""):
		return nil, fmt.Errorf("%s is of no document", k.name)
	case k.parse == nil:
		return nil, nil
	case e.Document == "" || e.ID == "":
		return nil, fmt.Errorf("%s wants the digest of a document and an id in it", k.name)
	}
	key := [2]string{k.name, e.Document}
	p, ok := c.parsed[key]
	if !ok {
		if b, there := c.docs[e.Document]; !there {
			p.err = fmt.Errorf("there is no document %s", e.Document)
		} else if p.value, p.err = k.parse(b); p.err != nil {
			p.err = fmt.Errorf("document %s: %w", e.Document, p.err)
		}
		c.parsed[key] = p
	}
	return p.value, p.err
}
