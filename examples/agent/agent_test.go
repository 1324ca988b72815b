package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/check"
)

// plant makes a small tree.
func plant(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"etc/os-release": "ID=debian\nVERSION_ID=12\n", "etc/passwd": "root:x:0:0::/root:/bin/sh\namy:x:1000:1000::/home/amy:/bin/sh\n",
		"etc/group": "root:x:0:\namy:x:1000:\n", "etc/shadow": "root:*:19000:0:99999:7:::\namy:*:19000:0:99999:7:::\n",
		"home/amy/notes": "x", "srv/data/f": "x", "var/lib/dpkg/status": "Package: a\nStatus: install ok installed\nVersion: 1\n",
	} {
		p := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(p), 0o755), os.WriteFile(p, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Chmod(filepath.Join(root, "srv/data/f"), 0o666), os.Symlink("/etc/shadow", filepath.Join(root, "etc/shadow-"))); err != nil {
		t.Fatal(err)
	}
	return root
}

func start(t *testing.T, out io.Writer, args ...string) *agent {
	t.Helper()
	a, err := parse(args, out, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAgentTellsChangesOnly(t *testing.T) {
	root := plant(t)
	var out bytes.Buffer
	a := start(t, &out, "-root", root, "-rounds", "1", "-every", "0s", "-walk-every", "1")
	for _, want := range []string{"fail linux.file.none-world-writable", "", "pass linux.file.none-world-writable, was fail"} {
		out.Reset()
		if strings.HasPrefix(want, "pass") {
			if err := os.Chmod(filepath.Join(root, "srv/data/f"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
}

// What is denied or left out has no verdict, and the rules that do not need it keep theirs.
func TestAgentObeysItsPolicy(t *testing.T) {
	root := plant(t)
	var out bytes.Buffer
	if err := start(t, &out, "-root", root, "-rounds", "1", "-every", "0s", "-deny", "etc/shadow", "-exclude", "srv").run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"unknown linux.account.no-empty-password (permission)",
		"unknown linux.file.none-world-writable (excluded)",
		"pass linux.account.root-is-the-only-superuser",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, &out)
		}
	}
}

// Rules that walk the tree run in some rounds only.
func TestAgentChoosesCheapRules(t *testing.T) {
	a := start(t, io.Discard, "-walk-every", "3")
	all, cheap := a.choose(0), a.choose(1)
	if len(cheap) == 0 || len(cheap) >= len(all) || len(a.choose(3)) != len(all) {
		t.Errorf("got %d of %d rules", len(cheap), len(all))
	}
	for _, r := range cheap {
		if r.Needs.Has(check.NeedsWalk) {
			t.Errorf("%s needs %s", r.ID, r.Needs)
		}
	}
}

// An interrupt in the middle of a round keeps the verdicts that were there.
func TestAgentIsInterrupted(t *testing.T) {
	var out bytes.Buffer
	a := start(t, &out, "-root", plant(t), "-every", "1h")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	a.progress = writer(func(b []byte) {
		if strings.HasPrefix(string(b), "\r50 ") {
			cancel()
		}
	})
	if err := a.run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if n := strings.Count(out.String(), "\n"); n < 40 || n >= len(a.rules) {
		t.Errorf("got %d verdicts of %d", n, len(a.rules))
	}
}

type writer func([]byte)

func (w writer) Write(b []byte) (int, error) { w(b); return len(b), nil }

// 200 scans leave neither goroutines nor open files nor memory behind.
func TestAgentLeaksNothing(t *testing.T) {
	a := start(t, io.Discard, "-root", plant(t), "-every", "0s", "-walk-every", "2")
	state := func() (goroutines, files int, heap uint64) {
		var m runtime.MemStats
		for range 3 { // the descriptors of what was collected go a moment later
			runtime.GC()
			time.Sleep(10 * time.Millisecond)
		}
		runtime.ReadMemStats(&m)
		return runtime.NumGoroutine(), openFiles(), m.HeapAlloc
	}
	a.rounds = 20
	if err := a.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	goroutines, files, heap := state()
	a.rounds = 200
	if err := a.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	// A goroutine that has ended is counted for a moment longer, and the tree that a Config
	// holds gives up its descriptors once it is collected.
	for wait := time.Millisecond; wait < 5*time.Second && (runtime.NumGoroutine() > goroutines || openFiles() > files); wait *= 2 {
		runtime.GC()
		time.Sleep(wait)
	}
	g, f, h := state()
	if g > goroutines || f > files || h > heap+heap/4 {
		t.Errorf("got %d goroutines, %d files and %d bytes, before %d, %d and %d", g, f, h, goroutines, files, heap)
	}
	t.Logf("after 200 scans: %d goroutines, %d files, %d bytes; before %d, %d, %d", g, f, h, goroutines, files, heap)
}

// openFiles returns how many descriptors this process holds, 0 where nothing tells.
func openFiles() int {
	all, _ := os.ReadDir("/proc/self/fd")
	return len(all)
}
