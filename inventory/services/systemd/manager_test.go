package systemd_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// dumped is what the manager prints about one unit.
type dumped map[string][]string

func (d dumped) one(key string) string {
	if len(d[key]) == 0 {
		return ""
	}
	return d[key][0]
}

// testRun runs systemd --test in a tree as an ordinary user, without generators. It mounts /proc,
// /sys and control groups in a mount name space that ends with it.
const testRun = `mount -t tmpfs tmpfs "$1/usr/lib/systemd/system-generators" && mount -t proc proc "$1/proc" && mount -t sysfs sysfs "$1/sys" && mount --rbind /sys/fs/cgroup "$1/sys/fs/cgroup" &&
exec chroot --userspec=65534:65534 "$1" "$2" --test --system --log-target=console --unit="$3"`

var (
	dumpedUnit  = regexp.MustCompile(`^\t-> Unit (\S+):$`)
	dumpedJob   = regexp.MustCompile(`^\t\tAction: (\S+) -> start$`)
	dumpedGroup = regexp.MustCompile(`^\t\t-> (\S+):$`)
	dumpedLine  = regexp.MustCompile(`^\t\t+([A-Z][A-Za-z ]+): (.*)$`)
)

// runManager lets systemd in a tree load its units and plan the start of one. It returns what
// systemd loaded and what it would start.
func runManager(t testing.TB, tree, unit string) (units map[string]dumped, jobs map[string]bool) {
	t.Helper()
	oracle.Need(t, "unshare", "chroot")
	if _, code := oracle.Code(t, "unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /mnt"); code != 0 {
		t.Skip("root may not mount here")
	}
	out, code := oracle.Code(t, "unshare", "--mount", "sh", "-c", testRun, "sh", tree, "/lib/systemd/systemd", unit)
	if code != 0 {
		oracle.Lack(t, "systemd --test does not run here")
	}
	units, jobs = map[string]dumped{}, map[string]bool{}
	var at dumped
	group, inJobs := "", false
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "-> ") {
			inJobs, at = line == "-> By jobs:", nil
		} else if m := dumpedUnit.FindStringSubmatch(line); m != nil {
			at, group = dumped{}, ""
			units[m[1]] = at
		} else if m := dumpedJob.FindStringSubmatch(line); m != nil && inJobs {
			jobs[m[1]] = true
		} else if m := dumpedGroup.FindStringSubmatch(line); m != nil {
			group = m[1] + "/"
		} else if m := dumpedLine.FindStringSubmatch(line); m != nil && at != nil {
			if !strings.HasPrefix(line, "\t\t\t") {
				group = ""
			}
			at[group+m[1]] = append(at[group+m[1]], m[2])
		}
	}
	return units, jobs
}

func TestTreesAgainstTheManager(t *testing.T) {
	for _, suite := range oracle.Suites {
		t.Run(suite, func(t *testing.T) {
			tree := oracle.Tree(t, suite)
			compareWithManager(t, tree, collect(t, openDir(t, tree)))
		})
	}
}

func TestOddUnitsAgainstTheManager(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/manager.txtar")
	if err != nil {
		t.Fatal(err)
	}
	tree := oracle.Copy(t, oracle.Tree(t, "bookworm"))
	materialize(t, tree, ar)
	us := collect(t, openDir(t, tree))
	compareWithManager(t, tree, us)
	compareStates(t, tree, instances)
}

// compareWithManager compares each unit that the manager loads, and what it starts.
func compareWithManager(t *testing.T, tree string, us *systemd.Units) {
	t.Helper()
	loaded, jobs := runManager(t, tree, "default.target")
	names := map[string]bool{}
	for _, u := range us.All {
		names[u.ID] = true
	}
	for name, d := range loaded {
		names[name] = true
		compareUnit(t, us, name, d)
	}
	for name := range names {
		if strings.HasSuffix(name, ".slice") || name == "-.mount" {
			continue
		}
		if got := us.StartsAtBoot(name); got != jobs[name] {
			t.Errorf("%s starts at boot: got %v, want %v: %v", name, got, jobs[name], us.BootChain(name))
		}
	}
	t.Logf("%d units, %d loaded, %d start at boot", len(names), len(loaded), len(jobs))
}

