package inventory_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

func TestValidName(t *testing.T) {
	for name, want := range map[string]bool{
		".": true, "etc": true, "etc/passwd": true, "a\nb": true, "\xff\xfe/x": true, "...": true, "C:/Windows": true,
		"": false, "/etc": false, "etc/": false, "a//b": false, "./a": false, "a/..": false, "..": false, "a\x00b": false,
	} {
		if got := filetree.ValidName(name); got != want {
			t.Errorf("%q: got %v, want %v", name, got, want)
		}
	}
}

func TestLinksResolveInsideTheTree(t *testing.T) {
	s := open(t, files(map[string]string{
		"etc/real": "text", "usr/bin/sh": "shell",
		"abs": "->/etc/real", "rel": "->etc/real", "up": "->../../../etc/real", "dir": "->usr/bin",
		"etc/down": "->../usr/bin/sh", "loop": "->loop2", "loop2": "->/loop", "dangling": "->nowhere",
		"twice": "->abs", "through": "->etc/real/x", "mtab": "->/proc/self/mounts",
	}))
	for name, want := range map[string]string{
		"abs": "text", "rel": "text", "up": "text", "dir/sh": "shell", "etc/down": "shell", "twice": "text",
	} {
		if b, err := s.ReadFile(t.Context(), name); string(b) != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", name, b, err, want)
		}
	}
	for name, want := range map[string]error{"dangling": fs.ErrNotExist, "through": fs.ErrNotExist, "mtab": inventory.ErrNotLive} {
		if _, err := s.ReadFile(t.Context(), name); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", name, err, want)
		}
	}
	if _, err := s.ReadFile(t.Context(), "loop"); err == nil || !strings.Contains(err.Error(), "too many levels") {
		t.Errorf("loop: got %v", err)
	}
	if info, err := s.Lstat(t.Context(), "abs"); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("lstat of a link: got %v, %v", info, err)
	}
	if info, err := s.Stat(t.Context(), "abs"); err != nil || !info.Mode().IsRegular() {
		t.Errorf("stat of a link: got %v, %v", info, err)
	}
}

func TestImageHasNoProcOrSys(t *testing.T) {
	cfg := files(map[string]string{"proc/version": "stale", "sys/kernel/x": "stale"})
	for _, name := range []string{"proc/version", "sys/kernel/x", "proc"} {
		if _, err := open(t, cfg).Stat(t.Context(), name); !errors.Is(err, inventory.ErrNotLive) {
			t.Errorf("%s: got %v, want ErrNotLive", name, err)
		}
	}
	cfg.Live = true
	if b, err := open(t, cfg).ReadFile(t.Context(), "proc/version"); err != nil {
		t.Errorf("live: got %q, %v", b, err)
	}
}

func TestLimitsRefuseWhole(t *testing.T) {
	cfg := files(map[string]string{"big": strings.Repeat("x", 101), "just": strings.Repeat("x", 100)})
	cfg.Limits = inventory.Limits{FileSize: 100, DirEntries: 1}
	s := open(t, cfg)
	if b, err := s.ReadFile(t.Context(), "big"); !errors.Is(err, inventory.ErrLimit) || b != nil {
		t.Errorf("got %d bytes, %v, want ErrLimit and none", len(b), err)
	}
	if b, err := s.ReadFile(t.Context(), "just"); len(b) != 100 || err != nil {
		t.Errorf("got %d bytes, %v, want 100", len(b), err)
	}
	if all, err := s.ReadDir(t.Context(), "."); !errors.Is(err, inventory.ErrLimit) || all != nil {
		t.Errorf("got %d entries, %v, want ErrLimit and none", len(all), err)
	}
	f, err := s.FS(t.Context()).Open("big")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := f.Read(make([]byte, 200)); n != 0 || !errors.Is(err, inventory.ErrLimit) {
		t.Errorf("open file: got %d, %v, want ErrLimit", n, err)
	}
}

