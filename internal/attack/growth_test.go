package attack

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// shapes are what hostile files are made of, repeated.
var shapes = map[string]string{
	"assignments":   "x=y\n",
	"braces":        "{ a;",
	"colons":        "a:b:1:1:c:/:/s\n",
	"commas":        "a,",
	"comments":      "# x\n",
	"continuations": "a \\\n",
	"newlines":      "\n",
	"quotes":        "\"a\" ",
	"sections":      "[a]\nb=c\n",
	"words":         "a b\n",
}

const (
	unit = 256 << 10 // bytes of a hostile file at size 1
	// mostMemory is what a rule may allocate in all for one hostile file, up to 2 MiB of it.
	mostMemory = 64 << 20
)

// TestReadersGrowWithTheirFiles puts hostile files of each shape in the place of each file that is
// read of the rules' fixtures. What is allocated is bounded and grows no faster than the file; times
// are printed, and asserted nowhere. HARDENING_LONG=1 goes up to 2 MiB, ONLY takes the files whose
// names have a text in them.
func TestReadersGrowWithTheirFiles(t *testing.T) {
	sizes := []int{1, 2}
	if os.Getenv("HARDENING_LONG") != "" {
		sizes = []int{1, 2, 4, 8}
	}
	all := targets(t)
	if len(all) < 150 {
		t.Fatalf("got %d files that are read, want those of all formats", len(all))
	}
	for _, x := range all {
		if !strings.Contains(x.name, os.Getenv("ONLY")) {
			continue
		}
		for _, shape := range slices.Sorted(maps.Keys(shapes)) {
			grows(t, x, shape, sizes)
		}
	}
}

// grows measures one file in one shape.
func grows(t *testing.T, x target, shape string, sizes []int) {
	t.Helper()
	var was uint64
	for i, n := range sizes {
		content := bytes.Repeat([]byte(shapes[shape]), n*unit/len(shapes[shape]))
		sys := inventorytest.Open(t, x.config(t, content))
		began := time.Now()
		is := allocated(func() {
			if _, err := check.Run(t.Context(), sys, []check.Compiled{x.rule}, check.Options{}); err != nil {
				t.Fatal(err)
			}
		})
		if took := time.Since(began); took > time.Second {
			t.Logf("%s of %s, %d KiB: %v, by %s", x.name, shape, len(content)>>10, took, x.rule.ID)
		}
		switch {
		case is > mostMemory:
			t.Errorf("%s of %s, %d KiB: %d MiB allocated, by %s", x.name, shape, len(content)>>10, is>>20, x.rule.ID)
			return
		case i > 0 && is > 8<<20 && float64(is) > 2.2*float64(was):
			t.Errorf("%s of %s, %d KiB: %d MiB allocated, for half of it %d, by %s", x.name, shape, len(content)>>10, is>>20, was>>20, x.rule.ID)
			return
		}
		was = is
	}
}

// allocated returns how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

var declared = regexp.MustCompile(`inventory\.New(?:Fact|Keyed)(?:\[[^\]]*\])?\("([^"]+)"`)

// unread are facts that no rule for Linux asks, with what tests them.
var unread = map[string]string{
	"pamlimits":              "its files are those of the fact pamlimits.File",
	"host":                   "package report asks it, TestHostNameIsNoFile",
	"windows release":        "Windows has no files of it",
	"windows services":       "Windows has no files of it",
	"registry key":           "Windows has no files of it",
	"windows service":        "Windows has no files of it",
	"windows service keys":   "Windows has no files of it",
	"windows service states": "Windows has no files of it",
}

// No format is left out: each fact that a package declares is collected of some fixture.
func TestEveryFactIsAttacked(t *testing.T) {
	names := map[string]string{}
	err := filepath.WalkDir(filepath.Join("..", "..", "inventory"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
			if m[1] != "motd" && m[1] != "passwd" || !strings.HasSuffix(path, "doc.go") {
				names[m[1]] = path
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range collectedOfFixtures(t) {
		delete(names, name)
	}
	for name, path := range names {
		if unread[name] == "" {
			t.Errorf("the fact %q of %s is collected of no fixture", name, path)
		}
	}
}
