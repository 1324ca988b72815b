package apicheck_test

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// placed are the types of the inventory that have a place of their own instead of a position.
var placed = map[string]string{
	"inventory.Position":                     "it is the position",
	"inventory/logins/pam.Key":               "it names a file to search, and was read nowhere",
	"inventory/services/systemd.SyntaxError": "errors of text have a line alone",
}

// What may become evidence embeds inventory.Position, as its first field, and has no source or line
// of its own.
func TestPositions(t *testing.T) {
	for _, dir := range packages(t) {
		pkg := nameOf(dir)
		if pkg != "inventory" && !strings.HasPrefix(pkg, "inventory/") {
			continue
		}
		fset, files := parse(t, dir, "linux")
		for _, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				spec, ok := n.(*ast.TypeSpec)
				if !ok {
					return true
				}
				st, ok := spec.Type.(*ast.StructType)
				if !ok || !spec.Name.IsExported() || placed[pkg+"."+spec.Name.Name] != "" {
					return true
				}
				for i, field := range st.Fields.List {
					kind := types.ExprString(field.Type)
					embedded := len(field.Names) == 0 && (kind == "inventory.Position" || kind == "Position")
					if embedded && i > 0 {
						t.Errorf("%s: the position of %s is not its first field", fset.Position(field.Pos()), spec.Name.Name)
					}
					for _, name := range field.Names {
						if kind == "string" && slices.Contains([]string{"Source", "File"}, name.Name) ||
							kind == "int" && slices.Contains([]string{"Line", "Number"}, name.Name) {
							t.Errorf("%s: %s.%s is no inventory.Position", fset.Position(name.Pos()), spec.Name.Name, name.Name)
						}
					}
				}
				return true
			})
		}
	}
}

// A fact is declared in one line, with a function that has a name: go doc prints the whole
// declaration.
func TestCollectorsHaveNames(t *testing.T) {
	seen := 0
	for _, dir := range packages(t) {
		fset, files := parse(t, dir, "linux")
		for _, f := range files {
			for _, d := range f.Decls {
				g, ok := d.(*ast.GenDecl)
				if !ok {
					continue
				}
				ast.Inspect(g, func(n ast.Node) bool {
					call, ok := n.(*ast.CallExpr)
					if !ok {
						return true
					}
					name := types.ExprString(call.Fun)
					if !strings.HasSuffix(name, "NewFact") && !strings.HasSuffix(name, "NewKeyed") {
						return true
					}
					seen++
					if _, ok := call.Args[len(call.Args)-1].(*ast.Ident); !ok {
						t.Errorf("%s: the collector has no name", fset.Position(call.Pos()))
					}
					return true
				})
			}
		}
	}
	if seen < 50 {
		t.Errorf("saw %d facts only", seen)
	}
}
