package builtin_test

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// Each rule declares at least what its reads show that it needs, on each of its fixtures.
func TestNeedsAreDeclared(t *testing.T) {
	for id, rule := range allRules(t) {
		files, err := filepath.Glob(filepath.Join("testdata", id, "*.txtar"))
		if err != nil || len(files) == 0 {
			t.Fatal(id, len(files), err)
		}
		for _, file := range files {
			fixture, _ := parts(t, file)
			declares(t, file, inventorytest.Config(t, fixture), rule)
		}
	}
}

// On the trees of real distributions as well.
func TestNeedsAreDeclaredOnTrees(t *testing.T) {
	for _, suite := range oracle.Suites {
		t.Run(suite, func(t *testing.T) {
			cfg, err := inventory.Dir(oracle.Tree(t, suite))
			if err != nil {
				t.Fatal(err)
			}
			for _, rule := range allRules(t) {
				declares(t, suite, cfg, rule)
			}
		})
	}
}

func declares(t *testing.T, where string, cfg inventory.Config, rule check.Rule) {
	t.Helper()
	sys := inventorytest.Open(t, cfg)
	out, err := check.Run(t.Context(), sys, []check.Rule{rule}, check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for need, seen := range needsSeen(t, sys, out[0]) {
		if !rule.Needs.Has(need) {
			t.Errorf("%s on %s: does not declare that it needs %s: %s", rule.ID, where, need, seen)
		}
	}
}

// needsSeen returns the needs that an outcome shows, with the read that shows each.
func needsSeen(t *testing.T, sys *inventory.System, out check.Outcome) map[check.Needs]string {
	seen := map[check.Needs]string{}
	if out.Result.Reason == check.ReasonNotLive {
		seen[check.NeedsLive] = out.Result.Message
	}
	for _, r := range out.Reads {
		if r.Op == filetree.OpWalk {
			seen[check.NeedsWalk] = r.String()
			seen[check.NeedsPrivileges] = r.String()
		}
		if !sys.Live() && (r.Op == inventory.OpProbe || filetree.Pseudo(r.Name)) {
			seen[check.NeedsLive] = r.String()
		}
		if !forAnybody(t, sys, r) {
			seen[check.NeedsPrivileges] = r.String()
		}
	}
	return seen
}

// forAnybody reports whether an account without rights could have made the read, by the modes
// of the file and of the folders on the way.
func forAnybody(t *testing.T, sys *inventory.System, r inventory.Read) bool {
	if r.Op == inventory.OpProbe || r.Op == inventory.OpKeys || r.Op == inventory.OpValues || filetree.Pseudo(r.Name) {
		return true
	}
	need := map[string]fs.FileMode{filetree.OpRead: 0o004, filetree.OpList: 0o005}[r.Op]
	for name := r.Name; name != "."; name = path.Dir(name) {
		info, err := sys.Stat(t.Context(), name)
		if err == nil && info.Mode().Perm()&need != need {
			return false
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, inventory.ErrNotLive) && !errors.Is(err, fs.ErrPermission) {
			t.Logf("%s: %v", name, err)
		}
		need = 0o001
	}
	return true
}
