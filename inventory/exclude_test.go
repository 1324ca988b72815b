package inventory_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

func TestExcludedFoldersAreNotRead(t *testing.T) {
	cfg := files(map[string]string{
		"home/amy/.ssh/id": "x", "home/bob": "x", "homes": "x", "srv/data/x": "x", "srv/www/x": "x", "etc/passwd": "x",
		"etc/amy": "->/home/amy/.ssh/id", "etc/none": "->/home/amy/none", "etc/up": "->../srv/data", "etc/ok": "->/srv/www/x",
	})
	cfg.Exclude = []string{"home/*", "srv/data"}
	var asked []string
	cfg.Intercept = func(_ context.Context, r inventory.Read) error {
		asked = append(asked, r.Name)
		return nil
	}
	s, tr := judged(t, cfg)
	ctx := t.Context()
	for _, name := range []string{"home/amy", "home/amy/.ssh/id", "home/none", "home/bob", "srv/data", "srv/data/x", "etc/amy", "etc/none", "etc/up", "etc/up/x"} {
		_, err := s.Stat(ctx, name)
		if !errors.Is(err, inventory.ErrExcluded) || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if n := len(tr.Failures()); n != 10 {
		t.Errorf("got %d failures, want each of the reads", n)
	}
	for _, name := range []string{"home", "homes", "srv", "srv/www/x", "etc/passwd", "etc/ok"} {
		if _, err := s.Stat(ctx, name); err != nil {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if all, err := s.ReadDir(ctx, "home"); err != nil || len(all) != 2 {
		t.Errorf("a folder around: got %v, %v", all, err)
	}
	if _, err := s.Glob(ctx, "home/*/.ssh"); !errors.Is(err, inventory.ErrExcluded) {
		t.Errorf("glob: got %v", err)
	}
	if i := slices.IndexFunc(asked, func(n string) bool { return strings.HasPrefix(n, "home/") || strings.HasPrefix(n, "srv/data") }); i >= 0 {
		t.Errorf("the intercept was asked for %s, which nobody reads", asked[i])
	}
}

// A folder that the walk leaves out is a failed read of its own, which who does not need it
// can excuse.
func TestWalkLeavesOutFolders(t *testing.T) {
	denied := errors.New("denied")
	cfg := files(map[string]string{"home/amy/x": "", "home/bob/x": "", "home/file": "", "srv/data/y": "", "srv/www/z": ""})
	cfg.Exclude = []string{"home/*"}
	cfg.Intercept = func(_ context.Context, r inventory.Read) error {
		if r.String() == "walk srv/data" {
			return denied
		}
		return nil
	}
	s, tr := judged(t, cfg)
	table, err := inventory.Tree.Of(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for e := range table.All() {
		names = append(names, e.Name())
	}
	if want := []string{".", "home", "home/file", "srv", "srv/www", "srv/www/z"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
	if got := fmt.Sprint(table.LeftOut()); got != "[walk home/amy: left out of the scan: home/* walk home/bob: left out of the scan: home/* walk srv/data: denied]" {
		t.Errorf("got %s", got)
	}
	left := []string{"home/amy", "home/bob", "srv/data"}
	for _, f := range tr.Failures() {
		i := slices.Index(left, f.Read.Name)
		if i < 0 || f.Read.Op != filetree.OpWalk {
			t.Errorf("got the failure %v", f)
			continue
		}
		s.Excuse(f.Read.Name)
		left = slices.Delete(left, i, i+1)
	}
	if len(left) > 0 || len(tr.Failures()) > 0 || len(tr.Excused()) != 3 {
		t.Errorf("without a failure: %q; after excuses: %v", left, tr.Failures())
	}
}

func TestManyFoldersLeftOutAreOneFailure(t *testing.T) {
	m := map[string]string{}
	for i := range 1100 {
		m[fmt.Sprintf("home/u%04d/x", i)] = ""
	}
	cfg := files(m)
	cfg.Exclude = []string{"home/*"}
	s, tr := judged(t, cfg)
	if _, err := inventory.Tree.Of(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	f := tr.Failures()
	if len(f) != 1001 || f[0].Read.Name != "." || !errors.Is(f[0].Err, inventory.ErrExcluded) {
		t.Errorf("got %d failures, the first is %v", len(f), f[0])
	}
}

func TestExcludeOnWindowsFoldsCase(t *testing.T) {
	for os, want := range map[string]error{"windows": inventory.ErrExcluded, "linux": fs.ErrNotExist} {
		cfg := files(map[string]string{"C:/Users/amy/x": ""})
		cfg.Exclude, cfg.Platform.OS = []string{"C:/Users"}, os
		s, _ := judged(t, cfg)
		if _, err := s.Stat(t.Context(), "c:/USERS/amy/x"); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", os, err, want)
		}
	}
}

func TestExcludeRefusesWhatIsNoFolder(t *testing.T) {
	for _, pattern := range []string{"", ".", "/home", "home/", "../x", "home/[", "a//b"} {
		if _, err := inventory.New(inventory.Config{Exclude: []string{"srv", pattern}}); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", pattern)) {
			t.Errorf("%q: got %v", pattern, err)
		}
	}
}
