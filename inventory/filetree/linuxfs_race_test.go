//go:build linux

package filetree_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// meanwhile does something over and over until stop is called.
func meanwhile(t *testing.T, do func() error) (stop func()) {
	over := make(chan struct{})
	var g sync.WaitGroup
	g.Go(func() {
		for {
			select {
			case <-over:
				return
			default:
				if err := do(); err != nil {
					t.Error(err)
					return
				}
			}
		}
	})
	return func() { close(over); g.Wait() }
}

// A folder changes places with a link to the outside, a file with a FIFO, while
// others open what is below: all they may ever see is the inside, or nothing.
func TestSwappedNamesDoNotEscape(t *testing.T) {
	outside := plant(t, map[string]string{"f": "outside"})
	root := plant(t, map[string]string{"d/f": "inside", "spare": "->" + outside, "file": "inside"})
	must(t, unix.Mkfifo(filepath.Join(root, "fifo"), 0o644))
	swap := func(a, b string) error {
		return unix.Renameat2(unix.AT_FDCWD, filepath.Join(root, a), unix.AT_FDCWD, filepath.Join(root, b), unix.RENAME_EXCHANGE)
	}
	const rounds = 3000
	everyWay(t, root, func(t *testing.T, f filetree.RootedFS) {
		stop := meanwhile(t, func() error {
			return errors.Join(swap("d", "spare"), swap("file", "fifo"))
		})
		inside := 0
		for range rounds {
			b, err := fs.ReadFile(f, "d/f")
			if string(b) == "outside" {
				t.Error("left the tree")
				break
			}
			if err == nil {
				inside++
			}
			if b, err := fs.ReadFile(f, "file"); err == nil && string(b) != "inside" {
				t.Errorf("read %q of a FIFO", b)
			} else if err != nil && !errors.Is(err, filetree.ErrIrregular) && !errors.Is(err, filetree.ErrChanged) && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("got %v", err)
				break
			}
		}
		stop()
		t.Logf("inside %d times of %d", inside, rounds)
	})
}

// A folder moves while a name walks through it by "..": the way back is the way it
// came, not out of the tree.
func TestMovedFolderDoesNotLeadUpOutside(t *testing.T) {
	top := plant(t, map[string]string{"root/a/b/c/": "", "root/f": "inside", "f": "outside", "elsewhere/": "",
		"root/l": "->a/b/c/../../../../f"})
	f := filetree.WithoutOpenat2(dir(t, filepath.Join(top, "root")))
	in, out := filepath.Join(top, "root/a/b"), filepath.Join(top, "elsewhere/b")
	defer meanwhile(t, func() error { return errors.Join(os.Rename(in, out), os.Rename(out, in)) })()
	for range 3000 {
		if b, err := fs.ReadFile(f, "l"); err == nil && string(b) != "inside" {
			t.Errorf("got %q", b)
			break
		}
	}
}

func TestConcurrentUseAndClose(t *testing.T) {
	root := plant(t, map[string]string{"d/f": "text", "l": "->d"})
	f := dir(t, root)
	var users sync.WaitGroup
	for range 4 {
		users.Go(func() {
			for range 300 {
				b, err := fs.ReadFile(f, "l/f")
				if err == nil && string(b) != "text" || err != nil && !errors.Is(err, fs.ErrClosed) {
					t.Errorf("got %q, %v", b, err)
					return
				}
			}
		})
	}
	f.(interface{ Close() error }).Close()
	users.Wait()
}
