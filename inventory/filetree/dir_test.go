package filetree_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
)

// What holds of Dir on every operating system.
func TestDirOnAnySystem(t *testing.T) {
	root := t.TempDir()
	for _, d := range []string{"etc", "usr/bin"} {
		if err := os.MkdirAll(filepath.Join(root, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"etc/real": "real", "usr/bin/sh": "shell"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	links := true
	for name, target := range map[string]string{"abs": "/etc/real", "bin": "usr/bin", "up": "../../etc/real", "loop": "loop"} {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Log("without links:", err)
			links = false
		}
		if _, err := os.Lstat(filepath.Join(root, name)); err != nil {
			links = false // Wine 8 makes none, and says nothing
		}
	}
	cfg, err := inventory.Dir(root)
	if err != nil {
		t.Fatal(err)
	}
	s, err := inventory.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	tests := []struct {
		name, want string
		link       bool
	}{
		{name: "etc/real", want: "real"},
		{name: "abs", want: "real", link: true},
		{name: "bin/sh", want: "shell", link: true},
		{name: "up", want: "real", link: true},
	}
	for _, tt := range tests {
		if tt.link && !links {
			continue
		}
		if b, err := s.ReadFile(t.Context(), tt.name); string(b) != tt.want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", tt.name, b, err, tt.want)
		}
	}
	if _, err := s.ReadFile(t.Context(), "etc/none"); !inventory.IsAbsent(err, "etc/none") {
		t.Errorf("got %v, want absence", err)
	}
	if _, err := s.Stat(t.Context(), "../etc"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("got %v, want %v", err, fs.ErrInvalid)
	}
	table, err := inventory.Tree.Of(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if all := names(table); !slices.Contains(all, "etc/real") || !slices.Contains(all, "usr/bin/sh") || slices.Contains(all, "bin/sh") {
		t.Errorf("got %q", all)
	}
}

func TestDirOfNothing(t *testing.T) {
	if _, err := inventory.Dir(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
}

func TestHostOrWhyNot(t *testing.T) {
	cfg, err := inventory.Host()
	if runtime.GOOS == "linux" {
		if err != nil || !cfg.Live || cfg.FS == nil {
			t.Errorf("got %+v, %v", cfg, err)
		}
		return
	}
	if err != nil && !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("got %v, want %v", err, errors.ErrUnsupported)
	}
}
