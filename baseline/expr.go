package baseline

import (
	"errors"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// compile reads the expression of a rule and makes its check. Mistakes are noted where they
// stand.
func (l *loader) compile(r check.Rule, n *yaml.Node) check.Compiled {
	before := len(l.list)
	e := &exprReader{loader: l, args: map[string]*yaml.Node{}}
	r.Expr = e.expr(n, "", 0)
	if len(l.list) > before {
		_, err := l.compiler.Compile(r) // for the mistakes in the rest of it
		e.compiled(err)
		return check.Compiled{}
	}
	made, err := l.compiler.Compile(r)
	e.compiled(err)
	return made
}

// exprReader reads one expression and keeps where its parts stand.
type exprReader struct {
	*loader
	args map[string]*yaml.Node // of leaves, by the JSON Pointer of the leaf
	bad  map[string]bool       // nodes with a mistake of their own
}

// compiled notes the mistakes of compiling.
func (x *exprReader) compiled(err error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return
	}
	for _, err := range joined.Unwrap() {
		var m *kind.Error
		if !errors.As(err, &m) || x.bad[m.Path] {
			continue
		}
		line, column := x.place(m)
		x.at(line, column, m.Err)
	}
}

// place returns where a mistake stands: in the arguments of a leaf as near as they go, else
// where its node does.
func (x *exprReader) place(m *kind.Error) (line, column int) {
	leaf, rest, ok := strings.Cut(m.Path, "/args")
	n := x.args[leaf]
	if !ok || n == nil {
		return m.Place.Line, m.Place.Column
	}
	for step := range strings.SplitSeq(strings.TrimPrefix(rest, "/"), "/") {
		key, below := child(n, step)
		if below == nil {
			break
		}
		if n = below; strings.HasSuffix(rest, "/"+step) && strings.HasPrefix(m.Err.Error(), "unknown key") {
			n = key
		}
	}
	return n.Line, n.Column
}

// child returns the key and the value of a step of a JSON Pointer.
func child(n *yaml.Node, step string) (key, value *yaml.Node) {
	step = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				return n.Content[i], n.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i < len(n.Content) {
			return n.Content[i], n.Content[i]
		}
	}
	return nil, nil
}

// wrongExpr marks a node that could not be read, which compiling need not say again.
func (x *exprReader) wrongExpr(path string) check.Expr {
	if x.bad == nil {
		x.bad = map[string]bool{}
	}
	x.bad[path] = true
	return check.Expr{}
}

func (x *exprReader) where(n *yaml.Node) check.Place {
	return check.Place{File: x.file, Line: n.Line, Column: n.Column}
}

// expr reads a node: {kind, args}, {all}, {any}, {not}, {when, then} or {op, parts}.
func (x *exprReader) expr(n *yaml.Node, path string, depth int) check.Expr {
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		x.wrong(n, "a mapping with kind, all, any, not, when or op")
		return x.wrongExpr(path)
	}
	if depth > maxDepth {
		x.add(n, "nested deeper than %d", maxDepth)
		return x.wrongExpr(path)
	}
	switch first := n.Content[0]; first.Value {
	case "kind", "args", "document", "id":
		return x.leaf(n, path)
	case "all", "any", "not", "when", "then", "op", "parts":
		return x.operator(n, path, depth)
	default:
		x.add(first, "unknown key %q, want kind, all, any, not, when or op", first.Value)
	}
	return x.wrongExpr(path)
}

func (x *exprReader) leaf(n *yaml.Node, path string) check.Expr {
	var doc struct {
		Kind         string `yaml:"kind,required"`
		Args         yamlNode
		Document, ID string
	}
	if !x.decode(n, reflect.ValueOf(&doc).Elem(), 0) {
		return x.wrongExpr(path)
	}
	e := check.Expr{Kind: doc.Kind, Document: doc.Document, ID: doc.ID, Places: map[string]check.Place{"": x.where(n)}}
	e.Places["/kind"] = x.where(n)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "kind" {
			e.Places["/kind"] = x.where(n.Content[i+1])
		}
	}
	if doc.Args.Node == nil {
		return e
	}
	if doc.Args.Kind != yaml.MappingNode {
		x.wrong(doc.Args.Node, "a mapping")
		return x.wrongExpr(path)
	}
	x.args[path] = doc.Args.Node
	e.Args = make(map[string]any, len(doc.Args.Content)/2)
	e.Places["/args"] = x.where(doc.Args.Node)
	for key, value := range x.pairs(doc.Args.Node) {
		e.Args[key.Value] = x.value(value)
		e.Places["/args/"+pointer.Replace(key.Value)] = x.where(value)
	}
	return e
}

// pointer escapes a name in a JSON Pointer.
var pointer = strings.NewReplacer("~", "~0", "/", "~1")

// value returns what a node holds, its scalars as they stand.
func (x *exprReader) value(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		all := make(map[string]any, len(n.Content)/2)
		for key, value := range x.pairs(n) {
			all[key.Value] = x.value(value)
		}
		return all
	case yaml.SequenceNode:
		all := make([]any, len(n.Content))
		for i, c := range n.Content {
			all[i] = x.value(c)
		}
		return all
	}
	if tag := n.ShortTag(); tag != "!!str" {
		return kind.Scalar{Tag: strings.TrimPrefix(tag, "!!"), Text: n.Value}
	}
	return n.Value
}

func (x *exprReader) operator(n *yaml.Node, path string, depth int) check.Expr {
	var doc struct {
		All, Any        []yamlNode
		Not, When, Then yamlNode
		Op              string
		Parts           []yamlNode
	}
	if !x.decode(n, reflect.ValueOf(&doc).Elem(), 0) {
		return x.wrongExpr(path)
	}
	e := check.Expr{Places: map[string]check.Place{"": x.where(n)}}
	with := func(op string, parts ...yamlNode) check.Expr {
		e.Op = op
		for i, p := range parts {
			e.Parts = append(e.Parts, x.expr(p.Node, path+"/parts/"+strconv.Itoa(i), depth+1))
		}
		return e
	}
	keys := len(n.Content) / 2
	switch {
	case len(doc.All) > 0 && keys == 1:
		return with("all", doc.All...)
	case len(doc.Any) > 0 && keys == 1:
		return with("any", doc.Any...)
	case doc.Not.Node != nil && keys == 1:
		return with("not", doc.Not)
	case doc.When.Node != nil && doc.Then.Node != nil && keys == 2:
		return with("when", doc.When, doc.Then)
	case doc.Op != "" && len(doc.Parts) > 0 && keys == 2:
		return with(doc.Op, doc.Parts...)
	}
	x.add(n, "want one of all, any (with a check at least), not, when with then, or op with parts")
	return x.wrongExpr(path)
}
