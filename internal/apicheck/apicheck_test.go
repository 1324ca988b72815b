package apicheck_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/build"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden file")

const root = "../.."

// tiers are the promises of stability, as doc.go of the module states them, and the golden
// file of the packages that make each.
var tiers = []struct{ name, file, promise string }{
	{"core", "testdata/core.txt", "the core and the families are frozen at v1: nothing goes or changes, names are added"},
	{"formats", "testdata/formats.txt", "formats may change, with a note in CHANGELOG.md"},
}

// coreOfChecks are the packages below check that are no ready-made checks.
var coreOfChecks = []string{"checktest", "kind", "pseudonym", "reason"}

// tierOf returns the number of the tier of a package: formats, ready-made checks and the forms
// of reports stand one floor below the rest.
func tierOf(pkg string) int {
	parts := strings.Split(pkg, "/")
	switch {
	case parts[0] == "inventory" && len(parts) > 2, parts[0] == "check" && len(parts) > 1 && !slices.Contains(coreOfChecks, parts[1]), parts[0] == "report" && len(parts) > 1:
		return 1
	}
	return 0
}

// The exported API of the module on Linux and on Windows is that of the golden files.
func TestAPI(t *testing.T) {
	out := make([]bytes.Buffer, len(tiers))
	for _, dir := range packages(t) {
		lines := map[string]string{}
		for _, goos := range []string{"linux", "windows"} {
			for _, l := range exported(t, dir, goos) {
				lines[l] = strings.TrimSpace(lines[l] + " " + goos)
			}
		}
		b := &out[tierOf(nameOf(dir))]
		fmt.Fprintf(b, "package %s\n", nameOf(dir))
		for _, l := range sorted(lines) {
			if on := lines[l]; !strings.Contains(on, " ") {
				l += " // " + on + " only"
			}
			fmt.Fprintf(b, "\t%s\n", l)
		}
	}
	for i, tier := range tiers {
		compare(t, tier.file, out[i].Bytes(), tier.name+": "+tier.promise)
	}
}

// nameOf returns the path of a package in the module.
func nameOf(dir string) string {
	return filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(dir, root), string(filepath.Separator)))
}

// compare holds one tier to its golden file, or writes that.
func compare(t *testing.T, file string, got []byte, promise string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	is, was := lineSet(got), lineSet(want)
	for l := range is {
		if !was[l] {
			t.Errorf("new: %s", l)
		}
	}
	for l := range was {
		if !is[l] {
			t.Errorf("gone: %s", l)
		}
	}
	t.Errorf("the API has changed (%s); go test ./internal/apicheck -update, and say so in CHANGELOG.md", promise)
}

// onAPage is how many names a package may have, methods and fields not counted: as many as fit on
// one page of its documentation.
var onAPage = map[string]int{"inventory": 40, "check": 45}

func TestCoresFitOnAPage(t *testing.T) {
	for pkg, most := range onAPage {
		names := map[string]bool{}
		for _, goos := range []string{"linux", "windows"} {
			_, files := parse(t, filepath.Join(root, pkg), goos)
			for _, f := range files {
				for _, d := range f.Decls {
					for _, n := range declaredNames(d) {
						names[n] = true
					}
				}
			}
		}
		if len(names) > most || len(names) < most/2 {
			t.Errorf("%s exports %d names, want at most %d: %q", pkg, len(names), most, slices.Sorted(maps.Keys(names)))
		}
	}
}

// declaredNames returns the exported names of a package that a declaration makes.
func declaredNames(d ast.Decl) []string {
	var all []string
	add := func(n *ast.Ident) {
		if n.IsExported() {
			all = append(all, n.Name)
		}
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			add(d.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				add(s.Name)
			case *ast.ValueSpec:
				for _, n := range s.Names {
					add(n)
				}
			}
		}
	}
	return all
}

