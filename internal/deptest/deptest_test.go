package deptest_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
)

const module = "github.com/hardening-sdk/hardening/"

// bans name what packages may not depend on, directly or not. A pattern that ends in /...
// is a package and all below it; one that ends in /* is all below it.
var bans = []struct{ from, to, why string }{
	{"inventory/...", "check/...", "data flows one way: inventory knows no checks"},
	{"inventory/...", "baseline/...", "data flows one way: inventory knows no baselines"},
	{"inventory", "inventory/*", "the core knows no format, so that a program pays for what it uses"},
	{"inventory/filetree", "inventory", "who brings a tree needs no system"},
	{"check", "inventory/*", "the core knows no format"},
	{"check", "check/*", "the core knows no ready-made check"},
	{"check", "check/kind", "a check need not be made of data"},
	{"check/kind", "inventory/*", "the core knows no format"},
	{"check/...", "baseline/...", "data flows one way: checks know no baselines"},
	{"check/...", "hipaa/...", "checks judge systems, not compliance"},
	{"baseline", "check/*", "kinds are handed to the loader"},
	{"baseline", "inventory/*", "the core knows no format"},
	{"baseline", "hipaa/...", "catalogs are handed to the loader"},
	{"baseline/control", "inventory/...", "a leaf of the standard library"},
	{"baseline/control", "check/...", "a leaf of the standard library"},
	{"baseline/control", "baseline", "a leaf of the standard library"},
	{"hipaa/...", "report/...", "they meet in baseline/control"},
	{"report/...", "hipaa/...", "they meet in baseline/control"},
	{"inventory/version", "inventory", "a leaf that a program can import alone"},
	{"internal/...", "inventory/...", "internal is below all"},
	{"internal/...", "check/...", "internal is below all"},
	{"...", "examples/...", "nothing imports examples"},
	{"...", "internal/oracle", "the library executes nothing"},
	{"...", "inventory/inventorytest", "for tests only"},
	{"...", "os/exec", "the library executes nothing"},
	{"...", "net", "the library connects to nothing"},
	{"...", "net/http", "the library connects to nothing"},
	{"...", "plugin", "the library loads no code"},
	{"...", "github.com/santhosh-tekuri/jsonschema/v6", "for tests only"},
}

// contract is the one child of inventory that its core and what stands on it may know.
const contract = "inventory/filetree"

// core are the children that the core of their floor may know: the contract of trees, why a
// result is no verdict, and the making of checks of data.
var core = []string{contract, "check/reason", "check/kind"}

// judges are the packages that may import internal/trail: who has the trail of a handle can
// hide what failed. The others get handles.
var judges = []string{"inventory", "check", "check/checktest"}

// tools are packages for tests, which the bans of the library do not hold.
var tools = []string{"internal/oracle", "internal/deptest", "internal/apicheck", "inventory/inventorytest", "check/checktest"}

// systems are the operating systems whose dependencies are looked at.
var systems = []string{"linux", "windows", "darwin", "freebsd"}

func TestBans(t *testing.T) {
	for _, goos := range systems {
		for pkg, deps := range dependencies(t, goos) {
			for _, b := range bans {
				if goos == "windows" && b.to == "net" {
					continue // golang.org/x/sys/windows has types of sockets, and pulls it in
				}
				if !matches(pkg, b.from) || slices.Contains(tools, pkg) || strings.HasPrefix(pkg, "examples/") {
					continue
				}
				for _, d := range deps {
					if slices.Contains(core, d) && strings.HasSuffix(b.to, "/*") {
						continue
					}
					if d != pkg && matches(d, b.to) && !(b.to == "...") && !matches(pkg, b.to) {
						t.Errorf("%s: %s depends on %s: %s", goos, pkg, d, b.why)
					}
				}
			}
		}
	}
}

