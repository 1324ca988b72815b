//go:build linux

package filetree_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// plant makes files below a new folder. A text that starts with "->" is a link, a
// name that ends in a slash a folder.
func plant(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		p := filepath.Join(root, name)
		must(t, os.MkdirAll(filepath.Dir(p), 0o755))
		target, link := strings.CutPrefix(text, "->")
		switch {
		case link:
			must(t, os.Symlink(target, p))
		case strings.HasSuffix(name, "/"):
			must(t, os.MkdirAll(p, 0o755))
		default:
			must(t, os.WriteFile(p, []byte(text), 0o644))
		}
	}
	return root
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func dir(t testing.TB, root string) filetree.FS {
	t.Helper()
	cfg, err := inventory.Dir(root)
	must(t, err)
	return cfg.FS
}

// ways are the ways in which a tree can be looked at; all have to agree.
var ways = []struct {
	name string
	make func(filetree.FS) filetree.FS
}{
	{"openat2", func(f filetree.FS) filetree.FS { return f }},
	{"walk", filetree.WithoutOpenat2},
	{"no procfs", filetree.WithoutProc},
}

func everyWay(t *testing.T, root string, test func(*testing.T, filetree.RootedFS)) {
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			f := way.make(dir(t, root))
			test(t, f.(filetree.RootedFS))
			must(t, f.(io.Closer).Close())
		})
	}
}
