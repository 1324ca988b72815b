package filetree_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory"
)

// open opens a system over a tree, as who asks for its walk does.
func open(t *testing.T, cfg inventory.Config) *inventory.System {
	t.Helper()
	s, err := inventory.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// judged opens a system and returns a handle on it with the trail that the handle writes.
func judged(t *testing.T, cfg inventory.Config) (*inventory.System, *trail.Trail) {
	t.Helper()
	tr := new(trail.Trail)
	return open(t, cfg).Handle(tr.Writer()), tr
}

// files is a tree of an FS that is not ours. A text that begins with "->" is a link.
func files(m map[string]string) inventory.Config {
	tree := fstest.MapFS{}
	for name, text := range m {
		mode := fs.FileMode(0o644)
		if target, ok := strings.CutPrefix(text, "->"); ok {
			text, mode = target, fs.ModeSymlink|0o777
		}
		tree[name] = &fstest.MapFile{Data: []byte(text), Mode: mode}
	}
	return inventory.Config{FS: tree}
}
