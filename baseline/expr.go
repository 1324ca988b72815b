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

// compile decodes and compiles the expression n of the rule r. It records mistakes with their
// positions.
func (l *loader) compile(r check.Rule, n *yaml.Node) check.Compiled {
	before := len(l.list)
	e := &exprReader{loader: l, args: map[string]*yaml.Node{}}
	r.Expr = e.decodeExpr(n, "", 0)
	if len(l.list) > before {
		_, err := l.compiler.Compile(r) // finds the mistakes in the rest of the expression
		e.addErrors(err)
		return check.Compiled{}
	}
	made, err := l.compiler.Compile(r)
	e.addErrors(err)
	return made
}

// exprReader decodes one expression and keeps the nodes of its parts.
type exprReader struct {
	*loader
	args map[string]*yaml.Node // arguments by the JSON Pointer of their leaf
	bad  map[string]bool       // JSON Pointers of nodes that could not be decoded
}

// addErrors records the mistakes that the compiler has found.
func (x *exprReader) addErrors(err error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return
	}
	for _, err := range joined.Unwrap() {
		var m *kind.Error
		if !errors.As(err, &m) || x.bad[m.Path] {
			continue
		}
		line, column := x.position(m)
		x.addAt(line, column, m.Err)
	}
}

// position returns the position of a mistake. For a mistake in the arguments of a leaf it is that
// of the nearest argument, else that of the node.
func (x *exprReader) position(m *kind.Error) (line, column int) {
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

// child returns the key and the value that one step of a JSON Pointer leads to, or nil.
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

// markBad marks the node at path as one that could not be decoded, so that addErrors does not
// report it again.
func (x *exprReader) markBad(path string) check.Expr {
	if x.bad == nil {
		x.bad = map[string]bool{}
	}
	x.bad[path] = true
	return check.Expr{}
}

// placeOf returns the place of n in the current file.
func (x *exprReader) placeOf(n *yaml.Node) check.Place {
	return check.Place{File: x.file, Line: n.Line, Column: n.Column}
}

// decodeExpr decodes a node: {kind, args}, {all}, {any}, {not}, {when, then} or {op, parts}.
func (x *exprReader) decodeExpr(n *yaml.Node, path string, depth int) check.Expr {
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		x.wrong(n, "a mapping with kind, all, any, not, when or op")
		return x.markBad(path)
	}
	if depth > maxDepth {
		x.add(n, "nested deeper than %d", maxDepth)
		return x.markBad(path)
	}
	switch first := n.Content[0]; first.Value {
	case "kind", "args", "document", "id":
		return x.decodeLeaf(n, path)
	case "all", "any", "not", "when", "then", "op", "parts":
		return x.decodeOperator(n, path, depth)
	default:
		x.add(first, "unknown key %q, want kind, all, any, not, when or op", first.Value)
	}
	return x.markBad(path)
}

func (x *exprReader) decodeLeaf(n *yaml.Node, path string) check.Expr {
	var doc struct {
		Kind         string `yaml:"kind,required"`
		Args         yamlNode
		Document, ID string
	}
	if !x.decode(n, reflect.ValueOf(&doc).Elem(), 0) {
		return x.markBad(path)
	}
	e := check.Expr{Kind: doc.Kind, Document: doc.Document, ID: doc.ID, Places: map[string]check.Place{"": x.placeOf(n)}}
	e.Places["/kind"] = x.placeOf(n)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "kind" {
			e.Places["/kind"] = x.placeOf(n.Content[i+1])
		}
	}
	if doc.Args.Node == nil {
		return e
	}
	if doc.Args.Kind != yaml.MappingNode {
		x.wrong(doc.Args.Node, "a mapping")
		return x.markBad(path)
	}
	x.args[path] = doc.Args.Node
	e.Args = make(map[string]any, len(doc.Args.Content)/2)
	e.Places["/args"] = x.placeOf(doc.Args.Node)
	for key, value := range x.pairs(doc.Args.Node) {
		e.Args[key.Value] = x.value(value)
		e.Places["/args/"+pointer.Replace(key.Value)] = x.placeOf(value)
	}
	return e
}

// pointer escapes a name for use in a JSON Pointer.
var pointer = strings.NewReplacer("~", "~0", "/", "~1")

// value returns the value of a node. Scalars other than strings are of type kind.Scalar.
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

func (x *exprReader) decodeOperator(n *yaml.Node, path string, depth int) check.Expr {
	var doc struct {
		All, Any        []yamlNode
		Not, When, Then yamlNode
		Op              string
		Parts           []yamlNode
	}
	if !x.decode(n, reflect.ValueOf(&doc).Elem(), 0) {
		return x.markBad(path)
	}
	e := check.Expr{Places: map[string]check.Place{"": x.placeOf(n)}}
	with := func(op string, parts ...yamlNode) check.Expr {
		e.Op = op
		for i, p := range parts {
			e.Parts = append(e.Parts, x.decodeExpr(p.Node, path+"/parts/"+strconv.Itoa(i), depth+1))
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
	return x.markBad(path)
}
