package attack

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/hardening-sdk/hardening/baseline/builtin"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// target is a file that a rule reads of a fixture.
type target struct {
	name    string
	rule    check.Compiled
	fixture string // without the file's content, which is put where the mark is
}

// mark is where the content of the file stands.
const mark = "\x00content\x00"

func rules(t testing.TB) []check.Compiled {
	t.Helper()
	b, err := builtin.Load(t.Context(), "linux-server")
	if err != nil {
		t.Fatal(err)
	}
	return b.Compiled()
}

// targets returns each name of a file that is read of the fixtures of the rules, once, with a rule
// that reads it.
func targets(t testing.TB) []target {
	t.Helper()
	var all []target
	seen := map[string]bool{}
	for _, rule := range rules(t) {
		files, err := filepath.Glob(filepath.Join("..", "..", "baseline", "builtin", "testdata", rule.ID, "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			for _, x := range targetsOf(t, rule, file) {
				if key := kindOf(x.name); !seen[key] {
					seen[key] = true
					all = append(all, x)
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b target) int { return strings.Compare(a.name, b.name) })
	return all
}

// kindOf is a name without what differs between files of one kind.
func kindOf(name string) string {
	dir, base := filepath.Split(name)
	if strings.HasSuffix(dir, ".d/") || strings.Contains(dir, "systemd/system") || strings.HasPrefix(name, "proc/sys/") || strings.HasPrefix(name, "sys/") {
		base = filepath.Ext(base)
	}
	return dir + base
}

func targetsOf(t testing.TB, rule check.Compiled, file string) []target {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ar := txtar.Parse(b)
	ar.Files = slices.DeleteFunc(ar.Files, func(f txtar.File) bool { return f.Name == "want" })
	cfg, err := inventorytest.Parse(txtar.Format(ar))
	if err != nil {
		t.Fatal(file, err)
	}
	var mu sync.Mutex
	read := map[string]bool{}
	cfg = inventorytest.Record(cfg, func(r inventory.Read) {
		if r.Op == filetree.OpRead {
			mu.Lock()
			read[r.Name] = true
			mu.Unlock()
		}
	})
	if _, err := check.Run(t.Context(), inventorytest.Open(t, cfg), []check.Compiled{rule}, check.Options{}); err != nil {
		t.Fatal(err)
	}
	var all []target
	for i, f := range ar.Files {
		name, options, _ := strings.Cut(f.Name, " ")
		if !read[name] || strings.Contains(options, "link=") || strings.Contains(options, "error=") {
			continue
		}
		with := &txtar.Archive{Comment: ar.Comment, Files: slices.Clone(ar.Files)}
		with.Files[i].Data = []byte(mark + "\n")
		all = append(all, target{name, rule, string(txtar.Format(with))})
	}
	return all
}

// config is the fixture with the content in place. Contents may hold what txtar would take for the
// head of a file, so that they do not go through it.
func (x target) config(t testing.TB, content []byte) inventory.Config {
	t.Helper()
	cfg, err := inventorytest.Parse([]byte(x.fixture))
	if err != nil {
		t.Fatal(x.name, err)
	}
	cfg.FS = replaced{cfg.FS, x.name, content}
	return cfg
}

// replaced is a tree with another content of one file.
type replaced struct {
	filetree.FS
	name    string
	content []byte
}

func (r replaced) Open(name string) (fs.File, error) {
	f, err := r.FS.Open(name)
	if err != nil || name != r.name {
		return f, err
	}
	return &replacedFile{f, bytes.NewReader(r.content)}, nil
}

type replacedFile struct {
	fs.File
	rest *bytes.Reader
}

func (f *replacedFile) Read(b []byte) (int, error) { return f.rest.Read(b) }

func (f *replacedFile) Stat() (fs.FileInfo, error) {
	info, err := f.File.Stat()
	return sized{info, f.rest.Size()}, err
}

type sized struct {
	fs.FileInfo
	size int64
}

func (s sized) Size() int64 { return s.size }

// collectedOfFixtures returns the names of the facts that are collected of the fixtures of all rules.
func collectedOfFixtures(t testing.TB) []string {
	t.Helper()
	var all []string
	for _, rule := range rules(t) {
		files, err := filepath.Glob(filepath.Join("..", "..", "baseline", "builtin", "testdata", rule.ID, "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sys := inventorytest.System(t, string(b))
			if _, err := check.Run(t.Context(), sys, []check.Compiled{rule}, check.Options{}); err != nil {
				t.Fatal(err)
			}
			for name := range sys.Facts() {
				all = append(all, name)
			}
		}
	}
	return all
}
