package file_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// find, run within a tree, names the same files for each question about it. The tree is
// given some of each kind before.
func TestAgreesWithFind(t *testing.T) {
	tree := oracle.Copy(t, oracle.Tree(t, "bookworm"))
	for name, change := range map[string]func(string) error{
		"srv/open file":   func(p string) error { return os.Chmod(p, 0o646) },
		"srv/odd\nname":   func(p string) error { return os.Chmod(p, 0o666) },
		"srv/stranger":    func(p string) error { return os.Chown(p, 4711, 0) },
		"srv/outsider":    func(p string) error { return os.Chown(p, 0, 4711) },
		"srv/both":        func(p string) error { return os.Chown(p, 4711, 4712) },
		"opt/bin/setuid":  func(p string) error { return os.Chmod(p, 0o755|os.ModeSetuid) },
		"opt/bin/setgid":  func(p string) error { return os.Chmod(p, 0o711|os.ModeSetgid) },
		"opt/bin/no-exec": func(p string) error { return os.Chmod(p, 0o644|os.ModeSetuid) },
		"opt/drop/x":      func(p string) error { return os.Chmod(filepath.Dir(p), 0o777) },
	} {
		path := filepath.Join(tree, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, nil, 0o644), change(path)); err != nil {
			t.Fatal(err)
		}
	}
	sys := inventorytest.Folder(t, tree)
	for name, c := range map[string]struct {
		make func() (check.Check, error)
		find []string
	}{
		"world-writable": {file.WorldWritable{}.Check, []string{"-type", "f", "-perm", "-0002"}},
		"sticky":         {file.Sticky{}.Check, []string{"-type", "d", "-perm", "-0002", "!", "-perm", "-1000"}},
		"setuid":         {file.Setuid{Allow: []string{"none"}}.Check, []string{"-type", "f", "-perm", "/6000", "-perm", "/0111"}},
		"unowned":        {file.Unowned{}.Check, []string{"(", "-nouser", "-o", "-nogroup", ")"}},
	} {
		t.Run(name, func(t *testing.T) {
			made, err := c.make()
			if err != nil {
				t.Fatal(err)
			}
			out, err := check.Run(t.Context(), sys, []check.Compiled{{Rule: check.Rule{ID: "test.rule.one"}, Check: made}}, check.Options{})
			if err != nil || out[0].Result.Omitted > 0 {
				t.Fatal(out[0].Result.Omitted, err)
			}
			var got []string
			for _, e := range out[0].Result.Evidence {
				got = append(got, e.Subject)
			}
			var want []string
			args := append([]string{"/", "-xdev"}, append(c.find, "-print0")...)
			for name := range strings.SplitSeq(string(oracle.Chroot(t, tree, "find", args...)), "\x00") {
				if name = strings.TrimPrefix(name, "/"); name != "" {
					want = append(want, name)
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if d := cmp.Diff(got, want); d != "" || len(want) == 0 {
				t.Errorf("%d names: %s", len(want), d)
			}
		})
	}
}
