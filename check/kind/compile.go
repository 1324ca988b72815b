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

// Error is one mistake in an expression. Path is the JSON Pointer to it from the root of the
// expression, and Place where it was stated, as far as the expression knows.
type Error struct {
	Path  string
	Place check.Place
	Err   error
}

// Error is "place: text", or "path: text" where there is no place.
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
	maxChecks = 5000 // that one compiler makes
)

// Compiler makes checks of expressions. It serves for the rules of one baseline and is used by
// one goroutine; what it was handed is not copied.
type Compiler struct {
	kinds  map[string]Kind
	tables map[string]check.Table
	docs   map[string][]byte
	parsed map[[2]string]parsed // by kind and digest
	made   int                  // checks so far
}

type parsed struct {
	value any
	err   error
}

// NewCompiler returns a compiler for expressions that name the kinds, the tables beside all, any,
// not and when, and the documents, each by its digest. An error is of what was handed in: a kind
// that was not well declared or is there twice, a table without a name, a digest that is not that
// of its document.
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

// operators are the tables that every expression may name.
var operators = []string{"all", "any", "not", "when"}

// Compile returns the rule with its check. The rule's expression has the effective values of its
// arguments, and its needs those of the kinds. Every mistake is an [*Error], all of them joined
// up to a hundred.
func (c *Compiler) Compile(r check.Rule) (check.Compiled, error) {
	x := &compilation{c: c, root: r.Expr, needs: r.Needs}
	made, expr := x.node(r.Expr, "", 0)
	if len(x.list) > 0 {
		errs := make([]error, len(x.list))
		for i, e := range x.list {
			errs[i] = e
		}
		return check.Compiled{}, errors.Join(errs...)
	}
	r.Expr, r.Needs = expr, x.needs
	return check.Compiled{Rule: r, Check: made}, nil
}

// compilation is the compiling of one expression.
type compilation struct {
	decoder
	c     *Compiler
	root  check.Expr
	needs check.Needs
	full  bool // that there are too many checks was said
}

// mistake notes a mistake in a node, with the nearest place that the node knows.
func (x *compilation) mistake(e check.Expr, base, below string, err error) {
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

func (x *compilation) node(e check.Expr, path string, depth int) (check.Check, check.Expr) {
	if depth > maxDepth {
		x.mistake(e, path, "", fmt.Errorf("nested deeper than %d", maxDepth))
		return nil, e
	}
	if x.c.made++; x.c.made > maxChecks {
		if !x.full {
			x.mistake(e, path, "", fmt.Errorf("more than %d checks", maxChecks))
		}
		x.full = true
		return nil, e
	}
	switch {
	case e.Op != "" && e.Kind != "":
		x.mistake(e, path, "", errors.New("want an operator or a kind, not both"))
	case e.Op != "":
		return x.operator(e, path, depth)
	case e.Kind != "":
		return x.leaf(e, path)
	default:
		x.mistake(e, path, "", errors.New("want an operator or a kind"))
	}
	return nil, e
}

func (x *compilation) operator(e check.Expr, path string, depth int) (check.Check, check.Expr) {
	if e.Args != nil || e.Document != "" || e.ID != "" {
		x.mistake(e, path, "", errors.New("arguments are of kinds, not of operators"))
	}
	table, own := x.c.tables[e.Op]
	want := map[string]int{"not": 1, "when": 2}[e.Op]
	switch {
	case own:
		want = table.Parts
	case !slices.Contains(operators, e.Op):
		x.mistake(e, path, "/op", fmt.Errorf("operator %q is not known", e.Op))
		return nil, e
	}
	if len(e.Parts) == 0 || want > 0 && len(e.Parts) != want {
		x.mistake(e, path, "/parts", fmt.Errorf("%s has %d parts, want %s", e.Op, len(e.Parts), wanted(want)))
		return nil, e
	}
	checks := make([]check.Check, len(e.Parts))
	parts := make([]check.Expr, len(e.Parts))
	for i, p := range e.Parts {
		checks[i], parts[i] = x.node(p, path+"/parts/"+strconv.Itoa(i), depth+1)
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

func wanted(n int) string {
	if n == 0 {
		return "one at least"
	}
	return fmt.Sprint(n)
}

func (x *compilation) leaf(e check.Expr, path string) (check.Check, check.Expr) {
	k, ok := x.c.kinds[e.Kind]
	if !ok {
		x.mistake(e, path, "/kind", fmt.Errorf("check %q is not known%s", e.Kind, x.c.similar(e.Kind)))
		return nil, e
	}
	if len(e.Parts) > 0 {
		x.mistake(e, path, "/parts", errors.New("parts are of operators, not of kinds"))
		return nil, e
	}
	x.needs |= k.needs
	d := decoder{}
	args := reflect.New(k.args).Elem()
	stated := e.Args
	if stated == nil {
		stated = map[string]any{}
	}
	effective, ok := d.structure(stated, args, k.params, &place{name: "args"}, 0)
	for _, m := range d.list {
		x.mistake(e, path, m.Path, m.Err)
	}
	doc, err := x.c.document(k, e)
	if err != nil {
		x.mistake(e, path, "/document", err)
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
		x.mistake(e, path, "/args", fmt.Errorf("%s: %w", k.name, err))
		return nil, e
	}
	if e.Args = effective; len(effective) == 0 {
		e.Args = nil
	}
	return made, e
}

// make builds a check. A panic of somebody's code is a mistake of the expression.
func (k Kind) make(args reflect.Value, doc any, id string) (made check.Check, err error) {
	defer func() {
		if p := recover(); p != nil {
			made, err = nil, fmt.Errorf("making the check panicked: %v", p)
		}
	}()
	return k.build(args, doc, id)
}

// similar lists the kinds that a name could mean: those of its subject, or else the subjects.
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

// document returns the parsed document that a leaf points into.
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