func TestTextsHaveALimitOfTheirOwn(t *testing.T) {
	all := map[string]bool{"etc/motd": true, "etc/passwd": false, "etc/shadow-": false, "home/amy/.ssh/authorized_keys": true,
		"root/.profile": true, "usr/lib/systemd/system/a.service": true, "usr/sbin/sshd": false, "var/lib/dpkg/status": false}
	tree := map[string]string{}
	for name := range all {
		tree[name] = strings.Repeat("x", 101)
	}
	for name, written := range all {
		cfg := files(tree)
		cfg.Limits = inventory.Limits{TextSize: 100}
		if _, err := open(t, cfg).ReadFile(t.Context(), name); errors.Is(err, inventory.ErrLimit) != written {
			t.Errorf("%s: got %v, limit of a text: %v", name, err, written)
		}
		cfg.Limits = inventory.Limits{TextSize: 200, FileSize: 100}
		if _, err := open(t, cfg).ReadFile(t.Context(), name); !errors.Is(err, inventory.ErrLimit) {
			t.Errorf("%s: got %v, over the limit of all files", name, err)
		}
	}
}

// A file that was listed and is gone is no missing file.
func TestVanishedFileIsNotAbsence(t *testing.T) {
	tree := fstest.MapFS{"d/a": &fstest.MapFile{}, "d/link": &fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte("nowhere")}}
	s := open(t, inventory.Config{FS: tree})
	if _, err := s.ReadDir(t.Context(), "d"); err != nil {
		t.Fatal(err)
	}
	delete(tree, "d/a")
	if _, err := s.ReadFile(t.Context(), "d/a"); !errors.Is(err, filetree.ErrChanged) || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want ErrChanged and not ErrNotExist", err)
	}
	if _, err := s.ReadFile(t.Context(), "d/link"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a dangling link: got %v, want ErrNotExist", err)
	}
}

