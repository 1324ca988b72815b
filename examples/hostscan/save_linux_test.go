package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func put(t *testing.T, name string) error {
	t.Helper()
	return save(name, func(w io.Writer) error {
		_, err := io.WriteString(w, "report")
		return err
	})
}

func holds(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A link that somebody else could have planted decides nothing.
func TestSaveFollowsNoStrangersLink(t *testing.T) {
	dir := t.TempDir()
	shared, own := filepath.Join(dir, "shared"), filepath.Join(dir, "own")
	for d, mode := range map[string]os.FileMode{shared: 0o777 | os.ModeSticky, own: 0o755} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(d, mode); err != nil {
			t.Fatal(err)
		}
	}
	victim := filepath.Join(dir, "victim")
	if err := os.WriteFile(victim, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{shared, own} {
		if err := os.Symlink(victim, filepath.Join(d, "link")); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(dir, "none"), filepath.Join(d, "dangling")); err != nil {
			t.Fatal(err)
		}
	}
	if err := put(t, filepath.Join(shared, "link")); err == nil || !strings.Contains(err.Error(), "others may write to") || holds(t, victim) != "precious" {
		t.Errorf("a link in a shared folder: got %v, %s", err, holds(t, victim))
	}
	if err := put(t, filepath.Join(own, "link")); err != nil || holds(t, victim) != "report" {
		t.Errorf("a link of one's own: got %v, %s", err, holds(t, victim))
	}
	for _, d := range []string{shared, own} {
		if err := put(t, filepath.Join(d, "dangling")); err == nil {
			t.Errorf("a link to nowhere in %s is written to", d)
		}
	}
	if _, err := os.Lstat(filepath.Join(dir, "none")); err == nil {
		t.Error("a link to nowhere made a file")
	}
	if err := put(t, filepath.Join(shared, "new")); err != nil || holds(t, filepath.Join(shared, "new")) != "report" {
		t.Errorf("a new file: got %v", err)
	}
}

// A pipe without a reader is an error and no hang, a device is written to.
func TestSaveToWhatIsNoFile(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := put(t, fifo); err == nil {
		t.Error("a pipe without a reader: no error")
	}
	if err := put(t, os.DevNull); err != nil {
		t.Errorf("the null device: %v", err)
	}
	if err := put(t, t.TempDir()); err == nil {
		t.Error("a folder: no error")
	}
}