// Each exported name has a sentence.
func TestEveryExportedNameIsDocumented(t *testing.T) {
	for _, dir := range packages(t) {
		fset, files := parse(t, dir, "linux")
		documented := false
		for _, f := range files {
			documented = documented || f.Doc != nil
			for _, d := range f.Decls {
				for _, name := range undocumented(d) {
					t.Errorf("%s: %s has no comment", fset.Position(d.Pos()), name)
				}
			}
		}
		if !documented {
			t.Errorf("%s: the package has no comment", dir)
		}
	}
}

func undocumented(d ast.Decl) []string {
	var names []string
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && exportedReceiver(d) && d.Doc == nil && !conventional[d.Name.Name] {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
					names = append(names, s.Name.Name)
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						names = append(names, n.Name)
					}
				}
			}
		}
	}
	return names
}

// conventional are methods whose meaning is that of the interface they belong to.
var conventional = map[string]bool{"String": true, "Error": true, "Unwrap": true}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	x := d.Recv.List[0].Type
	for {
		switch t := x.(type) {
		case *ast.StarExpr:
			x = t.X
		case *ast.IndexExpr:
			x = t.X
		case *ast.IndexListExpr:
			x = t.X
		case *ast.Ident:
			return t.IsExported()
		default:
			return true
		}
	}
}

// packages returns the folders of the public packages.
func packages(t *testing.T) []string {
	t.Helper()
	var dirs []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !d.IsDir():
			return nil
		case path != root && (strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"internal", "examples", "testdata"}, d.Name())):
			return filepath.SkipDir
		case path != root && exists(filepath.Join(path, "go.mod")):
			return filepath.SkipDir // a module of its own
		}
		if files, _ := filepath.Glob(filepath.Join(path, "*.go")); len(files) > 0 {
			dirs = append(dirs, path)
		}
		return nil
	})
	if err != nil || len(dirs) < 10 {
		t.Fatal(len(dirs), err)
	}
	return dirs
}

func exists(name string) bool { _, err := os.Stat(name); return err == nil }

func parse(t *testing.T, dir, goos string) (*token.FileSet, []*ast.File) {
	t.Helper()
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled = goos, "amd64", false
	pkg, err := ctx.ImportDir(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range pkg.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(dir, name), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return fset, files
}

// exported returns the exported declarations of a package, one a line.
func exported(t *testing.T, dir, goos string) []string {
	t.Helper()
	fset, files := parse(t, dir, goos)
	var lines []string
	for _, f := range files {
		f.Comments = nil
		if !ast.FileExports(f) {
			continue
		}
		for _, d := range f.Decls {
			lines = append(lines, declared(t, fset, d)...)
		}
	}
	return lines
}

func declared(t *testing.T, fset *token.FileSet, d ast.Decl) []string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if !exportedReceiver(d) {
			return nil
		}
		d.Body, d.Doc = nil, nil
		return []string{text(t, fset, d)}
	case *ast.GenDecl:
		if d.Tok == token.IMPORT {
			return nil
		}
		var lines []string
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				s.Doc, s.Comment = nil, nil
				ast.Inspect(s, func(n ast.Node) bool {
					if f, ok := n.(*ast.Field); ok {
						f.Doc, f.Comment = nil, nil
					}
					return true
				})
			case *ast.ValueSpec:
				s.Doc, s.Comment = nil, nil
				if d.Tok == token.VAR {
					s.Values = nil // what a variable is set to is no part of the API
				}
			}
			lines = append(lines, d.Tok.String()+" "+text(t, fset, s))
		}
		return lines
	}
	return nil
}

func text(t *testing.T, fset *token.FileSet, n ast.Node) string {
	var b bytes.Buffer
	if err := format.Node(&b, fset, n); err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(b.String(), "\n", "; ")), " ")
}

func sorted(m map[string]string) []string {
	all := make([]string, 0, len(m))
	for l := range m {
		all = append(all, l)
	}
	slices.Sort(all)
	return all
}

func lineSet(b []byte) map[string]bool {
	set := map[string]bool{}
	pkg := ""
	for l := range strings.Lines(string(b)) {
		if strings.HasPrefix(l, "package ") {
			pkg = strings.TrimSpace(l)
			continue
		}
		set[pkg+":"+strings.TrimRight(l, "\n")] = true
	}
	return set
}