// described is what this package and the manager both tell about a unit.
type described struct {
	Load        systemd.Load
	Path        string
	Aliases     []string
	DropIns     []string
	Description string
	ExecStart   [][]string
}

func compareUnit(t *testing.T, us *systemd.Units, name string, d dumped) {
	t.Helper()
	want := described{
		Load: systemd.Load(d.one("Unit Load State")), Path: inTree(d.one("Fragment Path")),
		Aliases: d["Alias"], Description: d.one("Description"),
	}
	if want.Load == "bad-setting" { // this package does not judge settings
		want.Load = systemd.Loaded
	}
	if want.Path == "" && want.Load != systemd.LoadFailed {
		want.Load = systemd.LoadAbsent // units that need no file
	}
	slices.Sort(want.Aliases)
	for _, path := range d["DropIn Path"] {
		path = strings.Replace(inTree(path), "opt/link-d/", "etc/systemd/system/link-d.service.d/", 1) // which is a link
		want.DropIns = append(want.DropIns, path)
	}
	for _, line := range d["ExecStart/Command Line"] {
		want.ExecStart = append(want.ExecStart, unquote(t, line))
	}
	got := described{Load: systemd.LoadAbsent, Description: name}
	if u, ok := us.Unit(name); ok {
		var invalid bool
		if got, invalid = describeUnit(u); invalid && want.ExecStart == nil {
			got.ExecStart = nil // the unit is refused
		}
	}
	if got.Load != systemd.Loaded {
		want.Description, want.Aliases, want.DropIns = got.Description, got.Aliases, got.DropIns
	}
	if want.Path == "" {
		want.Path = got.Path // the manager has no path of a file with errors
	}
	if got.Description == name {
		want.Description = name // systemd may invent one
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("%s: -got +want:\n%s", name, diff)
	}
}

// describeUnit returns what this package tells about a unit, and whether a command line is invalid.
func describeUnit(u *systemd.Unit) (d described, invalid bool) {
	d = described{Load: u.Load, Path: u.Path, Aliases: u.Aliases, Description: u.ID}
	_, inst, _ := strings.Cut(strings.TrimSuffix(u.ID, u.ID[strings.LastIndexByte(u.ID, '.'):]), "@")
	specifiers := strings.NewReplacer("%i", inst, "%I", inst, "%%", "%")
	if v, ok := u.Lookup("Unit", "Description"); ok {
		d.Description = specifiers.Replace(v.Text)
	}
	for _, drop := range u.DropIns {
		d.DropIns = append(d.DropIns, drop.Path)
	}
	for _, v := range u.Values("Service", "ExecStart") {
		list, err := systemd.ParseCommand(v.Text)
		invalid = invalid || err != nil
		for _, c := range list {
			argv := append([]string{c.Argv0}, c.Args...)
			for i := range argv {
				argv[i] = specifiers.Replace(argv[i])
			}
			d.ExecStart = append(d.ExecStart, argv)
		}
	}
	return d, invalid
}

// inTree returns the name in the tree of a path that the manager printed.
func inTree(path string) string {
	path = strings.TrimPrefix(path, "/")
	if strings.HasPrefix(path, "lib/") {
		path = "usr/" + path
	}
	return path
}

// unquote splits a command line that the manager printed. Quoted words have C escapes, and
// backslashes before characters that a shell would expand.
func unquote(t *testing.T, line string) []string {
	t.Helper()
	w, err := systemd.Split(strings.NewReplacer("\\\\", "\\\\", "\\$", "$", "\\`", "`").Replace(line))
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return w
}