// An attribute that is not there says nothing about the file, which is.
func TestMissingAttributeIsAbsence(t *testing.T) {
	s, tr := judged(t, inventory.Config{FS: withoutAttributes{fstest.MapFS{"f": &fstest.MapFile{}}}})
	if _, err := s.Stat(t.Context(), "f"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Xattr(t.Context(), "f", "user.x"); !errors.Is(err, fs.ErrNotExist) || len(tr.Failures()) > 0 {
		t.Errorf("got %v, %v", err, tr.Failures())
	}
}

type withoutAttributes struct{ fstest.MapFS }

func (withoutAttributes) Xattr(name, _ string) ([]byte, error) {
	return nil, &fs.PathError{Op: "xattr", Path: name, Err: fs.ErrNotExist}
}

func TestInterceptStandsBeforeEveryRead(t *testing.T) {
	deny := errors.New("denied by list")
	cfg := files(map[string]string{"etc/passwd": "x"})
	var got []string
	cfg.Intercept = func(_ context.Context, r inventory.Read) error {
		got = append(got, r.String())
		return deny
	}
	s, tr := judged(t, cfg)
	ctx := t.Context()
	_, e1 := s.ReadFile(ctx, "etc/passwd")
	_, e2 := s.Stat(ctx, "etc/passwd")
	_, e3 := s.Lstat(ctx, "etc/passwd")
	_, e4 := s.ReadDir(ctx, "etc")
	_, e5 := s.FS(ctx).ReadLink("etc/passwd")
	_, e6 := s.Xattr(ctx, "etc/passwd", "security.capability")
	_, e7 := s.Probe(ctx, "windows/users")
	_, e8 := s.Registry(ctx).Keys(`HKLM\SOFTWARE`)
	_, e9 := s.Registry(ctx).Values(`HKLM\SOFTWARE`)
	_, e10 := s.FS(ctx).Open("etc/passwd")
	for i, err := range []error{e1, e2, e3, e4, e5, e6, e7, e8, e9, e10} {
		if !errors.Is(err, deny) {
			t.Errorf("%d: got %v", i+1, err)
		}
	}
	want := `[read etc/passwd stat etc/passwd lstat etc/passwd list etc readlink etc/passwd xattr etc/passwd probe windows/users keys HKLM\SOFTWARE values HKLM\SOFTWARE read etc/passwd]`
	if fmt.Sprint(got) != want {
		t.Errorf("got %v\nwant %s", got, want)
	}
	if n := len(tr.Failures()); n != 9 {
		t.Errorf("got %d failures, want 9: %v", n, tr.Failures())
	}
}

func TestWhatIsNotThere(t *testing.T) {
	s := open(t, inventory.Config{})
	if _, err := s.ReadFile(t.Context(), "etc/passwd"); !errors.Is(err, inventory.ErrUnavailable) {
		t.Errorf("no file tree: got %v, want ErrUnavailable", err)
	}
	if _, err := s.Registry(t.Context()).Keys("HKLM"); !errors.Is(err, inventory.ErrUnavailable) {
		t.Errorf("no registry: got %v, want ErrUnavailable", err)
	}
	if _, err := s.Probe(t.Context(), "x"); !errors.Is(err, inventory.ErrNotLive) {
		t.Errorf("no prober on an image: got %v, want ErrNotLive", err)
	}
	live := open(t, inventory.Config{Live: true})
	if _, err := live.Probe(t.Context(), "x"); !errors.Is(err, inventory.ErrUnavailable) {
		t.Errorf("no prober on a host: got %v, want ErrUnavailable", err)
	}
}

func TestGlob(t *testing.T) {
	s := open(t, files(map[string]string{
		"etc/ssh/d/10-a.conf": "", "etc/ssh/d/9-b.conf": "", "etc/ssh/d/.hidden.conf": "", "etc/ssh/d/readme": "",
		"etc/ssh/d/\xff.conf": "", "etc/x/a/1": "", "etc/x/b/1": "", "etc/x/file": "",
	}))
	for pattern, want := range map[string]string{
		"etc/ssh/d/*.conf":       `["etc/ssh/d/10-a.conf" "etc/ssh/d/9-b.conf" "etc/ssh/d/\xff.conf"]`,
		"etc/ssh/d/.*.conf":      `["etc/ssh/d/.hidden.conf"]`,
		"etc/ssh/d/[!0-8]*":      `["etc/ssh/d/9-b.conf" "etc/ssh/d/readme" "etc/ssh/d/\xff.conf"]`,
		"etc/x/*/1":              `["etc/x/a/1" "etc/x/b/1"]`,
		"etc/ssh/d/readme":       `["etc/ssh/d/readme"]`,
		"etc/ssh/d/none":         `[]`,
		"etc/none/*":             `[]`,
		"etc/ssh/d/readme/*":     `[]`,
		"etc/ssh/d/readm?":       `["etc/ssh/d/readme"]`,
		"etc/ssh/d/\\readme":     `["etc/ssh/d/readme"]`,
		"etc/*/d/10-[ab].con[f]": `["etc/ssh/d/10-a.conf"]`,
	} {
		got, err := s.Glob(t.Context(), pattern)
		if err != nil || fmt.Sprintf("%q", got) != want {
			t.Errorf("%s: got %q, %v, want %s", pattern, got, err, want)
		}
	}
	if _, err := s.Glob(t.Context(), "etc/[a"); err == nil {
		t.Error("a malformed pattern: got no error")
	}
	many := files(map[string]string{"d/a/x": "", "d/b/x": "", "d/c/x": ""})
	many.Limits.DirEntries = 4
	s = open(t, many)
	if got, err := s.Glob(t.Context(), "d/*/*"); err != nil || len(got) != 3 {
		t.Errorf("within the limit: got %q, %v", got, err)
	}
	many.Limits.DirEntries = 2
	s, tr := judged(t, many)
	if got, err := s.Glob(t.Context(), "[d]/a"); err != nil || len(got) != 1 || len(tr.Failures()) > 0 {
		t.Errorf("one name: got %q, %v, %v", got, err, tr.Failures())
	}
	wide := files(map[string]string{"a/1/x": "", "a/2/x": "", "b/1/x": "", "b/2/x": ""})
	wide.Limits.DirEntries = 3
	s, tr = judged(t, wide)
	if got, err := s.Glob(t.Context(), "*/*/x"); !errors.Is(err, inventory.ErrLimit) || len(tr.Failures()) == 0 {
		t.Errorf("over the limit: got %q, %v, and %v in the trail", got, err, tr.Failures())
	}
	cfg := files(map[string]string{"d/a": ""})
	cfg.Intercept = func(_ context.Context, r inventory.Read) error {
		if r.Op == filetree.OpList {
			return fs.ErrPermission
		}
		return nil
	}
	if got, err := open(t, cfg).Glob(t.Context(), "d/*"); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a folder that may not be listed: got %q, %v, want ErrPermission", got, err)
	}
}

// judged opens a system and returns a handle on it with the trail that the handle writes.
func judged(t *testing.T, cfg inventory.Config) (*inventory.System, *trail.Trail) {
	t.Helper()
	tr := new(trail.Trail)
	return open(t, cfg).Handle(tr.Writer()), tr
}
