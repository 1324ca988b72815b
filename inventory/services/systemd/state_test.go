package systemd_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// collect returns the units of a system.
func collect(t testing.TB, s *inventory.System) *systemd.Units {
	t.Helper()
	us, err := systemd.Fact.Of(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return us
}

// units returns the units of a fixture.
func units(t testing.TB, fixture string) *systemd.Units {
	t.Helper()
	return collect(t, inventorytest.System(t, fixture))
}

// fixture is a file in testdata/states: a tree, and what systemctl prints for it.
type fixture struct {
	file string
	tree *txtar.Archive
	want []byte
	ask  []string // names that no list of systemctl has
}

func fixtures(t testing.TB) []fixture {
	t.Helper()
	files, err := filepath.Glob("testdata/states/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var all []fixture
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		ar := txtar.Parse(b)
		f := fixture{file: file, tree: ar}
		if n := len(ar.Files) - 1; n >= 0 && ar.Files[n].Name == "want" {
			f.want, ar.Files = ar.Files[n].Data, ar.Files[:n]
		}
		for line := range strings.Lines(string(f.want)) {
			if w := strings.Fields(line); w[0] == "ask" {
				f.ask = append(f.ask, w[1])
			}
		}
		all = append(all, f)
	}
	return all
}

// formatStates writes the states of this package in the form of the section "want".
func formatStates(us *systemd.Units, ask []string) []byte {
	var lines []string
	for _, u := range us.All {
		preset := string(u.Preset)
		if preset == "" {
			preset = "-"
		}
		lines = append(lines, fmt.Sprintf("%s %s %s\n", u.Name, u.State, preset))
	}
	slices.Sort(lines)
	for _, name := range ask {
		state := us.State(name)
		if state == systemd.Bad || state == systemd.NotFound {
			state = "error"
		}
		lines = append(lines, fmt.Sprintf("ask %s %s\n", name, state))
	}
	return bytes.Join(asBytes(lines), nil)
}

func asBytes(lines []string) [][]byte {
	all := make([][]byte, len(lines))
	for i, l := range lines {
		all[i] = []byte(l)
	}
	return all
}

// The states that systemctl printed once are wanted everywhere. TestFixturesAgainstSystemctl asks
// systemctl again.
func TestStatesAndPresets(t *testing.T) {
	for _, f := range fixtures(t) {
		t.Run(filepath.Base(f.file), func(t *testing.T) {
			got := formatStates(units(t, string(txtar.Format(f.tree))), f.ask)
			if diff := cmp.Diff(string(got), string(f.want)); diff != "" {
				t.Errorf("-got +want:\n%s", diff)
			}
		})
	}
}