// A check that could settle its own failures would pass over a file that nobody read.
func TestOnlyJudgesSeeTrails(t *testing.T) {
	for _, goos := range systems {
		for pkg, imports := range listed(t, goos, "Imports") {
			if slices.Contains(imports, "internal/trail") && !slices.Contains(judges, pkg) {
				t.Errorf("%s: %s imports internal/trail", goos, pkg)
			}
		}
	}
}

// Families, formats and checks stand on floors; what is above does not show below.
func TestFormatsKnowNoFamily(t *testing.T) {
	for _, goos := range systems {
		for pkg, imports := range listed(t, goos, "Imports") {
			parts := strings.Split(pkg, "/")
			if len(parts) != 3 || parts[0] != "inventory" {
				continue
			}
			for _, d := range imports {
				if up := strings.Split(d, "/"); len(up) == 2 && up[0] == "inventory" && d != contract && d != "inventory/version" {
					t.Errorf("%s: the format %s imports the family %s", goos, pkg, d)
				}
			}
		}
	}
}

// What the core pulls in is the standard library and these.
func TestCoreIsSmall(t *testing.T) {
	allowed := []string{"golang.org/x/sys/", "go.yaml.in/yaml/v4", "vendor/golang.org/"}
	for _, goos := range systems {
		for pkg, deps := range dependencies(t, goos) {
			if pkg != "inventory" && pkg != "check" && pkg != "baseline" {
				continue
			}
			for _, d := range deps {
				first, _, _ := strings.Cut(d, "/")
				foreign := strings.Contains(first, ".")
				if foreign && !slices.ContainsFunc(allowed, func(a string) bool { return strings.HasPrefix(d, a) }) {
					t.Errorf("%s: %s depends on %s", goos, pkg, d)
				}
			}
		}
	}
}

// What orders versions pulls in the standard library alone, and little of that.
func TestVersionIsALeaf(t *testing.T) {
	for _, goos := range systems {
		all := dependencies(t, goos)
		deps := all["inventory/version"]
		if len(deps) == 0 {
			t.Fatalf("%s: nothing is known of inventory/version", goos)
		}
		for _, d := range deps {
			_, own := all[d]
			first, _, _ := strings.Cut(d, "/")
			if own || strings.Contains(first, ".") || slices.Contains([]string{"regexp", "net", "math/big"}, d) {
				t.Errorf("%s: inventory/version depends on %s", goos, d)
			}
		}
	}
}

func TestModuleHasFewRequirements(t *testing.T) {
	b, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	direct := 0
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(strings.TrimPrefix(line, "require ")); len(f) == 2 && strings.HasPrefix(f[1], "v") {
			direct++
		}
	}
	if direct == 0 || direct >= 10 {
		t.Errorf("got %d direct requirements, want fewer than ten", direct)
	}
}

// dependencies returns what each package of the module depends on, directly or not, names of
// the module without its path.
func dependencies(t *testing.T, goos string) map[string][]string {
	t.Helper()
	return listed(t, goos, "Deps")
}

// listed returns a list that go list knows of each package.
func listed(t *testing.T, goos, field string) map[string][]string {
	t.Helper()
	cmd := oracle.Command(t, "go", "list", "-f", "{{.ImportPath}} {{join ."+field+" \" \"}}", "./...")
	cmd.Dir = "../.."
	cmd.Env = append(cmd.Env, "GOOS="+goos, "GOARCH=amd64", "CGO_ENABLED=0", "GOFLAGS=")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(goos, err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		for i := range f {
			f[i] = strings.TrimPrefix(f[i], module)
		}
		all[f[0]] = f[1:]
	}
	if len(all) < 10 {
		t.Fatalf("%s: got %d packages", goos, len(all))
	}
	return all
}

func matches(pkg, pattern string) bool {
	if pattern == "..." {
		return true
	}
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return pkg == base || strings.HasPrefix(pkg, base+"/")
	}
	if base, ok := strings.CutSuffix(pattern, "/*"); ok {
		return strings.HasPrefix(pkg, base+"/")
	}
	return pkg == pattern
}
