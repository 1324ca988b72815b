package inventory_test

import (
	"testing"
	"testing/fstest"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// closing is a tree that counts how often it was closed; it resolves links itself, and cannot be
// compared.
type closing struct {
	filetree.RootedFS
	closed *int
	names  []string
}

func (c closing) Close() error { *c.closed++; return nil }

// A tree is closed by whoever made it: several systems may share it.
func TestTreeIsClosedByItsOwner(t *testing.T) {
	closed := 0
	tree := closing{filetree.ResolveLinks(fstest.MapFS{"etc/motd": {Data: []byte("hello")}}).(filetree.RootedFS), &closed, nil}
	cfg := inventory.Config{FS: tree}
	for range 2 {
		sys, err := inventory.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := sys.ReadFile(t.Context(), "etc/motd"); string(b) != "hello" || err != nil {
			t.Errorf("got %q, %v", b, err)
		}
		if err := sys.Close(); err != nil || closed != 0 {
			t.Errorf("a system closed the tree of its Config %d times, %v", closed, err)
		}
	}
	if err := cfg.Close(); err != nil || closed != 1 {
		t.Errorf("closed %d times, %v", closed, err)
	}
	if err := (inventory.Config{}).Close(); err != nil {
		t.Error(err)
	}
}
