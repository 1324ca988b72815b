package deptest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// readers are the methods of inventory.System that read. Nothing else that checks use has a
// method of such a name, so that names are enough to find them.
var readers = []string{"ReadFile", "ReadText", "ReadOnce", "ReadDir", "Stat", "Lstat", "Glob", "FS", "Registry", "Probe", "Xattr", "DropIns"}

// fields are the names among them that fields have as well, which only a call tells apart.
var fields = []string{"FS", "Registry", "DropIns", "Live"}

// collectors are the functions of package inventory that read, or declare what does.
var collectors = []string{"ParseFile", "ParseOnce", "NewFact", "NewKeyed"}

// Checks and reports ask facts and judge, so that what a system is can be known without a
// check. A check does not choose between a running system and an image either: the fact does.
func TestChecksReadNothing(t *testing.T) {
	for folder, banned := range map[string][]string{"check": append([]string{"Live"}, readers...), "report": readers} {
		fset := token.NewFileSet()
		files := sources(t, fset, folder)
		if len(files) == 0 {
			t.Errorf("%s: got no files", folder)
		}
		for _, f := range files {
			for _, s := range reading(f, banned) {
				t.Errorf("%s: %s reads; make a fact of it, or a function of inventory/files", fset.Position(s.Pos()), s.Sel.Name)
			}
		}
	}
}

// The test above finds what it has to.
func TestReadingIsFound(t *testing.T) {
	const text = `package p
import ("os"; i "github.com/hardening-sdk/hardening/inventory"; "github.com/hardening-sdk/hardening/inventory/files")
func f(s *i.System) {
	s.Stat(nil, "a")
	g(s.Lstat)
	h.sys.Registry(nil).Keys("")
	unit.DropIns = nil
	os.Stat("a")
	i.ParseFile(nil, s, "a", nil)
	i.IsAbsent(nil, "a")
	files.Stat(nil, s, "a")
}`
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range reading(f, readers) {
		got = append(got, s.Sel.Name)
	}
	if want := []string{"Stat", "Lstat", "Registry", "ParseFile"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// sources parses the files of a folder of the module and of those below it, but for tests
// and the kit for them.
func sources(t *testing.T, fset *token.FileSet, folder string) []*ast.File {
	t.Helper()
	var all []*ast.File
	err := filepath.WalkDir(filepath.Join("..", "..", folder), func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "checktest") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, name, nil, 0)
		all = append(all, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// reading returns where a file uses a method of a banned name, or one of the collectors.
func reading(f *ast.File, banned []string) []*ast.SelectorExpr {
	imported := imports(f)
	called := map[ast.Expr]bool{}
	var all []*ast.SelectorExpr
	ast.Inspect(f, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			called[c.Fun] = true
		}
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		names := banned
		if x, ok := s.X.(*ast.Ident); ok {
			switch path, ok := imported[x.Name]; {
			case ok && path == module+"inventory":
				names = collectors
			case ok:
				names = nil
			}
		}
		if slices.Contains(names, s.Sel.Name) && (called[s] || !slices.Contains(fields, s.Sel.Name)) {
			all = append(all, s)
		}
		return true
	})
	return all
}

// imports returns the paths of the packages that a file imports, by the name it has for each.
func imports(f *ast.File) map[string]string {
	all := map[string]string{}
	for _, i := range f.Imports {
		path := strings.Trim(i.Path.Value, `"`)
		name := path[strings.LastIndexByte(path, '/')+1:]
		if i.Name != nil {
			name = i.Name.Name
		}
		all[name] = path
	}
	return all
}
